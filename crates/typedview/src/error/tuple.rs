//! `Tuple`: shows shapes and strides as text, in the notation of Python's tuples.
//! It has a file of its own because the errors, the specs and the Python class show a shape or strides.

use core::fmt;

/// A list that is shown as Python shows a tuple.
///
/// # Examples
///
/// ```
/// use typedview::Tuple;
///
/// assert_eq!(Tuple(&[4, 3]).to_string(), "(4, 3)");
/// assert_eq!(Tuple(&[4]).to_string(), "(4,)");
/// assert_eq!(Tuple::<usize>(&[]).to_string(), "()");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tuple<'a, X>(pub &'a [X]);

impl<X: fmt::Display> fmt::Display for Tuple<'_, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, x) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write!(f, "{x}")?;
        }
        f.write_str(if self.0.len() == 1 { ",)" } else { ")" })
    }
}
