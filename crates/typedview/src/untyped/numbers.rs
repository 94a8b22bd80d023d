//! Numbers of any dtype, a block at a time: read into 64 bits each, and written from there.
//! There is one loop for each dtype that is read and one for each that is written, instead of one for each pair.

use super::half::{bfloat_to_f64, f64_to_bfloat, f64_to_half, half_to_f64};
use crate::dtype::{Dtype, Kind};
use crate::format::{ByteOrder, Format};

/// How many numbers a block has.
pub(super) const BLOCK: usize = 256;

/// A block of numbers, each of which is 64 bits of the type that [`Wide`] says.
pub(super) type Block = [u64; BLOCK];

/// The type with 64 bits that holds every value of a dtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wide {
    Int,
    Uint,
    Float,
}

/// A number that memory holds: its dtype, and whether its bytes are in the other byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    kind: Kind,
    /// The number of bytes. Of a complex number, those of a part.
    size: usize,
    swapped: bool,
    is_complex: bool,
}

impl Number {
    /// Returns the number that a format describes, if it describes one that fits 64 bits or two times 64 bits.
    pub(super) fn of(format: &Format) -> Option<Self> {
        let (dtype, order) = format.as_scalar()?;
        let is_complex = dtype.kind() == Kind::Complex;
        let (kind, size) =
            if is_complex { (Kind::Float, dtype.itemsize() / 2) } else { (dtype.kind(), dtype.itemsize()) };
        let known = match kind {
            Kind::Bool => size == 1,
            Kind::Int | Kind::Uint => matches!(size, 1 | 2 | 4 | 8),
            Kind::Float => matches!(size, 2 | 4 | 8),
            Kind::Bfloat => size == 2,
            _ => false,
        };
        known.then_some(Self { kind, size, swapped: order == ByteOrder::Swapped, is_complex })
    }

    /// Whether the number is a pair of floats, which are read one by one.
    pub(super) fn is_complex(self) -> bool {
        self.is_complex
    }

    /// The number of bytes of one part.
    pub(super) fn size(self) -> usize {
        self.size
    }

    /// The type that holds every value.
    pub(super) fn wide(self) -> Wide {
        match self.kind {
            Kind::Float | Kind::Bfloat => Wide::Float,
            Kind::Uint => Wide::Uint,
            _ => Wide::Int,
        }
    }

    /// Whether numbers of type `self` are converted to `target` by NumPy's rule `same_kind`.
    pub(super) fn is_same_kind(self, target: Self) -> bool {
        let rank = |number: Self| match number.kind {
            _ if number.is_complex => 4,
            Kind::Bool => 0,
            Kind::Uint => 1,
            Kind::Int => 2,
            _ => 3,
        };
        rank(self) <= rank(target)
    }

    /// Reads numbers that are `stride` bytes apart.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `count` numbers, which is at most [`BLOCK`], are alive and initialised, and that nobody writes
    /// them.
    pub(super) unsafe fn read(self, from: *const u8, stride: isize, count: usize, block: &mut Block) {
        macro_rules! read {
            ($bits:ident, |$number:ident| $wide:expr) => {{
                let number = |bits: $bits| {
                    let $number = if self.swapped { bits.swap_bytes() } else { bits };
                    $wide
                };
                for (i, wide) in block[..count].iter_mut().enumerate() {
                    // SAFETY: there are more than `i` numbers, so the offset stays inside their allocation.
                    let at = unsafe { from.offset(stride * i.cast_signed()) };
                    // SAFETY: the caller guarantees that the number is alive, initialised and not written.
                    *wide = number(unsafe { at.cast::<$bits>().read_unaligned() });
                }
            }};
        }
        match (self.kind, self.size) {
            (Kind::Bool, _) => read!(u8, |bits| u64::from(bits != 0)),
            (Kind::Uint, 1) => read!(u8, |bits| bits.into()),
            (Kind::Uint, 2) => read!(u16, |bits| bits.into()),
            (Kind::Uint, 4) => read!(u32, |bits| bits.into()),
            (Kind::Int, 1) => read!(u8, |bits| i64::from(bits.cast_signed()).cast_unsigned()),
            (Kind::Int, 2) => read!(u16, |bits| i64::from(bits.cast_signed()).cast_unsigned()),
            (Kind::Int, 4) => read!(u32, |bits| i64::from(bits.cast_signed()).cast_unsigned()),
            (Kind::Float, 2) => read!(u16, |bits| half_to_f64(bits).to_bits()),
            (Kind::Float, 4) => read!(u32, |bits| f64::from(f32::from_bits(bits)).to_bits()),
            (Kind::Bfloat, _) => read!(u16, |bits| bfloat_to_f64(bits).to_bits()),
            // Integers and floats of 8 bytes are what they are.
            _ => read!(u64, |bits| bits),
        }
    }

