//! Reinterpreting: the bytes of an element are its parts, in the order of memory, and a last axis without gaps is one
//! block. A refusal is tested as strictly as a result: it must come exactly if the bytes are not elements.

use crate::choices::{Choices, choices, shapes};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::region::Region;
use crate::same::same;
use proptest::prelude::*;
use typedview::{Element, ErrorKind, Layout, Order, RemoveAxis, View};

const ITEMSIZE: usize = size_of::<u32>();

fn bytes_of<T: Element, L: Layout>(view: &View<'_, T, L>, bytes: impl Fn(T) -> Vec<u8>) -> Vec<u8> {
    view.iter().flat_map(bytes).collect()
}

/// Whether the elements of the last axis follow each other without gaps.
fn is_packed<L: Layout>(view: &View<'_, u32, L>) -> bool {
    let Some(axis) = view.ndim().checked_sub(1) else { return false };
    let holds_pointers = view.layout().suboffsets().get(axis).is_some_and(|&suboffset| suboffset >= 0);
    let follow = view.strides().as_ref()[axis] == ITEMSIZE as isize || view.shape()[axis] < 2;
    view.is_empty() || follow && !holds_pointers
}

/// Whether another length of the last axis keeps the order that the layout promises. In F order it is the slowest axis.
fn keeps_order<L: Layout>(view: &View<'_, u32, L>) -> bool {
    let others = view.shape().split_last().map_or(1, |(_, others)| others.iter().product());
    L::ORDER != Order::F || view.is_empty() || others == 1
}

fn reinterprets<L: RemoveAxis>(view: &View<'_, u32, L>, region: &Region, _: &Choices)
where
    L::Inserted: RemoveAxis,
{
    let model = &region.model;
    let bytes: Vec<u8> = model.elements.iter().flat_map(|number| number.to_ne_bytes()).collect();

    let same_size = view.try_reinterpret::<[u16; 2]>().unwrap();
    assert_eq!((same_size.shape(), same_size.as_ptr().addr()), (&model.shape[..], view.as_ptr().addr()));
    let pairs = bytes_of(&same_size, |pair| pair.map(u16::to_ne_bytes).concat());
    assert_eq!(pairs, bytes);

    // A new last axis is the fastest one, which in F order is the first.
    let parts = view.try_split::<u16>();
    assert_eq!(parts.is_ok(), L::ORDER != Order::F || view.size() < 2);
    if let Ok(parts) = parts {
        assert_eq!(parts.shape(), [&model.shape[..], &[2]].concat());
        assert_eq!(bytes_of(&parts, |part| part.to_ne_bytes().into()), bytes);
        same(&parts.try_join::<u32>().unwrap(), model);
    }
    assert_eq!(view.try_split::<[u8; 3]>().unwrap_err().kind(), ErrorKind::Layout);

    let last = model.shape.last().copied();
    match view.try_reinterpret::<u8>() {
        Ok(smaller) => {
            assert!(is_packed(view) && keeps_order(view), "{:?}", view.layout());
            let (&extent, others) = smaller.shape().split_last().unwrap();
            assert_eq!((Some(extent), others), (last.map(|last| 4 * last), &model.shape[..others.len()]));
            assert_eq!(smaller.to_vec(), bytes);
            assert_eq!(smaller.try_reinterpret::<u32>().unwrap().to_vec(), model.elements);
        }
        Err(error) => {
            assert!(!(is_packed(view) && keeps_order(view)) && error.kind() == ErrorKind::Layout, "{error}")
        }
    }
    let larger = view.try_reinterpret::<[u32; 2]>();
    assert_eq!(
        larger.is_ok(),
        is_packed(view) && keeps_order(view) && last.is_some_and(|last| last.is_multiple_of(2))
    );
    if let Ok(larger) = larger {
        assert_eq!(larger.to_vec().as_flattened(), model.elements);
    }
    let joined = view.try_join::<[u32; 3]>();
    assert_eq!(joined.is_ok(), is_packed(view) && last == Some(3));
    if let Ok(joined) = joined {
        assert_eq!(joined.shape(), &model.shape[..model.ndim() - 1]);
        assert_eq!(joined.to_vec().as_flattened(), model.elements);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn bytes_are_elements_wherever_they_are_one_block(shape in shapes(0, 4), choices in choices()) {
        in_direct_layouts!(reinterprets, shape, choices; 1 2 3 4);
    }

    #[test]
    fn bytes_behind_pointers_are_elements_of_another_size(shape in shapes(1, 3), choices in choices()) {
        in_indirect_layouts!(reinterprets, shape, choices);
    }
}
