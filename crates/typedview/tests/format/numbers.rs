//! Numbers: which type codes describe which elements.
//! They are separate from records, because a view of numbers takes only formats that describe its element.

use core::ffi::c_long;
#[cfg(target_endian = "little")]
use typedview::ByteOrder;
use typedview::{Dtype, Element, Format, Kind};

fn parse(format: &str) -> Format {
    Format::parse(format.as_bytes()).unwrap()
}

#[test]
fn native_and_standard_sizes_differ_for_long() {
    assert_eq!(parse("l").itemsize(), size_of::<c_long>());
    assert_eq!(parse("^l").itemsize(), size_of::<c_long>());
    assert_eq!(parse("=l").itemsize(), 4);
}

#[test]
fn l_and_q_both_describe_i64_where_long_has_8_bytes() {
    assert!(parse("q").describes::<i64>());
    assert_eq!(parse("l").describes::<i64>(), size_of::<c_long>() == 8);
}

#[test]
#[cfg(target_endian = "little")]
fn a_foreign_byte_order_never_describes_an_element() {
    for format in [">d", "!d"] {
        assert!(!parse(format).describes::<f64>());
        assert_eq!(parse(format).byte_order(), ByteOrder::Swapped);
    }
    assert_eq!(parse(">d").to_string(), "big-endian double");
    assert!(parse("<d").describes::<f64>());
    // ctypes writes a long double like this, although it has no standard size.
    assert_eq!(Format::parse(b"<g"), Format::parse(b"g"));
}

#[test]
fn one_byte_and_bytes_have_no_byte_order() {
    for format in ["<B", ">B", "=B", "B"] {
        assert!(parse(format).describes::<u8>());
    }
    for format in ["5s", "?", "5x", "c"] {
        assert_eq!(parse(&format!(">{format}")), parse(format));
    }
}

#[test]
fn only_numbers_describe_numbers() {
    for format in ["?", "c", "s", "8s", "w", "2w", "O", "P", "8x", "Zf", "e", "g", "2f", "T{d}", "T{d:a:}"] {
        let found = parse(format);
        assert!(
            !found.describes::<u8>() && !found.describes::<i8>() && !found.describes::<f64>(),
            "{format}"
        );
    }
    assert_eq!(parse("T{d:a:}").dtype().kind(), Kind::Record);
    assert_eq!(parse("2f").dtype().kind(), Kind::Array);
}

#[test]
fn complex_numbers_have_two_spellings() {
    for (old, new) in [("Zf", "F"), ("Zd", "D"), ("Zg", "G"), ("=Zd", "=D")] {
        assert_eq!(parse(old), parse(new));
    }
}

#[test]
fn a_dtype_is_a_native_element() {
    assert_eq!(Format::from(f64::DTYPE), f64::format());
    assert_eq!(Format::from(parse("3w").dtype()), parse("3w"));
    assert_eq!(Format::from(parse("T{d}").dtype()), parse("8x"));
    // There is no type code for these sizes.
    for kind in [Kind::Int, Kind::Uint, Kind::Float, Kind::Complex, Kind::Bool, Kind::Text, Kind::Object] {
        assert_eq!(Format::from(Dtype::new(kind, 5)).to_pep3118(), "5x");
    }
}

#[test]
fn an_exported_format_describes_its_element() {
    fn holds<T: Element>() {
        let native = &T::format();
        assert!(Format::parse(T::format().code().unwrap().to_bytes()).unwrap().describes::<T>());
        assert_eq!(native.to_pep3118(), T::format().code().unwrap().to_str().unwrap());
    }
    holds::<i8>();
    holds::<i16>();
    holds::<i32>();
    holds::<i64>();
    holds::<isize>();
    holds::<u8>();
    holds::<u16>();
    holds::<u32>();
    holds::<u64>();
    holds::<usize>();
    holds::<f32>();
    holds::<f64>();
}
