//! `extents!`: the methods that say how many elements an argument has, without access to them. All typed arguments have the same.

/// Declares `shape`, `ndim`, `size` and `is_empty` of a type, from its layout.
macro_rules! extents {
    (|$this:ident| $layout:expr) => {
        /// Returns the number of indices on each axis.
        ///
        /// # Examples
        ///
        /// ```no_run
        /// use pyo3::prelude::*;
        /// use typedview_pyo3::{PyView, Strided};
        ///
        /// /// `(x.shape, x.ndim, x.size)`, and whether `x` is empty.
        /// #[pyfunction]
        /// fn extents(x: PyView<'_, f64, Strided<2>>) -> (Vec<usize>, usize, usize, bool) {
        ///     (x.shape().to_vec(), x.ndim(), x.size(), x.is_empty())
        /// }
        /// ```
        #[inline]
        #[must_use]
        pub fn shape(&self) -> &[usize] {
            let $this = self;
            ($layout).shape()
        }

        /// Returns the number of axes.
        ///
        /// See [`shape`](Self::shape) for an example.
        #[inline]
        #[must_use]
        pub fn ndim(&self) -> usize {
            let $this = self;
            ($layout).ndim()
        }

        /// Returns the number of elements.
        ///
        /// See [`shape`](Self::shape) for an example.
        #[inline]
        #[must_use]
        pub fn size(&self) -> usize {
            let $this = self;
            ($layout).size()
        }

        /// Returns whether there are no elements.
        ///
        /// See [`shape`](Self::shape) for an example.
        #[inline]
        #[must_use]
        pub fn is_empty(&self) -> bool {
            let $this = self;
            ($layout).is_empty()
        }
    };
}

pub(super) use extents;
