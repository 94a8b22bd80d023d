//! `dispatch!`: compiles one function body for several elements and layouts, and runs the one that fits an argument.
//! The macro has its own file, because it only lists types and calls methods of `PyUntypedView`.

/// Runs a body with a [`PyUntypedView`](crate::PyUntypedView) as the typed view that fits its memory, and returns the
/// value of the body in a `PyResult`.
///
/// This is what fused types are in Cython. The elements and the layouts are listed with `|` between them, and the first
/// element and the first layout that fit are chosen. With `C<1> | Strided<1>` the body is therefore compiled once for
/// contiguous memory and once for all other memory. The body is the same text for all types, so it must compile with
/// each of them.
///
/// `|x|` makes `x` a [`PyView`](crate::PyView), and `|mut x|` makes it a [`PyViewMut`](crate::PyViewMut).
///
/// # Errors
///
/// Fails with the exception that an argument with a spec such as `float | double[:]` raises. The spec names all listed
/// elements and the last layout if no element fits.
///
/// # Examples
///
/// ```no_run
/// use pyo3::prelude::*;
/// use typedview_pyo3::{C, PyUntypedView, Strided, dispatch};
///
/// #[pyfunction]
/// fn total(x: PyUntypedView<'_>) -> PyResult<f64> {
///     dispatch!(x, f32 | f64 | i16, C<1> | Strided<1>, |x| x.cells().iter().map(f64::from).sum())
/// }
///
/// #[pyfunction]
/// fn clear(x: PyUntypedView<'_>) -> PyResult<()> {
///     dispatch!(x, f32 | f64, Strided<2>, |mut x| x.lock_mut()?.view_mut().fill(Default::default()))
/// }
/// ```
#[macro_export]
macro_rules! dispatch {
    ($view:expr, $($element:ty)|+, $($layout:ty)|+, |mut $name:ident| $body:expr) => {
        $crate::dispatch!(@elements $view, [$($element),+], [$($layout),+], (typed_mut Write), (mut $name), $body)
    };
    ($view:expr, $($element:ty)|+, $($layout:ty)|+, |$name:ident| $body:expr) => {
        $crate::dispatch!(@elements $view, [$($element),+], [$($layout),+], (typed Read), ($name), $body)
    };
    (
        @elements $view:expr, [$first:ty $(, $element:ty)*], $layouts:tt, $how:tt, $name:tt, $body:expr
    ) => {
        match $view {
            view => 'elements: {
                if view.holds::<$first>() {
                    break 'elements $crate::dispatch!(@layouts view, $first, $layouts, $how, $name, $body);
                }
                $(
                    if view.holds::<$element>() {
                        break 'elements $crate::dispatch!(@layouts view, $element, $layouts, $how, $name, $body);
                    }
                )*
                Err($crate::dispatch!(@refuse view, [$first $(, $element)*], $layouts, $how))
            }
        }
    };
    (
        @layouts $view:ident, $element:ty, [$layout:ty], ($typed:ident $access:ident), ($($name:tt)+), $body:expr
    ) => {
        match $view.$typed::<$element, $layout>() {
            Ok($($name)+) => Ok($body),
            Err(refusal) => Err(refusal),
        }
    };
    (
        @layouts $view:ident, $element:ty, [$layout:ty $(, $more:ty)+], $how:tt, $name:tt, $body:expr
    ) => {
        if $view.fits::<$layout>() {
            $crate::dispatch!(@layouts $view, $element, [$layout], $how, $name, $body)
        } else {
            $crate::dispatch!(@layouts $view, $element, [$($more),+], $how, $name, $body)
        }
    };
    (
        @refuse $view:ident, [$first:ty $(, $element:ty)*], [$layout:ty], ($typed:ident $access:ident)
    ) => {
        $view.refuse(
            || $crate::Spec::of::<$first, $layout>($crate::Access::$access)$(.or::<$element>())*
        )
    };
    (@refuse $view:ident, $elements:tt, [$layout:ty $(, $more:ty)+], $how:tt) => {
        $crate::dispatch!(@refuse $view, $elements, [$($more),+], $how)
    };
}
