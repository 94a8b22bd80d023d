//! Writing: the methods of the writable views that set elements.
//! A [`CellViewMut`] writes through `&self`, as a `Cell` does. A [`ViewMut`] writes through `&mut self`.

/// Implements for a view the methods that set its elements.
macro_rules! writing {
    ($view:ident, $self:ident, [$($receiver:tt)*], $source:ident, $sides:expr) => {
        impl<'a, T: Element, L: Layout> $view<'a, T, L> {
            fallible! {
                /// Sets the element at `index`.
                fails "If `index` is out of bounds; the error names the first such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::ViewMut;
                ///
                /// let mut data = [1, 2, 3];
                /// let mut view = ViewMut::from(&mut data);
                /// view.set(1, 20);
                /// assert_eq!(view.try_set(3, 0).unwrap_err().to_string(), "axis 0: index 3 is out of bounds for length 3");
                /// assert_eq!(data, [1, 20, 3]);
                /// ```
                pub fn set / try_set ([$self: $($receiver)*], index: impl ElementIndex<L>, value: T) {
                    let ptr = $self.raw.try_find(index)?;
                    // SAFETY: `try_find` returns a pointer only if the index is inside the shape, so it points to an
                    // element (V1). The element is alive (V2), and nobody else touches it during the write (V4 or V5).
                    unsafe { Raw::<T, L>::write(ptr, value) };
                    Ok(())
                } panics {
                    let ptr = $self.raw.find_or_panic(index);
                    // SAFETY: the index is inside the shape, so `ptr` points to an element (V1). The element is alive (V2),
                    // and nobody else touches it during the write (V4 or V5).
                    unsafe { Raw::<T, L>::write(ptr, value) }
                }
            }

            /// Sets the element at `index`, without a check of the index.
            ///
            /// # Safety
            ///
            /// The caller must ensure that `index` has one number for each axis and is inside the shape.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::ViewMut;
            ///
            /// let mut data = [1, 2, 3];
            /// // SAFETY: the axis has length 3.
            /// unsafe { ViewMut::from(&mut data).set_unchecked(1, 20) };
            /// assert_eq!(data, [1, 20, 3]);
            /// ```
            #[inline]
            pub unsafe fn set_unchecked($($receiver)*, index: impl ElementIndex<L>, value: T) {
                // SAFETY: the caller guarantees that the index is inside the shape, so its offset stays inside the
                // allocation (V1).
                let ptr = unsafe { $self.raw.element_ptr(index.axes()) };
                // SAFETY: `ptr` points to an element, which is alive (V2), and nobody else touches it during the
                // write (V4 or V5).
                unsafe { Raw::<T, L>::write(ptr, value) }
            }

            fallible! {
                /// Sets the element at `index` to the result of `value`, which is called with the old element: C's
                /// `x[i] += 1`.
                fails "If `index` is out of bounds; the error names the first such axis."
                /// # Examples
                ///
                /// ```
                /// use typedview::ViewMut;
                ///
                /// let mut data = [1, 2, 3];
                /// ViewMut::from(&mut data).update(1, |x| x + 10);
                /// assert_eq!(data, [1, 12, 3]);
                /// ```
                pub fn update / try_update (
                    [$self: $($receiver)*], index: impl ElementIndex<L>, value: impl FnOnce(T) -> T,
                ) {
                    let ptr = $self.raw.try_find(index)?;
                    // SAFETY: `try_find` returns a pointer only if the index is inside the shape, so it points to an
                    // element (V1). The element is initialised and alive (V2), and nobody writes it during the read (V4
                    // or V5).
                    let value = value(unsafe { Raw::<T, L>::read(ptr) });
                    // SAFETY: the element is still alive (V2), and nobody else touches it during the write (V4 or V5).
                    // The closure may have touched it through another view, but the closure has returned.
                    unsafe { Raw::<T, L>::write(ptr, value) };
                    Ok(())
                } panics {
                    let ptr = $self.raw.find_or_panic(index);
                    // SAFETY: the index is inside the shape, so `ptr` points to an element (V1). The element is initialised
                    // and alive (V2), and nobody writes it during the read (V4 or V5).
                    let value = value(unsafe { Raw::<T, L>::read(ptr) });
                    // SAFETY: the element is still alive (V2), and nobody else touches it during the write (V4 or V5).
                    // The closure may have touched it through another view, but the closure has returned.
                    unsafe { Raw::<T, L>::write(ptr, value) }
                }
            }

            /// Returns a pointer to the first element. It may be dangling if the view is empty.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::ViewMut;
            ///
            /// let mut data = [1, 2, 3];
            /// let first = ViewMut::from(&mut data).as_mut_ptr();
            /// // SAFETY: the array is alive, and no view of it is used any more.
            /// unsafe { first.write(10) };
            /// assert_eq!(data, [10, 2, 3]);
            /// ```
            #[inline]
            #[must_use]
            pub fn as_mut_ptr($($receiver)*) -> *mut T {
                $self.raw.as_ptr()
            }

            /// Sets every element to `value`.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::{ViewMut, s};
            ///
            /// let mut data = [0; 6];
            /// ViewMut::from_slice(&mut data, [2, 3]).slice(s![.., 1]).fill(7);
            /// assert_eq!(data, [0, 7, 0, 0, 7, 0]);
            /// ```
            pub fn fill($($receiver)*, value: T) {
                // SAFETY: the elements are alive (V2), and nobody else touches an element while it is written (V4 or
                // V5). The call runs no code of others.
                unsafe { copy::fill(&$self.raw, value) }
            }

            /// Sets every element to the result of `value`, which is called with the old element. The elements are visited in index
            /// order.
            ///
            /// # Examples
            ///
            /// ```
            /// use typedview::ViewMut;
            ///
            /// let mut data = [1, 2, 3];
            /// ViewMut::from(&mut data).map_in_place(|x| 10 * x);
            /// assert_eq!(data, [10, 20, 30]);
            /// ```
            #[inline]
            pub fn map_in_place($($receiver)*, mut value: impl FnMut(T) -> T) {
                PtrIter::new($self.raw.clone()).for_each(|ptr| {
                    // SAFETY: `ptr` points to an element (V1), which is initialised and alive (V2), and nobody writes it during
                    // the read (V4 or V5).
                    let value = value(unsafe { Raw::<T, L>::read(ptr) });
                    // SAFETY: the element is still alive (V2), and nobody else touches it during the write (V4 or V5). The
                    // closure may have touched it through another view, but the closure has returned.
                    unsafe { Raw::<T, L>::write(ptr, value) };
                });
            }

            fallible! {
                /// Copies the elements of `source` into this view. If the two overlap, the result is as if `source` had
                /// been copied to other memory first.
                ///
                /// As in Cython, axes of length 1 of the source are repeated, missing axes in front are added, and
                /// superfluous axes of length 1 in front are dropped. If elements of this view overlap each other, it
                /// is unspecified which value they have afterwards.
                fails "If the source cannot be repeated to the shape of this view, or if a temporary copy is needed and cannot be allocated. Nothing is written in these cases."
                /// # Examples
                ///
                /// ```
                /// use typedview::{View, ViewMut};
                ///
                /// let mut data = [0; 6];
                /// ViewMut::from_slice(&mut data, [2, 3]).copy_from(&View::from(&[1, 2, 3]));
                /// assert_eq!(data, [1, 2, 3, 1, 2, 3]);
                /// ```
                pub fn copy_from / try_copy_from [M: Layout] (
                    [$self: $($receiver)*], source: &$source<'_, T, M>,
                ) {
                    // SAFETY: the elements of both views are initialised and alive (V2). During the call, nobody else
                    // touches an element of `self` while it is written (V4 or V5), and nobody writes an element of
                    // `source` while it is read (V3 or V5).
                    unsafe { copy::copy(&$self.raw, &source.raw, $sides) }
                }

                /// Sets the elements to those of `source`, converted to this type of element by NumPy's rule [`same_kind`](SameKind):
                /// `i32` to `f64`, `f64` to `f32`, [`Big<f64>`](crate::Big) to `f64`. The shapes are those of
                /// [`copy_from`](Self::copy_from).
                fails "If the source cannot be repeated to the shape of this view, or if a temporary copy is needed and cannot be allocated. Nothing is written in these cases."
                /// # Examples
                ///
                /// ```
                /// use typedview::{View, ViewMut};
                ///
                /// let mut halves = [0.0; 3];
                /// ViewMut::from(&mut halves).convert_from(&View::from(&[1, 2, 3]));
                /// assert_eq!(halves, [1.0, 2.0, 3.0]);
                /// ```
                pub fn convert_from / try_convert_from [S: Number, M: Layout] (
                    [$self: $($receiver)*], source: &$source<'_, S, M>,
                ) [where T: SameKind<S>] {
                    // SAFETY: the elements of both views are initialised and alive (V2). During the call, nobody else
                    // touches an element of `self` while it is written (V4 or V5), and nobody writes an element of
                    // `source` while it is read (V3 or V5). The conversion runs no code of others.
                    unsafe { copy::convert(&$self.raw, &source.raw, $sides, T::of_same_kind) }
                }

                /// Sets the elements to those of `source`, converted to this type of element without a change of their values: all
                /// integers and floats to each other, as long as the numbers are in range and lose no fraction. The shapes are those
                /// of [`copy_from`](Self::copy_from).
                fails "If this type of element cannot hold a value (the error names the first one), if the source cannot be repeated to the shape of this view, or if a temporary copy is needed and cannot be allocated. Nothing is written in these cases."
                /// # Examples
                ///
                /// ```
                /// use typedview::{View, ViewMut};
                ///
                /// let mut counts = [0u8; 2];
                /// ViewMut::from(&mut counts).convert_exact_from(&View::from(&[1.0, 255.0]));
                /// assert_eq!(counts, [1, 255]);
                /// let error = ViewMut::from(&mut counts).try_convert_exact_from(&View::from(&[1.0, 2.5])).unwrap_err();
                /// assert_eq!(error.to_string(), "the element at index (1,) is 2.5, which uint8 cannot hold");
                /// ```
                pub fn convert_exact_from / try_convert_exact_from [S: Number, M: Layout] (
                    [$self: $($receiver)*], source: &$source<'_, S, M>,
                ) [where T: Exact<S>] {
                    // SAFETY: as for `convert_from`, the elements of both views are initialised and alive (V2), and nobody else
                    // touches them during the call (V3, V4 or V5). The conversion runs no code of others.
                    unsafe { copy::convert_exact(&$self.raw, &source.raw, $sides) }
                }
            }
        }
    };
}

use super::{CellView, CellViewMut, View, ViewMut};
use crate::copy::{self, Sides};
use crate::element::{Element, Exact, Number, SameKind};
use crate::error::fallible;
use crate::layout::{ElementIndex, Layout};
use crate::raw::{PtrIter, Raw};

// A `ViewMut` has its elements alone (V4), so no other view has one of them.
writing!(ViewMut, self, [&mut self], View, Sides::Apart);
writing!(CellViewMut, self, [&self], CellView, Sides::Any);
