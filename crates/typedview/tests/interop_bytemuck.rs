//! bytemuck: records as rows of bytes and back, over the same memory, and refusals by their text.

#![cfg(feature = "bytemuck")]

use bytemuck::{AnyBitPattern, NoUninit, Pod, Zeroable};
use typedview::{C, Strided, View, ViewMut};

#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
struct Point {
    x: f32,
    y: f32,
    id: u32,
}

// SAFETY: any bit pattern is valid for the three numbers, so zeroes are.
unsafe impl Zeroable for Point {}
// SAFETY: any bit pattern is valid for the three numbers, and there is no padding.
unsafe impl Pod for Point {}

const POINTS: [Point; 2] = [Point { x: 1.0, y: 2.0, id: 7 }, Point { x: 3.0, y: 4.0, id: 8 }];

#[test]
fn a_record_is_a_row_of_bytes() {
    let bytes: View<'_, u8, C<2>> = View::from_records(&POINTS);
    assert_eq!(bytes.shape(), [2, 12]);
    assert_eq!(bytes.as_ptr(), POINTS.as_ptr().cast());
    assert_eq!(bytes.slice_axis(1, 8..).row(1).to_vec(), 8u32.to_ne_bytes());
    assert_eq!(bytes.try_as_records::<Point>().unwrap(), POINTS);
    assert_eq!(bytes.reshape([24]).try_as_records::<Point>().unwrap(), POINTS);
    assert_eq!(bytes.try_as_records::<[f32; 3]>().unwrap()[0][1], 2.0);
}

#[test]
fn the_field_of_a_record_is_a_column() {
    let bytes = View::from_records(&POINTS);
    let numbers: View<'_, f32, C<2>> = bytes.try_reinterpret().unwrap();
    let y: View<'_, f32, Strided<1>> = numbers.index_axis(1, 1);
    assert_eq!(y.to_vec(), [2.0, 4.0]);
}

#[test]
fn what_is_written_to_the_bytes_is_in_the_records() {
    let mut points = POINTS;
    let mut bytes = ViewMut::from_records(&mut points);
    bytes.reborrow().row(0).fill(0);
    bytes.try_as_mut_records::<Point>().unwrap()[1].x = 9.0;
    bytes.try_into_mut_records::<Point>().unwrap()[1].id = 5;
    assert_eq!(points, [Point::zeroed(), Point { x: 9.0, y: 4.0, id: 5 }]);
}

#[test]
fn types_that_are_only_written_or_only_read_go_their_one_way() {
    #[derive(Clone, Copy, PartialEq, Debug)]
    #[repr(u8)]
    enum Colour {
        Red = 3,
        Blue = 4,
    }
    // SAFETY: the enum is one byte, and every value has it initialised.
    unsafe impl NoUninit for Colour {}
    assert_eq!(View::from_records(&[Colour::Red, Colour::Blue]).to_vec(), [3, 4]);

    #[derive(Clone, Copy)]
    #[repr(C)]
    struct Padded {
        small: u8,
        large: u32,
    }
    // SAFETY: any bit pattern is valid for the two numbers, so zeroes are.
    unsafe impl Zeroable for Padded {}
    // SAFETY: any bit pattern is valid for the two numbers, and their padding may hold anything.
    unsafe impl AnyBitPattern for Padded {}
    let words = [u32::from_ne_bytes([7; 4]), 9];
    let record = View::from_records(&words).reshape([8]).try_as_records::<Padded>().unwrap()[0];
    assert_eq!((record.small, record.large), (7, 9));
}

#[test]
fn refusals_name_the_condition() {
    let mut words = [0u32; 4];
    let address = words.as_ptr().addr();
    let whole = View::from_records(&words).reshape([16]);
    assert_eq!(
        whole.try_as_records::<Point>().unwrap_err().to_string(),
        "16 bytes on the last axis are no whole number of elements of 12 bytes"
    );
    assert_eq!(
        whole.reshape([8, 2]).try_as_records::<u32>().unwrap_err().to_string(),
        "2 bytes on the last axis are no whole number of elements of 4 bytes"
    );
    assert_eq!(
        whole.try_as_records::<[u32; 0]>().unwrap_err().to_string(),
        "16 bytes on the last axis are no whole number of elements of 0 bytes"
    );
    let text = format!("address {:#x} is not a multiple of 4: read by value or copy", address + 1);
    assert_eq!(whole.slice_rows(1..13).try_as_records::<Point>().unwrap_err().to_string(), text);
    let mut bytes = ViewMut::from_records(&mut words).reshape([16]).slice_rows(1..13);
    assert_eq!(bytes.try_as_mut_records::<Point>().unwrap_err().to_string(), text);
    assert!(bytes.try_as_mut_records::<[u8; 3]>().is_ok());
}

#[test]
fn no_bytes_are_no_records_wherever_they_are() {
    let words = [0u32; 1];
    let nothing = View::from_records(&words).reshape([4]).slice_rows(1..1);
    assert_eq!(nothing.try_as_records::<Point>().unwrap(), []);
    assert_eq!(View::from_records::<Point>(&[]).shape(), [0, 12]);
    assert_eq!(View::from_records(&[[0u32; 0]; 3]).shape(), [3, 0]);
    assert_eq!(ViewMut::from_records::<Point>(&mut []).try_into_mut_records::<Point>().unwrap(), []);
    assert_eq!(View::from_slice(&[5u8], []).try_as_records::<i8>().unwrap(), [5]);
}
