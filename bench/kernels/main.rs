//! Benchmarks of the cost of a view beside raw pointers: one group for each kernel.
//! Each result is checked before it is timed.

mod indexed;
mod loops;
mod numbers;
mod records;
mod slices;

use criterion::{Criterion, criterion_group, criterion_main};
use indexed::{nearests, scatters, stencils};
use loops::Scene;
use records::Quote;
use std::hint::black_box;
use typedview::{Big, CellView, Dyn, Owned, View, ViewMut, field};

const SCENE: Scene = Scene { cell: (30.0, 25.0), azimuth: 315.0, altitude: 45.0 };

/// Benchmarks sums of 512 x 512 numbers: 2 MiB of `i64`, which fit into most second-level caches.
fn sum(criterion: &mut Criterion) {
    let (rows, columns) = (512, 512);
    let data: Vec<i64> = (0..rows as i64 * columns as i64).map(|i| i * 7919 % 1000).collect();
    let view = View::from_slice(&data, [rows, columns]);
    let cells = CellView::from(view);
    // SAFETY: the vector has `rows * columns` elements, all of them initialised.
    let raw = || unsafe { loops::sum_raw(black_box(data.as_ptr()), rows, columns) };
    let expected: i64 = data.iter().sum();
    assert_eq!(raw(), expected);
    assert_eq!(loops::sum_view(view), expected);
    assert_eq!(loops::sum_view_by_index(view), expected);
    assert_eq!(loops::sum_cells(cells), expected);
    assert_eq!(loops::sum_strided(view.to_strided()), expected);

    let mut group = criterion.benchmark_group("sum");
    group.bench_function("raw", |bencher| bencher.iter(raw));
    group.bench_function("view", |bencher| bencher.iter(|| loops::sum_view(black_box(view))));
    group.bench_function("view_by_index", |bencher| {
        bencher.iter(|| loops::sum_view_by_index(black_box(view)));
    });
    group.bench_function("cells", |bencher| bencher.iter(|| loops::sum_cells(black_box(cells))));
    group.bench_function("strided", |bencher| {
        bencher.iter(|| loops::sum_strided(black_box(view.to_strided())));
    });
    group.finish();
}

fn hillshade(criterion: &mut Criterion) {
    let (rows, columns) = (344, 403);
    let heights: Vec<i16> = (0..rows as i32 * columns as i32).map(|i| (i * 7919 % 1000) as i16).collect();
    let terrain = View::from_slice(&heights, [rows, columns]);
    let (mut shade, mut expected) =
        (Owned::zeroed([rows, columns]), Owned::<f32, _>::zeroed([rows, columns]));
    let raw = |mut shade: ViewMut<'_, f32, typedview::C<2>>| {
        let out = shade.as_mut_slice().map_or(std::ptr::null_mut(), <[f32]>::as_mut_ptr);
        // SAFETY: `heights` and `shade` have `rows * columns` elements each.
        unsafe { loops::hillshade_raw(black_box(heights.as_ptr()), (rows, columns), SCENE, out) }
    };
    raw(expected.view_mut());
    assert!(expected.view().iter().all(|light| (0.0..=1.0).contains(&light)));
    loops::hillshade_view(terrain, SCENE, shade.view_mut());
    assert_eq!(shade.view().to_vec(), expected.view().to_vec());
    loops::hillshade_strided(terrain.to_strided(), SCENE, shade.view_mut());
    assert_eq!(shade.view().to_vec(), expected.view().to_vec());

    let mut group = criterion.benchmark_group("hillshade");
    group.bench_function("raw", |bencher| bencher.iter(|| raw(shade.view_mut())));
    group.bench_function("view", |bencher| {
        bencher.iter(|| loops::hillshade_view(black_box(terrain), SCENE, shade.view_mut()));
    });
    group.bench_function("strided", |bencher| {
        bencher.iter(|| loops::hillshade_strided(black_box(terrain.to_strided()), SCENE, shade.view_mut()));
    });
    group.finish();
}

fn dot(criterion: &mut Criterion) {
    let n = 20_000;
    let (x, y): (Vec<i64>, Vec<i64>) = (0..n).map(|i| (i % 1000, i % 77)).unzip();
    let (a, b) = (View::from(&x), View::from(&y));
    // SAFETY: both vectors have the `x.len()` elements that are passed.
    let raw = || unsafe { numbers::dot_raw(black_box(x.as_ptr()), y.as_ptr(), x.len()) };
    let expected: i64 = x.iter().zip(&y).map(|(x, y)| x * y).sum();
    assert_eq!(raw(), expected);
    assert_eq!(numbers::dot_view(a, b), expected);
    assert_eq!(numbers::dot_strided(a.to_strided(), b.to_strided()), expected);
    assert_eq!(numbers::dot_ndarray((&x[..]).into(), (&y[..]).into()), expected);

    let mut group = criterion.benchmark_group("dot");
    group.bench_function("raw", |bencher| bencher.iter(raw));
    group.bench_function("view", |bencher| bencher.iter(|| numbers::dot_view(black_box(a), b)));
    group.bench_function("strided", |bencher| {
        bencher.iter(|| numbers::dot_strided(black_box(a.to_strided()), b.to_strided()));
    });
    group.bench_function("ndarray", |bencher| {
        bencher.iter(|| numbers::dot_ndarray(black_box(&x[..]).into(), (&y[..]).into()));
    });
    group.finish();
}

