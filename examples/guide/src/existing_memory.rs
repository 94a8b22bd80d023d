//! The functions of the page "Views of existing memory".

use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use std::ffi::c_void;
use std::ptr::with_exposed_provenance_mut;
use typedview_pyo3::{
    C, Dyn, Error, Indirect, Memory, OrRaise, Owned, Pitched, PyOwned, PyView, PyViewMut, Strided, View,
    ViewMut, detached, raising, s,
};

// [total]
/// Returns the sum of all elements.
#[pyfunction]
pub(crate) fn total(x: PyView<'_, f64, Strided<1>>) -> f64 {
    x.cells().iter().sum()
}

/// Multiplies every element by `factor`.
#[pyfunction]
pub(crate) fn scale(x: PyViewMut<'_, f64, Strided<1>>, factor: f64) {
    x.cells().map_in_place(|x| x * factor);
}
// [total]

// [smooth]
/// Replaces every inner element by the mean of its two neighbours, `times` times.
#[pyfunction]
pub(crate) fn smooth(py: Python<'_>, mut x: PyViewMut<'_, f64, C<1>>, times: usize) -> PyResult<()> {
    // Allocated once, outside of the loop.
    let mut before = Owned::try_zeroed([x.size()]).or_raise()?;
    detached(py, &mut x, |mut x| {
        for _ in 0..times {
            before.view_mut().copy_from(&x.view());
            for (i, three) in before.view().windows(3).enumerate() {
                x.set(i + 1, (three.at(0) + three.at(2)) / 2.0);
            }
        }
    })
}
// [smooth]

// [fill_with_squares]
/// Writes the square of each index, and returns the sum of the squares.
fn fill_with_squares(mut x: ViewMut<'_, f64, C<1>>) -> f64 {
    for i in 0..x.size() {
        x.set(i, (i * i) as f64);
    }
    x.view().iter().sum()
}

#[pyfunction]
pub(crate) fn sum_on_the_stack() -> f64 {
    let mut memory = [0.0; 10]; // gone when the function returns
    fill_with_squares(ViewMut::from(&mut memory))
}

#[pyfunction]
pub(crate) fn sum_in_a_vector(n: usize) -> f64 {
    let mut memory = vec![0.0; n]; // freed when the function returns
    fill_with_squares(ViewMut::from(&mut memory))
}

#[pyfunction]
pub(crate) fn sum_in_memory_of_c(n: usize) -> PyResult<f64> {
    let mut memory = zeros_of_c(n)?; // freed when the function returns
    Ok(fill_with_squares(memory.view_mut()))
}
// [fill_with_squares]

// [zeros_of_c]
unsafe extern "C" {
    fn calloc(count: usize, size: usize) -> *mut c_void;
    fn free(memory: *mut c_void);
}

/// Allocates `n` zeros with C's `calloc`. Dropping the result calls `free`.
fn zeros_of_c(n: usize) -> PyResult<Owned<f64, C<1>>> {
    let layout = C::new([n], size_of::<f64>()).or_raise()?;
    // SAFETY: `calloc` takes any two numbers.
    let first = unsafe { calloc(n.max(1), size_of::<f64>()) };
    if first.is_null() {
        return Err(PyMemoryError::new_err(format!("C has no memory for {n} doubles")));
    }
    let address = first.expose_provenance();
    let memory = Memory::calling(move || {
        // SAFETY: the address is that of the memory above, and is freed once.
        unsafe { free(with_exposed_provenance_mut(address)) };
    });
    // SAFETY: `first` leads to `n` initialised doubles that nobody else uses.
    unsafe { Owned::try_from_raw_parts(first.cast(), layout, memory) }.or_raise()
}

/// Gives such memory to Python.
#[pyfunction]
pub(crate) fn from_c(n: usize) -> PyResult<PyOwned<f64, C<1>>> {
    Ok(zeros_of_c(n)?.into())
}
// [zeros_of_c]

// [retarget]
/// Makes `x` a view of other memory, and returns its sums before and after.
#[pyfunction]
pub(crate) fn retarget_view(x: PyViewMut<'_, f64, Strided<1>>) -> (f64, f64) {
    let mut ones = [1.0; 5];
    let mut x = x.cells();
    let before = x.iter().sum();
    x = ViewMut::from(&mut ones).into_cells().into(); // changes only the variable
    (before, x.iter().sum())
}

