//! Parsing specs: turns a text into elements, axes and access, or finds the part of the text that is at fault.
//! The text is split at brackets, bars, commas and colons. White space around a part never matters.

use super::axis::{Axis, AxisAccess, Packing, arrange};
use super::{Access, Spec, WantedElement, names};
use crate::error::{Error, SpecError, SpecFault};
use crate::limits::MAX_NDIM;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::str::FromStr;

/// The names that may follow `::`.
const AXIS_NAMES: [(&str, AxisAccess, Packing); 5] = [
    ("strided", AxisAccess::Direct, Packing::Strided),
    ("contiguous", AxisAccess::Direct, Packing::Contiguous),
    ("indirect", AxisAccess::Indirect, Packing::Strided),
    ("indirect_contiguous", AxisAccess::Indirect, Packing::Contiguous),
    ("generic", AxisAccess::Generic, Packing::Strided),
];

impl Spec {
    /// Parses the text of a spec.
    ///
    /// # Errors
    ///
    /// Fails with [`ErrorKind::Spec`](crate::ErrorKind::Spec) when the text does not follow the notation. The message
    /// says what is wrong, then shows the text, then a mark under the part at fault.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Spec;
    ///
    /// let spec = Spec::parse("const f32 | f64 [:, ::view.contiguous]")?;
    /// assert_eq!(spec.to_string(), "const float | double[:, ::contiguous]");
    ///
    /// let error = Spec::parse("double[::1, ::1]").unwrap_err().to_string();
    /// assert_eq!(error.lines().collect::<Vec<_>>(), [
    ///     "only one axis may be contiguous",
    ///     "  double[::1, ::1]",
    ///     "              ^^^",
    /// ]);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        spec(Part { text, start: 0 })
            .map_err(|(fault, part)| SpecError::new(fault, text, part.start..part.end()).into())
    }
}

impl FromStr for Spec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// A part of the text, and the byte offset at which it begins.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    start: usize,
}

/// What is wrong, and the part of the text that is at fault.
type Fault<'a> = (SpecFault, Part<'a>);

impl<'a> Part<'a> {
    fn end(self) -> usize {
        self.start + self.text.len()
    }

    fn is_empty(self) -> bool {
        self.text.is_empty()
    }

    fn trim(self) -> Self {
        let text = self.text.trim_start();
        Self { text: text.trim_end(), start: self.end() - text.len() }
    }

    /// Returns the empty part that follows this one. It marks the position where something is missing.
    fn after(self) -> Self {
        Self { text: "", start: self.end() }
    }

    /// Splits at the first `mark`, and returns the parts before and after it.
    fn cut(self, mark: char) -> Option<(Self, Self)> {
        let (before, behind) = self.text.split_once(mark)?;
        let start = self.end() - behind.len();
        Some((Self { text: before, start: self.start }.trim(), Self { text: behind, start }.trim()))
    }

    /// Splits at the bracket that opens the axes, and returns the parts before and after it.
    fn cut_axes(self) -> Option<(Self, Self)> {
        let mut from = 0;
        loop {
            let at = from + self.text[from..].find('[')?;
            let (before, behind) = (&self.text[..at], &self.text[at + 1..]);
            let Some(length) = names::in_brackets(before, behind) else {
                let start = self.end() - behind.len();
                let before = Self { text: before, start: self.start };
                return Some((before.trim(), Self { text: behind, start }.trim()));
            };
            from = at + 1 + length;
        }
    }

    fn split(self, mark: char) -> impl Iterator<Item = Self> {
        let mut start = self.start;
        self.text.split(mark).map(move |text| {
            let part = Self { text, start };
            start += text.len() + mark.len_utf8();
            part.trim()
        })
    }

    fn fault<X>(self, fault: SpecFault) -> Result<X, Fault<'a>> {
        Err((fault, self))
    }
}

