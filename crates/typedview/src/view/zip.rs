//! `zip`: visits the elements of several views of the same shape together, in an order that suits their memory.

use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy::LoopNest;
use crate::element::Element;
use crate::error::{Error, LayoutError, or_panic};
use crate::layout::{Direct, Layout};
use crate::raw::Raw;
use core::fmt;
use core::marker::PhantomData;
use core::ptr::NonNull;

/// A view that can be passed to [`zip`]. Views that only read give values, and writable views give an [`ElementRef`].
///
/// Other crates cannot reach this trait or [`Operands`], because `visit` relies on shapes that have been checked.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view that `zip` can visit",
    label = "expected a `View`, `ViewMut`, `CellView` or `CellViewMut`, by value and without pointers on its axes",
    note = "instead of `&x`, pass `x` or `x.clone()`; instead of `&mut x`, pass `x.reborrow()`",
    note = "`x.view()` and `x.view_mut()` of an `Owned`, and `View::from(&x)` of a slice or a vector, are views"
)]
pub trait Operand {
    /// What the closure receives for each element.
    type Item;

    #[doc(hidden)]
    type Element: Element;
    #[doc(hidden)]
    type Layout: Direct;

    #[doc(hidden)]
    fn raw(&self) -> Raw<Self::Element, Self::Layout>;

    /// Returns what the closure receives for the element at `ptr`.
    ///
    /// # Safety
    ///
    /// The caller must ensure that `ptr` points to an element of this view, that the memory of the view is alive, and
    /// that this is called at most once for each index of the view.
    #[doc(hidden)]
    unsafe fn item(ptr: NonNull<u8>) -> Self::Item;
}

/// A reference to one element of a writable view, which can read and set the element.
///
/// # Examples
///
/// ```
/// use typedview::{View, ViewMut, zip};
///
/// let mut sums = [1, 2];
/// zip((ViewMut::from(&mut sums), View::from(&[10, 20]))).for_each(|(mut sum, x)| sum.set(sum.get() + x));
/// assert_eq!(sums, [11, 22]);
/// ```
pub struct ElementRef<'a, T> {
    ptr: NonNull<u8>,
    memory: PhantomData<&'a mut T>,
}

impl<T: Element> ElementRef<'_, T> {
    /// Returns the element.
    ///
    /// See [`ElementRef`] for an example.
    #[inline]
    #[must_use]
    pub fn get(&self) -> T {
        // SAFETY: the caller of `Operand::item` guarantees that `ptr` points to an element of a writable view. The
        // element is initialised and alive (V2), and nobody writes it during the read (V4 or V5).
        unsafe { self.ptr.cast::<T>().read_unaligned() }
    }

    /// Sets the element.
    ///
    /// See [`ElementRef`] for an example.
    #[inline]
    pub fn set(&mut self, value: T) {
        // SAFETY: the caller of `Operand::item` guarantees that `ptr` points to an element of a writable view. The
        // element is alive (V2), and nobody else touches it during the write (V4 or V5). Padding is not written (E2).
        unsafe { value.write_to(self.ptr.as_ptr()) }
    }
}

impl<T: Element + fmt::Debug> fmt::Debug for ElementRef<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ElementRef").field(&self.get()).finish()
    }
}

macro_rules! operands {
    ($($view:ident: |$ptr:ident| $item:ty = $make:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<'a, T: Element, L: Direct> Operand for $view<'a, T, L> {
            type Item = $item;
            type Element = T;
            type Layout = L;

            #[inline]
            fn raw(&self) -> Raw<T, L> {
                self.raw.clone()
            }

            #[inline]
            unsafe fn item($ptr: NonNull<u8>) -> $item {
                $make
            }
        }
    )*};
}

operands! {
    // SAFETY: the caller guarantees that `ptr` points to an element (V1). It is initialised and alive (V2), and
    // nobody writes it during the read (V3).
    View: |ptr| T = unsafe { Raw::<T, L>::read(ptr) };
    // SAFETY: the caller guarantees that `ptr` points to an element (V1). It is initialised and alive (V2), and
    // nobody writes it during the read (V5).
    CellView: |ptr| T = unsafe { Raw::<T, L>::read(ptr) };
    ViewMut: |ptr| ElementRef<'a, T> = ElementRef { ptr, memory: PhantomData };
    CellViewMut: |ptr| ElementRef<'a, T> = ElementRef { ptr, memory: PhantomData };
}

/// Views of the same shape whose elements can be visited together. [`zip`] makes a `Zip`.
///
/// See [`zip`] for an example.
#[derive(Debug)]
pub struct Zip<O>(O);

