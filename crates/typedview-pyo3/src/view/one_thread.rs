//! Why views and locks stay on their thread, in the words of the compiler's message to code that sends one to another thread,
//! uses one in `Python::detach`, or keeps one in a class. They would stay there without this file, because of the slot that holds
//! them (P2). But then the message would name private fields, and not say what to do.

use super::{LocalView, LocalViewMut, PyUntypedView, PyView, PyViewMut, ReadLock, WriteLock};
#[cfg(not(Py_GIL_DISABLED))]
use super::{PyObjectView, PyObjectViewMut};
use typedview::{Element, Layout};

/// The type of which each bound of this file speaks. A bound on the view itself would not do, because then the message would be that of `Send`.
#[derive(Debug)]
pub struct OtherThreads;

/// Whether other threads can use an argument. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its call or its thread",
    label = "here, other threads could use it or its memory",
    note = "lock the memory, to use it in `Python::detach` or on threads of `std::thread::scope`: `let lock = x.lock()?; let x = lock.view();`",
    note = "`detached(py, (&x, &mut y), |(x, mut y)| ...)` locks and detaches in one call",
    note = "a class keeps memory in a field `PyPinned<f64, C<2>>` or `PyPinnedMut<f64, C<2>>`"
)]
pub trait CanUseArgument<View> {}

/// Whether other threads can use an untyped argument. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its call or its thread",
    label = "here, other threads could use it or its memory",
    note = "give it a type and lock it: `let x = x.typed::<f64, C<1>>()?; let lock = x.lock()?; let x = lock.view();`",
    note = "in `dispatch!(x, f32 | f64, C<1>, |x| ...)`, `x` can be locked, too"
)]
pub trait CanUseUntypedView<View> {}

/// Whether other threads can use a lock. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its call or its thread, but the views that it lends can leave the thread",
    label = "here, other threads could use it",
    note = "make the view before: `let x = lock.view();`, and use `x` here",
    note = "a class keeps memory in a field `PyPinned<f64, C<2>>` or `PyPinnedMut<f64, C<2>>`, and locks it when it uses it"
)]
pub trait CanUseLock<View> {}

/// Whether other threads can use a local view of pinned memory. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its thread",
    label = "here, other threads could use it or its memory",
    note = "lock the pinned memory instead: `let lock = pinned.lock(py)?; let x = lock.view();`",
    note = "`detached(py, &pinned, |x| ...)` locks and detaches in one call"
)]
pub trait CanUseLocalView<View> {}

/// Whether other threads can use a view of references to Python objects. Nothing implements it.
#[cfg(not(Py_GIL_DISABLED))]
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its call or its thread",
    label = "here, other threads could use it or its memory",
    note = "references to Python objects are counted, so they can be used only while the thread is attached to the interpreter"
)]
pub trait CanUseReferences<View> {}

macro_rules! on_one_thread {
    ($($view:ident [$($parameter:ident: $kind:ident),*]: $bound:ident;)*) => {$(
        /// Never: nothing meets the bound, because this type stays on its thread.
        // SAFETY: nothing implements the trait of the bound, and other crates cannot reach it, so this makes no type `Send`.
        unsafe impl<$($parameter: $kind),*> Send for $view<'_, $($parameter),*> where OtherThreads: $bound<Self> {}

        /// Never: nothing meets the bound, because this type stays on its thread.
        // SAFETY: nothing implements the trait of the bound, and other crates cannot reach it, so this makes no type `Sync`.
        unsafe impl<$($parameter: $kind),*> Sync for $view<'_, $($parameter),*> where OtherThreads: $bound<Self> {}
    )*};
}

on_one_thread! {
    PyView [T: Element, L: Layout]: CanUseArgument;
    PyViewMut [T: Element, L: Layout]: CanUseArgument;
    PyUntypedView []: CanUseUntypedView;
    ReadLock [T: Element, L: Layout]: CanUseLock;
    WriteLock [T: Element, L: Layout]: CanUseLock;
    LocalView [T: Element, L: Layout]: CanUseLocalView;
    LocalViewMut [T: Element, L: Layout]: CanUseLocalView;
}

#[cfg(not(Py_GIL_DISABLED))]
on_one_thread! {
    PyObjectView [L: Layout]: CanUseReferences;
    PyObjectViewMut [L: Layout]: CanUseReferences;
}
