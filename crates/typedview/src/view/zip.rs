//! Several views of one shape, element by element, in the order that suits their memory best.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy::Plan;
use crate::element::Element;
use crate::error::{Error, LayoutError, or_refuse};
use crate::layout::{Direct, Layout};
use crate::raw::Raw;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A view that takes part in [`zip`]: readable ones give values, writable ones a [`ElementRef`].
///
/// Out of reach of others, as [`Operands`] is: visiting relies on shapes that have been checked.
pub trait Operand {
    /// What the closure gets of each element.
    type Item;

    #[doc(hidden)]
    type Element: Element;
    #[doc(hidden)]
    type Layout: Direct;

    #[doc(hidden)]
    fn raw(&self) -> Raw<Self::Element, Self::Layout>;

    /// # Safety
    ///
    /// `place` is that of an element of this view, visited once.
    #[doc(hidden)]
    unsafe fn item(place: NonNull<u8>) -> Self::Item;
}

/// One element of a writable view: read it, set it.
pub struct ElementRef<'a, T> {
    place: NonNull<u8>,
    memory: PhantomData<&'a mut T>,
}

impl<T: Element> ElementRef<'_, T> {
    /// The element.
    #[inline]
    #[must_use]
    pub fn get(&self) -> T {
        // SAFETY: the promise to `Operand::item`: a place of a view that is borrowed, to read and write.
        unsafe { self.place.cast::<T>().read_unaligned() }
    }

    /// Sets the element.
    #[inline]
    pub fn set(&mut self, value: T) {
        // SAFETY: as above; E2.
        unsafe { value.write_to(self.place.as_ptr()) }
    }
}

impl<T: Element + fmt::Debug> fmt::Debug for ElementRef<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ElementRef").field(&self.get()).finish()
    }
}

macro_rules! operands {
    ($($view:ident: |$place:ident| $item:ty = $make:expr;)*) => {$(
        impl<'a, T: Element, L: Direct> Operand for $view<'a, T, L> {
            type Item = $item;
            type Element = T;
            type Layout = L;

            #[inline]
            fn raw(&self) -> Raw<T, L> {
                self.raw.clone()
            }

            #[inline]
            unsafe fn item($place: NonNull<u8>) -> $item {
                $make
            }
        }
    )*};
}

operands! {
    // SAFETY: V1, V2 and V3 or V5.
    View: |place| T = unsafe { Raw::<T, L>::read(place) };
    // SAFETY: as above.
    CellView: |place| T = unsafe { Raw::<T, L>::read(place) };
    ViewMut: |place| ElementRef<'a, T> = ElementRef { place, memory: PhantomData };
    CellViewMut: |place| ElementRef<'a, T> = ElementRef { place, memory: PhantomData };
}

/// Views of one shape, to be visited together.
#[derive(Debug)]
pub struct Zip<O>(O);

/// Views of one shape, to be visited together, in the order that suits the memory of the first one best.
///
/// The order is unspecified.
///
/// # Panics
///
/// If the shapes differ.
///
/// # Examples
///
/// `z = a * x + y`, whatever the layouts:
///
/// ```
/// use typedview::{Owned, View, zip};
///
/// let x = View::from(&[[1.0, 2.0], [3.0, 4.0]]);
/// let y = x.transpose();
/// let mut z = Owned::<f64, _>::zeroed([2, 2]);
/// zip((z.view_mut(), x, y)).for_each(|(mut z, x, y)| z.set(2.0 * x + y));
/// assert_eq!(z.view().to_vec(), [3.0, 7.0, 8.0, 12.0]);
/// ```
#[must_use]
#[track_caller]
pub fn zip<O: Operands>(operands: O) -> Zip<O> {
    or_refuse(try_zip(operands))
}

/// Does what [`zip`] does, and returns the error instead of panicking.
///
/// # Errors
///
/// If the shapes differ.
pub fn try_zip<O: Operands>(operands: O) -> Result<Zip<O>, Error> {
    operands.check_shapes()?;
    Ok(Zip(operands))
}

impl<O: Operands> Zip<O> {
    /// Calls `visit` with the elements at each index, once.
    #[inline]
    pub fn for_each(self, visit: impl FnMut(O::Items)) {
        self.0.visit(visit);
    }
}

/// Two to four views, in a tuple.
pub trait Operands {
    /// What the closure gets.
    type Items;

    #[doc(hidden)]
    fn check_shapes(&self) -> Result<(), Error>;

    /// Calls `visit` with the elements at each index, once; the shapes are equal.
    #[doc(hidden)]
    fn visit(self, visit: impl FnMut(Self::Items));
}

macro_rules! zipped {
    ($count:literal: $($operand:ident $number:tt $place:ident),*) => {
        impl<$($operand: Operand),*> Operands for ($($operand,)*) {
            type Items = ($($operand::Item,)*);

            fn check_shapes(&self) -> Result<(), Error> {
                let first = self.0.raw();
                let wanted = first.layout().shape();
                $(
                    let raw = self.$number.raw();
                    if raw.layout().shape() != wanted {
                        let found = raw.layout().shape().into();
                        return Err(LayoutError::ZipShape { operand: $number, wanted: wanted.into(), found }.into());
                    }
                )*
                Ok(())
            }

            #[inline]
            fn visit(self, mut visit: impl FnMut(Self::Items)) {
                let raws = ($(self.$number.raw(),)*);
                let itemsizes = [$(size_of::<$operand::Element>().cast_signed()),*];
                let strides = |axis| [$(raws.$number.layout().stride(axis, size_of::<$operand::Element>())),*];
                let plan: Plan<$count> = Plan::new(raws.0.layout().shape(), strides);
                let firsts = [$(raws.$number.as_ptr().cast::<u8>()),*];
                plan.for_each_run(false, |offsets, length, strides| {
                    // SAFETY: the plan gives offsets of elements (R1).
                    let [$($place),*] = core::array::from_fn(|k| unsafe { firsts[k].offset(offsets[k]) });
                    let mut at = |i: usize, strides: [isize; $count]| {
                        $(
                            // SAFETY: the run has more than `i` elements (R1).
                            let $place = unsafe { $place.offset(strides[$number] * i.cast_signed()) };
                            // SAFETY: R1: a place inside memory is not null.
                            let $place = unsafe { NonNull::new_unchecked($place) };
                        )*
                        // SAFETY: each index is visited once.
                        visit(($(unsafe { $operand::item($place) },)*));
                    };
                    // Constant strides are what lets the loop vectorise.
                    if strides == itemsizes {
                        (0..length).for_each(|i| at(i, itemsizes));
                    } else {
                        (0..length).for_each(|i| at(i, strides));
                    }
                });
            }
        }
    };
}

zipped!(2: A 0 a, B 1 b);
zipped!(3: A 0 a, B 1 b, C 2 c);
zipped!(4: A 0 a, B 1 b, C 2 c, D 3 d);
