//! The trait [`Element`] alone, to be had by a glob.
//! Apart because the derive of the same name is another one here, and only what a glob brings can be replaced.

pub use typedview::Element;
