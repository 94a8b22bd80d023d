//! Slicing by one expression: what [`s!`](crate::s) makes, and what layout it leaves, step by step in the type.
//! `item` is what may stand between the brackets, `at` what each item does to a layout.

mod at;
mod item;

pub(super) use at::{Items, Lead};
pub use item::{Ellipsis, NewAxis, item};

use crate::element::Element;
use crate::error::{Error, IndexError};
use crate::layout::Layout;
use crate::raw::Raw;
use at::AxisCursor;

/// A selection of elements, one item an axis, for `slice`: Python's `[1:-1, ::2, 0, None, ...]`.
///
/// | item | meaning |
/// |---|---|
/// | `3`, `-1`, `i` | pick an index; the axis goes; negative ones count from the end |
/// | `..`, `1..`, `..-1`, `a..b` | a range; negative ends count from the end, ends outside are clamped |
/// | `..;2`, `5..0;-1` | a range with a step |
/// | `NewAxis` | a new axis of length 1 |
/// | `...` | as many whole axes as are left; a second one is one whole axis |
///
/// Axes behind the last item stay whole. The layout of the result promises what simply follows: `C` stays `C` when
/// indices come first, then at most one range, then whole axes; a step, or a range behind a whole axis, leaves
/// `Strided`. `F` stays `F` when all axes stay whole.
///
/// # Examples
///
/// ```
/// use typedview::{C, NewAxis, Strided, View, s};
///
/// let data: Vec<i32> = (0..24).collect();
/// let view = View::from_slice(&data, [2, 3, 4]);
/// let row: View<'_, i32, C<1>> = view.slice(s![1, -1]);
/// assert_eq!(row.to_vec(), [20, 21, 22, 23]);
/// let rows: View<'_, i32, C<2>> = view.slice(s![0, 1.., ..]);
/// assert_eq!(rows.shape(), [2, 4]);
/// let corner: View<'_, i32, Strided<2>> = view.slice(s![.., ..;2, 0]);
/// assert_eq!(corner.to_vec(), [0, 8, 12, 20]);
/// assert_eq!(view.slice(s![..., NewAxis, ..;-1]).shape(), [2, 3, 1, 4]);
/// ```
#[macro_export]
macro_rules! s {
    (@items) => { () };
    (@items ... $(, $($rest:tt)*)?) => {
        ($crate::Ellipsis, $crate::s!(@items $($($rest)*)?))
    };
    (@items $range:expr ; $step:expr $(, $($rest:tt)*)?) => {
        (
            {
                #[allow(clippy::reversed_empty_ranges)]
                let range = $range;
                $crate::Slice::from(range).step_by($step)
            },
            $crate::s!(@items $($($rest)*)?),
        )
    };
    (@items $item:expr $(, $($rest:tt)*)?) => {
        ($crate::item($item), $crate::s!(@items $($($rest)*)?))
    };
    ($($items:tt)*) => { $crate::s!(@items $($items)*) };
}

/// What the items of `s!` select.
#[inline]
pub(super) fn slice<T, L, S>(raw: Raw<T, L>, items: S) -> Result<Raw<T, S::Layout>, Error>
where
    T: Element,
    L: Layout,
    S: Items<L, Lead>,
{
    let ndim = raw.layout().ndim();
    if S::AXES > ndim {
        return Err(IndexError::Count { found: S::AXES, ndim }.into());
    }
    items.apply(raw, AxisCursor { axis: 0, dropped: 0 })
}
