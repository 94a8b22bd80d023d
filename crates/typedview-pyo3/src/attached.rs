//! Statics that only an attached thread can use: one value for all threads under a GIL, and one value per thread
//! without it.

use pyo3::prelude::*;

/// A value that a thread can reach only while it is attached to the interpreter.
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) struct Attached<X>(X);

// SAFETY: `with` is the only access to the value. It requires a `Python` token, which only one thread has at a time.
#[cfg(not(Py_GIL_DISABLED))]
unsafe impl<X> Sync for Attached<X> {}

#[cfg(not(Py_GIL_DISABLED))]
impl<X> Attached<X> {
    pub(crate) const fn new(value: X) -> Self {
        Self(value)
    }

    /// Runs `work` on the value. `work` must not run Python code, which could give up the GIL.
    #[inline(always)]
    pub(crate) fn with<Y>(&self, _py: Python<'_>, work: impl FnOnce(&X) -> Y) -> Y {
        work(&self.0)
    }
}

/// A value that a thread can reach only while it is attached to the interpreter. Each thread has its own, because there
/// is no GIL.
#[cfg(Py_GIL_DISABLED)]
pub(crate) struct Attached<X: 'static>(&'static std::thread::LocalKey<X>);

#[cfg(Py_GIL_DISABLED)]
impl<X> Attached<X> {
    pub(crate) const fn new(key: &'static std::thread::LocalKey<X>) -> Self {
        Self(key)
    }

    /// Runs `work` on the value of this thread.
    pub(crate) fn with<Y>(&'static self, _py: Python<'_>, work: impl FnOnce(&X) -> Y) -> Y {
        self.0.with(work)
    }
}

/// Declares an [`Attached`] static.
macro_rules! attached {
    (static $name:ident: $type:ty = $value:expr) => {
        #[cfg(not(Py_GIL_DISABLED))]
        static $name: $crate::attached::Attached<$type> = $crate::attached::Attached::new($value);
        #[cfg(Py_GIL_DISABLED)]
        static $name: $crate::attached::Attached<$type> = $crate::attached::Attached::new({
            std::thread_local! {
                static LOCAL: $type = const { $value };
            }
            &LOCAL
        });
    };
}

pub(crate) use attached;
