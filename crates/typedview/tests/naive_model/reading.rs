//! Reading: single elements, iteration from both ends, contiguity, and conversions between layouts.
//! Every layout has these operations, so every check is called with every layout.

use crate::choices::{Choices, choices, many_axes, shapes};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::model::indices;
use crate::region::Region;
use crate::same::{same, same_with_indices};
use proptest::prelude::*;
use std::collections::VecDeque;
use typedview::{
    C, Direct, Dyn, ElementIndex, ErrorKind, F, Indirect, Layout, Order, Pitched, Strided, View,
};

/// A layout that can be indexed with a slice of numbers.
trait Indexed: Layout {
    fn index(index: &[usize]) -> impl ElementIndex<Self>;
}

macro_rules! indexed {
    ($($layout:ident)*) => {$(
        impl<const N: usize> Indexed for $layout<N> {
            fn index(index: &[usize]) -> impl ElementIndex<Self> {
                <[usize; N]>::try_from(index).unwrap()
            }
        }
    )*};
}

indexed!(C F Pitched Strided Indirect);

impl Indexed for Dyn {
    fn index(index: &[usize]) -> impl ElementIndex<Self> {
        index
    }
}

fn elements_are_found<L: Indexed>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    same_with_indices(view, model);
    let around: Vec<usize> = model.shape.iter().map(|extent| extent + 2).collect();
    for index in indices(&around) {
        let expected = model.contains(&index).then(|| model.at(&index));
        assert_eq!(view.get(L::index(&index)), expected);
        let found = view.try_at(L::index(&index));
        assert_eq!(found.as_ref().ok(), expected.as_ref());
        match (expected, found) {
            (Some(element), _) => {
                assert_eq!(view.at(L::index(&index)), element);
                // SAFETY: the index comes from `indices` of the shape, so it is inside the shape.
                assert_eq!(unsafe { view.at_unchecked(L::index(&index)) }, element);
            }
            (None, found) => assert_eq!(found.unwrap_err().kind(), ErrorKind::Index),
        }
    }
    for axis in 0..model.ndim() {
        let mut far = vec![0; model.ndim()];
        far[axis] = usize::MAX;
        assert_eq!(view.get(L::index(&far)), None);
    }
}

/// Takes elements from both ends at random, and the rest at once.
fn iteration_takes_from_both_ends<L: Layout>(view: &View<'_, u32, L>, region: &Region, choices: &Choices) {
    for rest in 0..4 {
        let mut left: VecDeque<u32> = region.model.elements.iter().copied().collect();
        let mut iter = view.iter();
        for _ in 0..choices.below(2 * left.len() + 2) {
            match choices.below(6) {
                0 | 1 => assert_eq!(iter.next(), left.pop_front()),
                2 | 3 => assert_eq!(iter.next_back(), left.pop_back()),
                4 => {
                    let n = choices.below(7);
                    let taken = n.min(left.len());
                    left.drain(..taken);
                    assert_eq!(iter.nth(n), left.pop_front());
                }
                _ => {
                    let n = choices.below(7);
                    left.truncate(left.len() - n.min(left.len()));
                    assert_eq!(iter.nth_back(n), left.pop_back());
                }
            }
            assert_eq!(iter.len(), left.len());
            assert_eq!(iter.size_hint(), (left.len(), Some(left.len())));
        }
        let found: Vec<u32> = match rest {
            0 => iter.fold(vec![], |found, x| [found, vec![x]].concat()),
            1 => iter.rev().collect::<Vec<_>>().into_iter().rev().collect(),
            2 => {
                let mut found = vec![];
                iter.for_each(|x| found.push(x));
                found
            }
            _ => iter.clone().collect(),
        };
        assert_eq!(found, Vec::from(left));
    }
}

fn contiguity_is_that_of_the_elements<L: Layout>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let (layout, size) = (view.layout(), region.model.size());
    let direct = layout.suboffsets().iter().all(|&suboffset| suboffset < 0);
    if !direct && size > 0 {
        assert!(!view.is_contiguous(Order::C) && !view.is_contiguous(Order::F));
        assert!(view.as_slice().is_none() && view.try_as_slice().is_err());
        return;
    }
    if layout.suboffsets().is_empty() {
        for order in [Order::C, Order::F, Order::Pitched, Order::Strided] {
            let row = region.model.shape.last().copied().unwrap_or(1);
            let single = size < 2 || order == Order::Strided || order == Order::Pitched && row < 2;
            let packed = single || region.spacing == 4;
            assert_eq!(view.is_contiguous(order), packed && region.model.is_block(order), "{layout:?}");
        }
    }
    let lent = size == 0 || view.is_contiguous(Order::C) && view.as_ptr().is_aligned();
    assert_eq!(view.as_slice(), lent.then_some(&region.model.elements[..]));
    assert_eq!(view.try_as_slice().ok(), view.as_slice());
}

