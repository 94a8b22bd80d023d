//! Elements: functions that read, write, lock and return elements of a type that is given by its name in Rust.

use crate::records::{
    Aligned, Coded, Days, Deep, Foreign, ForeignAligned, Gapped, Kinds, KindsAligned, Lines, Metres, Nested,
    NestedPacked, Numbers, Packed, Pair, Quote, Renamed, Sensor, Single, SubArrays, SubArraysPacked, Tail,
    Tails,
};
use half::{bf16, f16};
use num_complex::Complex;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyComplex};
use typedview_pyo3::{
    Big, Bool, Bytes, C, Datetime, Dyn, Element, Layout, Little, OrRaise, Owned, PyNdarray, PyOwned,
    PyUntypedView, PyView, PyViewMut, Strided, Text, Timedelta, time,
};

type Object<'py> = Bound<'py, PyAny>;

/// An element that can be converted to a Python object.
pub(crate) trait Said: Element {
    fn say(self, py: Python<'_>) -> PyResult<Object<'_>>;
}

macro_rules! said {
    ($($element:ty: |$py:ident, $value:ident| $said:expr;)*) => {$(
        impl Said for $element {
            fn say(self, $py: Python<'_>) -> PyResult<Object<'_>> {
                let $value = self;
                $said.into_bound_py_any($py)
            }
        }
    )*};
}

said! {
    i8: |py, value| value;
    i16: |py, value| value;
    i32: |py, value| value;
    i64: |py, value| value;
    u8: |py, value| value;
    u16: |py, value| value;
    u32: |py, value| value;
    u64: |py, value| value;
    f32: |py, value| value;
    f64: |py, value| value;
    Bool: |py, value| value.get();
    f16: |py, value| f32::from(value);
    bf16: |py, value| f32::from(value);
    Complex<f32>: |py, value| PyComplex::from_doubles(py, value.re.into(), value.im.into());
    Complex<f64>: |py, value| PyComplex::from_doubles(py, value.re, value.im);
    Big<i16>: |py, value| value.get();
    Big<i32>: |py, value| value.get();
    Big<i64>: |py, value| value.get();
    Big<u16>: |py, value| value.get();
    Big<u32>: |py, value| value.get();
    Big<u64>: |py, value| value.get();
    Big<f32>: |py, value| value.get();
    Big<f64>: |py, value| value.get();
    Big<f16>: |py, value| f32::from(value.get());
    Big<Complex<f32>>: |py, value| PyComplex::from_doubles(py, value.get().re.into(), value.get().im.into());
    Big<Complex<f64>>: |py, value| PyComplex::from_doubles(py, value.get().re, value.get().im);
    Little<u16>: |py, value| value.get();
    Little<f64>: |py, value| value.get();
    Bytes<1>: |py, value| PyBytes::new(py, value.as_bytes());
    Bytes<3>: |py, value| PyBytes::new(py, value.as_bytes());
    Text<1>: |py, value| value.to_string();
    Text<3>: |py, value| value.to_string();
    Big<Text<3>>: |py, value| value.get().to_string();
    Datetime<time::Nanosecond>: |py, value| value.get();
    Datetime<time::Day>: |py, value| value.get();
    Big<Datetime<time::Second>>: |py, value| value.get().get();
    Timedelta<time::Second>: |py, value| value.get();
    Big<Timedelta<time::Millisecond>>: |py, value| value.get().get();
}

impl<T: Said, const N: usize> Said for [T; N] {
    fn say(self, py: Python<'_>) -> PyResult<Object<'_>> {
        let items = self.into_iter().map(|item| item.say(py)).collect::<PyResult<Vec<_>>>()?;
        items.into_bound_py_any(py)
    }
}

/// An operation on elements of any type.
trait Work<'py> {
    type Result;

    fn run<T: Said>(self) -> PyResult<Self::Result>;
}

/// Runs `work` with the element type of this name in Rust.
fn with_element<'py, W: Work<'py>>(name: &str, work: W) -> PyResult<W::Result> {
    macro_rules! by_name {
        ($($element:ty),* $(,)?) => {
            match name {
                $(stringify!($element) => work.run::<$element>(),)*
                other => Err(PyKeyError::new_err(other.to_owned())),
            }
        };
    }
    by_name! {
        i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, Bool, f16, bf16, Complex<f32>, Complex<f64>,
        Big<i16>, Big<i32>, Big<i64>, Big<u16>, Big<u32>, Big<u64>, Big<f16>, Big<f32>, Big<f64>,
        Big<Complex<f32>>, Big<Complex<f64>>, Little<u16>, Little<f64>, Bytes<1>, Bytes<3>, [u8; 4], [u8; 16], Text<1>,
        Text<3>, Big<Text<3>>, Datetime<time::Nanosecond>, Datetime<time::Day>, Big<Datetime<time::Second>>,
        Timedelta<time::Second>, Big<Timedelta<time::Millisecond>>, [f64; 3], [[i16; 2]; 2],
        Aligned, Packed, Numbers, Tail, Quote, Nested, NestedPacked, SubArrays, SubArraysPacked, Lines, Foreign,
        ForeignAligned, Kinds, KindsAligned, Renamed, Sensor, Gapped, Pair, Single, Metres, Coded, Days,
        Deep, Tails,
    }
}

fn say_all<'py, T: Said>(py: Python<'py>, values: impl Iterator<Item = T>) -> PyResult<Vec<Object<'py>>> {
    values.map(|value| value.say(py)).collect()
}

