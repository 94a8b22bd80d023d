//! `catch`: operations that would panic return their error instead, within one call.
//! It needs std, because only std can unwind without printing a message.

use super::Error;
use alloc::boxed::Box;
use alloc::string::{String, ToString};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

std::thread_local! {
    /// How many calls of [`catch`] this thread is in.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    /// The error that this thread last unwound with.
    static LAST: RefCell<Option<Error>> = const { RefCell::new(None) };
}

/// One call of [`catch`], for as long as it runs.
struct Scope;

impl Scope {
    fn enter() -> Self {
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Runs `run`. If an operation of this crate fails in it, such as an index that is out of bounds, the error is returned and
/// nothing is printed. All other panics go on.
///
/// # Errors
///
/// Returns the error of the first operation that would have panicked.
///
/// # Limitations
///
/// - It covers the thread that calls it. On other threads such an operation panics as usual. A thread of `rayon` that waits
///   inside `run` also runs jobs of others; if one of them fails, it panics with its text, but no message is printed.
/// - A `catch_unwind` inside `run`, also that of PyO3 around a function that Python calls, gets the panic before this function
///   does, with its text and without a printed message.
/// - With `panic = "abort"` every panic aborts.
///
/// # Examples
///
/// ```
/// use typedview::{View, catch};
///
/// let view = View::from(&[1, 2, 3]);
/// assert_eq!(catch(|| view.at(1) + view.at(2)), Ok(5));
/// assert_eq!(catch(|| view.at(7)).unwrap_err().to_string(), "axis 0: index 7 is out of bounds for length 3");
/// ```
pub fn catch<R>(run: impl FnOnce() -> R) -> Result<R, Error> {
    let scope = Scope::enter();
    // What `run` has changed stays changed after an error, as after an early return.
    let outcome = catch_unwind(AssertUnwindSafe(run));
    drop(scope);
    outcome.or_else(|payload| taken(&payload).map_or_else(|| resume_unwind(payload), Err))
}

/// The error that is behind the payload of a panic.
fn taken(payload: &Box<dyn Any + Send>) -> Option<Error> {
    let text = payload.downcast_ref::<String>()?;
    // The last error may be one that somebody else has caught, and the panic another one. Then the texts differ.
    let last = LAST.try_with(RefCell::take).ok().flatten();
    last.filter(|error| error.to_string() == *text)
}

/// Unwinds with the error, without a message, if this thread is in a call of [`catch`].
pub(super) fn unwind_if_caught(error: Error) -> Error {
    if DEPTH.get() == 0 {
        return error;
    }
    // The payload is the text, as in every other panic, for those who catch it before `catch` does.
    let text = error.to_string();
    // At the end of a thread there may be no place for the error. Then the panic goes on.
    let _ = LAST.try_with(|last| last.replace(Some(error)));
    resume_unwind(Box::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::View;

    #[test]
    fn other_panics_go_on() {
        let panicked = catch_unwind(|| catch(|| panic!("something else")));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"something else"));
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn errors_inside_are_those_of_the_inner_call() {
        let view = View::from(&[1, 2, 3]);
        let outer = catch(|| {
            let inner = catch(|| view.at(3));
            (inner.is_err(), view.at(2))
        });
        assert_eq!(outer, Ok((true, 3)));
        assert!(catch(|| catch(|| 1).map(|_| view.at(9))).is_err());
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn others_who_catch_inside_get_the_text() {
        let view = View::from(&[1, 2, 3]);
        let text = "axis 0: index 3 is out of bounds for length 3";
        let caught = || catch_unwind(|| view.at(3)).unwrap_err();
        assert_eq!(catch(|| caught().downcast_ref::<String>().map(|found| found == text)), Ok(Some(true)));
        // What they have caught is not taken for the reason of a later panic.
        let panicked = catch_unwind(|| {
            catch(|| {
                caught();
                panic!("{}", "something else")
            })
        });
        assert_eq!(
            panicked.unwrap_err().downcast_ref::<String>().map(|found| &**found),
            Some("something else")
        );
        assert!(catch(|| resume_unwind(caught())).is_err());
    }

    #[test]
    fn without_it_the_operation_panics_with_its_text() {
        let panicked = catch_unwind(|| View::from(&[1, 2, 3]).at(3)).unwrap_err();
        let text = "axis 0: index 3 is out of bounds for length 3";
        assert_eq!(panicked.downcast_ref::<String>().map(|found| &**found), Some(text));
    }
}
