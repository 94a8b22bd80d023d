//! Instruction counts: a program that runs each kernel once, so that `instructions.py` can count its instructions.

#[expect(
    dead_code,
    reason = "`sum_cells` compiles to the same code as `sum_view`: the two would be counted as one"
)]
mod loops;
#[expect(dead_code, reason = "a sum of floats waits for each addition: its instructions tell nothing")]
mod numbers;
mod records;
mod slices;

use loops::Scene;
use records::Quote;
use std::hint::black_box;
use typedview::{Dyn, Owned, View, ViewMut, field};

fn main() {
    // The sizes are hidden from the compiler, because it would use them for one kernel and not for another.
    let (rows, columns) = black_box((100, 100));
    let numbers: Vec<i64> = (0..10_000).collect();
    let table = View::from_slice(&numbers, [rows, columns]);
    // SAFETY: the vector has 100 x 100 elements, which is what `rows` and `columns` say.
    black_box(unsafe { loops::sum_raw(numbers.as_ptr(), rows, columns) });
    black_box(loops::sum_view(table));
    black_box(loops::sum_view_by_index(table));
    black_box(loops::sum_strided(table.to_strided()));

    let heights: Vec<i16> = (0..10_000i32).map(|i| (i * 7919 % 1000) as i16).collect();
    let terrain = View::from_slice(&heights, [rows, columns]);
    let mut shade = Owned::<f32, _>::zeroed([rows, columns]);
    let scene = Scene { cell: (30.0, 25.0), azimuth: 315.0, altitude: 45.0 };
    if let Some(out) = shade.view_mut().as_mut_slice() {
        // SAFETY: the vector of heights and the slice `out` have 100 x 100 elements each.
        unsafe { loops::hillshade_raw(heights.as_ptr(), (rows, columns), scene, out.as_mut_ptr()) };
    }
    loops::hillshade_view(terrain, scene, shade.view_mut());
    loops::hillshade_strided(terrain.to_strided(), scene, shade.view_mut());

    let x = View::from(&numbers);
    // SAFETY: both pointers lead to the vector, whose length is passed.
    black_box(unsafe { numbers::dot_raw(numbers.as_ptr(), numbers.as_ptr(), numbers.len()) });
    black_box(numbers::dot_view(x, x));
    black_box(numbers::dot_strided(x.to_strided(), x.to_strided()));
    black_box(numbers::dot_ndarray((&numbers[..]).into(), (&numbers[..]).into()));

    let floats = vec![1.0; black_box(10_000)];
    let mut sums = floats.clone();
    // SAFETY: both vectors have `floats.len()` elements.
    unsafe { numbers::axpy_raw(2.0, floats.as_ptr(), sums.as_mut_ptr(), floats.len()) };
    numbers::axpy_view(2.0, View::from(&floats), ViewMut::from(&mut sums));
    numbers::axpy_strided(2.0, View::from(&floats).to_strided(), ViewMut::from(&mut sums).to_strided());
    numbers::axpy_ndarray(2.0, (&floats[..]).into(), (&mut sums[..]).into());

    let quotes: Vec<Quote> = (0..10_000).map(Quote::of_day).collect();
    // SAFETY: the vector has the `quotes.len()` records that are passed.
    black_box(unsafe { records::sum_field_raw(quotes.as_ptr(), black_box(quotes.len())) });
    black_box(records::sum_field(View::from(&quotes)));
    black_box(records::sum_closes(View::from(&quotes).field(field!(Quote, close))));
    black_box(records::sum_records(View::from(&quotes)));

    let table = View::from_slice(&floats, [rows, columns]);
    black_box(slices::by_index(table));
    black_box(slices::by_row(table));
    let Ok(layout) = Dyn::new(&[100, 100], &[800, 8], 8) else { return };
    // SAFETY: the layout reaches 100 x 100 elements, which is what the vector has.
    black_box(slices::dynamic(&unsafe { View::from_raw_parts(floats.as_ptr(), layout) }));
    if let Ok(array) = ndarray::ArrayView::from_shape(&[100, 100][..], &floats) {
        black_box(slices::dynamic_ndarray(&array));
    }
}