/// Returns the elements of `x` in index order, taken as the element type of this name in Rust.
#[pyfunction]
#[pyo3(signature = (name, x, layout="Dyn"))]
pub(crate) fn elements<'py>(name: &str, x: &Object<'py>, layout: &str) -> PyResult<Vec<Object<'py>>> {
    struct Read<'a, 'py>(&'a Object<'py>, &'a str);
    impl<'py> Work<'py> for Read<'_, 'py> {
        type Result = Vec<Object<'py>>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            fn read<'py, T: Said, L: Layout>(x: &Object<'py>) -> PyResult<Vec<Object<'py>>> {
                say_all(x.py(), x.extract::<PyView<'_, T, L>>()?.cells().iter())
            }
            match self.1 {
                "Dyn" => read::<T, Dyn>(self.0),
                "Strided<1>" => read::<T, Strided<1>>(self.0),
                "C<1>" => read::<T, C<1>>(self.0),
                other => Err(PyKeyError::new_err(other.to_owned())),
            }
        }
    }
    with_element(name, Read(x, layout))
}

/// Returns the elements of a view that had no type when it was acquired, and whether it said that it holds them.
#[pyfunction]
pub(crate) fn elements_of_open<'py>(
    py: Python<'py>,
    name: &str,
    x: PyUntypedView<'py>,
) -> PyResult<(bool, Vec<Object<'py>>)> {
    struct Read<'py>(Python<'py>, PyUntypedView<'py>);
    impl<'py> Work<'py> for Read<'py> {
        type Result = (bool, Vec<Object<'py>>);

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            let holds = self.1.holds::<T>();
            let view = self.1.typed::<T, Dyn>()?;
            Ok((holds, say_all(self.0, view.cells().iter())?))
        }
    }
    with_element(name, Read(py, x))
}

/// Returns the elements, read under a lock for reading.
#[pyfunction]
pub(crate) fn elements_of_locked<'py>(name: &str, x: &Object<'py>) -> PyResult<Vec<Object<'py>>> {
    struct Read<'a, 'py>(&'a Object<'py>);
    impl<'py> Work<'py> for Read<'_, 'py> {
        type Result = Vec<Object<'py>>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            let view: PyView<'_, T, Dyn> = self.0.extract()?;
            let lock = view.lock()?;
            say_all(self.0.py(), lock.view().iter())
        }
    }
    with_element(name, Read(x))
}

/// Returns the elements, read as a slice.
#[pyfunction]
pub(crate) fn elements_of_slice<'py>(name: &str, x: &Object<'py>) -> PyResult<Vec<Object<'py>>> {
    struct Read<'a, 'py>(&'a Object<'py>);
    impl<'py> Work<'py> for Read<'_, 'py> {
        type Result = Vec<Object<'py>>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            let view: PyView<'_, T, C<1>> = self.0.extract()?;
            let lock = view.lock()?;
            let slice = lock.view().try_as_slice().or_raise()?;
            say_all(self.0.py(), slice.iter().copied())
        }
    }
    with_element(name, Read(x))
}

