//! Overlap: in which order the items of a copy are moved, so that each is read before it is overwritten.
//! This file has integers only: the addresses and the strides of both sides.

use super::loop_nest::LoopNest;
use super::loops::Loop;
use crate::layout::{PerAxis, is_injective};

/// The order in which the items of a copy are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Any order: no byte is both read and written.
    Any,
    /// By ascending addresses.
    Forwards,
    /// By descending addresses.
    Backwards,
    /// In pairs that change places: the copy transposes or reverses its own memory.
    Exchange,
}

impl Order {
    /// Returns an order that makes the copy exact, or `None` if there is none and the source must be copied to other memory first.
    ///
    /// `firsts` are the addresses of the target and of the source at which the nest begins.
    pub(super) fn choose(nest: &LoopNest<2>, firsts: [usize; 2], itemsize: usize) -> Option<Self> {
        if are_apart(nest, firsts, [itemsize; 2]) {
            return Some(Self::Any);
        }
        let (axes, firsts) = (nest.axes(), entered(nest, firsts));
        let extents: PerAxis<usize> = axes.iter().map(|axis| axis.extent).collect();
        let strides: PerAxis<isize> = axes.iter().map(|axis| axis.strides[0]).collect();
        if !is_injective(&extents, &strides, itemsize) {
            return None;
        }
        if axes.iter().all(|axis| axis.strides[0] == axis.strides[1]) {
            // If the target lies lower, ascending addresses read each item before it is overwritten.
            return Some(if firsts[0] > firsts[1] { Self::Backwards } else { Self::Forwards });
        }
        is_exchange(axes, firsts).then_some(Self::Exchange)
    }
}

/// Returns whether no item of one side touches a byte of the other side. `true` is certain, `false` is not.
///
/// `firsts` are the addresses of the two sides at which the nest begins, and `itemsizes` the sizes of their items in bytes.
pub(super) fn are_apart(nest: &LoopNest<2>, firsts: [usize; 2], itemsizes: [usize; 2]) -> bool {
    let (axes, firsts) = (nest.axes(), entered(nest, firsts));
    let [to, from] = [0, 1].map(|k| block(axes, k, itemsizes[k], |_| true));
    let below = |k: usize, offset: isize| firsts[k].wrapping_add_signed(offset);
    if below(0, to.1) <= below(1, from.0) || below(1, from.1) <= below(0, to.0) {
        return true;
    }
    // The two sides may be interleaved, as every second element and the others are, or two columns of one table.
    let strides =
        || axes.iter().flat_map(|axis| axis.strides).map(isize::unsigned_abs).filter(|stride| *stride > 0);
    let all = strides().fold(0, greatest_common_divisor);
    strides()
        .chain([all])
        .filter(|period| *period > 0)
        .any(|period| are_apart_in(period, axes, firsts, itemsizes))
}

/// Returns the addresses of the items that the nest visits first.
fn entered(nest: &LoopNest<2>, firsts: [usize; 2]) -> [usize; 2] {
    [0, 1].map(|k| firsts[k].wrapping_add_signed(nest.start[k]))
}

/// Returns whether the two sides are apart in each period of addresses. Axes whose strides are multiples of the period lead to the
/// same place in another period, so only the other axes count.
fn are_apart_in(period: usize, axes: &[Loop<2>], firsts: [usize; 2], itemsizes: [usize; 2]) -> bool {
    let within = |stride: isize| !stride.unsigned_abs().is_multiple_of(period);
    let sides = [0, 1].map(|k| {
        let (low, high) = block(axes, k, itemsizes[k], within);
        (firsts[k].wrapping_add_signed(low) % period, high.abs_diff(low))
    });
    let [(to, to_length), (from, from_length)] = sides;
    let after = if from >= to { from - to } else { period - (to - from) };
    to_length <= after && from_length <= period - after
}

/// Returns the lowest and the highest byte offset that the items of a side reach along the axes whose stride `counts`.
fn block(axes: &[Loop<2>], side: usize, itemsize: usize, counts: impl Fn(isize) -> bool) -> (isize, isize) {
    let (mut low, mut high) = (0isize, itemsize.cast_signed());
    for axis in axes.iter().filter(|axis| counts(axis.strides[side])) {
        let last = axis.strides[side] * (axis.extent.max(1) - 1).cast_signed();
        *(if last < 0 { &mut low } else { &mut high }) += last;
    }
    (low, high)
}

