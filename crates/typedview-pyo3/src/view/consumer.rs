//! What a consumer of elements `T` in a layout `L` asks for, in the forms that acquiring and claiming need.

use crate::argument::{Purpose, Wanted};
use typedview::{Access, Element, Layout, Spec};

/// The access of a consumer that writes, or of one that only reads.
pub(super) const fn access(write: bool) -> Access {
    if write { Access::Write } else { Access::Read }
}

/// The spec of the consumer, which error messages name.
pub(super) fn spec<T: Element, L: Layout, const WRITE: bool>() -> Spec {
    Spec::of::<T, L>(access(WRITE))
}

/// What the consumer wants of an exporter.
pub(super) const fn wanted<T: Element, L: Layout, const WRITE: bool>() -> Wanted {
    Wanted { access: access(WRITE), spec: Some(spec::<T, L, WRITE>), format: Some(T::format) }
}

/// What the claim of the consumer says of it.
pub(super) const fn purpose<T: Element, L: Layout, const WRITE: bool>() -> Purpose {
    Purpose { itemsize: size_of::<T>(), writes: WRITE, show: show::<T, L, WRITE>, spec: spec::<T, L, WRITE> }
}

/// Writes the spec of a view to `text`, so that error messages of other holders can name it. Returns the number of
/// bytes that it has written.
///
/// # Safety
///
/// The caller must ensure that `text` has room for `capacity` bytes.
unsafe extern "C" fn show<T: Element, L: Layout, const WRITE: bool>(text: *mut u8, capacity: usize) -> usize {
    let spec = spec::<T, L, WRITE>().to_string();
    let length = spec.len().min(capacity);
    // SAFETY: the caller guarantees that `text` has room for `capacity` bytes, and `length` is not larger than that.
    unsafe { text.copy_from_nonoverlapping(spec.as_ptr(), length) };
    length
}
