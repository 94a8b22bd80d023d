//! Typed views of untyped ones: the check that the elements and the layout are those of the types.

use super::{CellView, CellViewMut};
use crate::element::Element;
use crate::error::Error;
use crate::layout::Layout;
use crate::spec::{Access, Spec};
use crate::untyped::Untyped;

impl Untyped {
    /// Returns the same elements as a typed view, which reads them by value.
    ///
    /// # Errors
    ///
    /// Fails when the elements are not of type `T`, or when the layout is not an `L`. The message is that of [`Spec::check`].
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is alive and initialised for `'a`, and that nobody writes it on another thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, Format, Untyped};
    ///
    /// let numbers = [1.5_f64, 2.5];
    /// let first = numbers.as_ptr().cast::<u8>().cast_mut();
    /// // SAFETY: the array has two doubles, and it lives longer than the view.
    /// let untyped = unsafe { Untyped::new(first, Format::parse(b"d")?, &[2], &[8], &[]) }?;
    /// // SAFETY: the array is alive, and nobody writes it.
    /// let typed = unsafe { untyped.try_cells::<f64, C<1>>() }?;
    /// assert_eq!(typed.iter().sum::<f64>(), 4.0);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn try_cells<'a, T: Element, L: Layout>(&self) -> Result<CellView<'a, T, L>, Error> {
        let layout = self.layout_of::<T, L>(Access::Read)?;
        // SAFETY: the elements are of type `T` in this layout, and the caller guarantees that they are alive and initialised.
        Ok(unsafe { CellView::from_raw_parts(self.as_ptr().cast::<T>().cast_const(), layout) })
    }

    /// Returns the same elements as a typed view, which reads and writes them by value.
    ///
    /// # Errors
    ///
    /// Fails as [`try_cells`](Self::try_cells) does.
    ///
    /// # Safety
    ///
    /// The caller must ensure that the memory is alive, initialised and writable for `'a`, and that nobody accesses it on another
    /// thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{C, Format, Untyped};
    ///
    /// let mut numbers = [1.5_f64, 2.5];
    /// // SAFETY: the array has two doubles, and it lives longer than the view.
    /// let untyped = unsafe { Untyped::new(numbers.as_mut_ptr().cast(), Format::parse(b"d")?, &[2], &[8], &[]) }?;
    /// // SAFETY: the array is alive, and only this view uses it.
    /// unsafe { untyped.try_cells_mut::<f64, C<1>>() }?.fill(0.0);
    /// assert_eq!(numbers, [0.0, 0.0]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub unsafe fn try_cells_mut<'a, T: Element, L: Layout>(&self) -> Result<CellViewMut<'a, T, L>, Error> {
        let layout = self.layout_of::<T, L>(Access::Write)?;
        // SAFETY: the elements are of type `T` in this layout, and the caller guarantees that they are alive and writable.
        Ok(unsafe { CellViewMut::from_raw_parts(self.as_ptr().cast(), layout) })
    }

    fn layout_of<T: Element, L: Layout>(&self, access: Access) -> Result<L, Error> {
        Spec::of::<T, L>(access).check(&self.found(false), "an untyped view")?;
        L::from_parts(self.shape(), self.strides(), self.suboffsets(), self.itemsize())
    }
}
