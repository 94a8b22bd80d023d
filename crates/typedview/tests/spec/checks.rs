//! Checks of specs: which memory each spec takes, and the message about any other.
//! The rules for an axis are Cython's. The memory is only described and does not exist.

use super::written::brackets;
use proptest::prelude::*;
use typedview::{Access, C, Element, Error, ErrorKind, F, Format, Found, Layout, Order, Spec, Strided};

/// A description of memory, of doubles unless `format` says otherwise.
#[derive(Clone, Copy)]
struct Memory<'a> {
    format: &'a str,
    shape: &'a [usize],
    strides: &'a [isize],
    suboffsets: &'a [isize],
    readonly: bool,
}

const ROWS: Memory<'_> =
    Memory { format: "d", shape: &[4, 3], strides: &[24, 8], suboffsets: &[], readonly: false };
/// An array of pointers to rows of 3.
const POINTERS: Memory<'_> = Memory { strides: &[8, 8], suboffsets: &[0, -1], ..ROWS };

fn check(spec: &Spec, memory: Memory<'_>) -> Result<(), Error> {
    let Memory { format, shape, strides, suboffsets, readonly } = memory;
    let format = Format::parse(format.as_bytes()).unwrap();
    spec.check(&Found { format: &format, shape, strides, suboffsets, readonly }, "exporter")
}

fn takes(spec: &str, memory: Memory<'_>) -> bool {
    check(&Spec::parse(spec).unwrap(), memory).is_ok()
}

/// Returns what a spec says about memory, without the part up to `from exporter: `.
fn reason(spec: &str, memory: Memory<'_>) -> String {
    let spec = Spec::parse(spec).unwrap();
    let message = check(&spec, memory).unwrap_err().to_string();
    let (difference, reason) = message.split_once(" from exporter: ").unwrap();
    assert!(difference.starts_with(&format!("expected {spec}, got ")), "{message}");
    reason.to_string()
}

fn refusal<T: Element, L: Layout>(access: Access, format: &str, found: (&[usize], &[isize], bool)) -> String {
    let (shape, strides, readonly) = found;
    let memory = Memory { format, shape, strides, suboffsets: &[], readonly };
    check(&Spec::of::<T, L>(access), memory).unwrap_err().to_string()
}

#[test]
fn each_difference_has_its_sentence() {
    assert_eq!(
        refusal::<f64, C<1>>(Access::Read, "f", (&[3], &[4], false)),
        "expected const double[::1], got float[:] with shape (3,), strides (4,) from exporter: \
         float is not double"
    );
    assert_eq!(
        refusal::<f64, Strided<1>>(Access::Write, "d", (&[3], &[8], true)),
        "expected double[:], got const double[:] with shape (3,), strides (8,) from exporter: \
         readonly; take const double[:] or pass writable memory"
    );
    assert_eq!(
        refusal::<f64, Strided<2>>(Access::Read, "d", (&[3], &[8], true)),
        "expected const double[:, :], got const double[:] with shape (3,), strides (8,) from exporter: \
         ndim 1 is not 2"
    );
    assert_eq!(
        refusal::<f64, F<2>>(Access::Read, "d", (&[4, 3], &[24, 8], false)),
        "expected const double[::1, :], got double[:, :] with shape (4, 3), strides (24, 8) from exporter: \
         C order; take const double[:, ::1] or pass a Fortran-contiguous copy"
    );
    assert_eq!(
        refusal::<f64, C<1>>(Access::Read, "d", (&[4], &[16], false)),
        "expected const double[::1], got double[:] with shape (4,), strides (16,) from exporter: \
         not C-contiguous; take const double[:] or pass a C-contiguous copy"
    );
}

#[test]
#[cfg(target_endian = "little")]
fn a_foreign_byte_order_has_its_sentence() {
    assert_eq!(
        refusal::<f64, Strided<1>>(Access::Read, ">d", (&[3], &[8], false)),
        "expected const double[:], got big-endian double[:] with shape (3,), strides (8,) from exporter: \
         foreign byte order; pass a copy in native byte order"
    );
}

#[test]
fn pointers_are_shown_with_their_suboffsets() {
    let error = check(&Spec::parse("double[:, ::1]").unwrap(), POINTERS).unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected double[:, ::1], got double[::indirect, :] with shape (4, 3), strides (8, 8), suboffsets (0, -1) \
         from exporter: axis 0 holds pointers; take double[::indirect, :] or pass a C-contiguous copy"
    );
    assert_eq!(error.kind(), ErrorKind::Layout);
    let format = Format::parse(b"d").unwrap();
    let mut found =
        Found { format: &format, shape: &[4, 3], strides: &[24, 8], suboffsets: &[0, -1], readonly: false };
    assert_eq!(found.summary(), "double[4, 3], indirect");
    assert!(!found.is_contiguous(Order::C) && found.is_contiguous(Order::Strided));
    found.suboffsets = &[-1, -1];
    assert_eq!(found.summary(), "double[4, 3], C");
}

