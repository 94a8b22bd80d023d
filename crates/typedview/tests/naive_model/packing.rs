//! Packing, comparing, and conversions that need no check: the same elements stay at the same indices.
//! Views are equal if their shapes and values are, whatever their layouts.

use crate::choices::{choices, shapes};
use crate::model::Model;
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{C, Dyn, F, Indirect, Layout, Order, Pitched, Strided, View, specialise};

/// Returns the order that the layout type promises, after a comparison of the elements with those of the model.
fn promised<L: Layout>(view: &View<'_, u32, L>, model: &Model) -> Order {
    same(view, model);
    L::ORDER
}

/// Returns the first of the orders, from the strongest promise on, that is true of the view.
fn strongest<L: Layout>(view: &View<'_, u32, L>) -> Order {
    let orders = [Order::C, Order::F, Order::Pitched, Order::Strided];
    orders.into_iter().find(|&order| view.is_contiguous(order)).unwrap()
}

macro_rules! packs {
    ($($check:ident: $layout:ident<$ndim:literal>)*) => {$(
        fn $check(view: &View<'_, u32, $layout<$ndim>>, model: &Model) {
            same(&view.to_c_contiguous().view(), model);
            same(&view.to_f_contiguous().view(), model);
            same(&view.to_owned().view(), model);
            assert!(view.to_f_contiguous().view() == *view && *view == view.to_owned().view());
        }
    )*};
}

packs!(packs_c: C<2> packs_f: F<2> packs_pitched: Pitched<2> packs_strided: Strided<2> packs_indirect: Indirect<2>);

proptest! {
    #[test]
    fn packed_elements_are_the_same_at_the_same_indices(
        shape in [0usize..5, 0usize..5],
        choices in choices(),
    ) {
        let region = Region::dense(&shape, Order::C);
        packs_c(&region.view(), &region.model);
        same(&View::<u32, Pitched<2>>::from(region.view::<C<2>>()), &region.model);
        same(&View::<u32, Indirect<2>>::from(region.view::<C<2>>()), &region.model);
        let region = Region::dense(&shape, Order::F);
        packs_f(&region.view(), &region.model);
        same(&View::<u32, Strided<2>>::from(region.view::<F<2>>()), &region.model);
        let region = Region::strided(&shape, true, &choices);
        packs_strided(&region.view(), &region.model);
        let region = Region::pitched(&shape, true, &choices);
        packs_pitched(&region.view(), &region.model);
        same(&View::<u32, Strided<2>>::from(region.view::<Pitched<2>>()), &region.model);
        same(&View::<u32, Indirect<2>>::from(region.view::<Pitched<2>>()), &region.model);
        let region = Region::indirect(&shape, &[choices.once_in(2), choices.once_in(2)], &choices);
        packs_indirect(&region.view(), &region.model);
    }

    #[test]
    fn an_expression_is_run_with_the_strongest_promise_that_is_true(
        shape in [0usize..4, 0usize..4],
        choices in choices(),
    ) {
        let strided = Region::strided(&shape, true, &choices);
        let pitched = Region::pitched(&shape, true, &choices);
        let dense = Region::dense(&shape, Order::F);
        let x = strided.view::<Strided<2>>();
        prop_assert_eq!(specialise!(x, |x| promised(&x, &strided.model)), strongest(&x));
        let y = pitched.view::<Pitched<2>>();
        prop_assert_eq!(specialise!(y, |y| promised(&y, &pitched.model)), strongest(&y));
        let z = dense.view::<F<2>>();
        prop_assert_eq!(specialise!(z, |z| promised(&z, &dense.model)), strongest(&z));
        // Several views get a type that is true of all of them.
        let expected = [Order::C, Order::F, Order::Pitched, Order::Strided]
            .into_iter()
            .find(|&order| x.is_contiguous(order) && y.is_contiguous(order) && z.is_contiguous(order));
        let chosen = specialise!((x, y, z), |x, y, z| {
            same(&y, &pitched.model);
            same(&z, &dense.model);
            promised(&x, &strided.model)
        });
        prop_assert_eq!(Some(chosen), expected);
    }

    #[test]
    fn views_are_equal_when_shapes_and_elements_are(
        shape in shapes(2, 2),
        other in shapes(2, 2),
        choices in choices(),
    ) {
        let first = Region::strided(&shape, true, &choices);
        let second = Region::strided(&other, true, &choices);
        prop_assert_eq!(first.view::<Dyn>() == second.view::<Strided<2>>(), first.model == second.model);
    }
}
