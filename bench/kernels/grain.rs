//! The grain of parallel iterators: sums of rows on one thread and on two, for tables of several sizes.
//! It prints a table. The grain of `par_rows` should be where two threads begin to be faster.

use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;
use typedview::{C, GRAIN, View};

const COLUMNS: usize = 128;

fn sum(row: View<'_, f64, C<1>>) -> f64 {
    row.iter().sum()
}

/// Returns how many microseconds `work` takes.
fn microseconds(work: impl FnOnce() -> f64) -> f64 {
    let start = Instant::now();
    black_box(work());
    start.elapsed().as_secs_f64() * 1e6
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build();
    let two = two.unwrap_or_else(|error| panic!("{error}"));
    println!(
        "us for the sums of {COLUMNS} columns; a grain of {GRAIN} elements divides the sizes marked with *"
    );
    println!("elements  one thread  two threads  ratio");
    for size in (10..22).map(|bits| 1 << bits) {
        let data: Vec<f64> = (0..size).map(f64::from).collect();
        let table = View::from_slice(&data, [data.len() / COLUMNS, COLUMNS]);
        let largest = || black_box(table).rows().map(sum).fold(0.0, f64::max);
        let half = data.len() / 2;
        let divided =
            || two.install(|| black_box(table).par_rows().with_grain(half).map(sum).reduce(|| 0.0, f64::max));
        assert_eq!(largest(), divided());
        let (one, both) = (0..101).map(|_| (microseconds(largest), microseconds(divided))).unzip();
        let (one, both): (f64, f64) = (median(one), median(both));
        let mark = if half >= GRAIN { '*' } else { ' ' };
        println!("{size:8}{mark} {one:11.1} {both:12.1} {:6.2}", both / one);
    }
}
