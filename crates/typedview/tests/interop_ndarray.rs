//! ndarray: views as its array views and back, with the same element at every index and the same memory.

#![cfg(feature = "ndarray")]

use ndarray::{
    Array, Array3, ArrayView1, ArrayView2, ArrayView3, ArrayViewD, ArrayViewMut1, ArrayViewMut2,
    ArrayViewMut3, ArrayViewMutD, Axis, IxDyn, ShapeBuilder, arr0, array, s,
};
use proptest::prelude::*;
use typedview::{C, Dyn, F, Layout, Owned, Slice, Strided, View, ViewMut};

#[derive(Clone, Debug)]
enum Operation {
    Slice(usize, Slice),
    Flip(usize),
    SwapAxes(usize, usize),
}

fn operations() -> impl Strategy<Value = Vec<Operation>> {
    let position = || prop::option::of(-6isize..=6);
    let step = (-3isize..=3).prop_filter("a step", |step| *step != 0);
    let slice = (position(), position(), step).prop_map(|(start, stop, step)| Slice::new(start, stop, step));
    let operation = prop_oneof![
        (0usize..3, slice).prop_map(|(axis, slice)| Operation::Slice(axis, slice)),
        (0usize..3).prop_map(Operation::Flip),
        (0usize..3, 0usize..3).prop_map(|(first, second)| Operation::SwapAxes(first, second)),
    ];
    prop::collection::vec(operation, 0..5)
}

fn shapes() -> impl Strategy<Value = [usize; 3]> {
    [0usize..5, 1usize..5, 1usize..5]
}

fn indices(shape: &[usize]) -> impl Iterator<Item = [usize; 3]> + use<> {
    let [rows, columns, layers] = shape.try_into().unwrap();
    (0..rows).flat_map(move |i| (0..columns).flat_map(move |j| (0..layers).map(move |k| [i, j, k])))
}

fn part<'a>(view: View<'a, u32, C<3>>, operations: &[Operation]) -> View<'a, u32, Strided<3>> {
    operations.iter().fold(view.to_strided(), |view, operation| match *operation {
        Operation::Slice(axis, slice) => view.slice_axis(axis, slice),
        Operation::Flip(axis) => view.flip(axis),
        Operation::SwapAxes(first, second) => view.swap_axes(first, second),
    })
}

fn part_mut<'a>(view: ViewMut<'a, u32, C<3>>, operations: &[Operation]) -> ViewMut<'a, u32, Strided<3>> {
    operations.iter().fold(view.to_strided(), |view, operation| match *operation {
        Operation::Slice(axis, slice) => view.slice_axis(axis, slice),
        Operation::Flip(axis) => view.flip(axis),
        Operation::SwapAxes(first, second) => view.swap_axes(first, second),
    })
}

