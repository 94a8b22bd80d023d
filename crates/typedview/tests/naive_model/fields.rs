//! Fields: the same part of every element, in every layout.
//! An element of the model has four bytes, so a record of two halves views the same memory.

use crate::choices::{Choices, choices, shapes};
use crate::layouts::{in_direct_layouts, in_indirect_layouts};
use crate::model::indices;
use crate::region::Region;
use proptest::prelude::*;
use typedview::{
    C, Dtype, Element, Format, Indirect, Kind, Layout, Order, Pitched, Strided, View, ViewMut, field,
};

#[derive(Clone, Copy)]
#[repr(C, packed)]
struct Halves {
    first: u16,
    second: u16,
}

// SAFETY: the record consists of two numbers without padding, so any bytes are valid.
unsafe impl Element for Halves {
    const DTYPE: Dtype = Dtype::new(Kind::Record, 4);

    fn format() -> Format {
        Format::parse(b"T{H:first:H:second:}").unwrap()
    }
}

fn halves(element: u32) -> [u16; 2] {
    let [a, b, c, d] = element.to_ne_bytes();
    [u16::from_ne_bytes([a, b]), u16::from_ne_bytes([c, d])]
}

fn with_second(element: u32, second: u16) -> u32 {
    let ([a, b, ..], [c, d]) = (element.to_ne_bytes(), second.to_ne_bytes());
    u32::from_ne_bytes([a, b, c, d])
}

fn fields<L: Layout>(view: &View<'_, u32, L>, region: &Region, _: &Choices) {
    let model = &region.model;
    // SAFETY: the records are the same memory as the elements of `view`, with the same size and layout.
    let records = unsafe { View::<Halves, _>::from_raw_parts(view.as_ptr().cast(), view.layout().clone()) };
    let parts = [records.field(field!(Halves, first)), records.field(field!(Halves, second))];
    for (number, part) in parts.iter().enumerate() {
        assert_eq!((part.shape(), part.strides().as_ref()), (&model.shape[..], view.strides().as_ref()));
        assert!(part.iter().eq(model.elements.iter().map(|&element| halves(element)[number])));
        let expected = indices(&model.shape).into_iter().zip(&model.elements);
        for ((index, half), (wanted, &element)) in part.indexed_iter().zip(expected) {
            assert_eq!((index.as_ref(), half), (&wanted[..], halves(element)[number]));
        }
    }
}

fn written<L: Layout>(region: &mut Region) {
    let elements = region.model.elements.clone();
    region.after(
        |region| {
            let mut view = region.view_mut::<L>();
            let (first, layout) = (view.as_mut_ptr().cast(), view.layout().clone());
            // SAFETY: the records are the same memory as the elements, and the region is borrowed exclusively.
            let records = unsafe { ViewMut::<Halves, _>::try_from_raw_parts(first, layout) }.unwrap();
            records.field(field!(Halves, second)).fill(7);
        },
        |number| if elements.contains(&number) { with_second(number, 7) } else { number },
    );
}

proptest! {
    #[test]
    fn a_field_is_the_same_part_of_every_element(shape in shapes(0, 3), choices in choices()) {
        in_direct_layouts!(fields, shape, choices; 0 1 2 3);
        in_indirect_layouts!(fields, shape, choices);
    }

    #[test]
    fn writing_a_field_leaves_the_rest_of_every_element(
        shape in [1usize..4, 1usize..4],
        pointers in any::<[bool; 2]>(),
        choices in choices(),
    ) {
        written::<C<2>>(&mut Region::dense(&shape, Order::C));
        written::<Pitched<2>>(&mut Region::pitched(&shape, false, &choices));
        written::<Strided<2>>(&mut Region::strided(&shape, false, &choices));
        written::<Indirect<2>>(&mut Region::indirect(&shape, &pointers, &choices));
    }
}
