//! What `zip` does not take.

use typedview::{C, Owned, View, ViewMut, zip};

fn references(mut x: ViewMut<'_, f64, C<2>>, y: View<'_, f64, C<2>>) {
    zip((&mut x, &y)).for_each(|(_, _)| ());
}
//~ error[E0277]: `&mut ViewMut<...>` is not a view that `zip` can visit
//~ error[E0277]: `&View<...>` is not a view that `zip` can visit
//~ instead of `&x`, pass `x` or `x.clone()`; instead of `&mut x`, pass `x.reborrow()`

fn owned(x: Owned<f64, C<1>>, y: Vec<f64>) {
    zip((x, y)).for_each(|(_, _)| ());
}
//~ error[E0277]: `...Owned<...>` is not a view that `zip` can visit
//~ error[E0277]: `Vec<f64>` is not a view that `zip` can visit
//~ `x.view()` and `x.view_mut()` of an `Owned`, and `View::from(&x)` of a slice or a vector, are views

fn one(x: View<'_, f64, C<1>>) {
    let _ = zip(x);
}
//~ error[E0277]: `View<...>` is not a tuple of two to eight views
//~ expected a tuple of views: `zip((x, y))`
