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
/// `T: f32 | f64` and `L: C<1> | Strided<1>` name the chosen element and layout, so that the body can use the names.
///
/// Several arguments in parentheses get one element and one layout, as Cython's arguments of one fused type do. The first
/// argument chooses the element. Arguments whose types do not depend on each other need one `dispatch!` inside the other.
///
/// A list that several functions use gets a name from a macro of two lines, which the last example shows.
///
/// # Errors
///
/// Fails with the exception that an argument with a spec such as `float | double[:]` raises. The spec names all listed
/// elements and the last layout if no element fits. An argument whose element is not that of the first one is refused as an
/// argument with the chosen element.
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
/// /// The size of an element, and the sum of the products.
/// #[pyfunction]
/// fn product(x: PyUntypedView<'_>, y: PyUntypedView<'_>) -> PyResult<(usize, f64)> {
///     dispatch!((x, y), T: f32 | f64, C<1> | Strided<1>, |x, y| {
///         let sum: T = x.cells().iter().zip(y.cells().iter()).map(|(x, y)| x * y).sum();
///         (size_of::<T>(), sum.into())
///     })
/// }
///
/// #[pyfunction]
/// fn clear(x: PyUntypedView<'_>) -> PyResult<()> {
///     dispatch!(x, f32 | f64, Strided<2>, |mut x| x.lock_mut()?.view_mut().fill(Default::default()))
/// }
///
/// macro_rules! dispatch_real {
///     ($views:tt, $($rest:tt)+) => { dispatch!($views, T: f32 | f64, $($rest)+) };
/// }
///
/// #[pyfunction]
/// fn largest(x: PyUntypedView<'_>) -> PyResult<f64> {
///     dispatch_real!(x, C<1> | Strided<1>, |x| x.cells().iter().fold(T::NEG_INFINITY, T::max).into())
/// }
/// ```
#[macro_export]
macro_rules! dispatch {
    // The elements, the layouts and the arguments of the closure are read one after the other. Names of types are kept as
    // `[T]` or `[]`, and each view as `(view, name, method, access)`.
    (@elements $views:tt, $T:ident: $($element:ty)|+, $($rest:tt)+) => {
        $crate::dispatch!(@layouts $views, ([$T] $($element),+), $($rest)+)
    };
    (@elements $views:tt, $($element:ty)|+, $($rest:tt)+) => {
        $crate::dispatch!(@layouts $views, ([] $($element),+), $($rest)+)
    };
    (@layouts $views:tt, $elements:tt, $L:ident: $($layout:ty)|+, |$($rest:tt)+) => {
        $crate::dispatch!(@names $views, [], $elements, ([$L] $($layout),+), $($rest)+)
    };
    (@layouts $views:tt, $elements:tt, $($layout:ty)|+, |$($rest:tt)+) => {
        $crate::dispatch!(@names $views, [], $elements, ([] $($layout),+), $($rest)+)
    };
    (
        @names [$view:expr $(, $views:expr)*], [$($named:tt)*], $elements:tt, $layouts:tt,
        mut $name:ident $separator:tt $($rest:tt)+
    ) => {
        $crate::dispatch!(
            @names [$($views),*], [$($named)* ($view, $name (mut $name), typed_mut, Write)], $elements, $layouts,
            $separator $($rest)+
        )
    };
    (
        @names [$view:expr $(, $views:expr)*], [$($named:tt)*], $elements:tt, $layouts:tt,
        $name:ident $separator:tt $($rest:tt)+
    ) => {
        $crate::dispatch!(
            @names [$($views),*], [$($named)* ($view, $name ($name), typed, Read)], $elements, $layouts,
            $separator $($rest)+
        )
    };
    (@names [$($views:expr),+], $named:tt, $elements:tt, $layouts:tt, , $($rest:tt)+) => {
        $crate::dispatch!(@names [$($views),+], $named, $elements, $layouts, $($rest)+)
    };
    (
        @names [], [$(($view:expr, $name:ident $pattern:tt, $typed:ident, $access:ident))+], $elements:tt, $layouts:tt,
        | $body:expr
    ) => {
        match ($($view,)+) {
            ($($name,)+) => 'chosen: {
                $crate::dispatch!(
                    @choose 'chosen, [$(($name $pattern, $typed, $access))+], $elements, $elements, $layouts, $body
                )
            }
        }
    };
    // The first view chooses the element. The others are refused if they have another one.
    (
        @choose $chosen:lifetime, [($first:ident $($how:tt)+) $(($other:ident $pattern:tt, $typed:ident, $access:ident))*],
        ([$($T:ident)?] $element:ty $(, $more:ty)*), $elements:tt, $layouts:tt, $body:expr
    ) => {{
        if $first.holds::<$element>() {
            $(
                if !$other.holds::<$element>() {
                    break $chosen Err(
                        $other.refuse(|| $crate::dispatch!(@spec $access, ([] $element), $layouts))
                    );
                }
            )*
            break $chosen $crate::dispatch!(
                @with [($first $($how)+) $(($other $pattern, $typed, $access))*], [$($T)?] $element, $layouts, $body
            );
        }
        $crate::dispatch!(
            @choose $chosen, [($first $($how)+) $(($other $pattern, $typed, $access))*],
            ([$($T)?] $($more),*), $elements, $layouts, $body
        )
    }};
    (
        @choose $chosen:lifetime, [($first:ident $pattern:tt, $typed:ident, $access:ident) $($others:tt)*],
        ([$($T:ident)?]), $elements:tt, $layouts:tt, $body:expr
    ) => {
        Err($first.refuse(|| $crate::dispatch!(@spec $access, $elements, $layouts)))
    };
    // The first layout that fits all views is chosen, or the last one, which refuses what does not fit.
    (
        @with [$(($name:ident ($($pattern:tt)+), $typed:ident, $access:ident))+],
        [$($T:ident)?] $element:ty, ([$($L:ident)?] $layout:ty), $body:expr
    ) => {{
        $(
            #[allow(dead_code, reason = "a body need not use the name")]
            type $T = $element;
        )?
        $(
            #[allow(dead_code, reason = "a body need not use the name")]
            type $L = $layout;
        )?
        match (|| $crate::PyResult::Ok(($($name.$typed::<$element, $layout>()?,)+)))() {
            Ok(($($($pattern)+,)+)) => Ok($body),
            Err(refusal) => Err(refusal),
        }
    }};
    (
        @with [$(($name:ident $($how:tt)+))+], [$($T:ident)?] $element:ty,
        ([$($L:ident)?] $layout:ty, $($more:ty),+), $body:expr
    ) => {
        if $($name.fits::<$layout>())&&+ {
            $crate::dispatch!(@with [$(($name $($how)+))+], [$($T)?] $element, ([$($L)?] $layout), $body)
        } else {
            $crate::dispatch!(@with [$(($name $($how)+))+], [$($T)?] $element, ([$($L)?] $($more),+), $body)
        }
    };
    (@spec $access:ident, ([$($T:ident)?] $first:ty $(, $element:ty)*), ([$($L:ident)?] $layout:ty)) => {
        $crate::Spec::of::<$first, $layout>($crate::Access::$access)$(.or::<$element>())*
    };
    (@spec $access:ident, $elements:tt, ([$($L:ident)?] $layout:ty, $($more:ty),+)) => {
        $crate::dispatch!(@spec $access, $elements, ([] $($more),+))
    };
    (($($view:expr),+ $(,)?), $($rest:tt)+) => {
        $crate::dispatch!(@elements [$($view),+], $($rest)+)
    };
    ($view:expr, $($rest:tt)+) => {
        $crate::dispatch!(@elements [$view], $($rest)+)
    };
}
