//! Exports: memory that Rust made, parts of it, and views that are returned to Python.

use pyo3::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use typedview_pyo3::{
    C, CellView, Dyn, F, Memory, OrRaise, Owned, Pitched, PyOwned, PyView, PyViewMut, Shared, Strided, View,
    s,
};

/// Returns new memory whose first and last elements have been written.
#[pyfunction]
pub(crate) fn retnew(n: usize) -> PyOwned<f64, C<1>> {
    let mut numbers = vec![0.0; n];
    numbers[0] = 1.0;
    numbers[n - 1] = 1.0;
    Owned::from(numbers).into()
}

/// Returns new memory of any shape, all 0.
#[pyfunction]
pub(crate) fn zeroed(shape: Vec<usize>) -> PyResult<PyOwned<f64, Dyn>> {
    Ok(Owned::try_zeroed_dyn(&shape).or_raise()?.into())
}

/// Returns `x`.
#[pyfunction]
pub(crate) fn export(x: PyView<'_, f64, Strided<1>>) -> PyOwned<f64, Strided<1>> {
    x.export()
}

/// Returns `x`, of any ndim.
#[pyfunction]
pub(crate) fn export_dyn(x: PyView<'_, f64, Dyn>) -> PyOwned<f64, Dyn> {
    x.export()
}

/// Returns `x`, writable.
#[pyfunction]
pub(crate) fn export_mut(x: PyViewMut<'_, f64, Strided<1>>) -> PyOwned<f64, Strided<1>> {
    x.export()
}

/// Returns `x[1:, ::2]`.
#[pyfunction]
pub(crate) fn export_part(x: PyView<'_, f64, Strided<2>>) -> PyOwned<f64, Strided<2>> {
    x.export_part(|x| x.slice(s![1.., ..;2]))
}

/// Returns `x[index]`.
#[pyfunction]
pub(crate) fn export_row(x: PyView<'_, f64, C<2>>, index: usize) -> PyResult<PyOwned<f64, C<1>>> {
    x.try_export_part(|x| x.try_row(index))
}

/// Returns `x[::-1]`, writable.
#[pyfunction]
pub(crate) fn export_mut_part(x: PyViewMut<'_, f64, Strided<1>>) -> PyOwned<f64, Strided<1>> {
    x.export_part(|x| x.slice(s![..;-1]))
}

/// Returns `x.T`.
#[pyfunction]
pub(crate) fn export_transposed(x: PyView<'_, f64, C<2>>) -> PyOwned<f64, F<2>> {
    x.export_part(|x| x.transpose())
}

/// Tries to return memory that is not part of `x`.
#[pyfunction]
pub(crate) fn export_other(x: PyView<'_, f64, Strided<1>>) -> PyOwned<f64, Strided<1>> {
    static OTHER: [f64; 2] = [1.0, 2.0];
    x.export_part(|_| CellView::from(View::from(&OTHER).to_strided()))
}

/// Exports `x`, then locks `y` for writing.
#[pyfunction]
pub(crate) fn export_then_lock_mut(
    x: PyView<'_, f64, Strided<1>>,
    mut y: PyViewMut<'_, f64, Strided<1>>,
) -> PyResult<PyOwned<f64, Strided<1>>> {
    let x = x.export();
    y.lock_mut()?.view_mut().fill(7.0);
    Ok(x)
}

/// Returns the inside of new memory that counts up from 0.
#[pyfunction]
pub(crate) fn inside(rows: usize, columns: usize) -> PyOwned<f64, Pitched<2>> {
    let all = Owned::from_fn([rows, columns], |[i, j]| (i * columns + j) as f64);
    PyOwned::part_of(all, |x| x.slice(s![1..-1, 1..-1]))
}

/// Returns the numbers from 0 to 5 and the odd ones among them, which share the same memory.
#[pyfunction]
pub(crate) fn shared() -> (PyOwned<f64, C<1>>, PyOwned<f64, Strided<1>>) {
    let all = Shared::from_owner((0..6).map(f64::from).collect::<Vec<_>>());
    let odd = all.map(|x| x.slice(s![1..;2]));
    (all.into(), odd.into())
}

static FREED: AtomicUsize = AtomicUsize::new(0);

/// Returns memory that counts when it is freed, and prints so if `aloud`.
#[pyfunction]
#[pyo3(signature = (aloud=false))]
pub(crate) fn counting(aloud: bool) -> PyResult<PyOwned<f64, C<1>>> {
    let first = Box::into_raw(Box::new([1.0, 2.0, 3.0])).cast::<f64>();
    let address = first.expose_provenance();
    let memory = Memory::calling(move || {
        FREED.fetch_add(1, Ordering::SeqCst);
        if aloud {
            println!("freed");
        }
        let first = std::ptr::with_exposed_provenance_mut::<[f64; 3]>(address);
        // SAFETY: this runs once, when the memory is no longer used, and the pointer came from `Box::into_raw`.
        drop(unsafe { Box::from_raw(first) });
    });
    // SAFETY: `first` leads to three numbers that nothing else owns.
    let owned = unsafe { Owned::try_from_raw_parts(first, C::new([3], 8).or_raise()?, memory) };
    Ok(owned.or_raise()?.into())
}

/// Returns how often memory of `counting` has been freed.
#[pyfunction]
pub(crate) fn freed() -> usize {
    FREED.load(Ordering::SeqCst)
}
