//! DLPack: `__dlpack__` and the functions around it, by which tensors are exchanged.
//!
//! `abi` defines the C structs. `device` and `invalid_tensor` say which of them can be viewed. `request` asks for a tensor by a
//! method call, `exchange` by a C function. `received` keeps the tensor and `normalise` describes it. `lend` makes a tensor of
//! this library's own memory, for the objects of `export`.
//!
//! # Limitations
//!
//! A tensor without a version is taken as readonly, as NumPy takes it, because it cannot say that it may be written. The table
//! of C functions on a type is trusted, as all native code is, even if it was made for another type.

mod abi;
mod device;
mod exchange;
mod invalid_tensor;
mod lend;
mod normalise;
mod received;
mod request;

pub(crate) use abi::{Device, EXCHANGE, Exchange, ExchangeHeader, SetError, Tensor, VERSION, Versioned};
pub(crate) use invalid_tensor::InvalidTensor;
pub(crate) use lend::Loan;
pub(crate) use normalise::to_description;
pub(crate) use received::Received;
pub(crate) use request::acquire;
