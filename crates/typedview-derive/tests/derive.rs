//! The derive: the format and the name of a struct, and whether it has padding, without any unsafe code.

#![forbid(unsafe_code)]

use typedview::{Access, Element, FieldOf, Format, Spec, Strided, View, field};

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Aligned {
    flag: u8,
    price: f64,
    count: i16,
}

#[derive(Clone, Copy, Element)]
#[repr(C, packed)]
struct Packed {
    flag: u8,
    price: f64,
    count: i16,
}

#[derive(Clone, Copy, Element)]
#[repr(C, packed(2))]
struct PackedBy2 {
    flag: u8,
    price: f64,
    count: i16,
}

#[derive(Clone, Copy, Element)]
#[repr(C, align(16))]
struct OnLines {
    price: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(C)]
struct Point(f32, f32);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Line(Point, Point);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Edge {
    id: i32,
    from: Point,
    to: Point,
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
#[element(name = "quote")]
struct Quote {
    #[element(name = "class")]
    kind: u8,
    #[element(padding)]
    gap: u8,
    #[element(padding)]
    more: u16,
    r#type: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Element)]
#[repr(transparent)]
struct Metres(f64);

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Around {
    at: i16,
    inside: Aligned,
}

fn text<T: Element>() -> String {
    T::format().to_pep3118()
}

#[derive(Clone, Copy, Element)]
#[repr(C)]
struct Sides {
    sides: [Aligned; 2],
    matrix: [[f32; 3]; 2],
}

#[test]
fn arrays_are_fields() {
    assert_eq!(text::<Sides>(), "T{(2)T{B:flag:7x=d:price:h:count:6x}:sides:(2,3)f:matrix:}");
    assert_eq!([<[Aligned; 2]>::PADDED, <[Packed; 2]>::PADDED, Sides::PADDED], [true, false, true]);
}

#[test]
fn the_format_has_the_offsets_that_rust_gives_the_fields() {
    assert_eq!(text::<Aligned>(), "T{B:flag:7x=d:price:h:count:6x}");
    assert_eq!(text::<Packed>(), "T{B:flag:=d:price:h:count:}");
    assert_eq!(text::<PackedBy2>(), "T{B:flag:x=d:price:h:count:}");
    assert_eq!(text::<OnLines>(), "T{=d:price:8x}");
}

#[test]
fn every_format_is_that_of_the_type() {
    fn says<T: Element>() {
        assert_eq!((T::format().itemsize(), T::DTYPE.itemsize()), (size_of::<T>(), size_of::<T>()));
        assert!(T::format().describes::<T>());
        assert!(Format::parse_sized(text::<T>().as_bytes(), size_of::<T>()).unwrap().describes::<T>());
    }
    says::<Aligned>();
    says::<Packed>();
    says::<PackedBy2>();
    says::<OnLines>();
    says::<Point>();
    says::<Edge>();
    says::<Quote>();
    says::<Metres>();
    says::<Around>();
}

#[test]
fn what_is_between_the_fields_is_padding() {
    let padded = [Aligned::PADDED, PackedBy2::PADDED, OnLines::PADDED, Around::PADDED];
    assert_eq!(padded, [true; 4]);
    assert_eq!([Packed::PADDED, Point::PADDED, Edge::PADDED, Quote::PADDED, Metres::PADDED], [false; 5]);
}

#[test]
fn records_stand_inside_records() {
    assert_eq!(
        Edge::format().to_string(),
        "record{int32 id, record{float, float} from, record{float, float} to}"
    );
    assert_eq!(Around::format().field("inside").unwrap().offset(), 8);
}

#[test]
fn names_are_those_of_rust_unless_others_are_given() {
    assert_eq!((Aligned::NAME, Quote::NAME), (Some("Aligned"), Some("quote")));
    assert_eq!(text::<Quote>(), "T{B:class:3x=i:type:}");
    let spec = Spec::of::<Aligned, Strided<1>>(Access::Read);
    assert_eq!(spec.to_string(), "const Aligned[:]");
}

#[test]
fn the_fields_of_a_tuple_match_any_name() {
    for found in ["T{f:x:f:y:}", "T{f:f0:f:f1:}", "ff"] {
        assert!(Format::parse(found.as_bytes()).unwrap().describes::<Point>(), "{found}");
    }
    assert!(!Format::parse(b"T{f:x:i:y:}").unwrap().describes::<Point>());
}

#[test]
fn a_transparent_struct_is_its_field() {
    assert_eq!((Metres::DTYPE, Metres::NAME), (f64::DTYPE, None));
    assert!(Format::parse(b"d").unwrap().describes::<Metres>());
    assert!(!Format::parse(b"T{d:x:}").unwrap().describes::<Metres>());
    let heights = View::from(&[Metres(1.0), Metres(2.0)]);
    assert_eq!(heights.at(1), Metres(2.0));
    assert_eq!(heights.field(field!(Metres, 0)).at(1), 2.0);
    assert_eq!(format!("{heights:?}"), "View(double[2], C)");
}

#[test]
fn a_field_is_named_by_a_path() {
    const TO_Y: FieldOf<Edge, f32> = field!(Edge, to.1);
    assert_eq!((TO_Y.offset(), field!(Edge, from.0).offset(), field!(Point, 1).offset()), (16, 4, 4));
    assert_eq!((field!(Line, 0.1).offset(), field!(Line, 1.0).offset()), (4, 8));
    assert_eq!(field!(Packed, price).offset(), 1);
    assert_eq!(field!(Around, inside.price).offset(), 16);
    assert_eq!(format!("{TO_Y:?}"), "FieldOf(offset 16)");
}
