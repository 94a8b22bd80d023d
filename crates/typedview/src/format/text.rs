//! The grammar of formats: it turns bytes into items, each with its mark, shape, code and name.
//! Nothing is placed here: `place` determines which bytes of memory an item takes.

use super::code::{Code, NoCode};
use super::mark::Mark;
use crate::dtype::Kind;
use crate::error::FormatFault;
use crate::limits::{MAX_DEPTH, MAX_NDIM};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

/// One code or one `T{}`, with its mark, shape and name.
#[derive(Debug)]
pub(super) struct Item<'a> {
    /// The position in the text of the byte at which the item begins.
    pub(super) at: usize,
    /// The mark in force at the end of the item.
    pub(super) mark: Mark,
    /// The extents in brackets, followed by the count. It is empty for a single element.
    pub(super) shape: Vec<usize>,
    pub(super) what: What<'a>,
    pub(super) name: Option<&'a str>,
    name_at: usize,
}

#[derive(Debug)]
pub(super) enum What<'a> {
    /// A code and its length. The length is the count before the code, if a count is a length there, and otherwise 1.
    Code(Code, usize),
    Record(Vec<Item<'a>>),
}

/// What the text of a format tells about the exporter that wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clues {
    /// Whether NumPy may have written the text. NumPy writes a mark only before a code and only where the mark
    /// changes. It writes padding as single `x`, writes a name for every field, and does not write `u`.
    pub(super) may_be_numpy: bool,
    /// Whether ctypes may have written the text. ctypes writes `<` or `>` before every code, except before the `B`
    /// that it writes for a type that it cannot describe.
    pub(super) may_be_ctypes: bool,
    pub(super) has_wide_text: bool,
    /// Whether a `B` has no mark of its own. It is a type that ctypes cannot describe, or a byte in the text of another
    /// exporter.
    pub(super) has_bare_byte: bool,
}

/// The text of a format that is being read.
#[derive(Debug)]
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    level: usize,
    /// The position of a record at the last level that is allowed.
    deepest: Option<usize>,
    pub(super) mark: Mark,
    pub(super) clues: Clues,
}

