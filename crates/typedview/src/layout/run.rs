//! Runs: stretches of elements that one stride walks, in index order.
//! What iteration and copying do in their innermost loop.

/// A stretch of elements that one stride walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The number of elements.
    pub length: usize,
    /// Bytes from an element to the next.
    pub stride: isize,
    /// How many of the last axes the run covers.
    pub axes: usize,
}

/// Sets `index` to the next one in index order, counting its first `axes` axes; false after the last.
#[inline]
pub(crate) fn advance(index: &mut [usize], shape: &[usize], axes: usize) -> bool {
    for axis in (0..axes).rev() {
        index[axis] = index[axis].wrapping_add(1);
        if index[axis] < shape[axis] {
            return true;
        }
        index[axis] = 0;
    }
    false
}

/// Sets `index` to the one before in index order, counting its first `axes` axes; false before the first.
#[inline]
pub(crate) fn retreat(index: &mut [usize], shape: &[usize], axes: usize) -> bool {
    for axis in (0..axes).rev() {
        if index[axis] > 0 {
            index[axis] = index[axis].wrapping_sub(1);
            return true;
        }
        index[axis] = shape[axis].wrapping_sub(1);
    }
    false
}
