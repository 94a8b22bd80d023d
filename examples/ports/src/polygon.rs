//! Tells which points are inside a polygon: `silx.image.shapes.Polygon` of silx 3.1.3 (MIT).
//! It shows `prange`: the rows of a mask are filled on all cores.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::{PyTraverseError, PyVisit, intern};
use rayon::prelude::*;
use std::ops::Range;
use typedview_pyo3::{C, CellView, OrRaise, Owned, PyNdarray, PyPinned, ViewMut};

/// A mask with at least this many pixels is filled on several threads. Waking them takes as long as some 100,000 pixels.
const PARALLEL: usize = 500_000;
/// The number of pixels that are filled together.
const CHUNK: usize = 1 << 16;

/// A point as it is in the vertices: the row, and the column.
type Point = [f32; 2];

/// A line from one corner of the polygon to the next.
#[derive(Clone, Copy)]
struct Edge {
    start: Point,
    end: Point,
}

impl Edge {
    /// Whether one end is above the row and the other one is not.
    #[inline]
    fn crosses(self, row: f32) -> bool {
        (self.start[0] <= row) != (self.end[0] <= row)
    }

    /// The column in which the edge crosses a row.
    #[inline]
    fn column_at(self, row: f32) -> f32 {
        let ([start_row, start_column], [end_row, end_column]) = (self.start, self.end);
        (row - start_row) * (end_column - start_column) / (end_row - start_row) + start_column
    }

    /// The rows that the edge crosses.
    fn rows(self) -> Range<usize> {
        let (start, end) = (self.start[0], self.end[0]);
        ceil(start.min(end))..ceil(start.max(end))
    }
}

/// Returns the least index that is not below `x`. `f32::ceil` is a call where the processor is not known to have SSE 4.1.
#[inline]
fn ceil(x: f32) -> usize {
    // A float becomes the nearest number that an integer can be.
    let whole = x as u32;
    whole as usize + usize::from((whole as f32) < x)
}

/// Calls `visit` with each edge: from the last point to the first one, then from each point to the next.
#[inline]
fn for_each_edge(points: CellView<'_, Point, C<1>>, mut visit: impl FnMut(Edge)) {
    if let Some(last) = points.size().checked_sub(1) {
        let mut start = points.at(last);
        points.iter().for_each(|end| {
            visit(Edge { start, end });
            start = end;
        });
    }
}

/// Marks the pixels of `mask` that are inside the polygon. Row 0 of `mask` is the row `first_row` of the whole mask.
///
/// A pixel is inside if an odd number of edges cross its row on the left of it.
fn fill(mut mask: ViewMut<'_, u8, C<2>>, first_row: usize, edges: &[(Edge, Range<usize>)]) {
    let (height, width) = (mask.shape()[0], mask.shape()[1]);
    // The columns from the first mark to the last mark of each row.
    let mut columns = vec![width..0; height];
    for (edge, rows) in edges {
        for row in rows.start.max(first_row)..rows.end.min(first_row + height) {
            // The first pixel that is not on the left of the crossing, if there is one.
            let column = ceil(edge.column_at(row as f32));
            let row = row - first_row;
            if column < width {
                mask.update([row, column], |mark| mark ^ 1);
            }
            let columns = &mut columns[row];
            *columns = columns.start.min(column)..columns.end.max((column + 1).min(width));
        }
    }
    for (columns, row) in columns.into_iter().zip(mask.rows()) {
        let marks = row.into_mut_slice().expect("bytes are always aligned");
        if let Some(marks) = marks.get_mut(columns) {
            fill_between(marks);
        }
    }
}

/// Makes each byte the exclusive or of itself and all before it. All bytes are 0 or 1.
fn fill_between(marks: &mut [u8]) {
    let mut inside = 0;
    let (words, rest) = marks.as_chunks_mut();
    for word in words {
        let mut bytes = u64::from_le_bytes(*word);
        bytes ^= bytes << 8;
        bytes ^= bytes << 16;
        bytes ^= bytes << 32;
        bytes ^= inside;
        *word = bytes.to_le_bytes();
        // The last byte, eight times.
        inside = (bytes >> 56) * 0x0101_0101_0101_0101;
    }
    let mut inside = inside as u8;
    for mark in rest {
        inside ^= *mark;
        *mark = inside;
    }
}

/// A polygon that points can be inside of. Its vertices are rows and columns, an array of n times 2 numbers.
#[pyclass(frozen)]
pub(crate) struct Polygon {
    vertices: PyPinned<f32, C<2>>,
}

#[pymethods]
impl Polygon {
    #[new]
    fn new(vertices: &Bound<'_, PyAny>) -> PyResult<Self> {
        static AS_ARRAY: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = vertices.py();
        let as_array = AS_ARRAY.import(py, "numpy", "ascontiguousarray")?;
        let vertices: PyPinned<f32, C<2>> = as_array.call1((vertices, intern!(py, "f4")))?.extract()?;
        if vertices.shape()[1] != 2 {
            return Err(PyValueError::new_err(format!(
                "expected vertices of 2 numbers, got {}",
                vertices.shape()[1]
            )));
        }
        Ok(Self { vertices })
    }

    /// Returns whether the point is inside the polygon.
    fn is_inside(&self, py: Python<'_>, row: f32, col: f32) -> PyResult<bool> {
        let vertices = self.vertices.local(py)?;
        let mut inside = false;
        for_each_edge(vertices.cells().join(), |edge| {
            inside ^= edge.crosses(row)
                && (col <= edge.start[1] || col <= edge.end[1])
                && col < edge.column_at(row);
        });
        Ok(inside)
    }

    /// Returns an array of uint8 with 1 for each pixel that is inside the polygon.
    fn make_mask(&self, py: Python<'_>, height: usize, width: usize) -> PyResult<PyNdarray<u8, C<2>>> {
        let mut edges = Vec::new();
        for_each_edge(self.vertices.local(py)?.cells().join(), |edge| edges.push((edge, edge.rows())));
        let mut mask = Owned::try_zeroed([height, width]).or_raise()?;
        py.detach(|| {
            if mask.view().is_empty() {
                return;
            }
            // The pixels of one chunk stay in the cache while all edges are marked in it.
            let rows = (CHUNK / width).max(1);
            let chunks = mask.view_mut().chunks(rows);
            let fill = |(number, chunk)| fill(chunk, number * rows, &edges);
            if height * width < PARALLEL {
                chunks.enumerate().for_each(fill);
            } else {
                chunks.into_par_iter().enumerate().for_each(fill);
            }
        });
        Ok(mask.into())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.vertices.traverse(&visit)
    }
}