proptest! {
    #[test]
    fn an_owner_has_the_memory_of_the_array(
        shape in shapes(),
        cuts in prop::collection::vec((0usize..3, 0isize..3, -2isize..=2), 0..4),
        swap in (0usize..3, 0usize..3),
    ) {
        let mut array = Array3::from_shape_fn(shape, |(i, j, k)| 100 * i as u32 + 10 * j as u32 + k as u32);
        for (axis, start, step) in cuts {
            let start = start.min(array.shape()[axis] as isize);
            let step = if step == 0 { 1 } else { step };
            array.slice_axis_inplace(Axis(axis), ndarray::Slice::new(start, None, step));
        }
        array.swap_axes(swap.0, swap.1);
        let (expected, address) = (array.clone(), array.as_ptr());
        let owned = Owned::from(array);
        let view = owned.view();
        prop_assert_eq!(view.shape(), expected.shape());
        prop_assert!(view.is_empty() || view.as_ptr() == address);
        for index in indices(expected.shape()) {
            prop_assert_eq!(view.at(index), expected[index]);
        }
        let owned = Owned::try_from(expected.clone().into_dyn()).unwrap();
        prop_assert_eq!(owned.view().to_vec(), expected.iter().copied().collect::<Vec<_>>());
    }

    #[test]
    fn an_array_has_the_elements_of_the_view(shape in shapes(), operations in operations()) {
        let data: Vec<u32> = (0..shape.iter().product::<usize>() as u32).collect();
        let view = part(View::from_slice(&data, shape), &operations);
        let array = ArrayView3::try_from(view).unwrap();
        prop_assert_eq!(array.shape(), view.shape());
        for index in indices(view.shape()) {
            prop_assert_eq!((&raw const array[index]).addr(), address(&view, index));
            prop_assert_eq!(array[index], view.at(index));
        }
        let any = ArrayViewD::try_from(view.to_dyn()).unwrap();
        prop_assert_eq!(any.view(), array.view().into_dyn());
        prop_assert_eq!(ArrayViewD::try_from(view).unwrap(), any.view());

        let back = View::from(array);
        prop_assert_eq!(back.shape(), view.shape());
        prop_assert_eq!(back.to_vec(), view.to_vec());
        if !view.is_empty() {
            prop_assert_eq!(back.as_ptr(), view.as_ptr());
            for axis in (0..3).filter(|&axis| view.shape()[axis] > 1) {
                prop_assert_eq!(back.strides()[axis], view.strides()[axis]);
            }
        }
        prop_assert_eq!(View::<_, Dyn>::try_from(any).unwrap().to_vec(), view.to_vec());
    }

    #[test]
    fn what_is_written_to_an_array_is_in_the_view(shape in shapes(), operations in operations()) {
        let size = shape.iter().product::<usize>();
        let mut data = vec![0; size];
        let view = part_mut(ViewMut::from_slice(&mut data, shape), &operations);
        let mut array = ArrayViewMut3::try_from(view).unwrap();
        for (number, element) in array.iter_mut().enumerate() {
            *element = number as u32 + 1;
        }
        let mut back = ViewMut::from(array);
        let written: Vec<u32> = (1..=back.size() as u32).collect();
        prop_assert_eq!(back.view().to_vec(), written.clone());
        if !back.is_empty() {
            back.set([0, 0, 0], 1);
        }
        prop_assert_eq!(part(View::from_slice(&data, shape), &operations).to_vec(), written);

        let view = part_mut(ViewMut::from_slice(&mut data, shape), &operations);
        ViewMut::<_, Dyn>::try_from(ArrayViewMutD::try_from(view).unwrap()).unwrap().fill(0);
        prop_assert_eq!(data, vec![0; size]);
    }

    #[test]
    fn a_view_has_the_elements_of_the_array(
        shape in shapes(), fortran: bool, steps in [-3isize..=3, -3isize..=3, -3isize..=3],
    ) {
        let [i, j, k] = steps.map(|step| if step == 0 { 1 } else { step });
        let size = shape.iter().product::<usize>() as i64;
        let array = Array::from_shape_vec(shape.set_f(fortran), (0..size).collect()).unwrap();
        let array = array.slice(s![..;i, ..;j, ..;k]).permuted_axes([2, 0, 1]);
        let view = View::from(array);
        for index in indices(array.shape()) {
            prop_assert_eq!(view.at(index), array[index]);
        }
        prop_assert_eq!(ArrayView3::try_from(view).unwrap(), array);
    }
}

/// Returns the address of the element at `index`.
fn address(view: &View<'_, u32, Strided<3>>, index: [usize; 3]) -> usize {
    let offset: isize = index.iter().zip(view.strides()).map(|(&i, stride)| i as isize * stride).sum();
    view.as_ptr().addr().checked_add_signed(offset).unwrap()
}

