//! Placing: which bytes each item takes under one reading of the padding.
//! It is separate from `reading`, which chooses the reading. Every sum is checked. A count is multiplied, and there
//! is no loop over as many elements.

use super::code::Code;
use super::mark::{ByteOrder, Mark};
use super::text::{Item, What};
use super::{Field, Format};
use crate::dtype::{Dtype, Kind};
use crate::error::FormatFault;
use alloc::vec::Vec;

/// What is assumed where the codes leave something open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) padding: Padding,
    /// The number of bytes in a `u`.
    pub(super) wide: usize,
    pub(super) apart: Apart,
}

/// How records follow each other in a sub-array that NumPy has written, where the text leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// It is not known, so a text that leaves it open is refused.
    Unsaid,
    /// The records follow each other without a gap.
    Packed,
    /// The records have the padding that C appends.
    Padded,
}

/// Which padding is written in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// PEP 3118: no padding is written where `@` holds. Numbers are aligned and records are padded as in C.
    Aligned,
    /// The exporter writes all padding.
    Explicit,
    /// NumPy writes all padding, except at the end of a record.
    Open,
    /// ctypes before Python 3.12 writes no padding, and it means C's alignment where it writes `<`.
    Ctypes,
}

/// An item with its size in memory.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) format: Format,
    /// The number of bytes up to the next item, as far as they are written in the text.
    pub(super) size: usize,
    /// The number of bytes that the item would have if C had laid it out.
    padded: usize,
    /// The smallest number of additional bytes that the item may have without a letter for them in the text. It is 0 if
    /// the text has letters for all of its bytes.
    hidden: usize,
    align: usize,
    /// Whether all codes under `@` are aligned, provided that all padding is written.
    pub(super) keeps_promise: bool,
}

/// The fields of a record, and the offset at which the last one ends.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) fields: Vec<Field>,
    /// The end of the last item.
    pub(super) end: usize,
    /// The end of the last item with the padding that C appends.
    pub(super) padded: usize,
    hidden: usize,
    align: usize,
    pub(super) keeps_promise: bool,
}

impl Reading {
    /// Places one item, which starts at byte `base` of the whole format. `slack` bytes after it are free.
    pub(super) fn item(self, item: &Item<'_>, base: usize, slack: usize) -> Result<Placed, FormatFault> {
        let too_large = || FormatFault::TooLarge { at: item.at };
        let count = product(&item.shape).ok_or_else(too_large)?;
        let one = match &item.what {
            What::Code(code, length) => {
                let size = code.itemsize(self.wide).checked_mul(*length).ok_or_else(too_large)?;
                let align = code.align(self.wide);
                let keeps_promise = item.mark != Mark::Native || base.is_multiple_of(align);
                let format = scalar(*code, size, item.mark);
                Placed { format, size, padded: size, hidden: 0, align, keeps_promise }
            }
            What::Record(items) => {
                let behind = if count == 1 { slack } else { 0 };
                let inner = self.fields(items, base, behind, item.mark, item.at)?;
                let itemsize = self.record_size(&inner, item.at, count, slack)?;
                let size = if self.writes_padding() { inner.end } else { itemsize };
                let Fields { fields, padded, hidden, align, keeps_promise, .. } = inner;
                Placed {
                    format: Format::of_record(fields, itemsize),
                    size,
                    padded,
                    hidden,
                    align,
                    keeps_promise,
                }
            }
        };
        let in_all = |one: usize| one.checked_mul(count).filter(|bytes| fits(*bytes)).ok_or_else(too_large);
        let (size, padded) = (in_all(one.size)?, in_all(one.padded)?);
        let format = Format::of_array(&item.shape, one.format).ok_or_else(too_large)?;
        Ok(Placed { format, size, padded, hidden: one.hidden.saturating_mul(count), ..one })
    }

