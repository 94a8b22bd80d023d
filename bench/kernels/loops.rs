//! Two-dimensional kernels: each of them over views, and the same loop over raw pointers.
//! None is inlined, so that a benchmark measures the kernel and not its surroundings.

#[path = "../../examples/terrain/src/hillshade.rs"]
mod hillshade;

use hillshade::{Elevation, Light};
use typedview::{C, CellView, Strided, View, ViewMut};

pub(crate) use hillshade::Scene;

/// Returns the sum over a `C<2>` view, by iteration.
#[inline(never)]
pub(crate) fn sum_view(x: View<'_, i64, C<2>>) -> i64 {
    x.iter().sum()
}

/// Returns the sum over a `C<2>` view, by index.
#[inline(never)]
pub(crate) fn sum_view_by_index(x: View<'_, i64, C<2>>) -> i64 {
    let mut sum = 0;
    for i in 0..x.shape()[0] {
        let row = x.row(i);
        for j in 0..row.shape()[0] {
            sum += row.at(j);
        }
    }
    sum
}

/// Returns the sum over a `C<2>` view of memory that others may write.
#[inline(never)]
pub(crate) fn sum_cells(x: CellView<'_, i64, C<2>>) -> i64 {
    x.iter().sum()
}

/// Returns the sum over a `Strided<2>` view, by iteration.
#[inline(never)]
pub(crate) fn sum_strided(x: View<'_, i64, Strided<2>>) -> i64 {
    x.iter().sum()
}

/// Returns the sum over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `rows * columns` elements can be read, starting at `x`.
#[inline(never)]
pub(crate) unsafe fn sum_raw(x: *const i64, rows: usize, columns: usize) -> i64 {
    let mut sum = 0;
    for i in 0..rows {
        for j in 0..columns {
            // SAFETY: `i` and `j` are inside `rows` and `columns`, so the pointer stays inside the elements.
            let element = unsafe { x.add(i * columns + j) };
            // SAFETY: the caller guarantees that `rows * columns` elements can be read, and this is one of them.
            sum += unsafe { element.read() };
        }
    }
    sum
}

/// Computes the hillshade over a `C<2>` view.
#[inline(never)]
pub(crate) fn hillshade_view(terrain: View<'_, i16, C<2>>, scene: Scene, shade: ViewMut<'_, f32, C<2>>) {
    hillshade::hillshade(terrain, scene, shade);
}

/// Computes the hillshade over a `Strided<2>` view.
#[inline(never)]
pub(crate) fn hillshade_strided(
    terrain: View<'_, i16, Strided<2>>,
    scene: Scene,
    shade: ViewMut<'_, f32, C<2>>,
) {
    hillshade::hillshade(terrain, scene, shade);
}

/// Computes the hillshade over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `rows * columns` elements can be read, starting at `terrain`, and as many written,
/// starting at `shade`. `rows` and `columns` must be at least 2.
#[inline(never)]
pub(crate) unsafe fn hillshade_raw(
    terrain: *const i16,
    (rows, columns): (usize, usize),
    scene: Scene,
    shade: *mut f32,
) {
    let light = Light::from(scene);
    for i in 0..rows {
        let rows = [i.saturating_sub(1), i, (i + 1).min(rows - 1)].map(|i| {
            // SAFETY: `i` is less than `rows`, so the pointer stays inside the terrain.
            unsafe { terrain.add(i * columns) }
        });
        // SAFETY: `i` is less than `rows`, so the pointer stays inside `shade`.
        let shade = unsafe { shade.add(i * columns) };
        // SAFETY: the three columns are less than `columns`, and each pointer leads to a whole row.
        let at = |at: [usize; 3]| unsafe { shade_raw(rows, at, light, shade) };
        at([0, 0, 1]);
        for j in 1..columns - 1 {
            at([j - 1, j, j + 1]);
        }
        at([columns - 2, columns - 1, columns - 1]);
    }
}

/// # Safety
///
/// The caller must ensure that the columns are inside each of the rows and inside `shade`.
#[inline(always)]
unsafe fn shade_raw(rows: [*const i16; 3], columns: [usize; 3], light: Light, shade: *mut f32) {
    let stencil = rows.map(|row| {
        columns.map(|j| {
            // SAFETY: the caller guarantees that the column `j` is inside the row.
            let height = unsafe { row.add(j) };
            // SAFETY: the caller guarantees that the rows can be read at these columns.
            unsafe { height.read() }.metres()
        })
    });
    // SAFETY: the caller guarantees that the columns are inside `shade`.
    let cell = unsafe { shade.add(columns[1]) };
    // SAFETY: the caller guarantees that `shade` can be written at these columns.
    unsafe { cell.write(light.on(stencil[0], stencil[1], stencil[2])) };
}