fn spec(text: Part<'_>) -> Result<Spec, Fault<'_>> {
    let text = text.trim();
    let (head, bracketed) = text.cut_axes().unwrap_or((text, text.after()));
    let (access, unions) = access(head);
    let mut elements = Vec::new();
    for part in unions.split('|') {
        let element = element(part)?;
        // `long | long long` is one element on some machines and two on others, so a repeated element is not an error.
        if !elements.contains(&element) {
            elements.push(element);
        }
    }
    if head.end() == text.end() {
        return text.after().fault(SpecFault::NoAxes);
    }
    let Some((inner, rest)) = bracketed.cut(']') else {
        return text.after().fault(SpecFault::NotClosed);
    };
    if !rest.is_empty() {
        return rest.fault(SpecFault::Trailing);
    }
    let axes = if inner.text == "..." { None } else { Some(axes(inner)?) };
    Ok(Spec { elements, axes, access })
}

/// Returns the access, and the part with the elements that follows it.
fn access(head: Part<'_>) -> (Access, Part<'_>) {
    match head.text.strip_prefix("const") {
        Some(text) if text.is_empty() || text.starts_with(char::is_whitespace) => {
            let start = head.end() - text.len();
            (Access::Read, Part { text, start }.trim())
        }
        _ => (Access::Write, head),
    }
}

fn element(part: Part<'_>) -> Result<WantedElement, Fault<'_>> {
    let name = part.text;
    if part.is_empty() {
        return part.fault(SpecFault::NoElement);
    }
    if let Some(format) = names::find(name) {
        return Ok(WantedElement::Element(format));
    }
    if name.split_whitespace().any(|word| word == "const") {
        return part.fault(SpecFault::InnerConst);
    }
    let is_letter = |c: char| c.is_alphabetic() || c == '_';
    if !name.starts_with(is_letter) || !name.chars().all(|c| is_letter(c) || c.is_alphanumeric()) {
        return part.fault(SpecFault::UnknownElement);
    }
    Ok(WantedElement::Record(name.to_string(), None))
}

fn axes(inner: Part<'_>) -> Result<Vec<Axis>, Fault<'_>> {
    let mut axes = Vec::new();
    let mut one = None;
    if inner.is_empty() {
        return Ok(axes);
    }
    for part in inner.split(',') {
        if axes.len() == MAX_NDIM {
            return part.fault(SpecFault::TooManyAxes { most: MAX_NDIM });
        }
        let (axis, is_one) = axis(part)?;
        if is_one && one.is_none() {
            one = Some(axes.len());
        }
        axes.push(axis);
    }
    arrange(&mut axes, one).map_err(|(fault, axis)| (fault, inner.split(',').nth(axis).unwrap_or(inner)))?;
    Ok(axes)
}

/// Parses an axis, and returns with it whether it was written `::1`.
fn axis(part: Part<'_>) -> Result<(Axis, bool), Fault<'_>> {
    let mut pieces = part.split(':');
    let pieces = [pieces.next(), pieces.next(), pieces.next(), pieces.next()];
    let (length, step) = match pieces {
        _ if part.is_empty() => return part.fault(SpecFault::NoAxis),
        _ if part.text == "..." => return part.fault(SpecFault::InnerEllipsis),
        [Some(length), None, ..] if is_number(length.text) => (length, None),
        [Some(start), Some(stop), None, _] if start.is_empty() && stop.is_empty() => (start, None),
        [Some(length), Some(stop), Some(step), None]
            if stop.is_empty() && (length.is_empty() || is_number(length.text)) =>
        {
            (length, Some(step))
        }
        _ => return no_axis(part),
    };
    let extent = match length.text {
        "" => None,
        digits => match digits.parse() {
            Ok(extent) => Some(extent),
            Err(_) => return length.fault(SpecFault::Length),
        },
    };
    let (access, packing, is_one) = match step {
        Some(step) if !step.is_empty() => packing(step)?,
        _ => (AxisAccess::Direct, Packing::Strided, false),
    };
    Ok((Axis { access, packing, extent }, is_one))
}

/// Parses the part after `::`, and returns with it whether it is `1`.
fn packing(step: Part<'_>) -> Result<(AxisAccess, Packing, bool), Fault<'_>> {
    if is_number(step.text) && step.text.trim_start_matches('0') == "1" {
        return Ok((AxisAccess::Direct, Packing::Contiguous, true));
    }
    if is_signed_number(step.text) {
        return step.fault(SpecFault::Step);
    }
    match axis_name(step.text) {
        Some((_, access, packing)) => Ok((*access, *packing, false)),
        None => step.fault(SpecFault::UnknownPacking),
    }
}

/// Returns the error about a part that is not an axis.
fn no_axis<X>(part: Part<'_>) -> Result<X, Fault<'_>> {
    let pieces = || part.split(':');
    if let Some(name) = pieces().find(|piece| axis_name(piece.text).is_some()) {
        return name.fault(SpecFault::NameBeforeColons);
    }
    let is_range = pieces().nth(1).is_some() && pieces().nth(3).is_none();
    if is_range && pieces().all(|piece| piece.is_empty() || is_signed_number(piece.text)) {
        return part.fault(SpecFault::Range);
    }
    part.fault(SpecFault::UnknownAxis)
}

/// Returns what the name of an axis means. The name may include the module that it has in Cython.
fn axis_name(name: &str) -> Option<&'static (&'static str, AxisAccess, Packing)> {
    let name = name.strip_prefix("cython.").unwrap_or(name);
    let name = name.strip_prefix("view.").unwrap_or(name);
    AXIS_NAMES.iter().find(|(known, ..)| *known == name)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_signed_number(text: &str) -> bool {
    is_number(text.strip_prefix(['-', '+']).unwrap_or(text))
}
