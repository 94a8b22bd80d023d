//! The specification of views: a view is a shape and the number of each element, and an operation is a rule on them.
//! Each file compares one group of operations with the model, in every layout that has them.

mod axes;
mod chains;
mod choices;
mod copies;
mod fields;
mod layouts;
mod model;
mod overlap;
mod packing;
mod pairs;
mod parts;
mod pointers;
mod reading;
mod region;
mod reinterpreted;
mod reshapes;
mod same;
mod selections;
mod slices;
mod together;
mod writing;
