//! `PinnedClaim`: a claim on pinned memory or on a part of it, in typedview's table and in that of rust-numpy.
//! Pinned memory is claimed only while it is used, so its claims are made apart from its export.

use super::Purpose;
use super::conflict_errors::{behind_pointers, conflict};
#[cfg(feature = "rust-numpy-locks")]
use super::tell_rust_numpy;
use crate::acquire::{InvalidExport, refuse};
#[cfg(feature = "rust-numpy-locks")]
use crate::interop::rust_numpy_locks::Borrow;
use crate::lock::{ClaimGuard, this_thread};
use pyo3::prelude::*;
use std::time::Duration;
use typedview::Layout;
use typedview_claims::{Claim, Mode};

/// A claim that is in the table until this value is dropped. Where rust-numpy has to know of the memory, it does.
pub(crate) struct PinnedClaim {
    _claim: ClaimGuard,
    #[cfg(feature = "rust-numpy-locks")]
    _borrow: Option<Borrow>,
}

impl PinnedClaim {
    /// Claims the elements of `layout`, of which the first is at the address `first`, in memory that `obj` has exported. With a
    /// timeout, waits for conflicting claims to end.
    ///
    /// # Errors
    ///
    /// Raises `BufferError` when another claim conflicts, when a lock is asked for and axes hold pointers, and when rust-numpy
    /// has lent the memory.
    #[inline]
    pub(crate) fn enter<L: Layout>(
        obj: &Bound<'_, PyAny>,
        first: usize,
        layout: &L,
        purpose: Purpose,
        mode: Mode,
        timeout: Option<Duration>,
    ) -> PyResult<Self> {
        let Purpose { itemsize, show, spec, .. } = purpose;
        let (mut wraps, mut is_everywhere) = (false, false);
        let describe = |claim: &mut Claim| {
            wraps = claim.set(first, layout, itemsize, mode, this_thread(), show).is_none();
            is_everywhere = mode.is_lock() && claim.footprint().is_everywhere();
            (!wraps && !is_everywhere).then_some(())
        };
        let entered = match timeout {
            Some(timeout) => ClaimGuard::enter_within(obj.py(), timeout, describe),
            None => ClaimGuard::enter(obj.py(), None, describe),
        };
        let claim = match entered {
            Some(entered) => {
                let what = if mode.is_lock() { "lock" } else { "take" };
                entered.map_err(|error| conflict(what, spec, mode, error))?
            }
            None if is_everywhere => return Err(behind_pointers(spec, mode)),
            None => return Err(refuse(obj, Some(spec), InvalidExport::WrapsAround.into())),
        };
        Ok(Self {
            _claim: claim,
            #[cfg(feature = "rust-numpy-locks")]
            _borrow: tell_rust_numpy(obj, mode.writes(), spec)?,
        })
    }
}