/// Combines views of the same shape, so that their elements can be visited together.
///
/// The order of the visits is chosen to suit the memory of the first view. It is not specified otherwise.
///
/// # Panics
///
/// If the shapes differ.
///
/// # Examples
///
/// `z = a * x + y`, with views of different layouts:
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
#[inline]
#[track_caller]
pub fn zip<O: Operands>(operands: O) -> Zip<O> {
    or_panic(try_zip(operands))
}

/// Does what [`zip`] does, and returns the error instead of panicking.
///
/// # Errors
///
/// If the shapes differ.
#[inline]
pub fn try_zip<O: Operands>(operands: O) -> Result<Zip<O>, Error> {
    operands.check_shapes()?;
    Ok(Zip(operands))
}

impl<O: Operands> Zip<O> {
    /// Calls `visit` once for each index, with the elements at this index.
    ///
    /// # Examples
    ///
    /// ```
    /// use typedview::{View, zip};
    ///
    /// let mut products = vec![];
    /// zip((View::from(&[1, 2, 3]), View::from(&[4, 5, 6]))).for_each(|(x, y)| products.push(x * y));
    /// assert_eq!(products, [4, 10, 18]);
    /// ```
    #[inline]
    pub fn for_each(self, visit: impl FnMut(O::Items)) {
        self.0.visit(visit);
    }
}

/// A tuple of two to eight views.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tuple of two to eight views",
    label = "expected a tuple of views: `zip((x, y))`"
)]
pub trait Operands {
    /// What the closure receives: a tuple with an item for each view.
    type Items;

    /// Checks that all views have the shape of the first one.
    #[doc(hidden)]
    fn check_shapes(&self) -> Result<(), Error>;

    /// Calls `visit` once for each index, with the elements at this index. The shapes must have been checked.
    #[doc(hidden)]
    fn visit(self, visit: impl FnMut(Self::Items));
}

macro_rules! zipped {
    ($count:literal: $($operand:ident $number:tt $ptr:ident),*) => {
        impl<$($operand: Operand),*> Operands for ($($operand,)*) {
            type Items = ($($operand::Item,)*);

            #[inline]
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
                let firsts = [$(raws.$number.as_ptr().cast::<u8>()),*];
                let mut visit_run = |offsets: [isize; $count], length: usize, strides: [isize; $count]| {
                    // SAFETY: the loop nest gives an offset of an element of each view, which stays in its allocation
                    // (R1).
                    let [$($ptr),*] = core::array::from_fn(|k| unsafe { firsts[k].offset(offsets[k]) });
                    let mut at = |i: usize, strides: [isize; $count]| {
                        $(
                            // SAFETY: the run has more than `i` elements, so the offset stays inside the allocation
                            // (R1).
                            let $ptr = unsafe { $ptr.offset(strides[$number] * i.cast_signed()) };
                            // SAFETY: the pointer stays inside the allocation (R1), so it is not null.
                            let $ptr = unsafe { NonNull::new_unchecked($ptr) };
                        )*
                        // SAFETY: each pointer points to an element of its view, and the loop nest visits each index
                        // once.
                        visit(($(unsafe { $operand::item($ptr) },)*));
                    };
                    // The compiler can vectorise the first loop, because its strides are constants. It must see them there: if they
                    // are a variable with a known value, it makes one loop of the two.
                    if strides == itemsizes {
                        for i in 0..length {
                            at(i, [$(size_of::<$operand::Element>().cast_signed()),*]);
                        }
                    } else {
                        for i in 0..length {
                            at(i, strides);
                        }
                    }
                };
                // Views of one run each need no nest, whose making takes as long as some 50 elements.
                if $($operand::Layout::ONE_RUN)&&* {
                    let strides = [$(raws.$number.layout().run(size_of::<$operand::Element>()).stride),*];
                    visit_run([0; $count], raws.0.layout().size(), strides);
                    return;
                }
                let nest: LoopNest<$count> = LoopNest::new(raws.0.layout().shape(), strides);
                nest.for_each_run(visit_run);
            }
        }
    };
}

zipped!(2: A 0 a, B 1 b);
zipped!(3: A 0 a, B 1 b, C 2 c);
zipped!(4: A 0 a, B 1 b, C 2 c, D 3 d);
zipped!(5: A 0 a, B 1 b, C 2 c, D 3 d, E 4 e);
zipped!(6: A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f);
zipped!(7: A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f, G 6 g);
zipped!(8: A 0 a, B 1 b, C 2 c, D 3 d, E 4 e, F 5 f, G 6 g, H 7 h);
