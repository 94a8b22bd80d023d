//! Tests of footprints, which are compared with the bytes themselves: a common byte is always found, and parts that
//! slicing keeps apart do not overlap.

mod common;

use common::show;
use proptest::prelude::*;
use std::collections::HashSet;
use typedview::{C, Dyn, Indirect, Layout, Strided};
use typedview_claims::{Claim, Footprint, Mode};

fn footprint<L: Layout>(first: usize, layout: &L, itemsize: usize) -> Option<Footprint> {
    let mut claim = Claim::vacant();
    claim.set(first, layout, itemsize, Mode::EXCLUSIVE, 1, show)?;
    Some(*claim.footprint())
}

fn of(first: usize, shape: &[usize], strides: &[isize], itemsize: usize) -> Footprint {
    footprint(first, &Dyn::new(shape, strides, itemsize).unwrap(), itemsize).unwrap()
}

fn bytes(first: usize, shape: &[usize], strides: &[isize], itemsize: usize) -> HashSet<usize> {
    let mut places = vec![first as isize];
    for (&extent, &stride) in shape.iter().zip(strides) {
        places =
            places.iter().flat_map(|place| (0..extent as isize).map(move |i| place + i * stride)).collect();
    }
    places.iter().flat_map(|place| (0..itemsize as isize).map(move |byte| (place + byte) as usize)).collect()
}

/// Shapes and strides of up to six axes, small enough that all bytes can be listed.
fn layouts() -> impl Strategy<Value = (Vec<usize>, Vec<isize>)> {
    prop::collection::vec((0usize..4, -60isize..60), 0..7).prop_map(|axes| axes.into_iter().unzip())
}

proptest! {
    #[test]
    fn a_common_byte_is_never_missed(
        (shape, strides) in layouts(),
        (other_shape, other_strides) in layouts(),
        itemsize in 1usize..9,
        other_itemsize in 1usize..9,
        distance in 0usize..200,
    ) {
        let one = of(10_000, &shape, &strides, itemsize);
        let other = of(9_900 + distance, &other_shape, &other_strides, other_itemsize);
        let common = !bytes(10_000, &shape, &strides, itemsize)
            .is_disjoint(&bytes(9_900 + distance, &other_shape, &other_strides, other_itemsize));
        prop_assert!(one.overlaps(&other) || !common);
        prop_assert_eq!(one.overlaps(&other), other.overlaps(&one));
    }

    /// Two blocks of one array overlap exactly when they have a byte in common, however many axes they are cut on.
    #[test]
    fn tiles_of_an_array_overlap_when_they_have_an_element_in_common(
        extents in prop::collection::vec(1usize..5, 1..5),
        cuts in prop::collection::vec((0usize..5, 0usize..5, 0usize..5, 0usize..5), 5),
    ) {
        let mut strides = vec![8isize; extents.len()];
        for axis in (0..extents.len() - 1).rev() {
            strides[axis] = strides[axis + 1] * extents[axis + 1] as isize;
        }
        let tile = |which: usize| {
            let mut first = 4096;
            let mut shape = Vec::new();
            for (axis, &extent) in extents.iter().enumerate() {
                let (a, b, c, d) = cuts[axis];
                let (start, stop) = if which == 0 { (a, b) } else { (c, d) };
                let (start, stop) = (start.min(extent), stop.min(extent));
                let (start, stop) = (start.min(stop), start.max(stop));
                first += start * strides[axis] as usize;
                shape.push(stop - start);
            }
            (first, shape)
        };
        let ((first, shape), (other_first, other_shape)) = (tile(0), tile(1));
        let common = !bytes(first, &shape, &strides, 8).is_disjoint(&bytes(other_first, &other_shape, &strides, 8));
        let one = of(first, &shape, &strides, 8);
        prop_assert_eq!(one.overlaps(&of(other_first, &other_shape, &strides, 8)), common);
    }
}

