//! Views of Python objects: the types that a function declares for its arguments.
//!
//! `py_view` and `py_view_mut` are the arguments for reading and for writing. `objects` has the arguments for memory
//! that holds references to Python objects. `untyped` is the argument that leaves the element open, and `dispatch`
//! chooses one of several types for it. `held` is what the typed arguments have in common, and `lock_guards` has the
//! locks that they give. `pinned` is memory that a class keeps, and `local` is how it is used by value. `detached` locks several
//! views for one closure. `copying` copies from one view to another. `consumer` says what all of them ask for. `one_thread` is the
//! compiler's message to code that sends one of them to another thread.

mod consumer;
mod copying;
mod detached;
mod dispatch;
mod extents;
mod held;
mod local;
mod lock_guards;
#[cfg(not(Py_GIL_DISABLED))]
mod objects;
mod one_thread;
mod pinned;
mod py_view;
mod py_view_mut;
mod untyped;

pub use copying::DETACHED_COPY;
pub use detached::{Lend, Lockable, Writing, detached, locked};
pub(crate) use held::Held;
pub use local::{LocalView, LocalViewMut};
pub use lock_guards::{ReadLock, WriteLock};
#[cfg(not(Py_GIL_DISABLED))]
pub use objects::{PyObjectView, PyObjectViewMut};
pub use pinned::{PyPinned, PyPinnedMut};
pub use py_view::PyView;
pub use py_view_mut::PyViewMut;
pub use untyped::PyUntypedView;
