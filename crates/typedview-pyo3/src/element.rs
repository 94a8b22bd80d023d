//! The trait [`Element`]: a re-export from the core, in a module of its own so that the crate root can take it by a
//! glob.
//! The crate root exports another derive macro with the same name, and a name can be replaced only when it comes from a
//! glob.

pub use typedview::Element;
