//! Runs of pitched layouts: axes without gaps are walked as one. Each walk is held against a loop over indices. Some axes
//! join those after them, others have gaps, go backwards, repeat their elements or overlap.

use proptest::{collection::vec, prelude::*};
use std::collections::VecDeque;
use typedview::{CellViewMut, Pitched, View};

/// A layout of `u16`, memory that ends with the last byte of an element, and the places of all elements in index order.
#[derive(Clone, Debug)]
struct Region {
    layout: Pitched<4>,
    memory: Vec<u8>,
    first: usize,
    places: Vec<usize>,
}

fn region(axes: [(usize, usize); 4]) -> Region {
    let shape = axes.map(|(extent, _)| extent);
    let (mut strides, mut block) = ([2; 4], 2);
    for axis in (0..3).rev() {
        block *= shape[axis + 1].max(1) as isize;
        // The stride of an axis of length 1 has no meaning, so it may be any number.
        let any = if shape[axis] == 1 { isize::MIN } else { block };
        strides[axis] = [any, -block, 0, block + 2, 2 * block, 3].get(axes[axis].1).copied().unwrap_or(block);
    }
    let offsets = shape.iter().zip(&strides).fold(vec![0], |offsets, (&extent, &stride)| {
        offsets.iter().flat_map(|offset| (0..extent as isize).map(move |i| offset + i * stride)).collect()
    });
    let first = -offsets.iter().min().copied().unwrap_or_default();
    let places: Vec<usize> = offsets.iter().map(|offset| (offset + first) as usize).collect();
    let nbytes = places.iter().max().map_or(0, |place| place + 2);
    let memory = (0..nbytes).map(|i| (i * 37 % 251) as u8).collect();
    Region { layout: Pitched::new(shape, strides, 2).unwrap(), memory, first: first as usize, places }
}

fn regions() -> impl Strategy<Value = Region> {
    let axis = || (prop_oneof![1 => Just(0), 4 => Just(1), 20 => 2..6usize], 0..12usize);
    [axis(), axis(), axis(), axis()].prop_map(region)
}

proptest! {
    #[test]
    fn a_walk_from_both_ends_visits_what_a_loop_visits(
        Region { layout, memory, first, places } in regions(),
        steps in vec((any::<bool>(), 0..9usize), 0..20),
    ) {
        let mut expected: VecDeque<u16> = places.iter().map(|&i| u16::from_ne_bytes([memory[i], memory[i + 1]])).collect();
        // SAFETY: the memory has all elements of the layout, and nobody writes it.
        let view = unsafe { View::from_raw_parts(memory.as_ptr().wrapping_add(first).cast(), layout) };
        prop_assert_eq!(view.rows().flat_map(|row| row.to_vec()).collect::<VecDeque<_>>(), expected.clone());
        let mut elements = view.iter();
        for (forwards, n) in steps {
            let left = expected.len().saturating_sub(n);
            if forwards {
                expected.drain(..expected.len() - left);
                prop_assert_eq!(elements.nth(n), expected.pop_front());
            } else {
                expected.truncate(left);
                prop_assert_eq!(elements.nth_back(n), expected.pop_back());
            }
            prop_assert_eq!(elements.len(), expected.len());
        }
        prop_assert!(elements.clone().rev().eq(expected.iter().rev().copied()));
        prop_assert_eq!(elements.fold(0, |n, element| n + usize::from(element == expected[n])), expected.len());
    }

    #[test]
    fn elements_are_changed_in_index_order(Region { layout, mut memory, first, places } in regions()) {
        let mut expected = memory.clone();
        for i in places {
            let tripled = u16::from_ne_bytes([expected[i], expected[i + 1]]).wrapping_mul(3);
            expected[i..i + 2].copy_from_slice(&tripled.to_ne_bytes());
        }
        let first = memory.as_mut_ptr().wrapping_add(first).cast::<u16>();
        // SAFETY: the memory has all elements of the layout, and nobody else uses it.
        unsafe { CellViewMut::from_raw_parts(first, layout) }.map_in_place(|x| x.wrapping_mul(3));
        prop_assert_eq!(memory, expected);
    }
}
