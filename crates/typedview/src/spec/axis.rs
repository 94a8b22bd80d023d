//! The axes of a spec: whether each holds pointers, how far apart its indices are, and how long it is.
//! Only this file has the rules about which axis may be contiguous. Parsing, showing and checking use these rules.

use crate::error::SpecFault;
use crate::layout::Order;
use alloc::vec;
use alloc::vec::Vec;

/// What a spec asks of one axis.
///
/// # Examples
///
/// ```
/// use typedview::{Axis, AxisAccess, Packing, Spec};
///
/// let spec = Spec::parse("double[:, 3::1]")?;
/// let [rows, columns] = spec.axes().unwrap() else { unreachable!("the spec has two axes") };
/// assert_eq!(*rows, Axis { access: AxisAccess::Direct, packing: Packing::Packed, extent: None });
/// assert_eq!((columns.packing, columns.extent), (Packing::Contiguous, Some(3)));
/// assert_eq!(Spec::parse("double[...]")?.axes(), None);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axis {
    /// Whether the axis holds elements or pointers.
    pub access: AxisAccess,
    /// How far apart the indices of the axis are.
    pub packing: Packing,
    /// The number of indices, or `None` when any number is accepted.
    pub extent: Option<usize>,
}

/// What an axis holds.
///
/// See [`Axis`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AxisAccess {
    /// Elements, or rows of elements: the axis has no suboffset.
    Direct,
    /// Pointers: the axis has a suboffset of 0 or more.
    Indirect,
    /// Either elements or pointers, as found.
    Generic,
}

/// How far apart the indices of an axis are.
///
/// At most one direct axis may be contiguous: the last axis, or the first axis after those that hold pointers.
///
/// See [`Axis`] for an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Any stride.
    Strided,
    /// The indices are one element apart, or one pointer apart on an indirect axis.
    Contiguous,
    /// The stride leaves no gap between this axis and its neighbour, as in a block in C or Fortran order.
    Packed,
}

/// The axes that have to form one block: the axes from `first` to the last one.
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

    fn is_contiguous_direct(&self) -> bool {
        self.is_direct() && self.packing == Packing::Contiguous
    }
}

/// Returns `ndim` axes for a layout type: generic axes if it is `indirect`, else direct axes packed in `order`.
pub(super) fn of_layout(ndim: usize, order: Order, indirect: bool) -> Vec<Axis> {
    if indirect {
        return vec![Axis { access: AxisAccess::Generic, ..Axis::STRIDED }; ndim];
    }
    let mut axes = vec![Axis::STRIDED; ndim];
    pack(&mut axes, order);
    axes
}

/// Packs direct axes in `order`. With [`Order::Pitched`] only the last axis has no gaps, with [`Order::Strided`] no axis has to.
pub(super) fn pack(axes: &mut [Axis], order: Order) {
    let others = if order.is_block() { Packing::Packed } else { Packing::Strided };
    axes.iter_mut().for_each(|axis| axis.packing = others);
    let contiguous = match order {
        Order::C | Order::Pitched => axes.last_mut(),
        Order::F => axes.first_mut(),
        Order::Strided => None,
    };
    if let Some(axis) = contiguous {
        axis.packing = Packing::Contiguous;
    }
}

/// Returns the block that the last axes have to form, if the spec asks for one.
pub(super) fn block(axes: &[Axis]) -> Option<Block> {
    let first = run_before(axes, axes.len());
    let (contiguous, rest) = (contiguous_axis(axes)?, axes.get(first..)?);
    let one_block = rest.iter().filter(|axis| axis.packing != Packing::Packed).eq([axes.get(contiguous)?]);
    let order = if contiguous + 1 == axes.len() { Order::C } else { Order::F };
    (one_block && contiguous >= first).then_some(Block { first, order })
}

/// Checks which axes are contiguous, and packs the axes around the one that was written `::1` as a block.
///
/// `written_as_one` is the axis that was written `::1`, if there is one.
///
/// # Errors
///
/// Fails when an axis is contiguous where it must not be. The error contains the axis at fault.
// These are Cython's rules, except that here a block may also follow a generic axis.
pub(super) fn arrange(axes: &mut [Axis], written_as_one: Option<usize>) -> Result<(), (SpecFault, usize)> {
    let Some(contiguous) = contiguous_axis(axes) else {
        return Ok(());
    };
    let after = |wanted: &dyn Fn(&Axis) -> bool| {
        axes.iter().enumerate().skip(contiguous + 1).find(|(_, axis)| wanted(axis)).map(|(place, _)| place)
    };
    if let Some(second) = after(&Axis::is_contiguous_direct) {
        return Err((SpecFault::SecondContiguous, second));
    }
    let must_not_follow = |axis: &Axis| {
        axis.access == AxisAccess::Indirect || written_as_one.is_some() && axis.access == AxisAccess::Generic
    };
    if let Some(indirect) = after(&must_not_follow) {
        return Err((SpecFault::IndirectAfterContiguous, indirect));
    }
    let (first, last) = (run_before(axes, contiguous), axes.len() - 1);
    if contiguous != first && contiguous != last {
        return Err((SpecFault::ContiguousElsewhere { first, last }, contiguous));
    }
    if written_as_one.is_some() {
        pack(&mut axes[first..], if contiguous == last { Order::C } else { Order::F });
    }
    Ok(())
}

/// Returns the first direct axis that is contiguous.
pub(super) fn contiguous_axis(axes: &[Axis]) -> Option<usize> {
    axes.iter().position(Axis::is_contiguous_direct)
}

/// Returns the first axis of the run of direct axes that ends before `end`.
fn run_before(axes: &[Axis], end: usize) -> usize {
    axes[..end].iter().rposition(|axis| !axis.is_direct()).map_or(0, |pointers| pointers + 1)
}