/// Writes other contents into the memory that `x` views.
#[pyfunction]
pub(crate) fn change_existing_data(x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
    let ones = [1.0; 5];
    x.cells().try_copy_from(&View::from(&ones).into()).or_raise()
}

/// Does `x[1:] = x[:-1]`.
#[pyfunction]
pub(crate) fn shift_right(x: PyViewMut<'_, f64, Strided<1>>) -> PyResult<()> {
    let x = x.cells();
    raising(|| x.slice(s![1..]).copy_from(&x.slice(s![..-1]).to_cell_view()))
}
// [retarget]

// [largest]
fn largest(row: View<'_, f64, C<1>>) -> f64 {
    row.iter().fold(f64::NEG_INFINITY, f64::max)
}

fn largest_at(table: View<'_, f64, C<2>>, i: usize) -> f64 {
    (0..table.shape()[1]).map(|j| table.at([i, j])).fold(f64::NEG_INFINITY, f64::max)
}

/// Returns the largest element of each row, found in both ways.
#[pyfunction]
pub(crate) fn largest_of_rows(
    py: Python<'_>,
    table: PyView<'_, f64, C<2>>,
) -> PyResult<(Vec<f64>, Vec<f64>)> {
    detached(py, &table, |table| {
        let by_row = table.rows().map(largest).collect();
        let by_index = (0..table.shape()[0]).map(|i| largest_at(table, i)).collect();
        (by_row, by_index)
    })
}
// [largest]

// [inner]
/// Returns the table without its border: a view of the same memory.
#[pyfunction]
pub(crate) fn inner(table: PyViewMut<'_, f64, Strided<2>>) -> PyOwned<f64, Strided<2>> {
    table.export_part(|table| table.slice(s![1..-1, 1..-1]))
}
// [inner]

// [sizes]
/// Returns the size of some types of views, in bytes.
#[pyfunction]
pub(crate) fn sizes() -> [(&'static str, usize); 6] {
    [
        ("C<1>", size_of::<View<'_, f64, C<1>>>()), // pointer, 1 length
        ("C<2>", size_of::<View<'_, f64, C<2>>>()), // pointer, 2 lengths
        ("Pitched<2>", size_of::<View<'_, f64, Pitched<2>>>()), // pointer, 2 lengths, 2 strides
        ("Strided<2>", size_of::<View<'_, f64, Strided<2>>>()), // pointer, 2 lengths, 2 strides
        ("Indirect<2>", size_of::<View<'_, f64, Indirect<2>>>()), // the same, and 2 suboffsets
        ("Dyn", size_of::<View<'_, f64, Dyn>>()),   // room for 8 axes
    ]
}
// [sizes]

// [view_of_pointers]
/// Views C's `double **table`: `rows` pointers, each of which leads to `columns` doubles.
///
/// # Safety
///
/// The caller must ensure that the pointers and the doubles are there and do not change during `'a`.
unsafe fn view_of_pointers<'a>(
    table: *const *const f64,
    rows: usize,
    columns: usize,
) -> Result<View<'a, f64, Indirect<2>>, Error> {
    let strides = [size_of::<*const f64>().cast_signed(), size_of::<f64>().cast_signed()];
    let suboffsets = [0, -1]; // axis 0 holds pointers to what follows, axis 1 does not
    let layout = Indirect::new([rows, columns], strides, suboffsets, size_of::<f64>())?;
    // SAFETY: the caller guarantees that there are as many pointers and doubles as the layout says.
    Ok(unsafe { View::from_raw_parts(table.cast(), layout) })
}
// [view_of_pointers]

/// Returns a column of a small table behind pointers.
#[pyfunction]
pub(crate) fn column_behind_pointers(j: isize) -> PyResult<Vec<f64>> {
    let (first, second) = ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0]);
    let pointers = [first.as_ptr(), second.as_ptr()];
    // SAFETY: two pointers, to three doubles each, which stay until the function returns.
    let table = unsafe { view_of_pointers(pointers.as_ptr(), 2, 3) }.or_raise()?;
    raising(|| table.slice(s![.., j]).to_vec())
}
