//! Errors about the text of a spec.
//! The types are plain data. `Display` builds one sentence and, below it, the spec with a mark under the fault.

use alloc::string::String;
use core::fmt;
use core::ops::Range;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpecError {
    fault: SpecFault,
    /// The text of the spec on one line, with as many characters as were given.
    text: String,
    /// The range of characters at fault. It is empty when something is missing.
    at: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SpecFault {
    NoElement,
    UnknownElement,
    /// `const` is not at the start of the spec.
    InnerConst,
    NoAxes,
    NotClosed,
    Trailing,
    NoAxis,
    UnknownAxis,
    /// `...` is given together with other axes.
    InnerEllipsis,
    /// An axis is given as a range: `1:`, `:5`.
    Range,
    /// The name of an axis does not follow two colons: `indirect:`.
    NameBeforeColons,
    UnknownPacking,
    Step,
    /// A length is more than `usize` can count.
    Length,
    TooManyAxes {
        most: usize,
    },
    SecondContiguous,
    ContiguousElsewhere {
        first: usize,
        last: usize,
    },
    IndirectAfterContiguous,
}

impl SpecError {
    /// Creates the error for a fault at the byte range `at` of `text`.
    pub(crate) fn new(fault: SpecFault, text: &str, at: Range<usize>) -> Self {
        let characters_to = |end: usize| text.char_indices().take_while(|(i, _)| *i < end).count();
        let at = characters_to(at.start)..characters_to(at.end);
        let on_one_line = |c: char| if c.is_control() || c.is_whitespace() { ' ' } else { c };
        Self { fault, text: text.chars().map(on_one_line).collect(), at }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { fault, text, at } = self;
        let named: String = text.chars().skip(at.start).take(at.len()).collect();
        fault.explain(f, &named)?;
        // The spaces are repeated here because a width of the formatter cannot be more than 65535.
        write!(f, "\n  {text}\n  {}{}", " ".repeat(at.start), "^".repeat(at.len().max(1)))
    }
}

impl SpecFault {
    /// Writes what is wrong; `named` is the part of the text at fault.
    fn explain(&self, f: &mut fmt::Formatter<'_>, named: &str) -> fmt::Result {
        match self {
            Self::NoElement => f.write_str("an element is missing"),
            Self::UnknownElement => write!(f, "'{named}' names no element"),
            Self::InnerConst => f.write_str("'const' stands once, before all elements"),
            Self::NoAxes => f.write_str("the axes are missing: give '[:]' for one, '[...]' for any number"),
            Self::NotClosed => f.write_str("the bracket is not closed"),
            Self::Trailing => f.write_str("nothing may follow the axes"),
            Self::NoAxis => f.write_str("an axis is missing"),
            Self::UnknownAxis => write!(f, "'{named}' is no axis: give ':', '::1' or a length"),
            Self::InnerEllipsis => f.write_str("'...' stands alone: it is any number of axes"),
            Self::Range => f.write_str("a range is no axis: give ':' or a length"),
            Self::NameBeforeColons => f.write_str("the name of an axis stands after '::'"),
            Self::UnknownPacking => write!(
                f,
                "'{named}' says nothing about an axis: give 1, strided, contiguous, indirect, \
                 indirect_contiguous or generic"
            ),
            Self::Step => f.write_str("the step of an axis may only be 1"),
            Self::Length => f.write_str("a length exceeds the address space"),
            Self::TooManyAxes { most } => write!(f, "there may be at most {most} axes"),
            Self::SecondContiguous => f.write_str("only one axis may be contiguous"),
            Self::ContiguousElsewhere { first, last } => {
                write!(f, "only axis {first} or {last} may be contiguous")
            }
            Self::IndirectAfterContiguous => f.write_str("an indirect axis may not follow a contiguous one"),
        }
    }
}
