//! Byte-order marks: what `@ ^ = < > !` say about the codes that follow them.
//! They have a file of their own, because a mark says three things at once: the byte order, the sizes, and whether
//! elements are aligned as in C.

/// The byte order of an element, relative to this machine.
///
/// # Examples
///
/// ```
/// use typedview::{Big, ByteOrder, Element, Little};
///
/// assert_eq!(f64::BYTE_ORDER, ByteOrder::Native);
/// assert_ne!(Big::<f64>::BYTE_ORDER, Little::<f64>::BYTE_ORDER);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// The byte order of this machine. Every element of one byte has it, too.
    Native,
    /// The opposite of this machine's byte order.
    Swapped,
}

/// A byte-order mark, which holds until the next mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `@`: C's sizes and alignment, and this machine's byte order. A format that begins without a mark has this one.
    Native,
    /// `^`: C's sizes and this machine's byte order, without alignment.
    Unaligned,
    /// `=`: the standard sizes and this machine's byte order.
    Standard,
    /// `<`: the standard sizes and little-endian byte order.
    Little,
    /// `>` and `!`: the standard sizes and big-endian byte order.
    Big,
}

impl Mark {
    pub(super) fn of(letter: u8) -> Option<Self> {
        Some(match letter {
            b'@' => Self::Native,
            b'^' => Self::Unaligned,
            b'=' => Self::Standard,
            b'<' => Self::Little,
            b'>' | b'!' => Self::Big,
            _ => return None,
        })
    }

    /// The mark for the byte order that this machine does not have, with the standard sizes.
    pub(super) const SWAPPED: Self = if cfg!(target_endian = "little") { Self::Big } else { Self::Little };

    pub(super) fn letter(self) -> char {
        match self {
            Self::Native => '@',
            Self::Unaligned => '^',
            Self::Standard => '=',
            Self::Little => '<',
            Self::Big => '>',
        }
    }

    pub(super) fn byte_order(self) -> ByteOrder {
        if self == Self::SWAPPED { ByteOrder::Swapped } else { ByteOrder::Native }
    }

    pub(super) fn has_native_sizes(self) -> bool {
        matches!(self, Self::Native | Self::Unaligned)
    }

    /// Returns whether the mark names this machine's byte order explicitly, as `<` does on a little-endian machine.
    pub(super) fn names_native_order(self) -> bool {
        matches!(self, Self::Little | Self::Big) && self != Self::SWAPPED
    }
}
