//! Placing: which bytes each item takes under one reading of the padding.
//! Apart from choosing the reading; every sum is checked, and a count is multiplied, never walked.

use super::code::Code;
use super::mark::{ByteOrder, Mark};
use super::text::{Item, What};
use super::{Field, Format};
use crate::dtype::{Dtype, Kind};
use crate::error::FormatFault;
use alloc::vec::Vec;

/// What is taken for granted where the codes leave it open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) padding: Padding,
    /// The bytes of a `u`.
    pub(super) wide: usize,
    pub(super) apart: Apart,
}

/// How records follow each other in a sub-array of NumPy's, where the text leaves it open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Apart {
    /// Nobody knows, so that such a text is refused.
    Unsaid,
    /// Without a gap.
    Packed,
    /// With the padding that C appends.
    Padded,
}

/// Who has written the padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// PEP 3118: nobody where `@` holds; numbers are aligned and records padded as in C.
    Aligned,
    /// The exporter, all of it.
    Explicit,
    /// NumPy, all but that at the end of a record.
    Open,
    /// Nobody: ctypes before Python 3.12, which means C's alignment by `<`.
    Ctypes,
}

/// An item with its place in memory.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) format: Format,
    /// The bytes up to the next item, as far as they are written.
    pub(super) size: usize,
    /// The same if C had laid the item out.
    padded: usize,
    /// The fewest bytes more that the item may have without a letter for them; 0 where it has all of them.
    hidden: usize,
    align: usize,
    /// Whether what stands under `@` is aligned if all padding is written.
    pub(super) keeps_promise: bool,
}

/// The fields of a record, and where the last one ends.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) fields: Vec<Field>,
    /// The end of the last item.
    pub(super) end: usize,
    /// The end with the padding that C appends.
    pub(super) padded: usize,
    hidden: usize,
    align: usize,
    pub(super) keeps_promise: bool,
}

impl Reading {
    /// Places one item, the first byte of which is byte `base` of the whole format; `slack` bytes are free behind it.
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

    /// Places the items of a record, which begins at byte `base`; `closing` is the mark in force at its end.
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
            // What follows an item leaves it no room but its own padding.
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
        // Padding at the end of this record, or at that of one which ends with it.
        let own = least_padding(end, align_of_codes, align);
        let hidden = if own == 0 || hidden == 0 { own.max(hidden) } else { own.min(hidden) };
        Ok(Fields { fields, end, padded: rounded(padded.max(end))?, hidden, align, keeps_promise })
    }

    /// The itemsize of each of `count` records, behind all of which are `slack` bytes.
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
                // A record at the end of this one may have been given room that this one has not.
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

    /// Whether C's alignment matters to what stands under a mark.
    fn aligns(self, mark: Mark) -> bool {
        match self.padding {
            Padding::Aligned => mark == Mark::Native,
            Padding::Ctypes => !matches!(mark, Mark::Standard | Mark::Unaligned),
            // NumPy writes the same record with `@` or with `=`, as the memory is aligned or not.
            Padding::Explicit | Padding::Open => true,
        }
    }
}

/// The format of a code under a mark.
pub(super) fn scalar(code: Code, itemsize: usize, mark: Mark) -> Format {
    let dtype = Dtype { kind: code.kind, itemsize };
    let byte_order = if dtype.has_byte_order() { mark.byte_order() } else { ByteOrder::Native };
    Format::scalar(dtype, byte_order)
}

/// The fewest bytes that C may append to a record that ends at `end`; the records in it may be packed, and need none.
fn least_padding(end: usize, align_of_codes: usize, align: usize) -> usize {
    if !end.is_multiple_of(align_of_codes) {
        align_of_codes - end % align_of_codes
    } else if !end.is_multiple_of(align) {
        1 << end.trailing_zeros()
    } else {
        0
    }
}

/// The bytes of padding between an item and the next one; `at_end` of them where there is none.
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