fn axpy(criterion: &mut Criterion) {
    let n = 20_000;
    let x: Vec<f64> = (0..n).map(f64::from).collect();
    let mut y = vec![0.0; x.len()];
    // With a factor of 0, the sums never become denormal and never overflow, however often they are computed.
    let a = black_box(0.0);

    let mut group = criterion.benchmark_group("axpy");
    group.bench_function("raw", |bencher| {
        // SAFETY: both vectors have the `x.len()` elements that are passed.
        bencher.iter(|| unsafe { numbers::axpy_raw(a, black_box(x.as_ptr()), y.as_mut_ptr(), x.len()) });
    });
    group.bench_function("view", |bencher| {
        bencher.iter(|| numbers::axpy_view(a, black_box(View::from(&x)), ViewMut::from(&mut y)));
    });
    group.bench_function("strided", |bencher| {
        bencher.iter(|| {
            numbers::axpy_strided(
                a,
                black_box(View::from(&x)).to_strided(),
                ViewMut::from(&mut y).to_strided(),
            );
        });
    });
    group.bench_function("ndarray", |bencher| {
        bencher.iter(|| numbers::axpy_ndarray(a, black_box(&x[..]).into(), (&mut y[..]).into()));
    });
    group.finish();
    numbers::axpy_view(2.0, View::from(&x), ViewMut::from(&mut y));
    assert_eq!(y[3], 6.0);
}

fn sum_of_floats(criterion: &mut Criterion) {
    let x: Vec<f32> = (0..20_000u16).map(|i| f32::from(i % 1000)).collect();
    let swapped: Vec<Big<f32>> = x.iter().copied().map(Big::new).collect();
    // SAFETY: the vector has the `x.len()` elements that are passed.
    let raw = || unsafe { numbers::sum_raw(black_box(x.as_ptr()), x.len()) };
    let expected: f32 = x.iter().sum();
    assert_eq!(raw(), expected);
    assert_eq!(numbers::sum_view((&x).into()), expected);
    assert_eq!(numbers::sum_big_endian((&swapped).into()), expected);

    let mut group = criterion.benchmark_group("sum_of_floats");
    group.bench_function("raw", |bencher| bencher.iter(raw));
    group.bench_function("view", |bencher| bencher.iter(|| numbers::sum_view(black_box(View::from(&x)))));
    group.bench_function("big_endian", |bencher| {
        bencher.iter(|| numbers::sum_big_endian(black_box(View::from(&swapped))));
    });
    group.finish();
}

fn rows(criterion: &mut Criterion) {
    let data: Vec<f64> = (0..64 * 8).map(f64::from).collect();
    let table = View::from_slice(&data, [64, 8]);
    assert_eq!(slices::by_row(table), slices::by_index(table));

    let mut group = criterion.benchmark_group("rows");
    group.bench_function("by_index", |bencher| bencher.iter(|| slices::by_index(black_box(table))));
    group.bench_function("by_row", |bencher| bencher.iter(|| slices::by_row(black_box(table))));
    group.finish();
}

/// Benchmarks sums over 5000 records of 56 bytes: 280 kB, which fit into most second-level caches.
fn records(criterion: &mut Criterion) {
    let data: Vec<Quote> = (0..5000).map(Quote::of_day).collect();
    let quotes = View::from(&data);
    let closes = quotes.field(field!(Quote, close));
    // SAFETY: the vector has the `data.len()` records that are passed.
    let raw = || unsafe { records::sum_field_raw(black_box(data.as_ptr()), data.len()) };
    // The closes are 50 times the numbers from 0.5 to 99.5.
    assert_eq!(raw(), 250_000.0);
    assert_eq!(records::sum_field(quotes), 250_000.0);
    assert_eq!(records::sum_closes(closes), 250_000.0);
    assert_eq!(records::sum_records(quotes), 250_000.0);

    let mut group = criterion.benchmark_group("field");
    group.bench_function("raw", |bencher| bencher.iter(raw));
    group.bench_function("view", |bencher| bencher.iter(|| records::sum_field(black_box(quotes))));
    group.bench_function("strided", |bencher| bencher.iter(|| records::sum_closes(black_box(closes))));
    group.bench_function("records", |bencher| bencher.iter(|| records::sum_records(black_box(quotes))));
    group.finish();
}

fn dynamic(criterion: &mut Criterion) {
    let data = vec![0.0; 1024];
    for (name, shape) in [("dynamic_slice_2d", &[64, 16][..]), ("dynamic_slice_5d", &[4, 4, 4, 4, 4])] {
        let strides: Vec<isize> =
            (1..=shape.len()).map(|axis| 8 * shape[axis..].iter().product::<usize>() as isize).collect();
        let layout = Dyn::new(shape, &strides, 8).unwrap_or_else(|error| panic!("{error}"));
        // SAFETY: the shape has as many elements as the vector, so the layout stays inside it.
        let view = unsafe { View::from_raw_parts(data.as_ptr(), layout) };
        let array = ndarray::ArrayView::from_shape(shape, &data).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(slices::dynamic(&view), slices::dynamic_ndarray(&array));

        let mut group = criterion.benchmark_group(name);
        group
            .bench_function("ndarray", |bencher| bencher.iter(|| slices::dynamic_ndarray(black_box(&array))));
        group.bench_function("view", |bencher| bencher.iter(|| slices::dynamic(black_box(&view))));
        group.finish();
    }
}

criterion_group!(
    benches,
    sum,
    hillshade,
    dot,
    axpy,
    sum_of_floats,
    rows,
    records,
    stencils,
    scatters,
    nearests,
    dynamic
);
criterion_main!(benches);
