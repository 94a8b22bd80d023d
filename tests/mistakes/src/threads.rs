//! Arguments, cell views and locks that leave their thread or their call.

use pyo3::prelude::*;
use typedview_pyo3::{
    C, CellView, LocalViewMut, PyObjectView, PyPinned, PyUntypedView, PyView, PyViewMut, ReadLock, detached,
};

#[pyclass]
struct KeepsAView {
    heights: PyView<'static, f64, C<2>>,
}
//~ error[E0277]: `PyView<...>` cannot leave its call or its thread
//~ here, other threads could use it or its memory
//~ a class keeps memory in a field `PyPinned<f64, C<2>>` or `PyPinnedMut<f64, C<2>>`

#[pyclass]
struct KeepsCells {
    heights: CellView<'static, f64, C<2>>,
}
//~ error[E0277]: `CellView<...>` cannot leave its thread
//~ a `View` or a `ViewMut` can be used on any thread

#[pyclass]
struct KeepsALock {
    heights: ReadLock<'static, f64, C<2>>,
}
//~ error[E0277]: `ReadLock<...>` cannot leave its call or its thread, but the views that it lends can leave the thread
//~ a class keeps memory in a field `PyPinned<f64, C<2>>` or `PyPinnedMut<f64, C<2>>`, and locks it when it uses it

#[pyfunction]
fn detaches_with_an_argument(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> f64 {
    py.detach(|| x.cells().iter().sum())
}
//~ error[E0277]: `PyView<...>` cannot leave its call or its thread
//~ lock the memory, to use it in `Python::detach` or on threads of `std::thread::scope`: `let lock = x.lock()?; let x = lock.view();`
//~ `detached(py, (&x, &mut y), |(x, mut y)| ...)` locks and detaches in one call

#[pyfunction]
fn detaches_with_cells(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> f64 {
    let x = x.cells();
    py.detach(|| x.iter().sum())
}
//~ error[E0277]: `CellView<...>` cannot leave its thread
//~ a lock on memory of Python lends such views: `let lock = x.lock()?; let x = lock.view();`

#[pyfunction]
fn detaches_with_a_lock(py: Python<'_>, x: PyView<'_, f64, C<1>>) -> PyResult<f64> {
    let lock = x.lock()?;
    Ok(py.detach(|| lock.view().iter().sum()))
}
//~ error[E0277]: `ReadLock<...>` cannot leave its call or its thread, but the views that it lends can leave the thread
//~ make the view before: `let x = lock.view();`, and use `x` here

#[pyfunction]
fn detaches_with_an_untyped_view(py: Python<'_>, x: PyUntypedView<'_>) -> bool {
    py.detach(|| x.holds::<f64>())
}
//~ error[E0277]: `PyUntypedView<...>` cannot leave its call or its thread
//~ give it a type and lock it: `let x = x.typed::<f64, C<1>>()?; let lock = x.lock()?; let x = lock.view();`

#[pyfunction]
fn detaches_with_a_local_view(py: Python<'_>, x: PyPinned<f64, C<1>>) -> PyResult<f64> {
    let x = x.local(py)?;
    Ok(py.detach(|| x.cells().iter().sum()))
}
//~ error[E0277]: `LocalView<...>` cannot leave its thread
//~ lock the pinned memory instead: `let lock = pinned.lock(py)?; let x = lock.view();`

#[pyfunction]
fn detaches_with_objects(py: Python<'_>, x: PyObjectView<'_, C<1>>) -> usize {
    py.detach(|| x.shape()[0])
}
//~ error[E0277]: `PyObjectView<...>` cannot leave its call or its thread
//~ references to Python objects are counted

#[pyfunction]
fn spawns_with_an_argument(x: PyViewMut<'_, f64, C<1>>) {
    std::thread::scope(|scope| {
        scope.spawn(|| x.cells().fill(0.0));
    });
}
//~ error[E0277]: `PyViewMut<...>` cannot leave its call or its thread
//~ lock the memory, to use it in `Python::detach` or on threads of `std::thread::scope`

fn spawns_with_cells(x: PyViewMut<'_, f64, C<1>>) {
    let x = x.cells();
    std::thread::scope(|scope| {
        scope.spawn(|| x.fill(0.0));
    });
}
//~ error[E0277]: `CellViewMut<...>` cannot leave its thread

fn must_be_send<T: Send>(_: T) {}

fn sends(x: PyView<'_, f64, C<1>>, y: LocalViewMut<'_, f64, C<1>>) {
    must_be_send(x);
    must_be_send(y);
}
//~ error[E0277]: `PyView<...>` cannot leave its call or its thread
//~ error[E0277]: `LocalViewMut<...>` cannot leave its thread

fn locks_by_value(py: Python<'_>, x: PyView<'_, f64, C<1>>, y: PyViewMut<'_, f64, C<1>>) -> PyResult<f64> {
    detached(py, (x, y), |(x, _)| x.iter().sum())
}
//~ error[E0277]: `PyView<...>` cannot be locked
//~ error[E0277]: `PyViewMut<...>` cannot be locked
//~ pass `&x` of a `PyView` or `PyPinned`, `&mut x` of a `PyViewMut`, or `x.writing()` of a `PyPinnedMut`