    /// Places the items of a record, which starts at byte `base` of the whole format. `slack` bytes after it are free,
    /// `closing` is the mark in force at its end, and `at` is where it begins in the text.
    pub(super) fn fields(
        self,
        items: &[Item<'_>],
        base: usize,
        slack: usize,
        closing: Mark,
        at: usize,
    ) -> Result<Fields, FormatFault> {
        let mut fields = Vec::new();
        let (mut end, mut padded, mut hidden) = (0usize, 0usize, 0usize);
        let (mut align, mut align_of_codes, mut keeps_promise) = (1, 1, true);
        for (i, item) in items.iter().enumerate() {
            let too_large = || FormatFault::TooLarge { at: item.at };
            let behind = if self.padding == Padding::Open { slack_behind(&items[i + 1..], slack) } else { 0 };
            let placed = self.item(item, base.saturating_add(end), behind)?;
            let own = if self.aligns(item.mark) { placed.align } else { 1 };
            let start = if self.writes_padding() { Some(end) } else { round_up(end, own) };
            let start = start.ok_or_else(too_large)?;
            let ends = |size: usize| start.checked_add(size).filter(|end| fits(*end)).ok_or_else(too_large);
            end = ends(placed.size)?;
            // A field replaces the padded end of the items before it, because they have no room for more padding than
            // there is before the field. Written padding takes up room that the padding of the item before it has.
            padded = if item.is_padding() { padded.max(end) } else { ends(placed.padded)? };
            align = align.max(own);
            if let What::Code(..) = item.what {
                align_of_codes = align_of_codes.max(own);
            }
            keeps_promise &= placed.keeps_promise;
            if item.is_padding() {
                hidden = hidden.saturating_sub(placed.size);
            } else {
                hidden = placed.hidden;
                fields.push(Field::placed(item.name, start, placed.format));
            }
        }
        let tail = if self.aligns(closing) || self.padding == Padding::Ctypes { align } else { 1 };
        let rounded = |bytes: usize| {
            round_up(bytes, tail).filter(|bytes| fits(*bytes)).ok_or(FormatFault::TooLarge { at })
        };
        // The hidden bytes are padding at the end of this record, or at the end of an inner record that ends where
        // this one ends.
        let own = least_padding(end, align_of_codes, align);
        let hidden = if own == 0 || hidden == 0 { own.max(hidden) } else { own.min(hidden) };
        Ok(Fields { fields, end, padded: rounded(padded.max(end))?, hidden, align, keeps_promise })
    }

    /// Returns the itemsize of each of `count` records. `slack` bytes after all of them are free.
    fn record_size(
        self,
        inner: &Fields,
        at: usize,
        count: usize,
        slack: usize,
    ) -> Result<usize, FormatFault> {
        let &Fields { ref fields, end, padded, hidden, .. } = inner;
        match self.padding {
            Padding::Aligned | Padding::Ctypes => Ok(padded),
            Padding::Explicit => Ok(end),
            Padding::Open if count == 1 && padded - end <= slack => Ok(padded),
            Padding::Open if count == 1 => {
                // A record at the end of this one may have been given padding, although there is no room for the
                // padding of this one.
                let ends = fields.iter().map(|field| field.offset() + field.format().itemsize());
                Ok(ends.fold(end, usize::max))
            }
            Padding::Open => {
                let has_room = hidden.checked_mul(count).is_some_and(|more| more <= slack);
                match self.apart {
                    _ if count == 0 || hidden == 0 || !has_room => Ok(end),
                    Apart::Unsaid => Err(FormatFault::TwoDistances { at, packed: end, padded: end + hidden }),
                    Apart::Packed => Ok(end),
                    Apart::Padded => Ok(end + hidden),
                }
            }
        }
    }

    fn writes_padding(self) -> bool {
        matches!(self.padding, Padding::Explicit | Padding::Open)
    }

    /// Returns whether C's alignment matters for the items under a mark.
    fn aligns(self, mark: Mark) -> bool {
        match self.padding {
            Padding::Aligned => mark == Mark::Native,
            Padding::Ctypes => !matches!(mark, Mark::Standard | Mark::Unaligned),
            // NumPy writes the same record with `@` if its memory is aligned, and with `=` if it is not.
            Padding::Explicit | Padding::Open => true,
        }
    }
}

/// Returns the format of a code with this itemsize under a mark.
pub(super) fn scalar(code: Code, itemsize: usize, mark: Mark) -> Format {
    let dtype = Dtype { kind: code.kind, itemsize };
    let byte_order = if dtype.has_byte_order() { mark.byte_order() } else { ByteOrder::Native };
    Format::scalar(dtype, byte_order)
}

/// Returns the smallest number of bytes that C may append to a record that ends at `end`. The records inside it may be
/// packed, and then they need no padding.
fn least_padding(end: usize, align_of_codes: usize, align: usize) -> usize {
    if !end.is_multiple_of(align_of_codes) {
        align_of_codes - end % align_of_codes
    } else if !end.is_multiple_of(align) {
        1 << end.trailing_zeros()
    } else {
        0
    }
}

/// Returns the number of bytes of padding between an item and the next one, where `rest` are the items after it. If
/// there is no next item, the `at_end` free bytes after the record are added.
fn slack_behind(rest: &[Item<'_>], at_end: usize) -> usize {
    let mut slack = 0usize;
    for item in rest {
        match item.what {
            What::Code(Code { kind: Kind::Void, .. }, length) if item.is_padding() => {
                slack =
                    slack.saturating_add(length.saturating_mul(product(&item.shape).unwrap_or(usize::MAX)));
            }
            _ => return slack,
        }
    }
    slack.saturating_add(at_end)
}

fn product(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |size, &extent| size.checked_mul(extent))
}

fn round_up(offset: usize, align: usize) -> Option<usize> {
    offset.checked_next_multiple_of(align)
}

fn fits(bytes: usize) -> bool {
    isize::try_from(bytes).is_ok()
}
