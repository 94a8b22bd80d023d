//! How much does a view cost beside raw pointers? One group a kernel; each result is checked before it is timed.

mod loops;

use criterion::{Criterion, criterion_group, criterion_main};
use loops::Scene;
use std::hint::black_box;
use typedview::{CellView, Owned, View, ViewMut};

const SCENE: Scene = Scene { cell: (30.0, 25.0), azimuth: 315.0, altitude: 45.0 };

/// 512 x 512 numbers: 2 MiB of `i64`, inside most second-level caches.
fn sum(criterion: &mut Criterion) {
    let (rows, columns) = (512, 512);
    let data: Vec<i64> = (0..rows as i64 * columns as i64).map(|i| i * 7919 % 1000).collect();
    let view = View::from_slice(&data, [rows, columns]);
    let cells = CellView::from(view);
    // SAFETY: the vector has rows x columns elements.
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
        // SAFETY: both have rows x columns elements.
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

criterion_group!(benches, sum, hillshade);
criterion_main!(benches);
