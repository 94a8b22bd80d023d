//! The layouts in Cython's notation, for those who know it.

/// The layout that Cython writes between the brackets.
///
/// # Examples
///
/// ```
/// use typedview::{View, layout};
///
/// /// Cython: `def trace(const double[:, ::1] matrix)`.
/// fn trace(matrix: View<'_, f64, layout![:, ::1]>) -> f64 {
///     matrix.diagonal(0, 1).iter().sum()
/// }
///
/// assert_eq!(trace(View::from(&[[1.0, 2.0], [3.0, 4.0]])), 5.0);
/// ```
#[macro_export]
macro_rules! layout {
    (:) => { $crate::Strided<1> };
    (:, :) => { $crate::Strided<2> };
    (:, :, :) => { $crate::Strided<3> };
    (:, :, :, :) => { $crate::Strided<4> };
    (::1) => { $crate::C<1> };
    (:, ::1) => { $crate::C<2> };
    (:, :, ::1) => { $crate::C<3> };
    (:, :, :, ::1) => { $crate::C<4> };
    (::1, :) => { $crate::F<2> };
    (::1, :, :) => { $crate::F<3> };
    (::1, :, :, :) => { $crate::F<4> };
    (...) => { $crate::Dyn };
}