#[test]
fn an_element_of_a_union_will_do() {
    let ints = Memory { format: "i", ..ROWS };
    assert!(takes("f32 | f64[:, :]", ROWS) && takes("int | Point[:, :]", ints));
    assert_eq!(reason("f32[:, :]", ints), "int32 is not float");
    assert_eq!(reason("f32 | f64[:, :]", ints), "int32 is neither float nor double");
    assert_eq!(reason("f32 | f64 | u8[:, :]", ints), "int32 is neither float, double nor uint8");
    assert_eq!(reason("Point[:, :]", ROWS), "double is not Point");
}

#[test]
fn a_record_and_a_sub_array_are_no_numbers() {
    let records = Memory { format: "T{i:a:d:b:}", strides: &[48, 16], ..ROWS };
    assert_eq!(reason("double[:, :]", records), "record{int32 a, double b} is not double");
    let error = check(&Spec::parse("const double[...]").unwrap(), Memory { format: "2d", ..records });
    assert_eq!(
        error.unwrap_err().to_string(),
        "expected const double[...], got (2)double[:, :] with shape (4, 3), strides (48, 16) from exporter: \
         (2)double is not double"
    );
}

#[test]
fn any_ndim_is_of_direct_axes() {
    assert!(takes("double[...]", ROWS) && takes("double[...]", Memory { shape: &[], strides: &[], ..ROWS }));
    assert_eq!(
        reason("double[...]", POINTERS),
        "axis 0 holds pointers; take double[::indirect, :] or pass a C-contiguous copy"
    );
    let readonly = Memory { readonly: true, ..ROWS };
    assert_eq!(reason("double[...]", readonly), "readonly; take const double[...] or pass writable memory");
    assert_eq!(reason("float[...]", ROWS), "double is not float");
}

#[test]
fn a_fixed_length_is_that_length() {
    let pixels = Memory { shape: &[2, 2, 4], strides: &[64, 32, 8], ..ROWS };
    assert!(takes("double[:, :, 4]", pixels) && takes("double[2, 2, 4::1]", pixels));
    assert_eq!(reason("double[:, :, 3]", pixels), "axis 2: length 4 is not 3");
    assert_eq!(reason("double[1, 3, 4::1]", pixels), "axis 0: length 2 is not 1");
    assert_eq!(reason("double[3]", pixels), "ndim 3 is not 1");
    // The length is checked in empty memory, too, where strides mean nothing.
    assert_eq!(
        reason("double[3]", Memory { shape: &[0], strides: &[8], ..ROWS }),
        "axis 0: length 0 is not 3"
    );
}

#[test]
fn a_contiguous_axis_alone_leaves_the_others_free() {
    let every_second = Memory { strides: &[48, 8], ..ROWS };
    assert!(takes("double[:, ::contiguous]", every_second) && !takes("double[:, ::1]", every_second));
    let transposed = Memory { strides: &[8, 64], ..ROWS };
    assert!(takes("double[::contiguous, :]", transposed) && !takes("double[::1, :]", transposed));
    assert_eq!(
        reason("double[4, 3::contiguous]", transposed),
        "axis 1: stride 64 is not the itemsize, 8; take double[4, 3] or pass a C-contiguous copy"
    );
    assert_eq!(
        reason("double[::contiguous, :]", every_second),
        "axis 0: stride 48 is not the itemsize, 8; take double[:, :] or pass a Fortran-contiguous copy"
    );
    let reversed = Memory { strides: &[24, -8], ..ROWS };
    assert!(!takes("double[:, ::contiguous]", reversed));
}

#[test]
fn axes_of_length_1_and_empty_memory_have_any_strides() {
    let one = Memory { shape: &[4, 1], strides: &[8, 77], ..ROWS };
    for spec in ["double[:, ::1]", "double[::1, :]", "double[:, ::contiguous]", "double[::contiguous, :]"] {
        assert!(takes(spec, one), "{spec}");
    }
    let empty = Memory { shape: &[0, 3], strides: &[5, 5], ..ROWS };
    for spec in ["double[:, ::1]", "double[::contiguous, :]", "double[::indirect, ::1]", "double[...]"] {
        assert!(takes(spec, empty), "{spec}");
        assert!(takes(spec, Memory { suboffsets: &[0, 0], ..empty }), "{spec}");
    }
    // The strides mean nothing here, but an axis of length 1 still either holds pointers or does not.
    let pointer = Memory { shape: &[1, 3], ..POINTERS };
    assert!(takes("double[::indirect, ::1]", pointer) && !takes("double[:, ::1]", pointer));
}