#[test]
fn every_layout_becomes_an_array_of_its_ndim() {
    let view = View::from(&[[1, 2, 3], [4, 5, 6]]);
    let transposed: View<'_, i32, F<2>> = view.transpose();
    assert_eq!(ArrayView2::try_from(view).unwrap(), array![[1, 2, 3], [4, 5, 6]]);
    assert!(ArrayView2::try_from(view).unwrap().is_standard_layout());
    assert_eq!(ArrayView2::try_from(transposed).unwrap(), array![[1, 4], [2, 5], [3, 6]]);
    assert_eq!(ArrayView1::try_from(view.row(1)).unwrap(), array![4, 5, 6]);
    let scalar = View::from_slice(&[7], []);
    assert_eq!(ndarray::ArrayView0::try_from(scalar).unwrap(), arr0(7));
    assert_eq!(View::from(arr0(7).view()).at([]), 7);
    assert_eq!(ndarray::ArrayView6::try_from(View::from_slice(&[7], [1; 6])).unwrap().len(), 1);
}

#[test]
fn a_block_comes_back_as_a_block() {
    let array = array![[1.0, 2.0], [3.0, 4.0]];
    let view = View::from(array.view()).try_to_layout::<C<2>>().unwrap();
    assert_eq!(view.as_slice(), array.as_slice());
    assert!(View::from(array.t()).try_to_layout::<F<2>>().is_ok());
}

#[test]
fn a_stride_of_0_goes_both_ways() {
    let data = [1u8, 2, 3];
    let repeated = View::from(&data).broadcast_to([2, 3]);
    let array = ArrayView2::try_from(repeated).unwrap();
    assert_eq!(array, array![[1, 2, 3], [1, 2, 3]]);
    assert_eq!(View::from(array).strides(), [0, 1]);
}

#[test]
fn strides_that_mean_nothing_are_not_looked_at() {
    let data = [1u32, 2, 3];
    let single = Strided::new([1, 3], [-7, 4], 4).unwrap();
    // SAFETY: the layout reaches one row of three elements, which `data` has.
    let view = unsafe { View::from_raw_parts(data.as_ptr(), single) };
    assert_eq!(ArrayView2::try_from(view).unwrap(), array![[1, 2, 3]]);

    let empty = Strided::new([3, 0, 2], [0, isize::MIN, 5], 4).unwrap();
    // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
    let mut view =
        unsafe { ViewMut::<u32, _>::try_from_raw_parts(std::ptr::without_provenance_mut(3), empty) }.unwrap();
    assert_eq!(ArrayView3::try_from(view.view()).unwrap().shape(), [3, 0, 2]);
    let array = ArrayViewMut3::try_from(view.reborrow()).unwrap();
    assert_eq!(ViewMut::from(array).shape(), [3, 0, 2]);
}

#[test]
fn refusals_name_what_ndarray_cannot_express() {
    // The layout is that of a field in packed records of u8 and u32, which have five bytes each.
    let mut records = [0u32; 5];
    let layout = Strided::new([2, 2], [4, 5], 4).unwrap();
    // SAFETY: the layout reaches bytes 0 to 13 of the 20 bytes in `records`.
    let packed = unsafe { View::from_raw_parts(records.as_ptr(), layout) };
    assert_eq!(
        ArrayView2::try_from(packed).unwrap_err().to_string(),
        "axis 1: stride 5 is no multiple of itemsize 4"
    );
    let reversed = packed.flip(1);
    assert_eq!(
        ArrayViewD::try_from(reversed).unwrap_err().to_string(),
        "axis 1: stride -5 is no multiple of itemsize 4"
    );

    let odd = records.as_mut_ptr().wrapping_byte_add(1);
    // SAFETY: the four elements are bytes 1 to 17 of the 20 bytes in `records`.
    let odd = unsafe { ViewMut::try_from_raw_parts(odd, Strided::new([4], [4], 4).unwrap()) }.unwrap();
    let address = odd.as_ptr().addr();
    let text = format!("address {address:#x} is not a multiple of 4: read by value or copy");
    assert_eq!(ArrayView1::try_from(odd.view()).unwrap_err().to_string(), text);
    assert_eq!(ArrayViewMut1::try_from(odd).unwrap_err().to_string(), text);

    // The elements start at 0, 3, 2, 5, 4, 7. They do not overlap, but their axes interleave.
    let mut data = [0u8; 8];
    let interleaved = Strided::new([3, 2], [2, 3], 1).unwrap();
    // SAFETY: no two of the elements share a byte, and all are inside the eight bytes of `data`.
    let view = unsafe { ViewMut::from_raw_parts_unchecked(data.as_mut_ptr(), interleaved) };
    assert!(ArrayView2::try_from(view.view()).is_ok());
    assert_eq!(
        ArrayViewMut2::try_from(view).unwrap_err().to_string(),
        "shape (3, 2) with strides (2, 3): elements may overlap, so they cannot be lent for writing"
    );

    let most = isize::MAX as usize;
    let empty = Strided::new([0, most, 2], [0; 3], 1).unwrap();
    // SAFETY: the shape contains a 0, and an empty layout reaches no memory.
    let empty = unsafe { View::<u8, _>::from_raw_parts(std::ptr::null(), empty) };
    assert_eq!(
        ArrayView3::try_from(empty).unwrap_err().to_string(),
        format!("shape (0, {most}, 2) with itemsize 1 exceeds the address space")
    );
}

