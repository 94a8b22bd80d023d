//! The grain of parallel iterators and copies: sums of rows, and copies, on one thread and on two, for tables of several sizes.
//! It prints tables. The grain of `par_rows` and of copies should be where two threads begin to be faster.

use rayon::prelude::*;
use std::hint::black_box;
use std::time::Instant;
use typedview::{C, COPY_GRAIN, GRAIN, Owned, View, ViewMut};

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

fn sums() {
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

/// Copies a table in two halves, one after the other or on two threads.
fn copies(name: &str, order: impl Fn(View<'_, f64, C<2>>) -> View<'_, f64, typedview::Strided<2>>) {
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build();
    let two = two.unwrap_or_else(|error| panic!("{error}"));
    println!("us for copies, {name}; a grain of {COPY_GRAIN} bytes divides the sizes marked with *");
    println!("   bytes  one thread  two threads  ratio");
    for side in [128, 181, 256, 362, 512, 724, 1024, 1448, 2048] {
        let source = Owned::from_fn([side, side], |[i, j]| (i * side + j) as f64);
        let (source, nbytes) = (order(source.view()), side * side * 8);
        let mut target = Owned::<f64, C<2>>::zeroed([side, side]);
        let halves = |mut target: ViewMut<'_, f64, C<2>>, threads: bool| {
            let (mut first, mut second) = target.reborrow().split_at(0, side / 2);
            let (first_source, second_source) = source.split_at(0, side / 2);
            let mut first = || first.copy_from(&first_source);
            let mut second = || second.copy_from(&second_source);
            if threads {
                two.install(|| rayon::join(first, second))
            } else {
                (first(), second())
            };
            target.view().at([side - 1, 0])
        };
        let (mut one, mut both) = (Vec::new(), Vec::new());
        for _ in 0..41 {
            one.push(microseconds(|| halves(target.view_mut(), false)));
            both.push(microseconds(|| halves(target.view_mut(), true)));
        }
        assert!(target.view() == source);
        let (one, both) = (median(one), median(both));
        let mark = if nbytes >= 2 * COPY_GRAIN { '*' } else { ' ' };
        println!("{nbytes:8}{mark} {one:11.1} {both:12.1} {:6.2}", both / one);
    }
}

fn main() {
    sums();
    copies("contiguous", |view| view.to_strided());
    copies("transposed", |view| view.transpose().to_strided());
}
