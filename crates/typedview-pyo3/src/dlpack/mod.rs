//! DLPack: `__dlpack__` and its kin, which arrays and tensors answer that are no buffers.
//!
//! `abi` is the C structs, `device` and `invalid_tensor` what may be in them; `request` and `exchange` ask for a tensor in two ways,
//! `received` keeps it, `normalise` turns it into one form; `lend` and `table` are the other direction.
//!
//! # Limitations
//!
//! A tensor without a version is readonly, as it is to NumPy, because it cannot say that it may be written. A type whose
//! table of C functions belongs to another type is believed, as native code is.

mod abi;
mod device;
mod exchange;
mod invalid_tensor;
mod lend;
mod normalise;
mod received;
mod request;
mod table;

pub(crate) use abi::Device;
use invalid_tensor::InvalidTensor;
pub(crate) use lend::Loan;
pub(crate) use request::acquire;
pub(crate) use table::table;