impl Item<'_> {
    /// Returns whether the item is padding between other items. An `x` with a name is a field, as for NumPy's reader.
    pub(super) fn is_padding(&self) -> bool {
        self.name.is_none() && matches!(self.what, What::Code(Code { kind: Kind::Void, .. }, _))
    }
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let clues =
            Clues { may_be_numpy: true, may_be_ctypes: true, has_wide_text: false, has_bare_byte: false };
        Self { bytes, at: 0, level: 0, deepest: None, mark: Mark::Native, clues }
    }

    /// Skips white space, and returns whether nothing else is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.skip_space();
        self.at == self.bytes.len()
    }

    /// Reads the items up to the end of the text. Returns them after `first`, which has already been read.
    pub(super) fn rest(&mut self, first: Item<'a>) -> Result<Vec<Item<'a>>, FormatFault> {
        let mut items = Vec::from([first]);
        while !self.is_at_end() {
            let item = self.item()?;
            push(&mut items, item);
        }
        // Several items are a record themselves, which is one more level.
        if let Some(at) = self.deepest.filter(|_| items.len() > 1) {
            return Err(FormatFault::TooDeep { at, most: MAX_DEPTH });
        }
        distinct_names(&items)?;
        Ok(items)
    }

    /// Reads one item: `[mark] [(shape)] [mark] [count] code [:name:]`. White space may be before it, and after marks
    /// and shapes.
    pub(super) fn item(&mut self) -> Result<Item<'a>, FormatFault> {
        self.skip_space();
        let at = self.at;
        let mut marked = self.mark();
        let mut shape = self.shape()?;
        if !shape.is_empty() {
            marked |= self.mark();
        }
        let count = self.count()?;
        let Some(&letter) = self.bytes.get(self.at) else {
            return Err(if self.at == at { FormatFault::Empty } else { FormatFault::NoCode { at: self.at } });
        };
        let is_length = Code::takes_length(letter);
        let what = match letter {
            b'T' => What::Record(self.record()?),
            b'}' if self.at == at && self.level == 0 => return Err(FormatFault::NotOpened { at }),
            b'}' | b'(' => return Err(FormatFault::NoCode { at: self.at }),
            b':' if self.at == at => return Err(FormatFault::NameOfNothing { at }),
            b':' => return Err(FormatFault::NoCode { at: self.at }),
            _ => What::Code(self.code(letter)?, if is_length { count.unwrap_or(1) } else { 1 }),
        };
        if !is_length && let Some(count) = count.filter(|count| *count != 1) {
            shape.push(count);
        }
        if shape.len() > MAX_NDIM {
            return Err(FormatFault::TooManyAxes { at, most: MAX_NDIM });
        }
        let name_at = self.at;
        let name = self.name()?;
        let item = Item { at, mark: self.mark, shape, what, name, name_at };
        self.note(&item, letter, marked, count.is_some());
        Ok(item)
    }

    /// Stores what an item tells about the exporter that wrote it.
    fn note(&mut self, item: &Item<'_>, letter: u8, marked: bool, counted: bool) {
        let in_record = self.level > 0;
        if item.is_padding() {
            self.clues.may_be_numpy &= in_record && !counted && item.shape.is_empty();
            return;
        }
        self.clues.may_be_numpy &= item.name.is_some() == in_record;
        if let What::Record(_) = item.what {
            self.clues.may_be_numpy &= !marked;
        }
        if let What::Code(code, _) = item.what {
            self.clues.has_wide_text |= code.is_wide();
            // NumPy writes `=` for this machine's byte order, and `<` or `>` only for the other one.
            self.clues.may_be_numpy &= !code.is_wide() && !self.mark.names_native_order();
            self.clues.has_bare_byte |= letter == b'B' && !marked;
            self.clues.may_be_ctypes &=
                letter == b'B' || marked && matches!(self.mark, Mark::Little | Mark::Big);
        }
    }

    /// Reads `T{...}`, starting at the `T`.
    fn record(&mut self) -> Result<Vec<Item<'a>>, FormatFault> {
        let opening = self.at;
        self.at += 1;
        if !self.take(b'{') {
            return Err(FormatFault::NoBrace { at: opening });
        }
        if self.level == MAX_DEPTH {
            return Err(FormatFault::TooDeep { at: opening, most: MAX_DEPTH });
        }
        self.level += 1;
        if self.level == MAX_DEPTH {
            self.deepest = Some(opening);
        }
        let mut items = Vec::new();
        loop {
            if self.is_at_end() {
                return Err(FormatFault::NotClosed { opening: "T{", at: opening });
            }
            if self.take(b'}') {
                break;
            }
            let item = self.item()?;
            push(&mut items, item);
        }
        self.level -= 1;
        distinct_names(&items)?;
        Ok(items)
    }

    fn code(&mut self, letter: u8) -> Result<Code, FormatFault> {
        let (at, code) = (self.at, char::from(letter));
        let (found, letters) = Code::read(&self.bytes[at..], self.mark).map_err(|fault| match fault {
            NoCode::Unknown => FormatFault::UnknownCode { at },
            // `Zg` has two letters, and the second one is the code without a standard size.
            NoCode::NativeOnly if letter == b'Z' => FormatFault::NativeOnly { code: 'g', at: at + 1 },
            NoCode::NativeOnly => FormatFault::NativeOnly { code, at },
            NoCode::Unsupported(what) => FormatFault::Unsupported { code, at, what },
        })?;
        self.at += letters;
        Ok(found)
    }

    /// Reads a mark, if there is one, and returns whether there is. The mark holds from here on.
    fn mark(&mut self) -> bool {
        let Some(mark) = self.bytes.get(self.at).copied().and_then(Mark::of) else {
            return false;
        };
        self.clues.may_be_numpy &= mark != self.mark && !mark.names_native_order();
        self.mark = mark;
        self.at += 1;
        self.skip_space();
        true
    }

    /// Reads a shape, such as `(2,3)` or `(3)(2)`. NumPy writes a sub-array of sub-arrays in the second form.
    fn shape(&mut self) -> Result<Vec<usize>, FormatFault> {
        let mut shape = Vec::new();
        let first = self.at;
        loop {
            let opening = self.at;
            if !self.take(b'(') {
                return Ok(shape);
            }
            loop {
                self.skip_space();
                if self.at == self.bytes.len() {
                    return Err(FormatFault::NotClosed { opening: "(", at: opening });
                }
                shape.push(self.count()?.ok_or(FormatFault::NoExtent { at: self.at })?);
                if shape.len() > MAX_NDIM {
                    return Err(FormatFault::TooManyAxes { at: first, most: MAX_NDIM });
                }
                self.skip_space();
                if self.at == self.bytes.len() {
                    return Err(FormatFault::NotClosed { opening: "(", at: opening });
                }
                if self.take(b')') {
                    break;
                }
                if !self.take(b',') {
                    return Err(FormatFault::NoComma { at: self.at });
                }
            }
            self.skip_space();
        }
    }

    /// Reads a decimal number, if there is one.
    fn count(&mut self) -> Result<Option<usize>, FormatFault> {
        let at = self.at;
        let mut count = None;
        while let Some(digit) = self.bytes.get(self.at).filter(|c| c.is_ascii_digit()) {
            let larger = count.unwrap_or(0usize).checked_mul(10);
            let larger = larger.and_then(|count| count.checked_add((digit - b'0').into()));
            count = Some(larger.ok_or(FormatFault::TooLarge { at })?);
            self.at += 1;
        }
        Ok(count)
    }

    /// Reads `:name:`, if there is one. An empty name counts as no name.
    fn name(&mut self) -> Result<Option<&'a str>, FormatFault> {
        let at = self.at;
        if !self.take(b':') {
            return Ok(None);
        }
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|c| *c == b':');
        let length = length.ok_or(FormatFault::NotClosed { opening: ":", at })?;
        self.at += length + 1;
        let name = core::str::from_utf8(&rest[..length]).map_err(|_| FormatFault::NameNotUtf8 { at })?;
        if name.contains('\0') {
            return Err(FormatFault::NameHoldsNul { at });
        }
        Ok(Some(name).filter(|name| !name.is_empty()))
    }

    fn take(&mut self, letter: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&letter);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        // struct: white space is what C's `isspace` accepts, and the vertical tab belongs to it.
        let is_space = |c: &&u8| c.is_ascii_whitespace() || **c == 0x0b;
        self.at += self.bytes[self.at..].iter().take_while(is_space).count();
    }
}

/// Appends an item. Padding that follows padding becomes one item, because NumPy writes a letter for each byte.
fn push<'a>(items: &mut Vec<Item<'a>>, item: Item<'a>) {
    let is_run = |item: &Item<'_>| item.is_padding() && item.shape.is_empty();
    if is_run(&item)
        && let Some(last) = items.last_mut().filter(|last| is_run(last))
        && let (What::Code(_, length), What::Code(_, more)) = (&mut last.what, &item.what)
        && let Some(sum) = length.checked_add(*more)
    {
        *length = sum;
        return;
    }
    items.push(item);
}

fn distinct_names(items: &[Item<'_>]) -> Result<(), FormatFault> {
    let mut names = BTreeSet::new();
    match items.iter().find(|item| item.name.is_some_and(|name| !names.insert(name))) {
        Some(item) => Err(FormatFault::NameTwice { at: item.name_at }),
        None => Ok(()),
    }
}
