//! Loop nests: the nested loops that visit the elements of several layouts of one shape together.
//! This file has integers only. It sorts the axes so that memory is walked forwards, and merges neighbouring axes that
//! one stride can walk.

use super::loops::{Loop, Plane};
use crate::layout::{PerAxis, sort_axes};

/// The axes of `K` layouts of the same shape, outermost first, and the offset at which each layout is entered.
#[derive(Debug)]
pub(crate) struct LoopNest<const K: usize> {
    axes: PerAxis<Loop<K>>,
    /// How many of `axes` are left after neighbouring axes have been merged.
    count: usize,
    /// The byte offset of the first element to visit, for each layout.
    pub(crate) start: [isize; K],
}

impl<const K: usize> LoopNest<K> {
    /// Makes a nest for layouts that all have `shape`; the first layout decides the order.
    ///
    /// `strides(axis)` returns the strides of the layouts on an axis. Elements are visited in the order of their
    /// addresses in the first layout, provided that each of its strides steps over everything that its smaller strides
    /// span.
    #[inline]
    pub(crate) fn new(shape: &[usize], strides: impl Fn(usize) -> [isize; K]) -> Self {
        let axes = shape.iter().enumerate().filter(|(_, extent)| **extent != 1);
        Self::of(axes.map(|(axis, &extent)| Loop { extent, strides: strides(axis) }).collect())
    }

    /// Makes a nest of axes in any order, none of which has length 1.
    fn of(mut axes: PerAxis<Loop<K>>) -> Self {
        if axes.iter().any(|axis| axis.extent == 0) {
            // The strides of an empty layout have no meaning, so they are not used.
            axes = PerAxis::from_iter([Loop { extent: 0, strides: [0; K] }]);
        }
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

    /// Divides the nest into planes. Returns the nest of the other axes, whose runs are single planes, and the axes of a plane.
    ///
    /// The columns of a plane go along the innermost axis. Its rows go along the axis on which the elements of another layout are closest
    /// to each other, if the order of the nest does not suit that layout, and otherwise along the next axis.
    #[inline]
    pub(super) fn planes(&self) -> (Self, Plane<K>) {
        let Some((columns, outer)) = self.axes().split_last() else {
            return (Self { axes: PerAxis::empty(), count: 0, start: self.start }, Plane::default());
        };
        let differs = self.place_of_rows();
        let place = differs.or(outer.len().checked_sub(1));
        let others = outer.iter().enumerate().filter(|(axis, _)| Some(*axis) != place).map(|(_, axis)| *axis);
        let axes: PerAxis<Loop<K>> = others.chain([Loop::default()]).collect();
        let rows = place.map_or(Loop::default(), |place| outer[place]);
        let plane = Plane { rows, columns: *columns, in_blocks: differs.is_some() };
        (Self { count: axes.len(), axes, start: self.start }, plane)
    }

    /// Returns the axis on which the elements of a layout are closest to each other, if it is not the innermost one. The first
    /// layout for which this is so decides.
    fn place_of_rows(&self) -> Option<usize> {
        let (columns, outer) = self.axes().split_last()?;
        (1..K).find_map(|k| {
            // A layout that repeats its elements along an axis has nothing to gain from walking it.
            let steps =
                outer.iter().map(|axis| axis.strides[k].unsigned_abs()).enumerate().filter(|step| step.1 > 0);
            let (place, step) = steps.min_by_key(|step| step.1)?;
            (step < columns.strides[k].unsigned_abs()).then_some(place)
        })
    }

    /// Calls `run` for runs that have all elements, each with its byte offsets, its length and its strides. The runs are along the
    /// innermost axis, or in blocks where another order suits other layouts.
    #[inline]
    pub(crate) fn for_each_run(&self, mut run: impl FnMut([isize; K], usize, [isize; K])) {
        let (others, plane) = self.planes();
        others.for_each_run_in_order(false, |offsets, _, _| plane.for_each_run(offsets, &mut run));
    }

    /// Calls `run` for each run along the innermost axis, in the order of the nest, or in reverse order if `backwards` is true.
    /// The byte offsets are always those of the first element of the run.
    #[inline]
    pub(super) fn for_each_run_in_order(
        &self,
        backwards: bool,
        mut run: impl FnMut([isize; K], usize, [isize; K]),
    ) {
        let (inner, outer) = match self.axes().split_last() {
            Some((inner, outer)) => (*inner, outer),
            None => (Loop::default(), &[][..]),
        };
        if outer.is_empty() {
            return run(self.start, inner.extent, inner.strides);
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
    /// Leaves out the axes along which the first layout stays at one element, and goes to the last index of the second layout there.
    /// A copy along such an axis would write this element again and again.
    pub(super) fn skip_rewrites(&mut self) {
        let mut count = 0;
        for place in 0..self.count {
            let axis = self.axes[place];
            if axis.strides[0] == 0 && axis.extent > 0 {
                self.start[1] += axis.strides[1] * (axis.extent - 1).cast_signed();
            } else {
                self.axes[count] = axis;
                count += 1;
            }
        }
        self.count = count;
    }

    /// Takes the innermost axis away, if the elements along it are one block of at most `largest` bytes in both layouts. Returns the
    /// number of bytes of what the nest visits now: a block, or an element as before.
    pub(super) fn join_items(&mut self, itemsize: usize, largest: usize) -> usize {
        let unit = [itemsize.cast_signed(); 2];
        match self.axes() {
            [.., _, inner] if inner.strides == unit && inner.extent * itemsize <= largest => {
                let block = itemsize * inner.extent;
                self.count -= 1;
                block
            }
            _ => itemsize,
        }
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
