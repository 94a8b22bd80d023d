//! The arrangement of a strip: which bytes the elements use, and where each piece of memory is on the lines.
//! It computes places only; the strip draws them.

use super::drawn::Cell;
use super::svg::{TINY, byte_count, text_width};

/// The smallest width of the box of an element, in pixels.
const ELEMENT: f64 = 30.0;
/// The largest width of a byte, in pixels.
const BYTE: f64 = 17.0;
/// The widest gap that is drawn to scale, in pixels, where elements have their smallest width.
const GAP: f64 = 60.0;
/// The smallest width of a box that no text has to fit into, in pixels.
const NARROWEST: f64 = 2.0;

/// The elements of a strip.
pub(super) struct Elements<'a> {
    pub(super) cells: &'a [Cell],
    pub(super) itemsize: i128,
    /// Whether the elements of a row are closer to each other than those of a column.
    pub(super) has_rows: bool,
    /// An offset at which the strip begins, even if no element uses its bytes.
    pub(super) start: Option<i128>,
}

/// Bytes that the same elements use. No element uses the bytes of a gap.
pub(super) struct Segment {
    pub(super) start: i128,
    pub(super) end: i128,
    /// The positions of the elements in the list of cells.
    pub(super) users: Vec<usize>,
    /// The row of the grid that has the first of these elements, or the column if the elements of a column are closer to each
    /// other. A gap belongs to the row before it.
    row: Option<usize>,
}

impl Segment {
    /// Returns the number of bytes.
    pub(super) fn len(&self) -> i128 {
        self.end - self.start
    }
}

/// A segment with its place on a line.
pub(super) struct Piece<'a> {
    pub(super) segment: &'a Segment,
    pub(super) x: f64,
    pub(super) width: f64,
}

impl Elements<'_> {
    /// Returns the segments from the lowest to the highest byte that the elements use.
    pub(super) fn segments(&self) -> Vec<Segment> {
        let ends = self.cells.iter().flat_map(|cell| [cell.offset, cell.offset + self.itemsize]);
        let mut bounds: Vec<i128> = ends.collect();
        bounds.extend(self.start.filter(|start| bounds.iter().all(|bound| start < bound)));
        bounds.sort_unstable();
        bounds.dedup();
        let users = |start: i128| {
            let uses = |cell: &Cell| cell.offset <= start && start - cell.offset < self.itemsize;
            (0..self.cells.len()).filter(|&position| self.cells.get(position).is_some_and(uses)).collect()
        };
        let mut row = None;
        let pairs = bounds.iter().zip(bounds.iter().skip(1));
        let segment = |(&start, &end)| {
            let users: Vec<usize> = users(start);
            row = users.first().and_then(|&first| self.row_of(first)).or(row);
            Segment { start, end, users, row }
        };
        pairs.map(segment).collect()
    }

    /// Returns the row of a cell, or its column if the elements of a column are closer to each other.
    fn row_of(&self, position: usize) -> Option<usize> {
        self.cells.get(position).map(|cell| if self.has_rows { cell.row } else { cell.column })
    }

    /// Returns the number of pixels of a byte: all segments fit into one line if they can.
    pub(super) fn scale(&self, segments: &[Segment], width: f64) -> f64 {
        let smallest = ELEMENT / self.itemsize as f64;
        let largest = BYTE.max(smallest);
        let (elided, scaled): (Vec<&Segment>, Vec<&Segment>) =
            segments.iter().partition(|segment| self.is_elided(segment));
        let elided: f64 = elided.iter().map(|gap| elided_width(gap)).sum();
        let bytes: i128 = scaled.iter().map(|segment| segment.len()).sum();
        let fitting = |width: f64| ((width - elided) / bytes.max(1) as f64).clamp(smallest, largest);
        // Short gaps are widened until they can be seen.
        let widening = |gap: &&Segment| (NARROWEST - gap.len() as f64 * fitting(width)).max(0.0);
        let widened: f64 = scaled.iter().map(widening).sum();
        // An element that is wider than a line would be cut off.
        fitting(width - widened).min(width / self.itemsize as f64)
    }

    /// Returns whether the segment is a gap that is too wide to be drawn to scale.
    pub(super) fn is_elided(&self, segment: &Segment) -> bool {
        segment.users.is_empty() && segment.len() as f64 * ELEMENT / self.itemsize as f64 > GAP
    }

    /// Puts the segments on lines, as words are put on lines. The elements of a row stay together if a line has room for them.
    pub(super) fn lines<'a>(
        &self,
        segments: &'a [Segment],
        scale: f64,
        left: f64,
        width: f64,
    ) -> Vec<Vec<Piece<'a>>> {
        let right = left + width + 0.5;
        let width_of = |segment: &Segment| {
            let width =
                if self.is_elided(segment) { elided_width(segment) } else { segment.len() as f64 * scale };
            width.max(NARROWEST)
        };
        let mut lines: Vec<Vec<Piece<'a>>> = Vec::new();
        let mut line: Vec<Piece<'a>> = Vec::new();
        let mut x = left;
        for row in segments.chunk_by(|one, two| one.row == two.row) {
            // A gap at the end of a row may be cut off from it.
            let used = row.iter().rposition(|segment| !segment.users.is_empty()).map_or(0, |last| last + 1);
            let row_width: f64 = row.iter().take(used).map(width_of).sum();
            let is_kept = row_width <= width;
            for (position, segment) in row.iter().enumerate() {
                let needed = if is_kept && position == 0 { row_width } else { width_of(segment) };
                if x + needed > right && !line.is_empty() {
                    lines.push(core::mem::take(&mut line));
                    x = left;
                }
                line.push(Piece { segment, x, width: width_of(segment) });
                x += width_of(segment);
            }
        }
        lines.push(line);
        lines
    }
}

/// Returns the number of bytes that elements use.
pub(super) fn used_bytes(segments: &[Segment]) -> i128 {
    segments.iter().filter(|segment| !segment.users.is_empty()).map(Segment::len).sum()
}

/// Returns the width of a gap that is not drawn to scale.
fn elided_width(gap: &Segment) -> f64 {
    (text_width(&byte_count(gap.len()), TINY) + 12.0).max(44.0)
}
