//! Statics for those who are attached to the interpreter: one for all threads under a GIL, one for each without it.

use pyo3::prelude::*;

/// What only those who are attached get at.
#[cfg(not(Py_GIL_DISABLED))]
pub(crate) struct Attached<X>(X);

// SAFETY: `with` wants a token of the GIL, which one thread has at a time.
#[cfg(not(Py_GIL_DISABLED))]
unsafe impl<X> Sync for Attached<X> {}

#[cfg(not(Py_GIL_DISABLED))]
impl<X> Attached<X> {
    pub(crate) const fn new(value: X) -> Self {
        Self(value)
    }

    /// Works on the value, without running Python code that could give up the GIL.
    #[inline(always)]
    pub(crate) fn with<Y>(&self, _py: Python<'_>, work: impl FnOnce(&X) -> Y) -> Y {
        work(&self.0)
    }
}

/// The same where there is no GIL.
#[cfg(Py_GIL_DISABLED)]
pub(crate) struct Attached<X: 'static>(&'static std::thread::LocalKey<X>);

#[cfg(Py_GIL_DISABLED)]
impl<X> Attached<X> {
    pub(crate) const fn new(key: &'static std::thread::LocalKey<X>) -> Self {
        Self(key)
    }

    /// Works on the value.
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
