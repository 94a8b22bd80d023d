//! Random specs: a spec that is shown is read back, and any text is read or refused.
//! The strategies are in this file, and the checks use them, too.

use proptest::prelude::*;
use typedview::{Error, Spec};

/// Generates the axes of a spec, each in one of their spellings.
pub(crate) fn brackets() -> impl Strategy<Value = String> {
    let length = prop::sample::select(vec!["", "", "", "0", "3", "17"]);
    let step =
        prop::sample::select(vec!["", "::strided", "::indirect", "::indirect_contiguous", "::generic"]);
    let pointers = prop::collection::vec((length.clone(), step), 0..4);
    let elements = prop::collection::vec(length, 1..5);
    let packing = prop::sample::select(vec!["", "::1", "::view.contiguous"]);
    let listed = (pointers, elements, packing, any::<bool>()).prop_map(|(before, after, packing, last)| {
        let mut axes: Vec<String> = before.iter().map(|(length, step)| format!("{length}{step}")).collect();
        // One of the direct axes at the end may be contiguous: the first of them, or the last.
        let pointers = before.iter().rposition(|(_, step)| !["", "::strided"].contains(step));
        let first = pointers.map_or(0, |pointers| pointers + 1);
        axes.extend(after.iter().map(ToString::to_string));
        let unit = if last { axes.len() - 1 } else { first };
        if !packing.is_empty() {
            axes[unit] = format!("{}{packing}", axes[unit].split(':').next().unwrap());
        }
        let axes = axes.into_iter().map(|axis| if axis.is_empty() { ":".to_string() } else { axis });
        axes.collect::<Vec<_>>().join(" ,")
    });
    prop_oneof![8 => listed, 1 => Just("...".to_string()), 1 => Just(String::new())]
}

/// Generates specs, each in one of their spellings.
fn specs() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "double",
        "i8",
        "unsigned  long long",
        "complex64",
        "object",
        "bool",
        "bytes7",
        "Point",
        "_x1",
        "half",
        "datetime64[25s]",
        "timedelta64",
        "big-endian  int",
        "(2, 3)double",
        "( 2 ) datetime64 [ ns ]",
    ]);
    let names = prop::collection::vec(name, 1..4);
    (any::<bool>(), names, brackets()).prop_map(|(reads, names, axes)| {
        format!("{}{}[{axes}]", if reads { "const " } else { "" }, names.join("|"))
    })
}

/// Checks that the text above the mark shows one character for each of `text`, and that the mark is inside of it or
/// just behind it.
fn marks_a_place(text: &str, error: &Error) {
    let message = error.to_string();
    let lines: Vec<&str> = message.rsplitn(3, '\n').collect();
    let [mark, shown, fault] = lines[..] else { panic!("{message}") };
    assert!(!fault.is_empty() && !fault.contains('\n'), "{message}");
    assert_eq!(shown.chars().count(), text.chars().count() + 2);
    let place = mark.trim_start_matches(' ');
    assert!(!place.is_empty() && place.chars().all(|c| c == '^'));
    assert!(mark.len() <= shown.chars().count() + 1, "{message}");
    assert!(mark.len() <= shown.chars().count() || place == "^", "{message}");
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(text in specs()) {
        let spec = Spec::parse(&text).unwrap();
        let again = Spec::parse(&spec.to_string()).unwrap();
        prop_assert_eq!(again.to_string(), spec.to_string());
        prop_assert_eq!(again, spec);
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place(
        text in prop_oneof![
            any::<String>(),
            "[a-z0-9:,|. \\[\\]\u{e9}\t\n-]{0,30}",
            "(const |big-endian|\\([23],|\\(|\\)|datetime64|\\[|\\]|ns|25s|:|f64| |\\|){0,9}",
            "(const )?(double|f32 \\| i8)\\[((|3|-)(:|::|::1|::indirect|::contiguous|::generic|) ?,?){0,5}\\]{0,2}",
        ],
    ) {
        match Spec::parse(&text) {
            Ok(spec) => prop_assert_eq!(Spec::parse(&spec.to_string()), Ok(spec)),
            Err(error) => marks_a_place(&text, &error),
        }
    }
}
