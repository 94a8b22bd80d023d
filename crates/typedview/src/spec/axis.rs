//! Axes of a spec: how each is reached, how it is packed, how long it is.
//! The rules about which axis may be contiguous stand here alone; parsing, showing and checking ask them.

use crate::error::SpecFault;
use crate::layout::Order;
use alloc::vec;
use alloc::vec::Vec;

/// What is asked of one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axis {
    /// Whether the axis holds elements or pointers.
    pub access: AxisAccess,
    /// How far apart its indices are.
    pub packing: Packing,
    /// The number of indices, when it is fixed.
    pub extent: Option<usize>,
}

/// What an axis holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AxisAccess {
    /// Elements, or rows of them: no suboffset.
    Direct,
    /// Pointers: a suboffset of 0 or more.
    Indirect,
    /// Either, as found.
    Generic,
}

/// How far apart the indices of an axis are.
///
/// One direct axis may be contiguous: the last, or the first after those that hold pointers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Any stride.
    Strided,
    /// One element apart, or one pointer on an indirect axis.
    Contiguous,
    /// As far as makes one block with the contiguous axis.
    Follow,
}

/// The axes that have to be one block: from `first` to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) first: usize,
    pub(super) order: Order,
}

impl Axis {
    pub(super) const STRIDED: Self =
        Self { access: AxisAccess::Direct, packing: Packing::Strided, extent: None };

    pub(super) const fn is_direct(&self) -> bool {
        matches!(self.access, AxisAccess::Direct)
    }

    fn is_unit(&self) -> bool {
        self.is_direct() && self.packing == Packing::Contiguous
    }
}

/// As many axes, in one block where `order` says so, or with pointers wherever they are found.
pub(super) fn of_layout(ndim: usize, order: Order, indirect: bool) -> Vec<Axis> {
    if indirect {
        return vec![Axis { access: AxisAccess::Generic, ..Axis::STRIDED }; ndim];
    }
    let mut axes = vec![Axis::STRIDED; ndim];
    pack(&mut axes, order);
    axes
}

/// Makes direct axes one block in `order`, or frees their strides.
pub(super) fn pack(axes: &mut [Axis], order: Order) {
    let others = if order == Order::Strided { Packing::Strided } else { Packing::Follow };
    axes.iter_mut().for_each(|axis| axis.packing = others);
    let unit = match order {
        Order::C => axes.last_mut(),
        Order::F => axes.first_mut(),
        Order::Strided => None,
    };
    if let Some(axis) = unit {
        axis.packing = Packing::Contiguous;
    }
}

/// The block that the axes end with, if they are asked to be one.
pub(super) fn block(axes: &[Axis]) -> Option<Block> {
    let first = run_before(axes, axes.len());
    let (unit, rest) = (unit(axes)?, axes.get(first..)?);
    let one_block = rest.iter().filter(|axis| axis.packing != Packing::Follow).eq([axes.get(unit)?]);
    let order = if unit + 1 == axes.len() { Order::C } else { Order::F };
    (one_block && unit >= first).then_some(Block { first, order })
}

/// Lets the others follow the axis of `::1`, and refuses contiguous axes where they cannot be.
///
/// `one` is the axis that was written `::1`; a refusal has the axis at fault.
// Cython's rules, save that a block may stand behind a generic axis, too.
pub(super) fn arrange(axes: &mut [Axis], one: Option<usize>) -> Result<(), (SpecFault, usize)> {
    let Some(unit) = unit(axes) else {
        return Ok(());
    };
    let after = |wanted: &dyn Fn(&Axis) -> bool| {
        axes.iter().enumerate().skip(unit + 1).find(|(_, axis)| wanted(axis)).map(|(place, _)| place)
    };
    if let Some(second) = after(&Axis::is_unit) {
        return Err((SpecFault::SecondContiguous, second));
    }
    let blocks = |axis: &Axis| {
        axis.access == AxisAccess::Indirect || one.is_some() && axis.access == AxisAccess::Generic
    };
    if let Some(indirect) = after(&blocks) {
        return Err((SpecFault::IndirectAfterContiguous, indirect));
    }
    let (first, last) = (run_before(axes, unit), axes.len() - 1);
    if unit != first && unit != last {
        return Err((SpecFault::Place { first, last }, unit));
    }
    if one.is_some() {
        pack(&mut axes[first..], if unit == last { Order::C } else { Order::F });
    }
    Ok(())
}

/// The direct axis that is contiguous.
pub(super) fn unit(axes: &[Axis]) -> Option<usize> {
    axes.iter().position(Axis::is_unit)
}

/// Where the direct axes that end before `end` begin.
fn run_before(axes: &[Axis], end: usize) -> usize {
    axes[..end].iter().rposition(|axis| !axis.is_direct()).map_or(0, |pointers| pointers + 1)
}
