//! Views of Python objects: what a function declares and what arrives.
//!
//! `held` is what they have in common, and `lock_guards` are the locks that they give. `py_view` and `py_view_mut` are the
//! arguments that read and write, `objects` those that hold references to Python objects. `untyped` leaves the element open,
//! and `dispatch` chooses one of several.

mod dispatch;
mod held;
mod lock_guards;
#[cfg(not(Py_GIL_DISABLED))]
mod objects;
mod py_view;
mod py_view_mut;
mod untyped;

pub(crate) use held::Held;
pub use lock_guards::{ReadLock, WriteLock};
#[cfg(not(Py_GIL_DISABLED))]
pub use objects::{PyObjectView, PyObjectViewMut};
pub use py_view::PyView;
pub use py_view_mut::PyViewMut;
pub use untyped::PyUntypedView;
