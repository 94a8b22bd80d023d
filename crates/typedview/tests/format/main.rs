//! Formats held to those who write them: NumPy's and ctypes' own offsets, every refusal by its text, and any bytes at all.
//! Tables stand in files beside the tests; exporters.txt has been written by exporters.py.

mod corpus;
mod exporters;
mod numbers;
mod promises;
mod size;
mod written;
