//! Why cell views stay on their thread, in the words of the compiler's message to code that sends one to another thread.
//! They would stay there without this file. But then the message would name their private fields, and not say what to do.

use super::{CellView, CellViewMut};
use crate::element::Element;
use crate::layout::Layout;

/// The type of which the bound speaks. A bound on the view itself would not do, because then the message would be that of `Send`.
#[derive(Debug)]
pub struct OtherThreads;

/// Whether other threads can use a cell view. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`{View}` cannot leave its thread",
    label = "here, other threads could use it or its memory",
    note = "other threads could write an element while a cell view reads it; a `View` or a `ViewMut` can be used on any thread",
    note = "a lock on memory of Python lends such views: `let lock = x.lock()?; let x = lock.view();`"
)]
pub trait CanUse<View> {}

macro_rules! on_one_thread {
    ($($view:ident),*) => {$(
        /// Never: nothing meets the bound, because a view that is read or written while others use its memory stays on its thread.
        // SAFETY: nothing implements the trait of the bound, and other crates cannot reach it, so this makes no type `Send`.
        unsafe impl<T: Element, L: Layout> Send for $view<'_, T, L> where OtherThreads: CanUse<Self> {}

        /// Never: nothing meets the bound, because a view that is read or written while others use its memory stays on its thread.
        // SAFETY: nothing implements the trait of the bound, and other crates cannot reach it, so this makes no type `Sync`.
        unsafe impl<T: Element, L: Layout> Sync for $view<'_, T, L> where OtherThreads: CanUse<Self> {}
    )*};
}

on_one_thread!(CellView, CellViewMut);
