//! Specs: what a consumer asks for, parsed and shown in Cython's notation, and checked against found memory.
//! One description is the basis of the check, the message and the `repr`, so these cannot disagree.

#![forbid(unsafe_code)]

mod axis;
mod check;
mod found;
mod names;
mod parse;
mod show;

use crate::element::Element;
use crate::format::Format;
use crate::layout::{Layout, Order};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

pub use axis::{Axis, AxisAccess, Packing};
pub use found::Found;
pub(crate) use found::fmt_view;

/// What a consumer asks for: element, ndim or extents, order, access.
///
/// | notation | asks for |
/// |---|---|
/// | `double[:]` | one axis of any stride, to read and write |
/// | `const double[:]` | the same, to read |
/// | `double[:, ::1]`, `double[::1, :]` | one block in C order, in Fortran order |
/// | `double[:, ::contiguous]` | a last axis without gaps; the first may have any stride |
/// | `uint8[:, :, 3]`, `uint8[:, 3::1]` | a fixed length; a fixed length in a block |
/// | `double[::indirect, ::1]` | pointers to blocks |
/// | `double[::indirect_contiguous, :]` | pointers without gaps, to rows of any stride |
/// | `double[::generic, :]` | pointers or elements, as found |
/// | `double[...]` | any number of axes |
/// | `double[]` | a single element |
/// | `float \| double[:]` | one of several elements |
///
/// Elements have the names of C (`unsigned int`), NumPy (`uint32`) and Rust (`u32`). The names of bytes and texts
/// contain their size in bytes (`bytes5`, `text12`), and the names of dates contain their unit (`datetime64[ns]`). Any
/// other identifier is the name of a record. `big-endian double` has a byte order, and `(2, 3)double` is a sub-array.
/// The name of an axis may have the prefix `view.`, as in Cython: `double[::view.indirect, :]`.
///
/// - S1. There is at least one element, and no element is given twice.
/// - S2. There are at most 64 axes, and an axis is contiguous only where [`Packing`] allows it.
///
/// # Limitations
///
/// `char` is `int8` and `bint` is `bool`. Each name has exactly one meaning in this notation, while Cython's `char`
/// accepts any byte.
///
/// # Examples
///
/// ```
/// use typedview::{Access, C, Spec, Strided};
///
/// assert_eq!(Spec::of::<f64, C<2>>(Access::Read).to_string(), "const double[:, ::1]");
/// assert_eq!(Spec::of::<i16, Strided<1>>(Access::Write), Spec::parse("short[:]")?);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    elements: Vec<WantedElement>,
    axes: Option<Vec<Axis>>,
    access: Access,
}

/// One element that a consumer accepts.
///
/// # Examples
///
/// ```
/// use typedview::{Element, Spec, WantedElement};
///
/// let spec = Spec::parse("double | quote[:]")?;
/// assert_eq!(spec.elements()[0], WantedElement::Element(f64::format()));
/// assert_eq!(spec.elements()[1], WantedElement::Record("quote".into(), None));
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WantedElement {
    /// An element with this format.
    Element(Format),
    /// A record with this name, and its format if a Rust type defines the record.
    Record(String, Option<Format>),
}

/// What a consumer is going to do with the elements.
///
/// # Examples
///
/// ```
/// use typedview::{Access, Spec};
///
/// assert_eq!(Spec::parse("const double[:]")?.access(), Access::Read);
/// assert_eq!(Spec::parse("double[:]")?.access(), Access::Write);
/// # Ok::<(), typedview::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Read the elements, as in `const double[:]`. Readonly memory is accepted.
    Read,
    /// Read and write the elements, as in `double[:]`.
    Write,
}

impl WantedElement {
    fn of<T: Element>() -> Self {
        match T::NAME {
            Some(name) => Self::Record(name.to_string(), Some(T::format())),
            None => Self::Element(T::format()),
        }
    }

    /// Returns the format of the element, if it is known.
    fn format(&self) -> Option<&Format> {
        match self {
            Self::Element(format) => Some(format),
            Self::Record(_, format) => format.as_ref(),
        }
    }
}

impl Spec {
    /// Returns the spec of a view with elements `T` and layout `L`.
    ///
    /// See [`Spec`] for an example.
    #[must_use]
    pub fn of<T: Element, L: Layout>(access: Access) -> Self {
        let axes = L::NDIM.map(|ndim| axis::of_layout(ndim, L::ORDER, L::INDIRECT));
        Self { elements: [WantedElement::of::<T>()].into(), axes, access }
    }

    /// Returns the same spec, which also accepts elements of type `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Access, Spec, Strided};
    ///
    /// let spec = Spec::of::<f32, Strided<1>>(Access::Read).or::<f64>();
    /// assert_eq!(spec.to_string(), "const float | double[:]");
    /// ```
    #[must_use]
    pub fn or<T: Element>(mut self) -> Self {
        let wanted = WantedElement::of::<T>();
        if !self.elements.contains(&wanted) {
            self.elements.push(wanted);
        }
        self
    }

    /// The elements that the spec accepts.
    ///
    /// See [`WantedElement`] for an example.
    #[must_use]
    pub fn elements(&self) -> &[WantedElement] {
        &self.elements
    }

    /// Returns whether the spec accepts elements of type `T`.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::Spec;
    ///
    /// let spec = Spec::parse("f32 | f64[:]")?;
    /// assert!(spec.takes::<f64>() && !spec.takes::<i64>());
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn takes<T: Element>(&self) -> bool {
        self.elements.iter().any(|wanted| wanted.format().is_some_and(T::reads))
    }

    /// What the spec asks of each axis, or `None` when it accepts any number of direct axes.
    ///
    /// See [`Axis`] for an example.
    #[must_use]
    pub fn axes(&self) -> Option<&[Axis]> {
        self.axes.as_deref()
    }

    /// Returns the order of the block when the spec asks for one block of all axes, else [`Order::Strided`].
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{Order, Spec};
    ///
    /// assert_eq!(Spec::parse("double[::1, :]")?.order(), Order::F);
    /// assert_eq!(Spec::parse("double[::contiguous, :]")?.order(), Order::Strided);
    /// # Ok::<(), typedview::Error>(())
    /// ```
    #[must_use]
    pub fn order(&self) -> Order {
        match self.axes().and_then(axis::block) {
            Some(block) if block.first == 0 => block.order,
            _ => Order::Strided,
        }
    }

    /// What the consumer is going to do with the elements.
    ///
    /// See [`Access`] for an example.
    #[must_use]
    pub const fn access(&self) -> Access {
        self.access
    }
}