fn greatest_common_divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Returns whether the copy reads the items that it writes, so that two items each change places, or one stays.
///
/// This is so if it walks the axes of the target in another order or in the other direction, and doing this twice changes
/// nothing. The items of the target must not overlap, so no two of its axes have one stride, and an axis has at most one partner.
fn is_exchange(axes: &[Loop<2>], firsts: [usize; 2]) -> bool {
    let partner = |axis: &Loop<2>| {
        let wanted = (axis.extent, axis.strides[1].unsigned_abs());
        axes.iter().position(|other| (other.extent, other.strides[0].unsigned_abs()) == wanted)
    };
    let mut first = firsts[0];
    for (place, axis) in axes.iter().enumerate() {
        let Some(other) = partner(axis) else { return false };
        let returns = partner(&axes[other]) == Some(place);
        if !returns || (axis.strides[1] < 0) != (axes[other].strides[1] < 0) {
            return false;
        }
        if axis.strides[1] < 0 {
            first = first.wrapping_add(axis.strides[1].unsigned_abs().wrapping_mul(axis.extent - 1));
        }
    }
    first == firsts[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the order for `x` of 8-byte items at address 1,000 and a source with the same shape.
    fn order(shape: &[usize], to: (usize, &[isize]), from: (usize, &[isize])) -> Option<Order> {
        let nest = LoopNest::new(shape, |axis| [to.1[axis], from.1[axis]]);
        Order::choose(&nest, [1000 + to.0, 1000 + from.0], 8)
    }

    #[test]
    fn memory_that_lies_apart_is_copied_in_any_order() {
        assert_eq!(order(&[4], (0, &[8]), (32, &[8])), Some(Order::Any));
        assert_eq!(order(&[4], (24, &[-8]), (56, &[-8])), Some(Order::Any));
    }

    #[test]
    fn interleaved_memory_is_apart() {
        // x[::2] = x[1::2], and the same reversed
        assert_eq!(order(&[4], (0, &[16]), (8, &[16])), Some(Order::Any));
        assert_eq!(order(&[4], (0, &[16]), (56, &[-16])), Some(Order::Any));
        // x[:, 0] = x[::-1, 1], and x[:, :2] = x[::-1, 2:]
        assert_eq!(order(&[4], (0, &[32]), (3 * 32 + 8, &[-32])), Some(Order::Any));
        assert_eq!(order(&[4, 2], (0, &[32, 8]), (3 * 32 + 16, &[-32, 8])), Some(Order::Any));
        // x[::4] = x[1::6][:4]: the strides 32 and 48 have the divisor 16
        assert_eq!(order(&[4], (0, &[32]), (8, &[48])), Some(Order::Any));
    }

    #[test]
    fn a_shift_goes_in_the_direction_that_reads_first() {
        assert_eq!(order(&[4], (8, &[8]), (0, &[8])), Some(Order::Backwards));
        assert_eq!(order(&[4], (0, &[8]), (8, &[8])), Some(Order::Forwards));
        // 4 bytes further on, so that each item overlaps two others
        assert_eq!(order(&[4], (4, &[16]), (0, &[16])), Some(Order::Backwards));
    }

    #[test]
    fn a_square_changes_places_with_its_transpose() {
        assert_eq!(order(&[3, 3], (0, &[24, 8]), (0, &[8, 24])), Some(Order::Exchange));
        assert_eq!(order(&[4], (0, &[8]), (24, &[-8])), Some(Order::Exchange));
        // along both diagonals
        assert_eq!(order(&[3, 3], (0, &[24, 8]), (64, &[-8, -24])), Some(Order::Exchange));
        // 2 x 3 x 2, whose outer axes have one length
        assert_eq!(order(&[2, 3, 2], (0, &[48, 16, 8]), (0, &[8, 16, 48])), Some(Order::Exchange));
    }

    #[test]
    fn other_overlaps_need_other_memory() {
        // a quarter turn, three rows of a window, and a transpose that begins elsewhere
        assert_eq!(order(&[3, 3], (0, &[24, 8]), (16, &[-8, 24])), None);
        assert_eq!(order(&[3, 3], (0, &[8, 8]), (8, &[8, 8])), None);
        assert_eq!(order(&[3, 3], (0, &[32, 8]), (8, &[8, 32])), None);
        assert_eq!(order(&[2, 3], (0, &[24, 8]), (0, &[16, 8])), None);
        // x[...] = x[1]
        assert_eq!(order(&[3, 3], (0, &[24, 8]), (24, &[0, 8])), None);
    }
}
