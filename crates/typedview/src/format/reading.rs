//! Readings: which padding a format means where its codes do not say it, chosen by the exporter's itemsize.
//! They are separate from `place`, because they depend on what the exporters NumPy, ctypes, struct and Cython really
//! write.

use super::Format;
use super::code::Code;
use super::mark::Mark;
use super::place::{Apart, Padding, Reading, scalar};
use super::text::{Clues, Item, Text, What};
use crate::error::FormatFault;
use alloc::vec::Vec;
use core::slice;

/// The number of bytes in a `wchar_t`, for which ctypes writes `u`.
const WCHAR: usize = if cfg!(windows) { 2 } else { 4 };

/// A whole format: its items, the mark in force at its end, and what its text tells about who wrote it.
#[derive(Debug)]
struct Whole<'a> {
    items: &'a [Item<'a>],
    closing: Mark,
    clues: Clues,
}

/// Reads the format by its codes alone, with PEP 3118's padding and 2 bytes for a `u`.
pub(super) fn by_codes(format: &[u8]) -> Result<Format, FormatFault> {
    read(format, |whole| {
        let (format, _) =
            whole.placed(Reading { padding: Padding::Aligned, wide: 2, apart: Apart::Unsaid }, None)?;
        Ok(format)
    })
}

/// Reads the format by its codes and the exporter's itemsize.
pub(super) fn by_itemsize(format: &[u8], itemsize: usize) -> Result<Format, FormatFault> {
    // Nearly every argument is a view of numbers. This fast path takes 8 ns, while items and readings take 80 ns.
    if let Some(number) = number(format).filter(|number| number.itemsize() == itemsize) {
        return Ok(number);
    }
    read(format, |whole| whole.of_size(itemsize))
}

/// Returns the reading with this itemsize that agrees with `meant`, if there is one.
pub(super) fn by_meaning(format: &[u8], itemsize: usize, meant: &Format) -> Option<Format> {
    read(format, |whole| Ok(whole.of_meaning(itemsize, meant))).ok().flatten()
}

/// Returns whether ctypes may have written the format. It is also true for a format that cannot be read.
pub(super) fn may_be_of_ctypes(format: &[u8]) -> bool {
    read(format, |whole| Ok(whole.clues.may_be_ctypes)).unwrap_or(true)
}

/// Reads a format that is one code, with or without a mark. Returns `None` if it is more than that, or if it is a `u`.
fn number(format: &[u8]) -> Option<Format> {
    let mark = format.first().copied().and_then(Mark::of);
    let letters = if mark.is_some() { &format[1..] } else { format };
    let mark = mark.unwrap_or(Mark::Native);
    let (code, length) = Code::read(letters, mark).ok()?;
    (length == letters.len() && !code.is_wide()).then(|| scalar(code, code.itemsize(0), mark))
}