#[test]
fn an_axis_holds_pointers_or_elements_as_asked() {
    for spec in ["double[::indirect, :]", "double[::generic, :]", "double[::indirect_contiguous, ::1]"] {
        assert!(takes(spec, POINTERS), "{spec}");
    }
    assert!(takes("double[::generic, ::generic]", ROWS) && takes("double[::generic, ::1]", ROWS));
    assert!(takes("double[:, :]", Memory { suboffsets: &[-1, -1], ..ROWS }));
    assert_eq!(reason("double[::indirect, 3]", ROWS), "axis 0 holds no pointers; take double[:, 3]");
    assert_eq!(
        reason("double[::1, :]", POINTERS),
        "axis 0 holds pointers; take double[::indirect, :] or pass a Fortran-contiguous copy"
    );
    let inner = Memory { suboffsets: &[-1, 0], ..POINTERS };
    assert_eq!(
        reason("const double[::generic, :]", inner),
        "axis 1 holds pointers; take const double[:, ::indirect] or pass a C-contiguous copy"
    );
}

#[test]
fn contiguous_pointers_are_a_pointer_apart() {
    let wide = Memory { strides: &[16, 8], ..POINTERS };
    assert!(takes("double[::indirect, ::1]", wide));
    let pointer = size_of::<usize>();
    assert_eq!(
        reason("double[::indirect_contiguous, ::1]", wide),
        format!("axis 0: stride 16 is not the size of a pointer, {pointer}; take double[::indirect, ::1]")
    );
    assert!(takes("double[::indirect_contiguous, ::1]", Memory { shape: &[1, 3], ..wide }));
}

#[test]
fn blocks_below_pointers_have_an_order() {
    let blocks = Memory { shape: &[2, 4, 3], strides: &[8, 24, 8], suboffsets: &[0, -1, -1], ..ROWS };
    assert!(takes("double[::indirect, :, ::1]", blocks));
    assert_eq!(
        reason("double[::indirect, ::1, :]", blocks),
        "C order from axis 1 on; take double[::indirect, :, ::1]"
    );
    let fortran = Memory { strides: &[8, 8, 32], ..blocks };
    assert!(takes("double[::indirect, ::1, :]", fortran));
    assert_eq!(
        reason("double[::indirect, :, 3::1]", fortran),
        "Fortran order from axis 1 on; take double[::indirect, ::1, 3]"
    );
    assert_eq!(
        reason("double[::generic, :, ::1]", Memory { strides: &[8, 48, 8], ..blocks }),
        "not C-contiguous from axis 1 on; take double[::generic, :, ::contiguous] or pass a C-contiguous copy"
    );
    assert_eq!(
        reason("double[::generic, :, ::1]", Memory { strides: &[8, 48, 16], ..blocks }),
        "not C-contiguous from axis 1 on; take double[::generic, :, :] or pass a C-contiguous copy"
    );
}

proptest! {
    /// Each refusal advises a spec that is nearer to the memory, until one takes it or no spec of these lengths can.
    #[test]
    fn advice_that_is_followed_ends(
        brackets in brackets(),
        axes in prop::collection::vec((1usize..4, prop::sample::select(vec![8isize, 16, 24]), -1isize..2), 7),
        fixed: bool,
        readonly: bool,
    ) {
        let mut spec = Spec::parse(&format!("double[{brackets}]")).unwrap();
        let asked = spec.axes().map_or(3, <[_]>::len);
        let extents = |axis: usize| spec.axes().and_then(|axes| axes[axis].extent).filter(|_| fixed);
        let shape: Vec<usize> = (0..asked).map(|axis| extents(axis).unwrap_or(axes[axis].0)).collect();
        let strides: Vec<isize> = axes[..asked].iter().map(|axis| axis.1).collect();
        let suboffsets: Vec<isize> = axes[..asked].iter().map(|axis| axis.2).collect();
        let memory =
            Memory { format: "d", shape: &shape, strides: &strides, suboffsets: &suboffsets, readonly };
        let mut advised = 0;
        while let Err(error) = check(&spec, memory) {
            let message = error.to_string();
            let Some((_, advice)) = message.split_once("; take ") else {
                prop_assert!(message.contains(": length "), "{}", message);
                break;
            };
            let text = advice.split(" or pass ").next().unwrap();
            spec = Spec::parse(text).unwrap();
            prop_assert_eq!(spec.to_string(), text);
            advised += 1;
            prop_assert!(advised < 5, "{}", message);
        }
    }
}
