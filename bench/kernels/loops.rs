//! What is measured: each kernel over views, and the same loop over raw pointers.
//! None is inlined, so that a benchmark measures the kernel and not its surroundings.

#[path = "../../examples/terrain/src/hillshade.rs"]
mod hillshade;

use hillshade::{Elevation, Light};
use typedview::{C, CellView, Strided, View, ViewMut};

pub(crate) use hillshade::Scene;

/// Sum over a `C<2>` view, by iteration.
#[inline(never)]
pub(crate) fn sum_view(x: View<'_, i64, C<2>>) -> i64 {
    x.iter().sum()
}

/// Sum over a `C<2>` view, by index.
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

/// Sum over a `C<2>` view of memory that others may write.
#[inline(never)]
pub(crate) fn sum_cells(x: CellView<'_, i64, C<2>>) -> i64 {
    x.iter().sum()
}

/// Sum over a `Strided<2>` view, by iteration.
#[inline(never)]
pub(crate) fn sum_strided(x: View<'_, i64, Strided<2>>) -> i64 {
    x.iter().sum()
}

/// Sum over raw pointers.
///
/// # Safety
///
/// `rows * columns` elements are readable from `x` on.
#[inline(never)]
pub(crate) unsafe fn sum_raw(x: *const i64, rows: usize, columns: usize) -> i64 {
    let mut sum = 0;
    for i in 0..rows {
        for j in 0..columns {
            // SAFETY: inside rows x columns.
            let element = unsafe { x.add(i * columns + j) };
            // SAFETY: the caller.
            sum += unsafe { element.read() };
        }
    }
    sum
}

/// Hillshade over a `C<2>` view.
#[inline(never)]
pub(crate) fn hillshade_view(terrain: View<'_, i16, C<2>>, scene: Scene, shade: ViewMut<'_, f32, C<2>>) {
    hillshade::hillshade(terrain, scene, shade);
}

/// Hillshade over a `Strided<2>` view.
#[inline(never)]
pub(crate) fn hillshade_strided(
    terrain: View<'_, i16, Strided<2>>,
    scene: Scene,
    shade: ViewMut<'_, f32, C<2>>,
) {
    hillshade::hillshade(terrain, scene, shade);
}

/// Hillshade over raw pointers.
///
/// # Safety
///
/// `rows * columns` elements are readable from `terrain` on, and writable from `shade` on; both are at least 2.
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
            // SAFETY: `i` is a row.
            unsafe { terrain.add(i * columns) }
        });
        // SAFETY: `i` is a row.
        let shade = unsafe { shade.add(i * columns) };
        // SAFETY: the columns are inside the row.
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
/// The columns are inside each of the rows and inside `shade`.
#[inline(always)]
unsafe fn shade_raw(rows: [*const i16; 3], columns: [usize; 3], light: Light, shade: *mut f32) {
    let stencil = rows.map(|row| {
        columns.map(|j| {
            // SAFETY: the caller.
            let height = unsafe { row.add(j) };
            // SAFETY: the caller.
            unsafe { height.read() }.metres()
        })
    });
    // SAFETY: the caller.
    let cell = unsafe { shade.add(columns[1]) };
    // SAFETY: the caller.
    unsafe { cell.write(light.on(stencil[0], stencil[1], stencil[2])) };
}
