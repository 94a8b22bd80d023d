//! Sizes: the cost of reading a format depends on its length, whatever numbers it contains.
//! It is separate because these formats are generated, and because of the allocator that counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, Instant};
use typedview::Format;

/// The system's allocator with a count of the requests of each thread.
struct Counting;

thread_local! {
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to `System`, which fulfils the contract. The counts have no destructor, so a thread
// may allocate until its end.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        REQUESTS.set(REQUESTS.get() + 1);
        BYTES.set(BYTES.get() + layout.size());
        // SAFETY: the caller guarantees a layout that is valid for `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, first: *mut u8, layout: Layout) {
        // SAFETY: the caller guarantees that this allocator, which is `System`, made the allocation with this layout.
        unsafe { System.dealloc(first, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Returns the number of requests for memory that reading a format makes, and the sum of their bytes.
fn cost(format: &[u8], itemsize: usize) -> (usize, usize) {
    let before = (REQUESTS.get(), BYTES.get());
    let read = Format::parse_sized(format, itemsize);
    let after = (REQUESTS.get(), BYTES.get());
    assert!(read.is_ok(), "{read:?}");
    (after.0 - before.0, after.1 - before.1)
}

#[test]
fn a_single_code_needs_no_memory() {
    for (format, itemsize) in [("d", 8), ("B", 1), (" <i ", 4), ("5s", 5), ("Zd", 16), ("1d", 8)] {
        assert_eq!(cost(format.as_bytes(), itemsize), (0, 0), "{format}");
    }
}

#[test]
#[cfg(target_pointer_width = "64")]
fn a_count_costs_nothing() {
    let small = cost(b"T{4x2i:a:}", 12);
    assert_eq!(cost(b"T{4000000000x99999999i:a:}", 4_399_999_996), small);
    assert_eq!(cost(b"(2,3)T{i:a:}", 24), cost(b"(60000,70000)T{i:a:}", 16_800_000_000));
}

#[test]
fn there_are_at_most_64_levels() {
    let nested = |levels: usize| ["T{".repeat(levels), "d".into(), "}".repeat(levels)].concat();
    let deepest = Format::parse(nested(64).as_bytes()).unwrap();
    assert_eq!(Format::parse_sized(deepest.to_pep3118().as_bytes(), 8), Ok(deepest));
    for format in [nested(65), nested(100_000), "T{".repeat(100_000)] {
        let text = Format::parse(format.as_bytes()).unwrap_err().to_string();
        assert!(text.ends_with("...': 'T{' at column 129 is more than 64 levels deep"), "{text}");
    }
    // A format of several items is a record, which is one more level.
    let text = Format::parse((nested(64) + "d").as_bytes()).unwrap_err().to_string();
    assert!(text.ends_with("...': 'T{' at column 127 is more than 64 levels deep"), "{text}");
}

#[test]
fn there_are_at_most_64_axes() {
    let format = |axes: usize| format!("({})d", vec!["1"; axes].join(","));
    assert_eq!(Format::parse(format(64).as_bytes()).unwrap().subarray().unwrap().0.len(), 64);
    let text = "the sub-array at column 1 has more than 64 axes";
    assert!(Format::parse(format(65).as_bytes()).unwrap_err().to_string().ends_with(text));
    let counted = format(64).replace('d', "2d");
    assert!(Format::parse(counted.as_bytes()).unwrap_err().to_string().ends_with(text));
}

/// Reads formats of up to half a million letters, for which a quadratic step would take minutes.
#[test]
fn long_formats_are_read_at_once() {
    let names: String = (0..50_000).map(|i| format!("d:name {i}:")).collect();
    let long = [
        "x".repeat(500_000),
        "d".repeat(200_000),
        "dx".repeat(100_000),
        "(1)x".repeat(100_000),
        "T{}".repeat(100_000),
        "T{T{B}xB}".repeat(50_000),
        format!("{}d{}", "T{xxx".repeat(60), "x}".repeat(60)).repeat(1_000),
        format!("T{{{}}}", "xxxxB:a:".replace(":a:", "").repeat(100_000)),
        "0".repeat(500_000) + "d",
        " ".repeat(500_000) + "d",
        "(1)".repeat(500_000),
        "<".repeat(500_000),
        "}".repeat(500_000),
        "d:".to_string() + &"ö".repeat(250_000),
        format!("T{{{names}}}"),
        names,
    ];
    for format in long {
        let start = Instant::now();
        let read = Format::parse(format.as_bytes());
        let itemsize = read.as_ref().map_or(8, Format::itemsize);
        // Text that is not a format is refused with an itemsize, too.
        assert_eq!(Format::parse_sized(format.as_bytes(), itemsize).is_ok(), read.is_ok());
        let (shown, end) = (format.chars().take(20).collect::<String>(), start.elapsed());
        assert!(end < Duration::from_secs(20), "{shown}: {end:?}");
        if let Ok(read) = read {
            assert!(read.to_string().len() < 10_000, "{shown}");
        }
    }
}
