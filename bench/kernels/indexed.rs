//! Kernels by index, and their benchmarks: a stencil, a scatter and distances, with a checked index for each access.
//! A view has to keep the checks from costing much: they are moved out of the loop, or are one branch.

use criterion::Criterion;
use std::hint::black_box;
use typedview::{C, CellView, CellViewMut, Layout, Ndim, Strided, View, ViewMut, specialise, zip};

/// Computes a fifth of the sum of five neighbours, inside the border.
fn stencil<L: Ndim<2>>(x: CellView<'_, f64, L>, out: CellViewMut<'_, f64, L>) {
    let [rows, columns] = x.layout().extents();
    for i in 1..rows.saturating_sub(1) {
        for j in 1..columns.saturating_sub(1) {
            let sum =
                x.at([i, j]) + x.at([i - 1, j]) + x.at([i + 1, j]) + x.at([i, j - 1]) + x.at([i, j + 1]);
            out.set([i, j], 0.2 * sum);
        }
    }
}

/// Computes the stencil over contiguous memory.
#[inline(never)]
pub(crate) fn stencil_view(x: CellView<'_, f64, C<2>>, out: CellViewMut<'_, f64, C<2>>) {
    stencil(x, out);
}

/// Computes the stencil over any strides. Contiguous memory and contiguous rows have loops of their own.
#[inline(never)]
pub(crate) fn stencil_specialised(x: CellView<'_, f64, Strided<2>>, out: CellViewMut<'_, f64, Strided<2>>) {
    specialise!((x, out), |x, out| stencil(x, out));
}

