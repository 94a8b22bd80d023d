//! Typestrs: `<f8`, the name of an element in an array interface, turned into a format.
//! Text only; kind and size are given in digits here, where PEP 3118 has a letter for both.

use super::invalid_interface::InvalidInterface;
use crate::acquire::{AcquireError, InvalidExport};
use typedview::{ByteOrder, Dtype, Format, Kind, TimeBase, TimeUnit};

/// The format that a typestr names.
pub(super) fn format(typestr: &str) -> Result<Format, AcquireError> {
    let unknown = || AcquireError::from(InvalidInterface::Typestr { typestr: typestr.to_owned() });
    let &[order, kind, ref size @ ..] = typestr.as_bytes() else {
        return Err(unknown());
    };
    if matches!(kind, b'M' | b'm') {
        return date(order, kind, size).ok_or_else(unknown);
    }
    // NumPy: the size of an object may be left out.
    let size = if kind == b'O' && size.is_empty() { Some(size_of::<usize>()) } else { digits(size) };
    let size = size.ok_or_else(unknown)?;
    if size == 0 {
        return Err(InvalidExport::Itemsize(0).into());
    }
    let code = code(kind, size).ok_or_else(unknown)?;
    // NumPy: `|` stands where the order does not matter, and means the native one where it does.
    let little = match order {
        b'<' => true,
        b'>' => false,
        b'|' | b'=' => cfg!(target_endian = "little"),
        _ => return Err(unknown()),
    };
    // Only a native long double has a format of its own.
    let native = little == cfg!(target_endian = "little");
    let mark = if native { "" } else { &typestr[..1] };
    Format::parse(format!("{mark}{code}").as_bytes()).map_err(|_| unknown())
}

/// A date or a span of time: `<M8[ns]`, where PEP 3118 has no code.
fn date(order: u8, kind: u8, rest: &[u8]) -> Option<Format> {
    let unit = str::from_utf8(rest).ok()?.strip_prefix('8')?;
    let unit = match unit.strip_prefix('[') {
        Some(unit) => TimeUnit::parse(unit.strip_suffix(']')?)?,
        None if unit.is_empty() => TimeUnit::new(TimeBase::Generic, 1),
        None => return None,
    };
    let little = match order {
        b'<' => true,
        b'>' => false,
        b'=' => cfg!(target_endian = "little"),
        _ => return None,
    };
    let native = little == cfg!(target_endian = "little");
    let byte_order = if native { ByteOrder::Native } else { ByteOrder::Swapped };
    let kind = if kind == b'M' { Kind::Datetime(unit) } else { Kind::Timedelta(unit) };
    Some(Format::scalar(Dtype::new(kind, 8), byte_order))
}

/// A size: NumPy's itemsizes have 32 bits.
fn digits(size: &[u8]) -> Option<usize> {
    let digits = !size.is_empty() && size.iter().all(u8::is_ascii_digit);
    let size = str::from_utf8(size).ok().filter(|_| digits)?.parse::<u32>();
    usize::try_from(size.ok()?).ok()
}

/// The type code of PEP 3118 for a kind and a size.
fn code(kind: u8, size: usize) -> Option<String> {
    let code = match (kind, size) {
        (b'b', 1) => "?",
        (b'i', 1) => "b",
        (b'u', 1) => "B",
        (b'i', 2) => "h",
        (b'u', 2) => "H",
        (b'i', 4) => "i",
        (b'u', 4) => "I",
        (b'i', 8) => "q",
        (b'u', 8) => "Q",
        (b'f', 2) => "e",
        (b'f', 4) => "f",
        (b'f', 8) => "d",
        (b'f', 16) => "g",
        (b'c', 8) => "Zf",
        (b'c', 16) => "Zd",
        (b'c', 32) => "Zg",
        (b'O', _) if size == size_of::<usize>() => "O",
        (b'S', _) => return Some(format!("{size}s")),
        (b'U', _) => return Some(format!("{size}w")),
        (b'V', _) => return Some(format!("{size}x")),
        _ => return None,
    };
    Some(code.to_owned())
}
