//! Arguments: the states through which the memory of a Python object becomes a view.
//!
//! | state | type | what holds |
//! |---|---|---|
//! | requested | [`Requested`] | The exporter has handed out memory. Its facts are where it wrote them, unchecked. |
//! | checked | [`Checked`] | The element and the layout are what the consumer asked for. |
//! | claimed | [`Claimed`] | The claim on the elements is in the table. |
//!
//! Every view takes this one path, and each step consumes the state before it. An exporter is described in full, as a
//! [`Description`](crate::Description), only if [`Requested::check`] needs that: because the memory does not fit,
//! because the consumer leaves the element open, or because the fast path cannot read what the exporter wrote. The fast
//! path skips the description and nothing else.
//!
//! Pinned memory ([`PyPinned`](crate::PyPinned)) is checked and not claimed. It is claimed while it is used, by a
//! [`PinnedClaim`].
//!
//! All states keep the export in the same [slot](crate::slot), so that it never moves.

mod checked;
mod claimed;
mod conflict_errors;
mod pinned_claim;
mod requested;

pub(crate) use checked::Checked;
#[cfg(feature = "rust-numpy-locks")]
use claimed::tell_rust_numpy;
pub(crate) use claimed::{Claimed, Purpose};
pub(crate) use conflict_errors::{behind_pointers, conflict};
pub(crate) use pinned_claim::PinnedClaim;
pub(crate) use requested::{Requested, Wanted, request_and_check};
