//! Byte-order marks: what `@ ^ = < > !` say about the codes behind them.
//! Apart because a mark says three things at once: the order of the bytes, the sizes, and whether C aligns them.

/// The order of the bytes in an element, seen from this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ByteOrder {
    /// As this machine reads them; also every element of one byte.
    Native,
    /// The other way round.
    Swapped,
}

/// A mark, which holds until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `@`: as C has it. The mark of a format without one.
    Native,
    /// `^`: C's sizes, no alignment.
    Unaligned,
    /// `=`: sizes of the standard, this machine's order.
    Standard,
    /// `<`.
    Little,
    /// `>` and `!`.
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

    /// The mark for the bytes of another machine, sizes of the standard.
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

    /// Whether the mark is this machine's order by its name: `<` on a little-endian one.
    pub(super) fn names_native_order(self) -> bool {
        matches!(self, Self::Little | Self::Big) && self != Self::SWAPPED
    }
}
