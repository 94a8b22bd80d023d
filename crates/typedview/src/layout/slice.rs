//! Slices: start, stop and step on one axis, with Python's meaning for every value of the three.
//! Negative positions of a slice are interpreted here only, where a slice is resolved against the length of an axis.

use core::ops::{Range, RangeFrom, RangeFull, RangeTo};

/// A slice `start:stop:step` on one axis.
///
/// Negative positions count from the end. Positions outside the axis are clamped. A negative step walks backwards.
///
/// # Examples
///
/// ```
/// use typedview::{Slice, View};
///
/// let view = View::from(&[0, 1, 2, 3, 4, 5]);
/// assert_eq!(view.slice_axis(0, 1..-1).to_vec(), [1, 2, 3, 4]);
/// assert_eq!(view.slice_axis(0, Slice::from(..).step_by(-2)).to_vec(), [5, 3, 1]);
/// assert_eq!(view.slice_axis(0, Slice::new(Some(-1), Some(-4), -1)).to_vec(), [5, 4, 3]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    start: Option<isize>,
    stop: Option<isize>,
    step: isize,
}

/// A slice of an axis whose length is known: `count` indices, beginning at `start`, with a distance of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) count: usize,
    pub(crate) step: isize,
}

impl Slice {
    /// Returns the slice `start:stop:step`. `None` stands for a position that Python code leaves out.
    ///
    /// See [`Slice`] for an example.
    #[must_use]
    pub const fn new(start: Option<isize>, stop: Option<isize>, step: isize) -> Self {
        Self { start, stop, step }
    }

    /// Returns the slice with the same positions and another step.
    ///
    /// See [`Slice`] for an example.
    #[must_use]
    pub const fn step_by(self, step: isize) -> Self {
        Self { step, ..self }
    }

    /// Returns the indices of the slice on an axis of this length, or `None` if the step is 0.
    ///
    /// The rule is the one of CPython's `PySlice_AdjustIndices`.
    #[inline]
    pub(crate) fn resolve(self, length: usize) -> Option<Span> {
        let Self { start, stop, step } = self;
        let length = length.cast_signed();
        if step > 0 {
            let start = start.map_or(0, |i| clamp(i, length, 0, length));
            let stop = stop.map_or(length, |i| clamp(i, length, 0, length));
            let count = count(stop.wrapping_sub(start), step.unsigned_abs());
            Some(Span { start: start.cast_unsigned(), count, step })
        } else if step < 0 {
            let last = length.wrapping_sub(1);
            let start = start.map_or(last, |i| clamp(i, length, -1, last));
            let stop = stop.map_or(-1, |i| clamp(i, length, -1, last));
            let count = count(start.wrapping_sub(stop), step.unsigned_abs());
            Some(Span { start: start.max(0).cast_unsigned(), count, step })
        } else {
            None
        }
    }
}

/// Returns `position` counted from the start, clamped to `low` and `high`. A negative position counts from the end.
#[inline]
fn clamp(position: isize, length: isize, low: isize, high: isize) -> isize {
    if position < 0 { position.wrapping_add(length).max(low) } else { position.min(high) }
}

/// Returns the number of indices in a range of this length: `distance` divided by `step`, rounded up.
#[inline]
fn count(distance: isize, step: usize) -> usize {
    if distance <= 0 {
        return 0;
    }
    let beyond = distance.wrapping_sub(1).cast_unsigned();
    // A division takes longer than all the rest of this work, and most steps are 1 or 2, so powers of two are shifted.
    let whole = if step.is_power_of_two() {
        beyond.wrapping_shr(step.trailing_zeros())
    } else {
        beyond.checked_div(step).unwrap_or_default()
    };
    whole.wrapping_add(1)
}

/// A slice with step 1, so that the rows it leaves are still adjacent.
///
/// # Examples
///
/// ```
/// use typedview::{RowRange, View};
///
/// let first_two = RowRange::from(..2);
/// assert_eq!(View::from(&[[1, 2], [3, 4], [5, 6]]).slice_rows(first_two).to_vec(), [1, 2, 3, 4]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RowRange(pub(crate) Slice);

/// Converts an index to a signed one. An index that does not fit `isize` becomes `isize::MAX`, which is out of bounds for every
/// axis too.
#[inline]
pub(crate) fn position(index: usize) -> isize {
    isize::try_from(index).unwrap_or(isize::MAX)
}

macro_rules! ranges {
    ($($range:ty: $start:expr, $stop:expr;)*) => {$(
        impl From<$range> for Slice {
            #[inline]
            fn from(range: $range) -> Self {
                let (start, stop): (fn(&$range) -> Option<isize>, fn(&$range) -> Option<isize>) = ($start, $stop);
                Self::new(start(&range), stop(&range), 1)
            }
        }

        impl From<$range> for RowRange {
            #[inline]
            fn from(range: $range) -> Self {
                Self(range.into())
            }
        }
    )*};
}

ranges! {
    Range<isize>: |range| Some(range.start), |range| Some(range.end);
    RangeFrom<isize>: |range| Some(range.start), |_| None;
    RangeTo<isize>: |_| None, |range| Some(range.end);
    RangeFull: |_| None, |_| None;
    Range<i32>: |range| Some(range.start as isize), |range| Some(range.end as isize);
    RangeFrom<i32>: |range| Some(range.start as isize), |_| None;
    RangeTo<i32>: |_| None, |range| Some(range.end as isize);
    Range<usize>: |range| Some(position(range.start)), |range| Some(position(range.end));
    RangeFrom<usize>: |range| Some(position(range.start)), |_| None;
    RangeTo<usize>: |_| None, |range| Some(position(range.end));
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    /// Returns the indices of a slice by walking them, as Python defines them:
    /// <https://docs.python.org/3/reference/datamodel.html> (slice.indices).
    fn walked(slice: Slice, length: usize) -> Vec<usize> {
        let n = length as i128;
        let step = slice.step as i128;
        let clamp = |i: Option<isize>, default: i128| match i {
            None => default,
            Some(i) => {
                let i = if i < 0 { i as i128 + n } else { i as i128 };
                if step > 0 { i.clamp(0, n) } else { i.clamp(-1, n - 1) }
            }
        };
        let mut i = clamp(slice.start, if step > 0 { 0 } else { n - 1 });
        let stop = clamp(slice.stop, if step > 0 { n } else { -1 });
        let mut indices = Vec::new();
        while if step > 0 { i < stop } else { i > stop } {
            indices.push(i as usize);
            i += step;
        }
        indices
    }

    #[test]
    fn every_small_slice_means_what_python_says() {
        let edges = [isize::MIN, isize::MIN + 1, isize::MAX - 1, isize::MAX];
        let positions: Vec<Option<isize>> = (-8..=8).chain(edges).map(Some).chain([None]).collect();
        for length in 0..=6 {
            for &start in &positions {
                for &stop in &positions {
                    for step in (-8..=8).chain(edges).filter(|&s| s != 0) {
                        let slice = Slice::new(start, stop, step);
                        let span = slice.resolve(length).unwrap();
                        let found: Vec<usize> = (0..span.count)
                            .map(|k| (span.start as i128 + k as i128 * span.step as i128) as usize)
                            .collect();
                        assert_eq!(found, walked(slice, length), "{slice:?} of {length}");
                    }
                }
            }
        }
    }

    #[test]
    fn step_0_means_nothing_whatever_the_positions() {
        for (start, stop) in [(None, None), (Some(3), Some(1)), (Some(0), Some(0))] {
            assert_eq!(Slice::new(start, stop, 0).resolve(5), None);
        }
    }
}