#[test]
fn refusals_name_what_a_view_cannot_express() {
    let one = Array::<u8, _>::zeros(IxDyn(&[1; 65]));
    assert_eq!(View::try_from(one.view()).unwrap_err().to_string(), "ndim 65 is more than 64");
    assert_eq!(Owned::try_from(one).unwrap_err().to_string(), "ndim 65 is more than 64");
    let many = Array::<f64, _>::zeros(IxDyn(&[1]));
    let many = many.broadcast(IxDyn(&[isize::MAX as usize])).unwrap();
    assert_eq!(
        View::try_from(many).unwrap_err().to_string(),
        format!("shape ({},) with itemsize 8 exceeds the address space", isize::MAX)
    );
}

#[test]
#[should_panic(expected = "with itemsize 8 exceeds the address space")]
fn a_repetition_that_no_memory_could_hold_is_refused() {
    let one = array![1.0];
    let _ = View::from(one.broadcast([isize::MAX as usize]).unwrap());
}

#[test]
fn elements_of_no_bytes_are_counted() {
    #[derive(Clone, Copy)]
    struct Nothing;
    // SAFETY: the type has one value and no bytes, so any memory holds it.
    unsafe impl typedview::Element for Nothing {
        const DTYPE: typedview::Dtype = <u8 as typedview::Element>::DTYPE;
    }
    let data = [Nothing; 6];
    let view = View::from_slice(&data, [2, 3]).flip(0);
    assert_eq!(ArrayView2::try_from(view).unwrap().iter().count(), 6);
    assert_eq!(View::from(ArrayView2::try_from(view).unwrap()).size(), 6);
    assert_eq!(view.layout().ndim(), 2);
}

#[cfg(feature = "derive")]
#[test]
fn elements_of_no_bytes_are_referred_to_where_their_alignment_allows() {
    #[derive(Clone, Copy, typedview::Element)]
    #[repr(C, packed)]
    struct Odd {
        flag: u8,
        nothing: [u64; 0],
    }
    let records = [Odd { flag: 1, nothing: [] }; 3];
    let nothing = View::from(&records).field(typedview::field!(Odd, nothing));
    for view in [nothing, nothing.flip(0), nothing.slice_rows(1..).flip(0)] {
        let array = ArrayView1::try_from(view).unwrap();
        assert_eq!(array.len(), view.size());
        assert!(array.iter().all(|element| std::ptr::from_ref(element).is_aligned()));
    }
    let mut records = records;
    let nothing = ViewMut::from(&mut records).field(typedview::field!(Odd, nothing)).slice_rows(..1);
    assert!(ArrayViewMut1::try_from(nothing).unwrap().as_ptr().is_aligned());
}
