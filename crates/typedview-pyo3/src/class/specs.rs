//! Specs that Python code passes as texts: each text is parsed once.

use crate::error::OrRaise;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use typedview::Spec;

/// As many texts as are kept. A program has few of them, unless it makes them up.
const MOST: usize = 256;

/// Returns the spec that a text is.
///
/// # Errors
///
/// Raises `ValueError` for a text that does not follow the notation.
pub(super) fn parsed(text: &str) -> PyResult<Arc<Spec>> {
    static PARSED: Mutex<Option<HashMap<String, Arc<Spec>>>> = Mutex::new(None);
    // Nothing that is done with the lock can run Python code.
    let known = |specs: &Option<HashMap<_, _>>| specs.as_ref().and_then(|specs| specs.get(text).cloned());
    if let Some(spec) = known(&PARSED.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(spec);
    }
    let spec = Arc::new(Spec::parse(text).or_raise()?);
    let mut specs = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    let specs = specs.get_or_insert_default();
    if specs.len() >= MOST {
        specs.clear();
    }
    specs.insert(text.to_owned(), Arc::clone(&spec));
    Ok(spec)
}