/// Computes the stencil over raw pointers.
///
/// # Safety
///
/// The caller must ensure that `rows * columns` elements can be read, starting at `x`, and as many written, starting at
/// `out`. `rows` and `columns` must be at least 2.
#[inline(never)]
pub(crate) unsafe fn stencil_raw(x: *const f64, out: *mut f64, rows: usize, columns: usize) {
    for i in 1..rows - 1 {
        for j in 1..columns - 1 {
            let [here, above, below, left, right] = [(i, j), (i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]
                .map(|(i, j)| {
                    // SAFETY: `i` and `j` are inside `rows` and `columns`, so the pointer stays inside the elements.
                    let element = unsafe { x.add(i * columns + j) };
                    // SAFETY: the caller guarantees that the elements can be read, and this is one of them.
                    unsafe { element.read() }
                });
            // SAFETY: `i` and `j` are inside `rows` and `columns`, so the pointer stays inside the elements.
            let element = unsafe { out.add(i * columns + j) };
            // SAFETY: the caller guarantees that the elements can be written, and this is one of them.
            unsafe { element.write(0.2 * (here + above + below + left + right)) };
        }
    }
}

/// Adds 1 to the element at each of the places.
fn scatter<L: Ndim<4>>(places: View<'_, [i32; 4], C<1>>, mut out: ViewMut<'_, f64, L>) {
    for place in places.iter() {
        out.update(place.map(|i| i as usize), |x| x + 1.0);
    }
}

/// Adds 1 to the element at each of the places, in contiguous memory.
#[inline(never)]
pub(crate) fn scatter_view(places: View<'_, [i32; 4], C<1>>, out: ViewMut<'_, f64, C<4>>) {
    scatter(places, out);
}

/// Adds 1 to the element at each of the places, in memory of any strides.
#[inline(never)]
pub(crate) fn scatter_strided(places: View<'_, [i32; 4], C<1>>, out: ViewMut<'_, f64, Strided<4>>) {
    scatter(places, out);
}

/// Adds 1 to the element at each of the places, through raw pointers.
///
/// # Safety
///
/// The caller must ensure that `count` places can be read, starting at `places`, and that an element can be written at
/// each of them, with `out` and `strides`.
#[inline(never)]
pub(crate) unsafe fn scatter_raw(places: *const [i32; 4], count: usize, out: *mut f64, strides: [isize; 4]) {
    for number in 0..count {
        // SAFETY: `number` is less than `count`, so the pointer stays inside the places.
        let place = unsafe { places.add(number) };
        // SAFETY: the caller guarantees that the places can be read.
        let [i, j, k, l] = unsafe { place.read() }.map(|i| i as isize);
        let offset = i * strides[0] + j * strides[1] + k * strides[2] + l * strides[3];
        // SAFETY: the caller guarantees that there is an element at each place.
        let element = unsafe { out.byte_offset(offset) };
        // SAFETY: the caller guarantees that there is an element at each place.
        unsafe { *element += 1.0 };
    }
}

/// Writes to `nearest` the number of the centre that is nearest to each point.
fn nearest_centres(
    points: View<'_, f64, C<2>>,
    centres: View<'_, f64, C<2>>,
    mut nearest: ViewMut<'_, i32, C<1>>,
    distance: impl Fn(View<'_, f64, C<1>>, View<'_, f64, C<1>>) -> f64,
) {
    for (i, point) in points.rows().enumerate() {
        let mut best = (f64::INFINITY, 0);
        for (number, centre) in centres.rows().enumerate() {
            let distance = distance(point, centre);
            if distance < best.0 {
                best = (distance, number as i32);
            }
        }
        nearest.set(i, best.1);
    }
}

/// Finds the nearest centres, with rows that are read by index.
#[inline(never)]
pub(crate) fn nearest_by_index(
    points: View<'_, f64, C<2>>,
    centres: View<'_, f64, C<2>>,
    nearest: ViewMut<'_, i32, C<1>>,
) {
    nearest_centres(points, centres, nearest, |point, centre| {
        (0..point.size()).map(|j| (point.at(j) - centre.at(j)).powi(2)).sum()
    });
}

/// Finds the nearest centres, with rows that are zipped.
#[inline(never)]
pub(crate) fn nearest_zipped(
    points: View<'_, f64, C<2>>,
    centres: View<'_, f64, C<2>>,
    nearest: ViewMut<'_, i32, C<1>>,
) {
    nearest_centres(points, centres, nearest, |point, centre| {
        let mut sum = 0.0;
        zip((point, centre)).for_each(|(x, y)| sum += (x - y).powi(2));
        sum
    });
}

/// Finds the nearest centres through raw pointers.
///
/// # Safety
///
/// The caller must ensure that `points * axes` numbers can be read, starting at `x`, and `centres * axes` numbers,
/// starting at `y`, and that `points` numbers can be written, starting at `nearest`.
#[inline(never)]
pub(crate) unsafe fn nearest_raw(
    (x, points): (*const f64, usize),
    (y, centres): (*const f64, usize),
    axes: usize,
    nearest: *mut i32,
) {
    for i in 0..points {
        let mut best = (f64::INFINITY, 0);
        for number in 0..centres {
            let mut distance = 0.0;
            for j in 0..axes {
                // SAFETY: `i` is less than `points` and `j` less than `axes`, so the pointer stays inside the points.
                let x = unsafe { x.add(i * axes + j) };
                // SAFETY: `number` is less than `centres` and `j` less than `axes`, so the pointer stays inside the
                // centres.
                let y = unsafe { y.add(number * axes + j) };
                // SAFETY: the caller guarantees that the points can be read.
                let x = unsafe { x.read() };
                // SAFETY: the caller guarantees that the centres can be read.
                distance += (x - unsafe { y.read() }).powi(2);
            }
            if distance < best.0 {
                best = (distance, number as i32);
            }
        }
        // SAFETY: `i` is less than `points`, so the pointer stays inside `nearest`.
        let out = unsafe { nearest.add(i) };
        // SAFETY: the caller guarantees that `nearest` can be written.
        unsafe { out.write(best.1) };
    }
}

/// Benchmarks a stencil over 150 x 150 numbers, and over 40 x 40, where the time for each row counts.
pub(crate) fn stencils(criterion: &mut Criterion) {
    for (name, side) in [("stencil", 150), ("stencil_40", 40)] {
        let data: Vec<f64> = (0..side * side).map(|i| (i % 97) as f64).collect();
        let x = CellView::from(View::from_slice(&data, [side, side]));
        let (mut out, mut expected) = (vec![0.0; data.len()], vec![0.0; data.len()]);
        let raw = |out: &mut [f64]| {
            // SAFETY: `data` and `out` have `side * side` elements each.
            unsafe {
                stencil_raw(black_box(data.as_ptr()), black_box(out.as_mut_ptr()), side, black_box(side))
            };
        };
        raw(&mut expected);
        assert_eq!(
            expected[side + 1],
            0.2 * (data[1] + data[side] + data[side + 1] + data[side + 2] + data[2 * side + 1])
        );
        stencil_view(x, square(&mut out, side));
        assert_eq!(out, expected);
        out.fill(0.0);
        stencil_specialised(x.to_strided(), square(&mut out, side).to_strided());
        assert_eq!(out, expected);

        let mut group = criterion.benchmark_group(name);
        group.bench_function("raw", |bencher| bencher.iter(|| raw(&mut out)));
        group.bench_function("view", |bencher| {
            bencher.iter(|| stencil_view(black_box(x), square(&mut out, side)));
        });
        group.bench_function("strided", |bencher| {
            bencher.iter(|| {
                stencil_specialised(black_box(x.to_strided()), square(&mut out, side).to_strided());
            });
        });
        group.finish();
    }
}

/// Benchmarks 10,000 additions at places of an array of four axes.
pub(crate) fn scatters(criterion: &mut Criterion) {
    let shape = black_box([6, 7, 5, 9]);
    let places: Vec<[i32; 4]> = (0..10_000usize)
        .map(|number| {
            shape.map(|extent| (number.wrapping_mul(0x9e37_79b9) / (extent * extent) % extent) as i32)
        })
        .collect();
    let size = shape.iter().product();
    let (mut out, mut expected) = (vec![0.0; size], vec![0.0; size]);
    let strides = View::from_slice(&out, shape).layout().strides(8);
    let raw = |out: &mut [f64]| {
        // SAFETY: the places are inside the shape, and the strides are those of a block of this shape.
        unsafe {
            scatter_raw(black_box(places.as_ptr()), places.len(), out.as_mut_ptr(), black_box(strides))
        };
    };
    raw(&mut expected);
    assert_eq!(expected.iter().sum::<f64>(), 10_000.0);
    scatter_view((&places).into(), ViewMut::from_slice(&mut out, shape));
    assert_eq!(out, expected);
    out.fill(0.0);
    scatter_strided((&places).into(), ViewMut::from_slice(&mut out, shape).to_strided());
    assert_eq!(out, expected);

    let mut group = criterion.benchmark_group("scatter");
    group.bench_function("raw", |bencher| bencher.iter(|| raw(&mut out)));
    group.bench_function("view", |bencher| {
        bencher.iter(|| {
            scatter_view(black_box(&places).into(), ViewMut::from_slice(&mut out, black_box(shape)));
        });
    });
    group.bench_function("strided", |bencher| {
        bencher.iter(|| {
            let out = ViewMut::from_slice(&mut out, black_box(shape)).to_strided();
            scatter_strided(black_box(&places).into(), out);
        });
    });
    group.finish();
}

/// Benchmarks the nearest of 10 centres for 500 points of 8 numbers: the work on a row is short.
pub(crate) fn nearests(criterion: &mut Criterion) {
    let (points, centres, axes) = (500, 10, black_box(8));
    let x: Vec<f64> = (0..points * axes).map(|i| (i * 7919 % 1000) as f64).collect();
    let y: Vec<f64> = (0..centres * axes).map(|i| (i * 6007 % 1000) as f64).collect();
    let (a, b) = (View::from_slice(&x, [points, axes]), View::from_slice(&y, [centres, axes]));
    let (mut out, mut expected) = (vec![0; points], vec![0; points]);
    let raw = |out: &mut [i32]| {
        let (x, y) = ((black_box(x.as_ptr()), points), (black_box(y.as_ptr()), centres));
        // SAFETY: the vectors have as many elements as the numbers say.
        unsafe { nearest_raw(x, y, axes, black_box(out.as_mut_ptr())) };
    };
    raw(&mut expected);
    assert!(expected.iter().any(|&centre| centre > 0));
    nearest_by_index(a, b, (&mut out).into());
    assert_eq!(out, expected);
    nearest_zipped(a, b, (&mut out).into());
    assert_eq!(out, expected);

    let mut group = criterion.benchmark_group("nearest");
    group.bench_function("raw", |bencher| bencher.iter(|| raw(&mut out)));
    group.bench_function("view", |bencher| {
        bencher.iter(|| nearest_by_index(black_box(a), black_box(b), black_box(&mut out).into()));
    });
    group.bench_function("zipped", |bencher| {
        bencher.iter(|| nearest_zipped(black_box(a), black_box(b), black_box(&mut out).into()));
    });
    group.finish();
}

/// Returns a square view of `data`, whose address is hidden from the compiler.
fn square(data: &mut [f64], side: usize) -> CellViewMut<'_, f64, C<2>> {
    ViewMut::from_slice(black_box(data), [side, side]).into_cells()
}
