//! Views of Python objects: what a function declares and what arrives.
//! `held` is what they share, `claimed` the door through which all of them are registered, `conflict_errors` the refusals that
//! name two parties, `open` memory before it has a type; `py_view` and `py_view_mut` say what may be done, `objects` the same of
//! references; `any` leaves the element open, `dispatch` closes it.

mod any;
mod claimed;
mod conflict_errors;
mod dispatch;
mod held;
#[cfg(not(Py_GIL_DISABLED))]
mod objects;
mod open;
mod py_view;
mod py_view_mut;

pub use any::PyUntypedView;
pub(crate) use claimed::Claimed;
pub(crate) use held::Held;
#[cfg(not(Py_GIL_DISABLED))]
pub use objects::{PyObjectView, PyObjectViewMut};
pub use py_view::PyView;
pub use py_view_mut::PyViewMut;
