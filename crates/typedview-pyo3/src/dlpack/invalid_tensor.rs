//! The reasons why a DLPack tensor cannot be viewed, and their texts.
//! They are separate from the reasons that all protocols share, because only tensors have devices, lanes and versions.

use super::Device;
use super::abi::{DataType, Version};
use crate::acquire::AcquireError;
use std::fmt;
use typedview::ErrorKind;

#[derive(Debug)]
pub(crate) enum InvalidTensor {
    Device(Device),
    NoDevice,
    NoTensor,
    Version(Version),
    Element(DataType),
    ByteOffset(u64),
    Stride {
        axis: usize,
        stride: i64,
        itemsize: usize,
    },
    /// The producer gave a copy, but the consumer wants to write to the original.
    Copied,
}

impl From<InvalidTensor> for AcquireError {
    fn from(invalid: InvalidTensor) -> Self {
        let kind = match invalid {
            InvalidTensor::Element(_) => ErrorKind::Dtype,
            InvalidTensor::Copied => ErrorKind::Readonly,
            _ => ErrorKind::Layout,
        };
        Self::Told { kind, reason: invalid.to_string() }
    }
}

impl fmt::Display for InvalidTensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(device) => write!(f, "its memory is on device {device}; copy it to the CPU first"),
            Self::NoDevice => f.write_str("its __dlpack_device__ is not two integers"),
            Self::NoTensor => f.write_str("its __dlpack__ gave no DLPack tensor that has not been used"),
            Self::Version(Version { major, minor }) => {
                write!(f, "its tensor is DLPack {major}.{minor}, which is not 1.x")
            }
            Self::Element(dtype @ DataType { lanes: 1, .. }) => {
                write!(f, "elements of {dtype} cannot be viewed")
            }
            Self::Element(dtype @ DataType { lanes, .. }) => {
                write!(f, "elements of {lanes} lanes of {dtype} cannot be viewed; give them an axis")
            }
            Self::ByteOffset(offset) => write!(f, "a byte offset of {offset} exceeds the address space"),
            Self::Stride { axis, stride, itemsize } => {
                write!(f, "axis {axis}: {stride} elements of {itemsize} bytes exceed the address space")
            }
            Self::Copied => f.write_str("its memory is a copy, which would keep to itself what is written"),
        }
    }
}

/// Writes the name of one lane: `bfloat16`, `float8_e4m3fn`, `int4`.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The numbers are those of `DLDataTypeCode`.
        let name = match self.code {
            0 => "int",
            1 => "uint",
            2 => "float",
            3 => "handle",
            4 => "bfloat",
            5 => "complex",
            6 => "bool",
            7 => return f.write_str("float8_e3m4"),
            8 => return f.write_str("float8_e4m3"),
            9 => return f.write_str("float8_e4m3b11fnuz"),
            10 => return f.write_str("float8_e4m3fn"),
            11 => return f.write_str("float8_e4m3fnuz"),
            12 => return f.write_str("float8_e5m2"),
            13 => return f.write_str("float8_e5m2fnuz"),
            14 => return f.write_str("float8_e8m0fnu"),
            15 => return f.write_str("float6_e2m3fn"),
            16 => return f.write_str("float6_e3m2fn"),
            17 => return f.write_str("float4_e2m1fn"),
            code => return write!(f, "type code {code} with {} bits", self.bits),
        };
        write!(f, "{name}{}", self.bits)
    }
}
