//! Random formats: a format that is written is read back, and arbitrary bytes are read or refused.
//! Formats that are read keep the promises of a record, whatever itemsize the exporter gives.

use super::promises::{is_read_or_refused, reads_back};
use proptest::prelude::*;
use typedview::{Field, Format};

/// Generates formats without parts: numbers of either byte order, and text of some length.
fn scalars() -> impl Strategy<Value = Format> {
    let code = prop::sample::select(vec![
        "b", "B", "h", "H", "i", "I", "q", "Q", "e", "f", "d", "Zf", "Zd", "?", "s", "5s", "0s", "w", "3w",
        "u", "3u", "O", "P", "g", "Zg", "3x", "0x",
    ]);
    (code, prop::sample::select(vec!["", "=", "<", ">"])).prop_map(|(code, mark)| {
        let marked = Format::parse(format!("{mark}{code}").as_bytes());
        marked.unwrap_or_else(|_| Format::parse(code.as_bytes()).unwrap())
    })
}

/// Generates any format: records with gaps before, between and behind their fields, and sub-arrays of any format.
fn formats() -> impl Strategy<Value = Format> {
    scalars().prop_recursive(4, 24, 5, |inner| {
        let name = prop::option::of("[a-zö {}()<x]{1,3}");
        let fields = prop::collection::vec((name, 0usize..9, inner.clone()), 0..5);
        let record = (fields, 0usize..20).prop_map(|(parts, tail)| {
            let mut end = 0;
            let place = |(i, (name, gap, format)): (usize, (Option<String>, usize, Format))| {
                let offset = end + gap;
                end = offset + format.itemsize();
                Field::new(name.map(|name| format!("{name}{i}")).as_deref(), offset, format)
            };
            let fields: Vec<Field> = parts.into_iter().enumerate().map(place).collect();
            Format::record(fields, end + tail).unwrap()
        });
        let shape = prop::collection::vec(0usize..4, 0..3);
        prop_oneof![
            2 => record,
            1 => (shape, inner).prop_map(|(shape, item)| Format::array(&shape, item).unwrap()),
        ]
    })
}

/// Generates text that is nearly a format.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(vec![
        "T{",
        "T{",
        "}",
        "}",
        "d",
        "i",
        "B",
        "h",
        "x",
        "xxxxxxx",
        "3x",
        "g",
        "Zd",
        "Zf",
        "u",
        "5s",
        "2",
        "0",
        "(2,3)",
        "(2)",
        "(",
        ")",
        ":a:",
        ":b:",
        ":c:",
        ":",
        "<",
        ">",
        "=",
        "@",
        "^",
        " ",
        "\n",
        "O",
        "&",
        "t",
        "X{}",
        "é",
        "9223372036854775807",
        "99999999999999999999",
    ]);
    prop::collection::vec(token, 0..24).prop_map(|tokens| tokens.concat().into_bytes())
}

proptest! {
    #[test]
    fn what_is_written_reads_back(format in formats()) {
        reads_back(&format);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        text in prop_oneof![nearly(), prop::collection::vec(any::<u8>(), 0..40)],
        itemsize in prop_oneof![0usize..64, any::<usize>()],
    ) {
        is_read_or_refused(&text, itemsize);
    }

    /// One letter of a real format is changed, which is what most broken exporters do.
    #[test]
    fn a_changed_letter_is_read_or_refused(format in formats(), at: prop::sample::Index, letter: u8) {
        let mut text = format.to_pep3118().into_bytes();
        let at = at.index(text.len());
        text[at] = letter;
        is_read_or_refused(&text, format.itemsize());
    }

    /// Formats without a difference have the same itemsize. The other direction may differ: void is read as bytes, and
    /// bytes are not read as void.
    #[test]
    fn formats_without_a_difference_have_one_itemsize(one in formats(), other in formats()) {
        if one.difference(&other).is_none() {
            prop_assert_eq!(one.itemsize(), other.itemsize());
        }
    }
}
