//! Slicing: the macro [`s!`](crate::s), an expression whose items decide the layout type of the result at compile time.
//! The file `item` defines the values that may be items. The file `apply` defines what each item does to a layout, and
//! has a worked example.

mod apply;
mod item;

pub use apply::{Items, OnlyIndices};
pub use item::{Ellipsis, NewAxis, Position, item};

use crate::element::Element;
use crate::error::{Error, IndexError};
use crate::layout::Layout;
use crate::raw::Raw;
use apply::AxisCursor;

/// Makes a slice of a view from one item for each axis, as in Python's `[1:-1, ::2, 0, None, ...]`. It is the argument
/// of the method `slice`.
///
/// | item | meaning |
/// |---|---|
/// | `3`, `-1`, `i` | selects an index and removes the axis; a negative index counts from the end |
/// | `..`, `1..`, `..-1`, `a..b` | a range; negative ends count from the end; ends out of bounds are clamped |
/// | `..;2`, `5..0;-1` | a range with a step |
/// | `NewAxis` | a new axis of length 1 |
/// | `...` | as many whole axes as are left; a second `...` selects one whole axis |
///
/// Axes after the last item stay whole. The layout type of the result follows from the items. `C` stays `C` if the
/// items are indices, then at most one range, then whole axes. More ranges, or a step on the first axis that is left, make it
/// `Pitched`. With an index after a range, or a step on a later axis, it is `Strided`. `F` stays `F` if all axes stay whole.
/// `.into()` makes each of them a `Strided`.
///
/// # Examples
///
/// ```
/// use typedview::{C, NewAxis, Pitched, Strided, View, s};
///
/// let data: Vec<i32> = (0..24).collect();
/// let view = View::from_slice(&data, [2, 3, 4]);
/// let row: View<'_, i32, C<1>> = view.slice(s![1, -1]);
/// assert_eq!(row.to_vec(), [20, 21, 22, 23]);
/// let rows: View<'_, i32, C<2>> = view.slice(s![0, 1.., ..]);
/// assert_eq!(rows.shape(), [2, 4]);
/// let columns: View<'_, i32, Pitched<2>> = view.slice(s![0, .., 1..3]);
/// assert_eq!(columns.to_vec(), [1, 2, 5, 6, 9, 10]);
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
        (
            {
                #[allow(clippy::reversed_empty_ranges)]
                let item = $item;
                $crate::item(item)
            },
            $crate::s!(@items $($($rest)*)?),
        )
    };
    ($($items:tt)*) => { $crate::s!(@items $($items)*) };
}

/// Applies an expression of `s!` to a raw view.
#[inline]
pub(super) fn slice<T, L, S>(raw: Raw<T, L>, items: S) -> Result<Raw<T, S::Layout>, Error>
where
    T: Element,
    L: Layout,
    S: Items<L, OnlyIndices>,
{
    let ndim = raw.layout().ndim();
    if S::AXES > ndim {
        return Err(IndexError::Count { found: S::AXES, ndim }.into());
    }
    items.apply_all(raw, AxisCursor { axis: 0, removed: 0 })
}
