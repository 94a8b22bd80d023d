//! The corpus of formats, unusual and malformed ones, each with what is read or the whole text of its refusal.
//! The corpus is a file of its own, corpus.txt, because the fuzzer starts from the same formats.

use typedview::{ErrorKind, Format};

/// Yields the lines of the corpus: a format, the exporter's itemsize if it gives one, and the expected text.
fn corpus() -> impl Iterator<Item = (Vec<u8>, Option<usize>, &'static str)> {
    let lines = include_str!("corpus.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (format, rest) = line.strip_prefix("b\"").unwrap().rsplit_once("\" ").unwrap();
        let (itemsize, said) = rest.split_once(' ').unwrap_or((rest, ""));
        (unescaped(format), itemsize.parse().ok(), said.trim_start())
    })
}

/// Returns the bytes of a literal, as Python and Rust write it.
fn unescaped(literal: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut letters = literal.bytes();
    while let Some(letter) = letters.next() {
        bytes.push(match letter {
            b'\\' => match letters.next().unwrap() {
                b'0' => 0,
                b't' => b'\t',
                b'n' => b'\n',
                b'r' => b'\r',
                b'x' => {
                    let digits = [letters.next().unwrap(), letters.next().unwrap()];
                    u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                other => panic!("\\{}", char::from(other)),
            },
            letter => letter,
        });
    }
    bytes
}

fn said(format: &[u8], itemsize: Option<usize>) -> String {
    let read = match itemsize {
        Some(itemsize) => Format::parse_sized(format, itemsize),
        None => Format::parse(format),
    };
    match read {
        Ok(read) => format!("{read}, itemsize {}", read.itemsize()),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Format);
            error.to_string()
        }
    }
}

#[test]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn each_format_is_read_or_refused_in_these_words() {
    for (format, itemsize, text) in corpus() {
        assert_eq!(said(&format, itemsize), text, "{}", format.escape_ascii());
    }
}

#[test]
fn a_refusal_is_one_short_line() {
    let long = [b"\n\0\x1b\xff".repeat(1000), "ö".repeat(1000).into_bytes()];
    for (format, ..) in corpus().chain(long.into_iter().map(|format| (format, None, ""))) {
        let text = said(&format, Some(usize::MAX));
        assert!(!text.contains(char::is_control) && text.chars().count() < 800, "{text}");
    }
    let text = "format 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd\
                dddddddddddddddd...': unknown type code at column 201";
    assert_eq!(said(&[b"d".repeat(200), b"y".to_vec()].concat(), None), text);
}