#[test]
fn column_blocks_of_one_table_do_not_overlap() {
    // 5 rows of 6 doubles: `m[:, :3]` and `m[:, 3:]`.
    let left = of(1000, &[5, 3], &[48, 8], 8);
    let right = of(1024, &[5, 3], &[48, 8], 8);
    assert!(!left.overlaps(&right));
    assert!(left.overlaps(&of(1016, &[5, 3], &[48, 8], 8)));
    // The same for the right block reversed on both axes, and for a part of one row.
    assert!(!left.overlaps(&of(1024 + 4 * 48 + 16, &[5, 3], &[-48, -8], 8)));
    assert!(!left.overlaps(&footprint(1072, &C::<1>::new([3], 8).unwrap(), 8).unwrap()));
    assert!(left.overlaps(&footprint(1064, &C::<1>::new([3], 8).unwrap(), 8).unwrap()));
}

#[test]
fn every_second_element_and_the_others_do_not_overlap() {
    let even = of(1000, &[4], &[16], 8);
    let odd = of(1008, &[4], &[16], 8);
    let half = of(1004, &[4], &[16], 8);
    assert!(!even.overlaps(&odd));
    assert!(even.overlaps(&half) && half.overlaps(&odd));
}

#[test]
fn more_axes_than_a_footprint_has_are_taken_together() {
    // An image of 2 x 2 x 2 x 2 x 2 pixels of 3 bytes each: the planes of its channels do not overlap.
    let plane = |channel: usize| of(1000 + channel, &[2, 2, 2, 2, 2], &[48, 24, 12, 6, 3], 1);
    assert!(!plane(0).overlaps(&plane(1)));
    assert!(plane(0).overlaps(&plane(3)));
}

#[test]
fn a_block_has_the_same_ends_whatever_its_shape() {
    let block = footprint(1000, &C::<2>::new([3, 4], 8).unwrap(), 8).unwrap();
    let strided = footprint(1000, &Strided::new([3, 4], [32, 8], 8).unwrap(), 8).unwrap();
    for footprint in [block, strided] {
        assert_eq!((footprint.lowest(), footprint.highest()), (1000, 1096));
    }
}

#[test]
fn what_wraps_around_the_address_space_has_no_footprint() {
    assert!(footprint(usize::MAX - 8, &Strided::new([2], [8], 8).unwrap(), 8).is_none());
    assert!(footprint(8, &Strided::new([3], [-8], 8).unwrap(), 8).is_none());
    assert!(footprint(usize::MAX - 6, &C::<1>::new([1], 8).unwrap(), 8).is_none());
}

#[test]
fn what_is_empty_overlaps_nothing() {
    let all = of(0, &[1000], &[8], 8);
    for empty in [of(64, &[0], &[8], 8), of(64, &[3], &[8], 0), of(64, &[2, 0, 2], &[99, 7, 3], 8)] {
        assert!(empty.is_empty());
        assert!(!empty.overlaps(&all) && !all.overlaps(&empty));
    }
}

#[test]
fn memory_behind_pointers_overlaps_everything() {
    let layout = Indirect::new([2, 2], [8, 8], [0, -1], 8).unwrap();
    let everywhere = footprint(64, &layout, 8).unwrap();
    assert!(everywhere.is_everywhere());
    let somewhere = of(1 << 40, &[4], &[16], 8);
    assert!(everywhere.overlaps(&somewhere) && somewhere.overlaps(&everywhere));
    assert!(everywhere.overlaps(&everywhere));
}

#[test]
fn strides_of_axes_that_have_one_index_mean_nothing() {
    // Blocks of columns of one table, each with four more axes of length 1, as `x[:, None, ...]` adds them, with any
    // strides.
    for stride in [1, 3, -7, 4096] {
        let shape = [1, 1, 10, 1, 1, 3];
        let strides = [stride, stride, 48, stride, stride, 8];
        let (left, right) = (of(4800, &shape, &strides, 8), of(4824, &shape, &strides, 8));
        assert!(!left.overlaps(&right) && !right.overlaps(&left), "{stride}");
        assert!(left.overlaps(&of(4816, &shape, &strides, 8)), "{stride}");
    }
}
