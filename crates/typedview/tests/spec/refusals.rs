//! The refusals of text that is not a spec, and the marks under the text.
//! They are separate because a message of three lines needs a table of its own.

use super::shown;
use typedview::{ErrorKind, Spec};

#[test]
fn there_may_be_64_axes() {
    let axes = |count: usize| format!("double[{}]", vec![":"; count].join(", "));
    assert_eq!(shown(&axes(64)), axes(64));
    let text = axes(65);
    let mark = " ".repeat(text.len() - 2);
    assert_eq!(shown(&text), format!("there may be at most 64 axes\n  {text}\n  {mark}^"));
}

/// Texts that are not a spec, the marks under them, and what is wrong.
const REFUSALS: [(&str, &str, &str); 47] = [
    ("", "^", "an element is missing"),
    ("[:]", "^", "an element is missing"),
    ("const [:]", "     ^", "an element is missing"),
    ("f32 | [:]", "     ^", "an element is missing"),
    ("| f32[:]", "^", "an element is missing"),
    ("f32 || f64[:]", "     ^", "an element is missing"),
    ("unsigned double[:]", "^^^^^^^^^^^^^^^", "'unsigned double' names no element"),
    ("f32 | np.int32[:]", "      ^^^^^^^^", "'np.int32' names no element"),
    ("3d[:]", "^^", "'3d' names no element"),
    ("größe é[:]", "^^^^^^^", "'größe é' names no element"),
    ("f32 | const f64[:]", "      ^^^^^^^^^", "'const' stands once, before all elements"),
    ("const const f64[:]", "      ^^^^^^^^^", "'const' stands once, before all elements"),
    ("double", "      ^", "the axes are missing: give '[:]' for one, '[...]' for any number"),
    ("double[:", "        ^", "the bracket is not closed"),
    ("double[", "       ^", "the bracket is not closed"),
    ("double[:][:]", "         ^^^", "nothing may follow the axes"),
    ("double[:] not None", "          ^^^^^^^^", "nothing may follow the axes"),
    ("double[:,]", "         ^", "an axis is missing"),
    ("double[, :]", "       ^", "an axis is missing"),
    ("double[:, , :]", "          ^", "an axis is missing"),
    ("double[[:]]", "          ^", "nothing may follow the axes"),
    ("double[[:]", "       ^^", "'[:' is no axis: give ':', '::1' or a length"),
    ("double[n]", "       ^", "'n' is no axis: give ':', '::1' or a length"),
    ("double[-3]", "       ^^", "'-3' is no axis: give ':', '::1' or a length"),
    ("double[:, :::]", "          ^^^", "':::' is no axis: give ':', '::1' or a length"),
    ("double[:, :::::1]", "          ^^^^^^", "':::::1' is no axis: give ':', '::1' or a length"),
    ("double[:, ...]", "          ^^^", "'...' stands alone: it is any number of axes"),
    ("double[1:]", "       ^^", "a range is no axis: give ':' or a length"),
    ("double[:5]", "       ^^", "a range is no axis: give ':' or a length"),
    ("double[:, 0:-5:1]", "          ^^^^^^", "a range is no axis: give ':' or a length"),
    ("double[indirect]", "       ^^^^^^^^", "the name of an axis stands after '::'"),
    ("double[:strided]", "        ^^^^^^^", "the name of an axis stands after '::'"),
    ("double[view.generic::]", "       ^^^^^^^^^^^^", "the name of an axis stands after '::'"),
    ("double[::2]", "         ^", "the step of an axis may only be 1"),
    ("double[:, ::-1]", "            ^^", "the step of an axis may only be 1"),
    ("double[::full]", "         ^^^^", UNKNOWN_FULL),
    ("double[::1+1]", "         ^^^", UNKNOWN_SUM),
    ("double[99999999999999999999]", "       ^^^^^^^^^^^^^^^^^^^^", "a length exceeds the address space"),
    ("double[::1, ::1]", "            ^^^", "only one axis may be contiguous"),
    ("double[::contiguous, ::1]", "                     ^^^", "only one axis may be contiguous"),
    ("double[::1, :, ::contiguous]", "               ^^^^^^^^^^^^", "only one axis may be contiguous"),
    ("double[:, ::1, :]", "          ^^^", "only axis 0 or 2 may be contiguous"),
    ("double[:, ::contiguous, :]", "          ^^^^^^^^^^^^", "only axis 0 or 2 may be contiguous"),
    ("double[::indirect, :, ::1, :]", "                      ^^^", "only axis 1 or 3 may be contiguous"),
    ("double[::1, ::indirect]", "            ^^^^^^^^^^", "an indirect axis may not follow a contiguous one"),
    ("double[::1, ::generic]", "            ^^^^^^^^^", "an indirect axis may not follow a contiguous one"),
    (
        "int[::contiguous, ::indirect, :]",
        "                  ^^^^^^^^^^",
        "an indirect axis may not follow a contiguous one",
    ),
];
const UNKNOWN_FULL: &str = "'full' says nothing about an axis: give 1, strided, contiguous, indirect, \
     indirect_contiguous or generic";
const UNKNOWN_SUM: &str = "'1+1' says nothing about an axis: give 1, strided, contiguous, indirect, \
     indirect_contiguous or generic";

#[test]
fn each_fault_is_named_and_marked() {
    for (text, mark, fault) in REFUSALS {
        let error = Spec::parse(text).unwrap_err();
        assert_eq!(error.to_string(), format!("{fault}\n  {text}\n  {mark}"));
        assert_eq!(error.kind(), ErrorKind::Spec);
    }
}

#[test]
fn a_spec_of_any_length_is_shown_whole() {
    let name = "x".repeat(70_000);
    let mark = " ".repeat(name.len() + 4);
    assert_eq!(
        shown(&format!("{name}[::2]")),
        format!("the step of an axis may only be 1\n  {name}[::2]\n  {}^", &mark[1..])
    );
}

#[test]
fn a_spec_of_many_lines_is_shown_on_one() {
    assert_eq!(
        shown("double[\n\t:,\r\n\t::2\n]"),
        "the step of an axis may only be 1\n  double[  :,   ::2 ]\n                  ^"
    );
}
