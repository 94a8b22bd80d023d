//! Views of Python objects: what a function declares and what arrives.
//! `held` is what they share, `in_the_way` its refusals that name two parties, `open` memory before it has a type; `py_view` and
//! `py_view_mut` say what may be done, `objects` the same of references; `any` leaves the element open, `dispatch` closes it.

mod any;
mod dispatch;
mod held;
mod in_the_way;
#[cfg(not(Py_GIL_DISABLED))]
mod objects;
mod open;
mod py_view;
mod py_view_mut;

pub use any::PyAnyView;
pub(crate) use held::Held;
#[cfg(not(Py_GIL_DISABLED))]
pub use objects::{PyObjectView, PyObjectViewMut};
pub use py_view::PyView;
pub use py_view_mut::PyViewMut;
