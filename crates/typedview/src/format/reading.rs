//! Readings: how the padding was meant, which the codes do not say and the exporter's itemsize does.
//! Apart from placing because this is about exporters: what NumPy, ctypes, struct and Cython really write.

use super::Format;
use super::code::Code;
use super::mark::Mark;
use super::place::{Apart, Padding, Reading, scalar};
use super::text::{Clues, Item, Text, What};
use crate::error::FormatFault;
use alloc::vec::Vec;
use core::slice;

/// The bytes of a `wchar_t`, for which ctypes writes `u`.
const WCHAR: usize = if cfg!(windows) { 2 } else { 4 };

/// A whole format.
#[derive(Debug)]
struct Whole<'a> {
    items: &'a [Item<'a>],
    closing: Mark,
    clues: Clues,
}

/// The format by its codes alone: PEP 3118's padding, and 2 bytes a `u`.
pub(super) fn by_codes(format: &[u8]) -> Result<Format, FormatFault> {
    read(format, |whole| {
        let (format, _) =
            whole.placed(Reading { padding: Padding::Aligned, wide: 2, apart: Apart::Unsaid }, None)?;
        Ok(format)
    })
}

/// The format by its codes and the itemsize of the exporter.
pub(super) fn by_itemsize(format: &[u8], itemsize: usize) -> Result<Format, FormatFault> {
    // Nearly every argument is a view of numbers: 8 ns, where items and readings take 80.
    if let Some(number) = number(format).filter(|number| number.itemsize() == itemsize) {
        return Ok(number);
    }
    read(format, |whole| whole.of_size(itemsize))
}

/// The reading with this itemsize that is `meant`, if there is one.
pub(super) fn by_meaning(format: &[u8], itemsize: usize, meant: &Format) -> Option<Format> {
    read(format, |whole| Ok(whole.of_meaning(itemsize, meant))).ok().flatten()
}

/// Whether ctypes may have written the format.
pub(super) fn may_be_of_ctypes(format: &[u8]) -> bool {
    read(format, |whole| Ok(whole.clues.may_be_ctypes)).unwrap_or(true)
}

/// The format of a mark and a code, if it is no more than that.
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
        // A list of one, so that a single code needs no memory.
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
        // PEP 3118's width of a `u` first, which is the only one of most formats.
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

    /// Who may have written the padding of this text.
    fn paddings(&self, wide: usize) -> impl Iterator<Item = Padding> {
        let of_code = matches!(self.single(), Some(Item { what: What::Code(..), .. }));
        let is_wchar = !self.clues.has_wide_text || wide == WCHAR;
        [
            (Padding::Aligned, !of_code),
            (Padding::Explicit, true),
            // How long the bytes are that it calls `B` is not in the text.
            (Padding::Ctypes, !of_code && self.clues.may_be_ctypes && !self.clues.has_bare_byte && is_wchar),
        ]
        .into_iter()
        .filter_map(|(padding, possible)| possible.then_some(padding))
    }

    /// The format under one reading, of the exporter's itemsize where that is possible; none where the reading is not.
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
            // NumPy: a record may end in bytes that no field has, most often after `array[["a", "b"]]`.
            let open = Reading { padding: Padding::Open, ..reading };
            let inner = open.fields(items, 0, itemsize - size, self.closing, 0)?;
            return Ok(Some(Format::of_record(inner.fields, itemsize)));
        }
        Ok(Some(format))
    }

    /// The format under one reading, and whether that keeps what `@` promises.
    fn placed(&self, reading: Reading, itemsize: Option<usize>) -> Result<(Format, bool), FormatFault> {
        if let Some(item) = self.single() {
            let placed = reading.item(item, 0, 0)?;
            return Ok((placed.format, placed.keeps_promise));
        }
        let placed = reading.fields(self.items, 0, 0, self.closing, 0)?;
        // struct: nothing is appended to the last item. NumPy appends what C does.
        let ends_there = reading.padding == Padding::Explicit || itemsize == Some(placed.end);
        let itemsize = if ends_there { placed.end } else { placed.padded };
        Ok((Format::of_record(placed.fields, itemsize), placed.keeps_promise))
    }

    /// The item that is the whole format, if it has no name that makes it a field.
    fn single(&self) -> Option<&Item<'_>> {
        match self.items {
            [item] if item.name.is_none() => Some(item),
            _ => None,
        }
    }

    /// The items of the record, if NumPy may have written it.
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
