//! `specialise!`: runs an expression with the layout type that promises most about a view, so that loops over it vectorise.
//! The choice is made once, at run time, before the loops.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::element::Element;
use crate::layout::{C, Direct, F, Order, Pitched, Strided};

/// Runs an expression with views whose layout type promises as much as is true of the elements that were found.
///
/// `specialise!(x, |x| kernel(x))` is for one view, and `specialise!((x, y), |x, y| kernel(x, y))` for several, which get the
/// same layout type. The types are tried in the order [`C`], [`F`], [`Pitched`], [`Strided`]. The views are moved, and no element is
/// copied.
///
/// The expression is compiled four times, so that a loop in it can rely on neighbours being adjacent. A function that
/// takes strided views and calls a generic kernel in this way runs at the speed of contiguous memory when it is given
/// such memory. The results of the four must have the same type. Views with a [`Dyn`](crate::Dyn) or [`Indirect`](crate::Indirect)
/// layout are not taken: the first has no ndim in its type, the second no order.
///
/// # Examples
///
/// ```
/// use typedview::{Direct, Layout, RemoveAxis, Strided, View, ViewMut, s, specialise};
///
/// fn sum<L: Layout>(x: View<'_, f32, L>) -> f32 {
///     x.iter().sum()
/// }
///
/// let table = View::from(&[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// for x in [table.to_strided(), table.slice(s![.., 1..]).into(), table.slice(s![.., ..;2])] {
///     assert_eq!(specialise!(x, |x| sum(x)), sum(x));
/// }
///
/// /// Adds `x` to `y`, of the same shape.
/// fn add<L: RemoveAxis + Direct>(x: View<'_, f32, L>, y: ViewMut<'_, f32, L>) {
///     typedview::zip((x, y)).for_each(|(x, mut y)| y.set(y.get() + x));
/// }
///
/// let mut data = [0.0; 6];
/// let x = table.to_strided();
/// let y: ViewMut<'_, f32, Strided<2>> = ViewMut::from_slice(&mut data, [2, 3]).into();
/// specialise!((x, y), |x, mut y| {
///     y.set([0, 0], 1.0);
///     add(x, y);
/// });
/// assert_eq!(data, [2.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
/// ```
#[macro_export]
macro_rules! specialise {
    // The names are read one after the other: each as its name, and as the pattern that binds it.
    (@names $views:tt, [$($named:tt)*], mut $name:ident $separator:tt $($rest:tt)+) => {
        $crate::specialise!(@names $views, [$($named)* ($name (mut $name))], $separator $($rest)+)
    };
    (@names $views:tt, [$($named:tt)*], $name:ident $separator:tt $($rest:tt)+) => {
        $crate::specialise!(@names $views, [$($named)* ($name ($name))], $separator $($rest)+)
    };
    (@names $views:tt, $named:tt, , $($rest:tt)+) => {
        $crate::specialise!(@names $views, $named, $($rest)+)
    };
    (@names [$($view:expr),+], [$(($name:ident $pattern:tt))+], | $body:expr) => {
        match ($($view,)+) {
            ($($name,)+) => {
                if $($crate::Specialise::is_contiguous_in(&$name, $crate::Order::C))&&+ {
                    $crate::specialise!(@as into_c, [$(($name $pattern))+], $body)
                } else if $($crate::Specialise::is_contiguous_in(&$name, $crate::Order::F))&&+ {
                    $crate::specialise!(@as into_f, [$(($name $pattern))+], $body)
                } else if $($crate::Specialise::is_contiguous_in(&$name, $crate::Order::Pitched))&&+ {
                    $crate::specialise!(@as into_pitched, [$(($name $pattern))+], $body)
                } else {
                    $crate::specialise!(@as into_strided, [$(($name $pattern))+], $body)
                }
            }
        }
    };
    (@as $convert:ident, [$(($name:ident ($($pattern:tt)+)))+], $body:expr) => {{
        $(let $($pattern)+ = $crate::Specialise::$convert($name);)+
        $body
    }};
    (($($view:expr),+ $(,)?), |$($rest:tt)+) => {
        $crate::specialise!(@names [$($view),+], [], $($rest)+)
    };
    ($view:expr, |$($rest:tt)+) => {
        $crate::specialise!(@names [$view], [], $($rest)+)
    };
}

/// A view that [`specialise!`](crate::specialise) takes.
pub trait Specialise: Sized {
    /// The view of one block in C order.
    type C;
    /// The view of one block in Fortran order.
    type F;
    /// The view of rows without gaps.
    type Pitched;
    /// The view that promises no order.
    type Strided;

    /// Returns whether the elements lie in `order`.
    fn is_contiguous_in(&self, order: Order) -> bool;

    /// Returns the view of one block in C order. Panics if the elements are not one.
    fn into_c(self) -> Self::C;

    /// Returns the view of one block in Fortran order. Panics if the elements are not one.
    fn into_f(self) -> Self::F;

    /// Returns the view of rows without gaps. Panics if they have gaps.
    fn into_pitched(self) -> Self::Pitched;

    /// Returns the view that promises no order.
    fn into_strided(self) -> Self::Strided;
}

/// Implements [`Specialise`] for a view.
macro_rules! specialise_views {
    ($($view:ident),*) => {$(
        // INVARIANT: every result has the same elements as `self`, which is consumed, so V1 to V5 carry over.
        #[doc(hidden)]
        impl<'a, T: Element, const N: usize, L: Direct<PerAxis<usize> = [usize; N]>> Specialise for $view<'a, T, L> {
            type C = $view<'a, T, C<N>>;
            type F = $view<'a, T, F<N>>;
            type Pitched = $view<'a, T, Pitched<N>>;
            type Strided = $view<'a, T, Strided<N>>;

            #[inline]
            fn is_contiguous_in(&self, order: Order) -> bool {
                self.is_contiguous(order)
            }

            #[inline]
            fn into_c(self) -> Self::C {
                $view::from_raw(self.raw.to_c().expect(FITS))
            }

            #[inline]
            fn into_f(self) -> Self::F {
                $view::from_raw(self.raw.to_f().expect(FITS))
            }

            #[inline]
            fn into_pitched(self) -> Self::Pitched {
                $view::from_raw(self.raw.to_pitched().expect(FITS))
            }

            #[inline]
            fn into_strided(self) -> Self::Strided {
                $view::from_raw(self.raw.to_strided())
            }
        }
    )*};
}

/// Why the conversions that `specialise!` makes succeed.
const FITS: &str = "the order of the elements has been asked for";

specialise_views!(View, ViewMut, CellView, CellViewMut);