fn read<R>(format: &[u8], then: impl FnOnce(&Whole<'_>) -> Result<R, FormatFault>) -> Result<R, FormatFault> {
    let mut text = Text::new(format);
    let first = text.item()?;
    if text.is_at_end() {
        // The slice borrows the one item, so that a single code needs no allocation.
        let items = slice::from_ref(&first);
        return then(&Whole { items, closing: text.mark, clues: text.clues });
    }
    let items = text.rest(first)?;
    then(&Whole { items: &items, closing: text.mark, clues: text.clues })
}

impl Whole<'_> {
    fn of_meaning(&self, itemsize: usize, meant: &Format) -> Option<Format> {
        let same = |format: &Format| format.difference(meant).or_else(|| meant.difference(format)).is_none();
        for (wide, apart) in
            [2, 4].into_iter().flat_map(|wide| [(wide, Apart::Packed), (wide, Apart::Padded)])
        {
            for padding in self.paddings(wide) {
                let reading = self.sized(Reading { padding, wide, apart }, itemsize);
                let format = reading.ok().flatten().filter(|format| format.itemsize() == itemsize);
                if let Some(format) = format.filter(same) {
                    return Some(format);
                }
            }
        }
        None
    }

    fn of_size(&self, itemsize: usize) -> Result<Format, FormatFault> {
        let mut sizes = Vec::new();
        // PEP 3118's width of a `u` comes first. It is the only width to try for most formats, which have no `u`.
        let widths: &[usize] = if self.clues.has_wide_text { &[2, 4] } else { &[2] };
        for &wide in widths {
            let mut chosen: Option<Format> = None;
            for padding in self.paddings(wide) {
                let Some(format) = self.sized(Reading { padding, wide, apart: Apart::Unsaid }, itemsize)?
                else {
                    continue;
                };
                if format.itemsize() != itemsize {
                    sizes.push(format.itemsize());
                } else if let Some(one) = &chosen {
                    if let Some(difference) = format.difference(one) {
                        let (one, other, place) = difference.into_parts();
                        return Err(FormatFault::TwoReadings { itemsize, one, other, place });
                    }
                } else {
                    chosen = Some(format);
                }
            }
            if let Some(format) = chosen {
                return Ok(format);
            }
        }
        sizes.sort_unstable();
        sizes.dedup();
        let of_ctypes = self.clues.may_be_ctypes && self.clues.has_bare_byte;
        Err(FormatFault::Itemsize { sizes, itemsize, of_ctypes })
    }

    /// Returns the kinds of padding that this text may have, by the exporters that may have written it.
    fn paddings(&self, wide: usize) -> impl Iterator<Item = Padding> {
        let of_code = matches!(self.single(), Some(Item { what: What::Code(..), .. }));
        let is_wchar = !self.clues.has_wide_text || wide == WCHAR;
        [
            (Padding::Aligned, !of_code),
            (Padding::Explicit, true),
            // ctypes also writes `B` for types that it cannot describe, and the text does not say how many bytes they
            // have.
            (Padding::Ctypes, !of_code && self.clues.may_be_ctypes && !self.clues.has_bare_byte && is_wchar),
        ]
        .into_iter()
        .filter_map(|(padding, possible)| possible.then_some(padding))
    }

    /// Returns the format under one reading, with the exporter's itemsize if that is possible. Returns `None` if the
    /// reading is not possible.
    fn sized(&self, reading: Reading, itemsize: usize) -> Result<Option<Format>, FormatFault> {
        let (format, keeps_promise) = self.placed(reading, Some(itemsize))?;
        if reading.padding != Padding::Explicit {
            return Ok(Some(format));
        }
        if !keeps_promise {
            return Ok(None);
        }
        let size = format.itemsize();
        if let Some(items) =
            self.as_numpy().filter(|_| (size..=isize::MAX.cast_unsigned()).contains(&itemsize))
        {
            // NumPy: a record may end in bytes that belong to no field, most often after `array[["a", "b"]]`.
            let open = Reading { padding: Padding::Open, ..reading };
            let inner = open.fields(items, 0, itemsize - size, self.closing, 0)?;
            return Ok(Some(Format::of_record(inner.fields, itemsize)));
        }
        Ok(Some(format))
    }

    /// Returns the format under one reading, and whether it keeps the promise of `@` that elements are aligned.
    fn placed(&self, reading: Reading, itemsize: Option<usize>) -> Result<(Format, bool), FormatFault> {
        if let Some(item) = self.single() {
            let placed = reading.item(item, 0, 0)?;
            return Ok((placed.format, placed.keeps_promise));
        }
        let placed = reading.fields(self.items, 0, 0, self.closing, 0)?;
        // struct appends nothing after the last item. NumPy appends the padding that C appends.
        let ends_there = reading.padding == Padding::Explicit || itemsize == Some(placed.end);
        let itemsize = if ends_there { placed.end } else { placed.padded };
        Ok((Format::of_record(placed.fields, itemsize), placed.keeps_promise))
    }

    /// Returns the item that is the whole format, if it is the only one and has no name. A name makes it a field of a
    /// record.
    fn single(&self) -> Option<&Item<'_>> {
        match self.items {
            [item] if item.name.is_none() => Some(item),
            _ => None,
        }
    }

    /// Returns the items of the record that is the whole format, if NumPy may have written it.
    fn as_numpy(&self) -> Option<&[Item<'_>]> {
        match self.single() {
            Some(Item { what: What::Record(items), shape, .. })
                if self.clues.may_be_numpy && shape.is_empty() =>
            {
                Some(items)
            }
            _ => None,
        }
    }
}
