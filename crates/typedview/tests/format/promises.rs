//! The promises of every format that has been read, whatever its bytes were.
//! They are separate because the fuzzer checks them, too.

use typedview::Format;

/// Checks the promises of records and sub-arrays.
fn holds(format: &Format) {
    if let Some(fields) = format.fields() {
        let mut end = 0;
        for field in fields {
            assert!(field.offset() >= end, "{format}");
            end = field.offset() + field.format().itemsize();
            holds(field.format());
        }
        assert!(end <= format.itemsize(), "{format}");
    }
    if let Some((shape, item)) = format.subarray() {
        assert!((1..=64).contains(&shape.len()) && item.subarray().is_none());
        assert_eq!(shape.iter().product::<usize>() * item.itemsize(), format.itemsize());
        holds(item);
    }
}

/// Reads a format in every way, and reads the text of each result again.
pub(crate) fn is_read_or_refused(text: &[u8], itemsize: usize) {
    let by_codes = Format::parse(text);
    let sizes = by_codes.as_ref().map(Format::itemsize).into_iter().chain([itemsize, 8, 16, 24]);
    for itemsize in sizes {
        if let Ok(read) = Format::parse_sized(text, itemsize) {
            assert!(by_codes.is_ok() && read.itemsize() == itemsize);
            reads_back(&read);
        }
    }
    if let Ok(read) = by_codes {
        reads_back(&read);
    }
}

pub(crate) fn reads_back(format: &Format) {
    holds(format);
    assert_eq!(format.difference(format), None);
    let text = format.to_pep3118();
    assert_eq!(Format::parse_sized(text.as_bytes(), format.itemsize()).as_ref(), Ok(format), "{text}");
    assert_eq!(Format::parse(text.as_bytes()).as_ref(), Ok(format), "{text}");
}
