//! Typestrs: parses the name of an element in an array interface, such as `<f8`, into a format.
//! A typestr gives the kind as a letter and the size as digits, where PEP 3118 has one type code for both.

use super::invalid_interface::InvalidInterface;
use crate::acquire::{AcquireError, InvalidExport};
use typedview::{ByteOrder, Dtype, Format, Kind, TimeBase, TimeUnit};

/// Returns the format that a typestr names.
pub(super) fn format(typestr: &str) -> Result<Format, AcquireError> {
    let unknown = || AcquireError::from(InvalidInterface::Typestr { typestr: typestr.to_owned() });
    let &[order, kind, ref size @ ..] = typestr.as_bytes() else {
        return Err(unknown());
    };
    if matches!(kind, b'M' | b'm') {
        return date(order, kind, size).ok_or_else(unknown);
    }
    // NumPy allows a typestr without a size for objects.
    let size = if kind == b'O' && size.is_empty() { Some(size_of::<usize>()) } else { digits(size) };
    let size = size.ok_or_else(unknown)?;
    if size == 0 {
        return Err(InvalidExport::Itemsize(0).into());
    }
    let code = code(kind, size).ok_or_else(unknown)?;
    // NumPy writes `|` when the byte order does not matter. Where the order does matter, `|` means the native one.
    let little = match order {
        b'<' => true,
        b'>' => false,
        b'|' | b'=' => cfg!(target_endian = "little"),
        _ => return Err(unknown()),
    };
    // The mark is left out for the native order, because a long double only has a format in native order.
    let native = little == cfg!(target_endian = "little");
    let mark = if native { "" } else { &typestr[..1] };
    Format::parse(format!("{mark}{code}").as_bytes()).map_err(|_| unknown())
}

/// Returns the format of a date or a time span such as `<M8[ns]`, for which PEP 3118 has no type code.
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

/// Parses a size. NumPy's itemsizes have 32 bits, so a larger number gives `None`.
fn digits(size: &[u8]) -> Option<usize> {
    let digits = !size.is_empty() && size.iter().all(u8::is_ascii_digit);
    let size = str::from_utf8(size).ok().filter(|_| digits)?.parse::<u32>();
    usize::try_from(size.ok()?).ok()
}

/// Returns the PEP 3118 type code for a kind and a size.
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