/// Converts to each layout of `N` axes. Converting to a block succeeds exactly if the view is contiguous.
fn converted<L: Layout, const N: usize>(view: &View<'_, u32, L>, region: &Region) {
    let model = &region.model;
    let direct = view.layout().suboffsets().iter().all(|&suboffset| suboffset < 0);
    if !direct && view.is_empty() {
        // Views of pointers without elements have a test of their own.
        return;
    }
    let ndim = view.ndim() == N;
    assert_eq!(view.try_to_layout::<C<N>>().is_ok(), ndim && direct && view.is_contiguous(Order::C));
    assert_eq!(view.try_to_layout::<F<N>>().is_ok(), ndim && direct && view.is_contiguous(Order::F));
    assert_eq!(
        view.try_to_layout::<Pitched<N>>().is_ok(),
        ndim && direct && view.is_contiguous(Order::Pitched)
    );
    assert_eq!(view.try_to_layout::<Strided<N>>().is_ok(), ndim && direct);
    assert_eq!(view.try_to_layout::<Indirect<N>>().is_ok(), ndim);
    assert_eq!(view.try_to_layout::<Dyn>().is_ok(), direct);
    let _ = view.try_to_layout::<C<N>>().map(|view| same(&view, model));
    let _ = view.try_to_layout::<F<N>>().map(|view| same(&view, model));
    let _ = view.try_to_layout::<Pitched<N>>().map(|view| same(&view, model));
    let _ = view.try_to_layout::<Strided<N>>().map(|view| same(&view, model));
    let _ = view.try_to_layout::<Indirect<N>>().map(|view| same(&view, model));
    let _ = view.try_to_layout::<Dyn>().map(|view| same(&view, model));
    same(&view.to_strided(), model);
}

fn conversions_keep_the_elements<L: Layout>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    converted::<L, 0>(view, region);
    converted::<L, 1>(view, region);
    converted::<L, 2>(view, region);
    converted::<L, 3>(view, region);
    converted::<L, 4>(view, region);
}

fn the_dynamic_layout_keeps_the_elements<L: Direct>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    same_with_indices(&view.to_dyn(), &region.model);
    assert_eq!(view.to_dyn().strides().as_ref(), view.strides().as_ref());
}

fn same_elements<L: Indexed>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    for index in indices(&region.model.shape) {
        assert_eq!(view.at(L::index(&index)), region.model.at(&index));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn elements_are_where_the_model_has_them(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(elements_are_found, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(elements_are_found, shape, choices);
    }

    #[test]
    fn iterators_give_each_element_once_from_either_end(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(iteration_takes_from_both_ends, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(iteration_takes_from_both_ends, shape, choices);
    }

    #[test]
    fn contiguous_means_one_block_without_gaps(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(contiguity_is_that_of_the_elements, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(contiguity_is_that_of_the_elements, shape, choices);
    }

    #[test]
    fn layouts_convert_when_their_promise_holds(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(conversions_keep_the_elements, shape, choices; 0 1 2 3 4);
        in_direct_layouts!(the_dynamic_layout_keeps_the_elements, shape, choices; 0 1 2 3 4);
        in_indirect_layouts!(conversions_keep_the_elements, shape, choices);
    }

    #[test]
    fn more_axes_than_are_kept_in_place_read_as_few_do(
        shape in prop_oneof![shapes(5, 6), many_axes()],
        choices in choices(),
    ) {
        in_direct_layouts!(same_elements, shape, choices;);
        in_direct_layouts!(iteration_takes_from_both_ends, shape, choices;);
        in_direct_layouts!(contiguity_is_that_of_the_elements, shape, choices;);
        in_direct_layouts!(the_dynamic_layout_keeps_the_elements, shape, choices;);
    }

    #[test]
    fn an_index_with_more_or_fewer_numbers_than_axes_is_refused(shape in shapes(0, 4), choices in choices()) {
        let region = Region::strided(&shape, true, &choices);
        let view = region.view::<Dyn>();
        for count in (0..6).filter(|&count| count != shape.len()) {
            prop_assert_eq!(view.get(&vec![0; count][..]), None);
            prop_assert_eq!(view.try_at(&vec![0; count][..]).unwrap_err().kind(), ErrorKind::Index);
        }
    }
}
