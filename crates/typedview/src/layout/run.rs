//! Runs: consecutive elements, in index order, that one stride can walk.
//! The innermost loop of iteration and of copying walks one run.

/// Consecutive elements, in index order, that one stride can walk.
///
/// # Examples
///
/// ```
/// use typedview::{Layout, Run, Strided};
///
/// // The rows have gaps, so only one row is walked with one stride.
/// let layout = Strided::new([4, 3], [100, 8], 8)?;
/// assert_eq!(layout.run(8), Run { length: 3, stride: 8, axes: 1 });
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The number of elements.
    pub length: usize,
    /// The number of bytes from an element to the next element.
    pub stride: isize,
    /// The number of axes that the run covers, counted from the last axis backwards.
    pub axes: usize,
}

/// Sets `index` to the next index in index order. Only its first `axes` axes change. Returns false after the last
/// index.
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

/// Sets `index` to the previous index in index order. Only its first `axes` axes change. Returns false before the first
/// index.
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
