//! Loop nests: the nested loops that visit the elements of several layouts of one shape together.
//! This file has integers only. It sorts the axes so that memory is walked forwards, and merges neighbouring axes that
//! one stride can walk.

use crate::layout::{PerAxis, is_injective, sort_axes};

/// One axis of `K` layouts of the same shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loop<const K: usize> {
    pub(crate) extent: usize,
    pub(crate) strides: [isize; K],
}

/// The axes of `K` layouts of the same shape, outermost first, and the offset at which each layout is entered.
#[derive(Debug)]
pub(crate) struct LoopNest<const K: usize> {
    axes: PerAxis<Loop<K>>,
    /// How many of `axes` are left after neighbouring axes have been merged.
    count: usize,
    /// The byte offset of the first element to visit, for each layout.
    pub(crate) start: [isize; K],
}

impl<const K: usize> Default for Loop<K> {
    fn default() -> Self {
        Self { extent: 1, strides: [0; K] }
    }
}

impl<const K: usize> LoopNest<K> {
    /// Makes a nest for layouts that all have `shape`; the first layout decides the order.
    ///
    /// `strides(axis)` returns the strides of the layouts on an axis. Elements are visited in the order of their
    /// addresses in the first layout, provided that each of its strides steps over everything that its smaller strides
    /// span.
    pub(crate) fn new(shape: &[usize], strides: impl Fn(usize) -> [isize; K]) -> Self {
        let axes = shape.iter().enumerate().map(|(axis, &extent)| Loop { extent, strides: strides(axis) });
        let mut axes: PerAxis<Loop<K>> = if shape.contains(&0) {
            // The strides of an empty layout have no meaning, so they are not used.
            PerAxis::from_iter([Loop { extent: 0, strides: [0; K] }])
        } else {
            axes.filter(|axis| axis.extent != 1).collect()
        };
        let mut start = [0isize; K];
        for axis in axes.iter_mut().filter(|axis| axis.strides[0] < 0) {
            for (start, stride) in start.iter_mut().zip(&mut axis.strides) {
                *start += *stride * (axis.extent - 1).cast_signed();
                *stride = stride.wrapping_neg();
            }
        }
        let steps = |axis: &Loop<K>| axis.strides.map(isize::unsigned_abs);
        sort_axes(&mut axes, |axis, other| steps(axis) > steps(other));
        let count = merge(&mut axes);
        Self { axes, count, start }
    }

    /// The axes, outermost first.
    pub(crate) fn axes(&self) -> &[Loop<K>] {
        &self.axes[..self.count]
    }

    /// Calls `run` for each run along the innermost axis, with its byte offsets, its length and its strides.
    ///
    /// The runs come in the order of the nest, or in reverse order if `backwards` is true. The byte offsets are always
    /// those of the first element of the run.
    #[inline]
    pub(crate) fn for_each_run(&self, backwards: bool, mut run: impl FnMut([isize; K], usize, [isize; K])) {
        let (inner, outer) = match self.axes().split_last() {
            Some((inner, outer)) => (*inner, outer),
            None => (Loop::default(), &[][..]),
        };
        if self.axes().iter().any(|axis| axis.extent == 0) {
            return;
        }
        let runs: usize = outer.iter().map(|axis| axis.extent).product();
        let mut index: PerAxis<usize> = outer.iter().map(|_| 0).collect();
        let mut offsets = self.start;
        if backwards {
            for (i, axis) in index.iter_mut().zip(outer) {
                *i = axis.extent - 1;
                offsets = moved(offsets, axis.strides, *i, 1);
            }
        }
        for _ in 0..runs {
            run(offsets, inner.extent, inner.strides);
            for (i, axis) in index.iter_mut().zip(outer).rev() {
                let last = axis.extent - 1;
                if backwards {
                    if *i > 0 {
                        *i -= 1;
                        offsets = moved(offsets, axis.strides, 1, -1);
                        break;
                    }
                    *i = last;
                    offsets = moved(offsets, axis.strides, last, 1);
                } else {
                    if *i < last {
                        *i += 1;
                        offsets = moved(offsets, axis.strides, 1, 1);
                        break;
                    }
                    *i = 0;
                    offsets = moved(offsets, axis.strides, last, -1);
                }
            }
        }
    }
}

impl LoopNest<2> {
    /// Divides the nest into planes, if the elements of the first layout are adjacent along the innermost axis and those of the second
    /// layout along another one. Returns the nest of the other axes, whose runs are single planes, and the two axes of a plane: the
    /// one along which the second layout is contiguous, and the innermost one.
    pub(crate) fn planes(&self, itemsize: usize) -> Option<(Self, Loop<2>, Loop<2>)> {
        let unit = itemsize.cast_signed();
        let (columns, outer) = self.axes().split_last()?;
        if columns.strides[0] != unit || columns.strides[1] == unit {
            return None;
        }
        let place = outer.iter().rposition(|axis| axis.strides[1] == unit)?;
        let others = outer.iter().enumerate().filter(|(axis, _)| *axis != place).map(|(_, axis)| *axis);
        let axes: PerAxis<Loop<2>> = others.chain([Loop::default()]).collect();
        let count = axes.len();
        Some((Self { axes, count, start: self.start }, outer[place], *columns))
    }

    /// Returns whether both layouts have the same strides, and no two elements of one layout overlap.
    ///
    /// In this case one of two orders makes a copy from the second layout to the first one exact without a temporary:
    /// ascending addresses if the first layout lies lower, descending addresses if it lies higher. In that order each
    /// element is read before it is overwritten.
    pub(crate) fn is_shift(&self, itemsize: usize) -> bool {
        let shape: PerAxis<usize> = self.axes().iter().map(|axis| axis.extent).collect();
        let strides: PerAxis<isize> = self.axes().iter().map(|axis| axis.strides[0]).collect();
        self.axes().iter().all(|axis| axis.strides[0] == axis.strides[1])
            && is_injective(&shape, &strides, itemsize)
    }
}

/// Merges neighbouring axes that one stride can walk in all layouts, and returns how many axes are left.
fn merge<const K: usize>(axes: &mut [Loop<K>]) -> usize {
    let mut count = 0usize;
    for i in 0..axes.len() {
        let axis = axes[i];
        let block = axis.strides.map(|stride| stride.wrapping_mul(axis.extent.cast_signed()));
        match count.checked_sub(1) {
            Some(before) if axes[before].strides == block => {
                axes[before] = Loop { extent: axes[before].extent * axis.extent, strides: axis.strides };
            }
            _ => {
                axes[count] = axis;
                count += 1;
            }
        }
    }
    count
}

fn moved<const K: usize>(offsets: [isize; K], strides: [isize; K], by: usize, sign: isize) -> [isize; K] {
    core::array::from_fn(|k| offsets[k] + strides[k] * by.cast_signed() * sign)
}
