//! The notation of specs: each spelling, and the one text that it is shown as.
//! The tables list all the spellings that are accepted.

use super::shown;
use typedview::{Access, AxisAccess, C, Dyn, Element, F, Format, Found, Indirect, Order, Packing, Spec};
use typedview::{Strided, WantedElement};

#[test]
fn every_layout_has_its_notation() {
    let shown = [
        (Spec::of::<f64, C<1>>(Access::Write), "double[::1]"),
        (Spec::of::<f64, C<3>>(Access::Write), "double[:, :, ::1]"),
        (Spec::of::<f32, F<2>>(Access::Read), "const float[::1, :]"),
        (Spec::of::<u8, Strided<2>>(Access::Read), "const uint8[:, :]"),
        (Spec::of::<i64, Strided<0>>(Access::Read), "const int64[]"),
        (Spec::of::<i64, C<0>>(Access::Read), "const int64[]"),
        (Spec::of::<f64, Dyn>(Access::Write), "double[...]"),
        (Spec::of::<f64, Indirect<2>>(Access::Read), "const double[::generic, ::generic]"),
    ];
    for (spec, text) in shown {
        assert_eq!(spec.to_string(), text);
        assert_eq!(Spec::parse(text), Ok(spec));
    }
}

#[test]
fn each_spelling_has_one_canonical_text() {
    let spellings = [
        ("double[:]", "double[:]"),
        ("const double[:]", "const double[:]"),
        ("double[:, ::1]", "double[:, ::1]"),
        ("double[::1, :]", "double[::1, :]"),
        ("double[::1, :, :]", "double[::1, :, :]"),
        ("double[:, :, ::1]", "double[:, :, ::1]"),
        ("double[::indirect, ::1]", "double[::indirect, ::1]"),
        ("double[::generic, ::1]", "double[::generic, ::1]"),
        ("double[...]", "double[...]"),
        ("double[]", "double[]"),
        ("uint8[:, :, 3]", "uint8[:, :, 3]"),
        ("f32 | f64[:]", "float | double[:]"),
        ("const f32|f64 | int[:]", "const float | double | int32[:]"),
        ("float|f32 | float32[:]", "float[:]"),
        // A contiguous axis: in one block with the others, or on its own.
        ("double[::1]", "double[::1]"),
        ("double[::01]", "double[::1]"),
        ("double[::contiguous]", "double[::1]"),
        ("double[:, ::contiguous]", "double[:, ::contiguous]"),
        ("double[::contiguous, :]", "double[::contiguous, :]"),
        ("double[::contiguous, ::generic]", "double[::contiguous, ::generic]"),
        ("int[::indirect, :, ::1]", "int32[::indirect, :, ::1]"),
        ("int[::indirect, ::1, :]", "int32[::indirect, ::1, :]"),
        ("int[:, ::indirect, ::1, :]", "int32[:, ::indirect, ::1, :]"),
        ("int[::indirect, ::contiguous]", "int32[::indirect, ::1]"),
        ("int[::indirect, :, ::contiguous]", "int32[::indirect, :, ::contiguous]"),
        // Axes by name, with Cython's modules or without.
        ("double[::strided]", "double[:]"),
        ("double[::]", "double[:]"),
        ("double[::view.strided, ::view.contiguous]", "double[:, ::contiguous]"),
        ("double[::cython.view.indirect, :]", "double[::indirect, :]"),
        ("double[::indirect_contiguous, ::generic]", "double[::indirect_contiguous, ::generic]"),
        // Lengths.
        ("double[4, 3::1]", "double[4, 3::1]"),
        ("double[4::1, 3]", "double[4::1, 3]"),
        ("double[1::1]", "double[1::1]"),
        ("double[4::contiguous, 3::]", "double[4::contiguous, 3]"),
        ("double[0003::strided]", "double[3]"),
        ("double[4::indirect, 0::generic]", "double[4::indirect, 0::generic]"),
        // White space.
        ("\tconst\n unsigned \t long  long[ 3 : : 1 ,\n: ] ", "const uint64[3::1, :]"),
        ("double [ ... ]", "double[...]"),
        ("double[ ]", "double[]"),
        // Records.
        ("Point[:]", "Point[:]"),
        ("const Größe_2 | constant[::1]", "const Größe_2 | constant[::1]"),
        ("bytes03[:]", "bytes03[:]"),
    ];
    for (text, canonical) in spellings {
        assert_eq!(shown(text), canonical, "{text}");
        assert_eq!(shown(canonical), canonical, "{text}");
    }
}

