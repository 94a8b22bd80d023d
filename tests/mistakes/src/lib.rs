//! Programs with typical mistakes. None of them compiles.
//!
//! The lines that begin with `//~` say what the compiler must print about the code above them, up to the previous such lines. `...`
//! stands for any text in one line, because versions of the compiler write names of types differently. They have only sentences
//! of this project. `scripts/check_messages.py` compares.

#![cfg(feature = "mistakes")]

mod elements;
mod indices;
mod layouts;
mod records;
mod results;
mod slices;
mod threads;
mod zips;
