//! Scans: a layer of a body with 16 bits for each cell, big-endian as the scanner has written them.
//! Views are passed in and results are returned: nothing here depends on where the memory comes from.

use typedview_pyo3::{Big, C, Strided, View, ViewMut, zip};

pub(crate) type Scan<'a> = View<'a, Big<u16>, Strided<2>>;

/// The range of intensities that are told apart: `black` and below are black, `white` and above are white.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) black: u16,
    pub(crate) white: u16,
}

impl Window {
    /// Returns the factor from intensities above black to greys, as a fixed-point number with 24 fractional bits.
    fn scale(self) -> u32 {
        (255 << 24) / u32::from(self.white - self.black)
    }

    /// Returns the nearest of 256 greys. It uses integers, because `f32`, whose conversion back to `u8` saturates, took
    /// 2.5 times as long (`make demo`).
    #[inline]
    fn grey(self, scale: u32, intensity: u16) -> u8 {
        let above_black = intensity.clamp(self.black, self.white) - self.black;
        ((u32::from(above_black) * scale + (1 << 23)) >> 24) as u8
    }
}

/// Returns how many cells have each intensity, from 0 to the greatest.
pub(crate) fn histogram(scan: &Scan<'_>) -> Vec<u64> {
    let Some(greatest) = scan.iter().map(Big::get).max() else { return Vec::new() };
    let mut counts = vec![0; usize::from(greatest) + 1];
    scan.iter().for_each(|intensity| counts[usize::from(intensity.get())] += 1);
    counts
}

/// Writes the scan to `picture`.
///
/// # Panics
///
/// If `picture` has another shape, or white is not above black.
pub(crate) fn grey(scan: Scan<'_>, window: Window, picture: ViewMut<'_, u8, C<2>>) {
    assert!(window.black < window.white);
    let scale = window.scale();
    zip((picture, scan)).for_each(|(mut grey, intensity)| grey.set(window.grey(scale, intensity.get())));
}