#[test]
fn names_of_c_numpy_and_rust_are_the_same_elements() {
    fn means<T: Element>(names: &[&str]) {
        for name in names {
            let spec = Spec::parse(&format!("{name}[:]")).unwrap();
            assert_eq!(spec, Spec::of::<T, Strided<1>>(Access::Write), "{name}");
            assert!(spec.takes::<T>());
        }
    }
    use core::ffi::{c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ulonglong, c_ushort};
    means::<i8>(&["char", "signed char", "int8", "i8", "int8_t"]);
    means::<i16>(&["int16", "i16", "int16_t"]);
    means::<i32>(&["int32", "i32", "int32_t"]);
    means::<i64>(&["int64", "i64", "int64_t"]);
    means::<isize>(&["ssize_t", "Py_ssize_t", "intp", "isize", "intptr_t"]);
    means::<c_short>(&["short"]);
    means::<c_int>(&["int"]);
    means::<c_long>(&["long"]);
    means::<c_longlong>(&["long long"]);
    means::<u8>(&["unsigned char", "uint8", "u8", "uint8_t"]);
    means::<u16>(&["uint16", "u16", "uint16_t"]);
    means::<u32>(&["uint32", "u32", "uint32_t"]);
    means::<u64>(&["uint64", "u64", "uint64_t"]);
    means::<usize>(&["size_t", "uintp", "usize", "uintptr_t"]);
    means::<c_ushort>(&["unsigned short"]);
    means::<c_uint>(&["unsigned int", "unsigned"]);
    means::<c_ulong>(&["unsigned long"]);
    means::<c_ulonglong>(&["unsigned long long"]);
    means::<f32>(&["float", "float32", "f32"]);
    means::<f64>(&["double", "float64", "f64"]);
}

#[test]
fn elements_that_no_view_holds_yet_have_names_too() {
    let names = [
        ("half", "half"),
        ("f16", "half"),
        ("float16", "half"),
        ("long double", "long double"),
        ("float complex", "float complex"),
        ("complex64", "float complex"),
        ("complex128", "double complex"),
        ("long double complex", "long double complex"),
        ("bint", "bool"),
        ("bool_", "bool"),
        ("object", "object"),
        ("pointer", "pointer"),
        ("bytes3", "bytes3"),
        ("text12", "text12"),
        ("void4", "void4"),
    ];
    for (name, canonical) in names {
        let spec = Spec::parse(&format!("{name}[:]")).unwrap();
        assert_eq!(spec.to_string(), format!("{canonical}[:]"));
        assert!(matches!(spec.elements(), [WantedElement::Element(_)]), "{name}");
    }
}

#[test]
fn every_format_that_is_found_can_be_asked_for() {
    for format in
        ["b", "H", "q", "N", "e", "f", "d", "g", "Zf", "Zd", "Zg", "?", "c", "5s", "3w", "O", "P", "7x"]
    {
        let format = Format::parse(format.as_bytes()).unwrap();
        let found = Found { format: &format, shape: &[], strides: &[], suboffsets: &[], readonly: false };
        assert_eq!(
            Spec::parse(&format!("{format}[]")).unwrap().check(&found, "exporter"),
            Ok(()),
            "{format}"
        );
    }
}

#[test]
fn a_spec_says_what_it_asks() {
    let spec: Spec = "const f32 | Point[3::indirect, :, ::1]".parse().unwrap();
    assert_eq!(spec.access(), Access::Read);
    assert!(spec.takes::<f32>() && !spec.takes::<f64>());
    assert_eq!(spec.elements()[1], WantedElement::Record("Point".into(), None));
    let axes = spec.axes().unwrap();
    assert_eq!(axes.iter().map(|axis| axis.extent).collect::<Vec<_>>(), [Some(3), None, None]);
    assert_eq!(axes[0].access, AxisAccess::Indirect);
    assert_eq!(axes[1].packing, Packing::Packed);
    assert_eq!(axes[2].packing, Packing::Contiguous);
    assert_eq!(spec.order(), Order::Strided);
    assert_eq!(Spec::parse("double[...]").unwrap().axes(), None);
    assert_eq!(Spec::parse("double[:, ::1]").unwrap().order(), Order::C);
    assert_eq!(Spec::parse("double[::1, :]").unwrap().order(), Order::F);
}