/// Checks that a mutable slice can be taken under a lock.
#[pyfunction]
pub(crate) fn lend_mut_slice<'py>(name: &str, x: &Object<'py>) -> PyResult<()> {
    struct Lend<'a, 'py>(&'a Object<'py>);
    impl<'py> Work<'py> for Lend<'_, 'py> {
        type Result = ();

        fn run<T: Said>(self) -> PyResult<()> {
            let mut view: PyViewMut<'_, T, C<1>> = self.0.extract()?;
            let mut lock = view.lock_mut()?;
            lock.view_mut().try_as_mut_slice().map(drop).or_raise()
        }
    }
    with_element(name, Lend(x))
}

/// Writes the elements of `source` into `target`, of the same shape: one by one ("set"), the first of them into all
/// ("fill"), as a copy ("copy"), or as a copy under locks ("locked").
#[pyfunction]
pub(crate) fn write<'py>(name: &str, how: &str, target: &Object<'py>, source: &Object<'py>) -> PyResult<()> {
    struct Write<'a, 'py>(&'a str, &'a Object<'py>, &'a Object<'py>);
    impl<'py> Work<'py> for Write<'_, 'py> {
        type Result = ();

        fn run<T: Said>(self) -> PyResult<()> {
            let Self(how, target, source) = self;
            let mut target: PyViewMut<'_, T, Dyn> = target.extract()?;
            let source: PyView<'_, T, Dyn> = source.extract()?;
            match how {
                "set" => {
                    let cells = target.cells();
                    for (index, value) in source.cells().indexed_iter() {
                        cells.try_set(index.as_ref(), value).or_raise()?;
                    }
                    Ok(())
                }
                "fill" => {
                    source.cells().iter().next().into_iter().for_each(|first| target.cells().fill(first));
                    Ok(())
                }
                "copy" => target.cells().try_copy_from(&source.cells()).or_raise(),
                "locked" => {
                    let source = source.lock()?;
                    target.lock_mut()?.view_mut().try_copy_from(&source.view()).or_raise()
                }
                other => Err(PyKeyError::new_err(other.to_owned())),
            }
        }
    }
    with_element(name, Write(how, target, source))
}

/// Returns the elements of a row in new memory of Rust.
fn copy_of<T: Said>(x: &Object<'_>) -> PyResult<Owned<T, C<1>>> {
    let view: PyView<'_, T, Strided<1>> = x.extract()?;
    let copy: Vec<T> = view.cells().iter().collect();
    Ok(Owned::from(copy))
}

/// Returns the elements of a row as new memory of Rust.
#[pyfunction]
pub(crate) fn handed_over<'py>(name: &str, x: &Object<'py>) -> PyResult<Object<'py>> {
    struct Copy<'a, 'py>(&'a Object<'py>);
    impl<'py> Work<'py> for Copy<'_, 'py> {
        type Result = Object<'py>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            PyOwned::from(copy_of::<T>(self.0)?).into_bound_py_any(self.0.py())
        }
    }
    with_element(name, Copy(x))
}

/// Returns a copy of the elements, as a `numpy.ndarray`.
#[pyfunction]
pub(crate) fn ndarray<'py>(name: &str, x: &Object<'py>) -> PyResult<Object<'py>> {
    struct Copy<'a, 'py>(&'a Object<'py>);
    impl<'py> Work<'py> for Copy<'_, 'py> {
        type Result = Object<'py>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            PyNdarray::from(copy_of::<T>(self.0)?).into_bound_py_any(self.0.py())
        }
    }
    with_element(name, Copy(x))
}

/// Returns the size of an argument that may be `None`.
#[pyfunction]
pub(crate) fn size_of_some(name: &str, x: Option<&Object<'_>>) -> PyResult<Option<usize>> {
    struct Size<'a, 'py>(Option<&'a Object<'py>>);
    impl<'py> Work<'py> for Size<'_, 'py> {
        type Result = Option<usize>;

        fn run<T: Said>(self) -> PyResult<Self::Result> {
            let size = |x: PyView<'_, T, Dyn>| x.cells().size();
            match self.0 {
                Some(x) => Ok(x.extract::<Option<PyView<'_, T, Dyn>>>()?.map(size)),
                None => Ok(None),
            }
        }
    }
    with_element(name, Size(x))
}
