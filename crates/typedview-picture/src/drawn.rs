//! The elements that are drawn: the first ones of the last two axes, at index 0 of all other axes.
//! Everything else is computed from them, so that no part of the picture depends on the number of elements.

use typedview::Found;

/// The largest number of indices that are drawn of an axis.
pub(super) const LIMIT: usize = 8;

/// An axis of the grid.
pub(super) struct GridAxis {
    /// The number of the axis in the view.
    pub(super) axis: usize,
    pub(super) extent: usize,
    pub(super) stride: isize,
}

impl GridAxis {
    /// Returns how many indices are drawn.
    pub(super) fn drawn(&self) -> usize {
        self.extent.min(LIMIT)
    }
}

/// A drawn element.
#[derive(Clone)]
pub(super) struct Cell {
    pub(super) row: usize,
    pub(super) column: usize,
    /// The index as text, without brackets: `1,2` in a grid, `2` on one axis.
    pub(super) label: String,
    /// The number of bytes from the first element to this one. Pointers are not followed.
    pub(super) offset: i128,
    /// The number of this element among all elements in index order, which begins with 1.
    pub(super) order: u128,
    /// The position between the first drawn element, 0, and the last one, 1.
    pub(super) shade: f64,
}

/// The elements that are drawn.
pub(super) struct Drawn {
    /// The axis whose indices are the rows, if there are two axes or more.
    pub(super) rows: Option<GridAxis>,
    /// The axis whose indices are the columns, if there is one.
    pub(super) columns: Option<GridAxis>,
    /// The elements in index order. The list is empty if the view is.
    pub(super) cells: Vec<Cell>,
}

impl Drawn {
    /// Chooses the elements to draw.
    pub(super) fn new(found: &Found<'_>) -> Self {
        let grid_axis = |axis: usize| {
            let stride = found.strides.get(axis).copied().unwrap_or(0);
            found.shape.get(axis).map(|&extent| GridAxis { axis, extent, stride })
        };
        let ndim = found.shape.len();
        let rows = ndim.checked_sub(2).and_then(grid_axis);
        let columns = ndim.checked_sub(1).and_then(grid_axis);
        let mut drawn = Self { rows, columns, cells: Vec::new() };
        if !found.shape.contains(&0) {
            drawn.cells = drawn.all_cells();
        }
        drawn
    }

    /// Returns how many rows are drawn.
    pub(super) fn row_count(&self) -> usize {
        self.rows.as_ref().map_or(1, GridAxis::drawn)
    }

    /// Returns how many columns are drawn.
    pub(super) fn column_count(&self) -> usize {
        self.columns.as_ref().map_or(1, GridAxis::drawn)
    }

    /// Returns the axes of the grid, rows first.
    pub(super) fn axes(&self) -> impl Iterator<Item = &GridAxis> {
        self.rows.iter().chain(&self.columns)
    }

    /// Returns whether the elements of a row are closer to each other in memory than those of a column.
    pub(super) fn has_rows(&self) -> bool {
        let distance = |axis: &Option<GridAxis>| axis.as_ref().map_or(0, |axis| axis.stride.unsigned_abs());
        distance(&self.columns) <= distance(&self.rows)
    }

    /// Returns the cells of the grid of a view that is not empty.
    fn all_cells(&self) -> Vec<Cell> {
        let (row_count, column_count) = (self.row_count(), self.column_count());
        let last = row_count.saturating_mul(column_count).saturating_sub(1).max(1);
        let all_columns = self.columns.as_ref().map_or(1, |axis| axis.extent) as u128;
        let reach = |axis: &Option<GridAxis>, index: usize| {
            axis.as_ref().map_or(0, |axis| axis.stride as i128 * index as i128)
        };
        let cell = |row: usize, column: usize| Cell {
            row,
            column,
            label: match (&self.rows, &self.columns) {
                (Some(_), _) => format!("{row},{column}"),
                (None, Some(_)) => column.to_string(),
                (None, None) => String::new(),
            },
            offset: reach(&self.rows, row) + reach(&self.columns, column),
            order: row as u128 * all_columns + column as u128 + 1,
            shade: (row * column_count + column) as f64 / last as f64,
        };
        (0..row_count)
            .flat_map(|row| (0..column_count).map(move |column| (row, column)))
            .map(|(row, column)| cell(row, column))
            .collect()
    }
}

/// Returns whether an axis holds pointers.
pub(super) fn holds_pointers(found: &Found<'_>, axis: usize) -> bool {
    found.suboffsets.get(axis).is_some_and(|suboffset| *suboffset >= 0)
}

/// Returns the first axis that holds pointers.
pub(super) fn first_pointer_axis(found: &Found<'_>) -> Option<usize> {
    (0..found.shape.len()).find(|&axis| holds_pointers(found, axis))
}
