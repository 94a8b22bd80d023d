//! Loops: one axis of several layouts, and planes of two axes that are walked together, because neither order of the two suits all
//! layouts. A plane is walked block by block, so that every cache line that is loaded is used before it is dropped.

/// The number of rows and columns of a block, if the plane is as large. A row is long enough for the processor to read ahead. The lines of
/// another layout along it, one for each column, stay in the caches until the last row of the block.
const BLOCK: [usize; 2] = [32, 256];

/// One axis of `K` layouts of the same shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loop<const K: usize> {
    pub(crate) extent: usize,
    pub(crate) strides: [isize; K],
}

impl<const K: usize> Default for Loop<K> {
    fn default() -> Self {
        Self { extent: 1, strides: [0; K] }
    }
}

/// Two axes of `K` layouts of the same shape.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plane<const K: usize> {
    pub(super) rows: Loop<K>,
    /// The axis along which the elements of the first layout are closest to each other.
    pub(super) columns: Loop<K>,
    /// Whether the elements of another layout are closest to each other along the rows.
    pub(super) in_blocks: bool,
}

impl<const K: usize> Plane<K> {
    /// Returns the byte offsets of the element in a row and a column, from the first element.
    #[inline(always)]
    pub(super) fn offsets(&self, row: usize, column: usize) -> [isize; K] {
        core::array::from_fn(|k| {
            self.rows.strides[k] * row.cast_signed() + self.columns.strides[k] * column.cast_signed()
        })
    }

    /// Calls `run` for runs that have all elements, each with its byte offsets, its length and its strides. `first` are the byte offsets of the
    /// first element of the plane.
    #[inline(always)]
    pub(super) fn for_each_run(&self, first: [isize; K], mut run: impl FnMut([isize; K], usize, [isize; K])) {
        let [height, width] = self.block();
        let along_rows = height > width;
        for row in (0..self.rows.extent).step_by(height) {
            for column in (0..self.columns.extent).step_by(width) {
                let (height, width) =
                    (height.min(self.rows.extent - row), width.min(self.columns.extent - column));
                let (count, extent) = if along_rows { (width, height) } else { (height, width) };
                let strides = if along_rows { self.rows.strides } else { self.columns.strides };
                for i in 0..count {
                    let [row, column] = if along_rows { [row, column + i] } else { [row + i, column] };
                    let offsets = self.offsets(row, column);
                    run(core::array::from_fn(|k| first[k] + offsets[k]), extent, strides);
                }
            }
        }
    }

    /// Returns the number of rows and columns of a block. Runs go along the longer side of it.
    fn block(&self) -> [usize; 2] {
        let (rows, columns) = (self.rows.extent.max(1), self.columns.extent.max(1));
        if !self.in_blocks {
            // Each row is a run. The block is not taller than wide, so that runs go along the columns.
            return [rows.min(columns), columns];
        }
        // A plane that is narrow or low has longer blocks of the same size.
        let [height, width] = BLOCK;
        let tall = height.max(height * width / columns.min(width));
        [rows.min(tall), columns.min(width.max(height * width / rows.min(tall)))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn each_element_is_visited_once() {
        for (rows, columns) in
            [(0, 3), (1, 10_000), (10_000, 1), (3, 5000), (5000, 3), (64, 64), (130, 131), (1, 1)]
        {
            for in_blocks in [false, true] {
                let stride = columns as isize;
                let plane = Plane {
                    rows: Loop { extent: rows, strides: [stride, 1] },
                    columns: Loop { extent: columns, strides: [1, rows as isize] },
                    in_blocks,
                };
                let mut visits = vec![0; rows * columns];
                plane.for_each_run([0; 2], |[to, from], extent, strides| {
                    for i in 0..extent as isize {
                        let (to, from) = (to + i * strides[0], from + i * strides[1]);
                        assert_eq!((to / stride, to % stride), (from % rows as isize, from / rows as isize));
                        visits[to as usize] += 1;
                    }
                });
                assert!(visits.iter().all(|count| *count == 1), "{rows} x {columns}");
            }
        }
    }
}
