//! Writing formats: each format has one text, and every reader of PEP 3118 places its fields at the same offsets.
//! It is separate from reading, because it does not depend on an exporter. All padding is written, and no field of a
//! record is left to the alignment of `@`.

use super::code::{has_letters, is_native_only, letters};
use super::mark::{ByteOrder, Mark};
use super::{Format, Inner};
use alloc::string::String;
use core::fmt::Write;

impl Format {
    /// Returns the format as PEP 3118 text, for the export of elements. If [`has_pep3118`](Self::has_pep3118) is
    /// true, the text gives the same format when it is read back with the same itemsize.
    ///
    /// A `long double` in the byte order that is not this machine's is an exception: its letter, `g`, cannot be read
    /// under the mark of that byte order.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Element, Format};
    ///
    /// let native = Format::parse(b"T{h:a:i:b:(2,3)f:c:}")?;
    /// assert_eq!(native.to_pep3118(), "T{=h:a:2xi:b:(2,3)f:c:}");
    /// assert_eq!(i64::format().to_pep3118(), i64::format().code().unwrap().to_str().unwrap());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn to_pep3118(&self) -> String {
        let mut writer = Writer { text: String::new(), mark: Mark::Native, in_record: false };
        writer.format(self);
        writer.text
    }
}

struct Writer {
    text: String,
    mark: Mark,
    in_record: bool,
}

impl Writer {
    fn format(&mut self, format: &Format) {
        match &format.0 {
            Inner::Scalar { dtype, byte_order } => {
                let mark = match byte_order {
                    ByteOrder::Swapped => Mark::SWAPPED,
                    // A number alone is aligned or not as its memory is, so `@` promises nothing. In a record, `@`
                    // would promise alignment.
                    ByteOrder::Native if !self.in_record => Mark::Native,
                    ByteOrder::Native if is_native_only(*dtype) => Mark::Unaligned,
                    ByteOrder::Native => Mark::Standard,
                };
                if dtype.has_byte_order() && has_letters(*dtype) && mark != self.mark {
                    self.text.push(mark.letter());
                    self.mark = mark;
                }
                let (letters, length) = letters(*dtype, self.mark.has_native_sizes());
                self.count(length.unwrap_or(1));
                self.text.push_str(letters.to_str().unwrap_or_default());
            }
            Inner::Record(record) => {
                let outer = core::mem::replace(&mut self.in_record, true);
                self.text.push_str("T{");
                let mut end = 0;
                for field in &record.fields {
                    self.padding(field.offset() - end);
                    self.format(field.format());
                    if let Some(name) = field.name() {
                        self.text.extend([":", name, ":"]);
                    }
                    end = field.offset() + field.format().itemsize();
                }
                self.padding(record.itemsize - end);
                self.text.push('}');
                self.in_record = outer;
            }
            Inner::SubArray(array) => {
                for (i, extent) in array.shape.iter().enumerate() {
                    self.text.push(if i == 0 { '(' } else { ',' });
                    self.number(*extent);
                }
                self.text.push(')');
                self.format(&array.item);
            }
        }
    }

    /// Writes the count that precedes a letter. A count of 1 is left out.
    fn count(&mut self, count: usize) {
        if count != 1 {
            self.number(count);
        }
    }

    /// Writes padding with a count. NumPy writes one letter for each byte, so the count tells the readers of NumPy's
    /// formats, including the reader of this crate, that all padding is written.
    fn padding(&mut self, bytes: usize) {
        if bytes > 0 {
            self.count(bytes);
            self.text.push('x');
        }
    }

    fn number(&mut self, number: usize) {
        // Writing to a `String` does not fail, so the result is ignored.
        let _ = write!(self.text, "{number}");
    }
}
