//! Formats: compared with the offsets of NumPy and ctypes, with the text of every refusal, and with arbitrary bytes.
//! Tables are files beside the tests. `exporters.py` has written exporters.txt.

mod corpus;
mod exporters;
mod numbers;
mod promises;
mod size;
mod written;
