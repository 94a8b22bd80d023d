//! Places: where the elements of a layout lie, computed once and kept in the claim.

use super::claim::{Place, gcd};
use typedview::{Layout, Order};

impl Place {
    /// Where the elements of `layout` lie, the first of them at `first`; nothing when they wrap around the address
    /// space.
    #[inline(always)]
    pub(crate) fn of<L: Layout>(first: usize, layout: &L, itemsize: usize) -> Option<Self> {
        let mut place = Self { first, lowest: first, highest: first, steps: [0, 0], itemsize };
        if L::ORDER != Order::Strided {
            // One block: every distance is a multiple of the itemsize. L1 bounds the product.
            let nbytes = layout.size().wrapping_mul(itemsize);
            place.highest = first.checked_add(nbytes)?;
            place.steps[0] = itemsize;
            return Some(place);
        }
        if layout.is_empty() {
            return Some(place);
        }
        if L::INDIRECT && layout.suboffsets().iter().any(|&suboffset| suboffset >= 0) {
            return Some(Self::ANYWHERE);
        }
        place.highest = first.checked_add(itemsize)?;
        for (axis, &extent) in layout.shape().iter().enumerate() {
            if extent > 1 {
                // L2 bounds the product.
                let stride = layout.stride(axis, itemsize);
                let last = stride.wrapping_mul(extent.wrapping_sub(1).cast_signed());
                if last < 0 {
                    place.lowest = place.lowest.checked_add_signed(last)?;
                } else {
                    place.highest = place.highest.checked_add_signed(last)?;
                }
                let [one, two] = &mut place.steps;
                let step = stride.unsigned_abs();
                match (*one, *two) {
                    (0, _) => *one = step,
                    (_, 0) => *two = step,
                    (_, two_or_more) => *two = gcd(two_or_more, step),
                }
            }
        }
        Some(place)
    }
}
