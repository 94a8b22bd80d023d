//! Hillshade: the brightness of each cell of a terrain under a sun, from the slope that a 3 x 3 stencil finds.
//! Views are passed in and written: nothing here depends on where the memory comes from.

use typedview::{C, Element, ElementIndex, Layout, RemoveAxis, View, ViewMut};

/// The direction of the light and the size of a cell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene {
    /// The metres from a row to the next (southwards), and from a column to the next (eastwards).
    pub(crate) cell: (f32, f32),
    /// The direction in degrees, clockwise from north.
    pub(crate) azimuth: f32,
    /// The height in degrees above the horizon.
    pub(crate) altitude: f32,
}

/// An element that is a height in metres.
pub(crate) trait Elevation: Element {
    /// Returns the height in metres.
    fn metres(self) -> f32;
}

impl Elevation for i16 {
    #[inline]
    fn metres(self) -> f32 {
        self.into()
    }
}

impl Elevation for f32 {
    #[inline]
    fn metres(self) -> f32 {
        self
    }
}

/// The direction of the light, and the factors from sums of the stencil to slopes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    east: f32,
    north: f32,
    up: f32,
    per_row: f32,
    per_column: f32,
}

impl From<Scene> for Light {
    fn from(Scene { cell, azimuth, altitude }: Scene) -> Self {
        let (azimuth, altitude) = (azimuth.to_radians(), altitude.to_radians());
        Self {
            east: azimuth.sin() * altitude.cos(),
            north: azimuth.cos() * altitude.cos(),
            up: altitude.sin(),
            per_row: 1.0 / (8.0 * cell.0),
            per_column: 1.0 / (8.0 * cell.1),
        }
    }
}

impl Light {
    /// Returns the light on the middle of a 3 x 3 stencil, whose rows go from north to south: 0 is dark, 1 is full.
    ///
    /// It uses Horn's slopes (1981). The cosine of the angle between sun and ground equals what slope and aspect give,
    /// but needs no arc tangents.
    #[inline(always)]
    pub(crate) fn on(self, above: [f32; 3], here: [f32; 3], below: [f32; 3]) -> f32 {
        let west = above[0] + 2.0 * here[0] + below[0];
        let east = above[2] + 2.0 * here[2] + below[2];
        let eastwards = (east - west) * self.per_column;
        let north = above[0] + 2.0 * above[1] + above[2];
        let south = below[0] + 2.0 * below[1] + below[2];
        let northwards = (north - south) * self.per_row;
        let steepness = 1.0 + eastwards * eastwards + northwards * northwards;
        let facing = self.up - self.east * eastwards - self.north * northwards;
        (facing / steepness.sqrt()).max(0.0)
    }
}

/// Shades a terrain of at least 2 x 2 cells. At the border, the stencil repeats the cells of the border.
///
/// # Panics
///
/// If `shade` has another shape.
pub(crate) fn hillshade<T, L>(terrain: View<'_, T, L>, scene: Scene, shade: ViewMut<'_, f32, C<2>>)
where
    T: Elevation,
    L: RemoveAxis,
    usize: ElementIndex<L::Row>,
{
    assert_eq!(terrain.shape(), shade.shape());
    let light = Light::from(scene);
    let last = terrain.shape()[0] - 1;
    for (i, shade) in shade.rows().enumerate() {
        let rows = [i.saturating_sub(1), i, (i + 1).min(last)].map(|i| terrain.row(i));
        // Rows of a crop are contiguous, too. With that in their type, the loop over them vectorises.
        match rows.each_ref().map(View::as_slice) {
            [Some(above), Some(here), Some(below)] => {
                shade_row::<T, C<1>>([above, here, below].map(View::from), light, shade);
            }
            _ => shade_row(rows, light, shade),
        }
    }
}

fn shade_row<T, R>(rows: [View<'_, T, R>; 3], light: Light, mut shade: ViewMut<'_, f32, C<1>>)
where
    T: Elevation,
    R: Layout,
    usize: ElementIndex<R>,
{
    let columns = shade.shape()[0];
    // This check once for the row makes checks inside the loop unnecessary.
    assert!(columns >= 2 && rows.iter().all(|row| row.shape()[0] == columns));
    let last = columns - 1;
    shade.set(0, light_at(&rows, [0, 0, 1], light));
    for j in 1..last {
        shade.set(j, light_at(&rows, [j - 1, j, j + 1], light));
    }
    shade.set(last, light_at(&rows, [last - 1, last, last], light));
}

/// Returns the light on the cell in the middle of three rows and three columns.
#[inline(always)]
fn light_at<T, R>([above, here, below]: &[View<'_, T, R>; 3], columns: [usize; 3], light: Light) -> f32
where
    T: Elevation,
    R: Layout,
    usize: ElementIndex<R>,
{
    light.on(heights(above, columns), heights(here, columns), heights(below, columns))
}

#[inline(always)]
fn heights<T, R>(row: &View<'_, T, R>, [west, middle, east]: [usize; 3]) -> [f32; 3]
where
    T: Elevation,
    R: Layout,
    usize: ElementIndex<R>,
{
    [row.at(west).metres(), row.at(middle).metres(), row.at(east).metres()]
}
