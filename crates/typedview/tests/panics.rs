//! Panics: those of plain methods name the line of the caller, not one inside the library.

use std::panic::{self, Location};
use std::sync::Mutex;
use typedview::{View, zip};

static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Returns the file of the panic that `work` ends in.
fn file_of_panic(work: impl FnOnce() + panic::UnwindSafe) -> String {
    assert!(panic::catch_unwind(work).is_err());
    LAST.lock().unwrap().take().unwrap()
}

#[test]
fn a_plain_method_panics_at_its_caller() {
    panic::set_hook(Box::new(|info| {
        *LAST.lock().unwrap() = info.location().map(|location| location.file().to_owned());
    }));
    let here = Location::caller().file();
    let table = View::from(&[[1, 2, 3], [4, 5, 6]]);
    assert_eq!(file_of_panic(|| _ = table.at([2, 0])), here);
    assert_eq!(file_of_panic(|| _ = table.index_axis(1, 7)), here);
    assert_eq!(file_of_panic(|| _ = table.reshape([4])), here);
    assert_eq!(file_of_panic(|| _ = zip((table, View::from(&[1, 2])))), here);
    let _ = panic::take_hook();
}