    /// Writes numbers that are `stride` bytes apart, from a block of numbers `wide`. Integers wrap around, and floats are rounded.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `count` numbers, which is at most [`BLOCK`], are alive and writable, and that nobody else uses them.
    pub(super) unsafe fn write(self, to: *mut u8, stride: isize, wide: Wide, block: &Block, count: usize) {
        macro_rules! write {
            ($bits:ident, |$number:ident| $narrow:expr) => {{
                let number = |$number: u64| {
                    let bits: $bits = $narrow;
                    if self.swapped { bits.swap_bytes() } else { bits }
                };
                for (i, &wide) in block[..count].iter().enumerate() {
                    // SAFETY: there are more than `i` numbers, so the offset stays inside their allocation.
                    let at = unsafe { to.offset(stride * i.cast_signed()) };
                    // SAFETY: the caller guarantees that the number is alive, writable and not used by others.
                    unsafe { at.cast::<$bits>().write_unaligned(number(wide)) };
                }
            }};
        }
        match (self.kind, self.size, wide) {
            (Kind::Bool, ..) => write!(u8, |bits| u8::from(bits != 0)),
            (Kind::Float, 2, Wide::Float) => write!(u16, |bits| f64_to_half(f64::from_bits(bits))),
            (Kind::Float, 2, _) => write!(u16, |bits| f64_to_half(rounded_to_odd(wide, bits))),
            (Kind::Float, 4, Wide::Float) => write!(u32, |bits| (f64::from_bits(bits) as f32).to_bits()),
            (Kind::Float, 4, Wide::Int) => write!(u32, |bits| (bits.cast_signed() as f32).to_bits()),
            (Kind::Float, 4, Wide::Uint) => write!(u32, |bits| (bits as f32).to_bits()),
            (Kind::Float, _, Wide::Float) => write!(u64, |bits| bits),
            (Kind::Float, _, Wide::Int) => write!(u64, |bits| (bits.cast_signed() as f64).to_bits()),
            (Kind::Float, _, Wide::Uint) => write!(u64, |bits| (bits as f64).to_bits()),
            (Kind::Bfloat, _, Wide::Float) => write!(u16, |bits| f64_to_bfloat(f64::from_bits(bits))),
            (Kind::Bfloat, ..) => write!(u16, |bits| f64_to_bfloat(rounded_to_odd(wide, bits))),
            (_, 1, _) => write!(u8, |bits| bits as u8),
            (_, 2, _) => write!(u16, |bits| bits as u16),
            (_, 4, _) => write!(u32, |bits| bits as u32),
            _ => write!(u64, |bits| bits),
        }
    }
}

/// Returns an integer as an `f64` for a second rounding: if it is none, the one next to it whose last bit is 1.
fn rounded_to_odd(wide: Wide, bits: u64) -> f64 {
    let value = if wide == Wide::Int { i128::from(bits.cast_signed()) } else { i128::from(bits) };
    let nearest = value as f64;
    if nearest as i128 == value {
        return nearest;
    }
    let is_beyond = (nearest as i128).unsigned_abs() > value.unsigned_abs();
    f64::from_bits((nearest.to_bits() - u64::from(is_beyond)) | 1)
}

/// Returns whether two numbers of 64 bits are equal in value.
pub(super) fn are_equal(one: (Wide, u64), other: (Wide, u64)) -> bool {
    let float_is = |float: u64, integer: i128| {
        let float = f64::from_bits(float);
        // Integers of 64 bits are far inside the range of `i128`, in which a float without a fraction is exact.
        float.abs() < 2e30 && float as i128 == integer && float as i128 as f64 == float
    };
    let integer = |(wide, bits): (Wide, u64)| {
        if wide == Wide::Int { i128::from(bits.cast_signed()) } else { i128::from(bits) }
    };
    match (one.0, other.0) {
        (Wide::Float, Wide::Float) => f64::from_bits(one.1) == f64::from_bits(other.1),
        (Wide::Float, _) => float_is(one.1, integer(other)),
        (_, Wide::Float) => float_is(other.1, integer(one)),
        (mine, others) if mine == others => one.1 == other.1,
        _ => integer(one) == integer(other),
    }
}

/// The number of bytes of C's `long double` that have the number, where it is the one of the x87. The others mean nothing.
pub(super) const LONG_DOUBLE_BYTES: Option<usize> =
    if cfg!(any(target_arch = "x86", target_arch = "x86_64")) { Some(10) } else { None };

/// Whether equal values of a dtype always have equal bytes and unequal ones never do.
pub(super) fn is_compared_by_bytes(dtype: Dtype) -> bool {
    matches!(dtype.kind(), Kind::Int | Kind::Uint | Kind::Bytes | Kind::Text | Kind::Void | Kind::Pointer)
}
