//! Records: arguments and results whose elements are structs.

use crate::elements::Said;
use half::f16;
use num_complex::Complex;
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use typedview_pyo3::{
    Big, Bool, Bytes, C, Datetime, Element, Format, Little, OrRaise, Owned, PyOwned, PyUntypedView, PyView,
    PyViewMut, Strided, Text, dispatch, field, time,
};

macro_rules! records {
    ($($(#[$about:meta])* $name:ident { $($(#[$said:meta])* $field:ident: $element:ty),* $(,)? })*) => {$(
        #[derive(Clone, Copy, Element)]
        $(#[$about])*
        pub(crate) struct $name {
            $($(#[$said])* $field: $element),*
        }

        impl Said for $name {
            fn say(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                // Padding is named `_gap`, and is left out.
                let fields = [$((stringify!($field), { self.$field }.say(py)?)),*];
                let said = fields.into_iter().filter(|(name, _)| !name.starts_with('_')).map(|(_, value)| value);
                Ok(PyTuple::new(py, said.collect::<Vec<_>>())?.into_any())
            }
        }
    )*};
}

records! {
    /// The record `numpy.dtype([("flag", "u1"), ("price", "f8")], align=True)`.
    #[repr(C)]
    Aligned { flag: u8, price: f64 }

    /// The same record without `align`.
    #[repr(C, packed)]
    Packed { flag: u8, price: f64 }

    /// A record with every kind of number.
    #[repr(C, packed)]
    Numbers { a: i8, b: i16, c: i32, d: i64, e: u8, f: u16, g: u32, h: u64, i: f32, j: f64 }

    /// A record with padding at its end.
    #[repr(C)]
    Tail { price: f64, flag: u8 }

    #[repr(C)]
    #[element(name = "quote")]
    Quote {
        id: i32,
        day: Day,
        #[element(name = "class")]
        kind: i16,
    }

    #[repr(C)]
    Nested { id: u8, trade: Aligned, last: i16 }

    #[repr(C, packed)]
    NestedPacked { id: u8, trade: Packed, last: i16 }

    /// A record of three levels.
    #[repr(C)]
    Deep { tag: u8, quote: Quote, nested: Nested }

    #[repr(C)]
    SubArrays { flag: u8, point: [f64; 3], turn: [[i16; 2]; 2] }

    #[repr(C, packed)]
    SubArraysPacked { flag: u8, point: [f64; 3], turn: [[i16; 2]; 2] }

    #[repr(C)]
    Point { x: i16, y: i16 }

    /// A record with a sub-array of records.
    #[repr(C)]
    Lines { id: i64, points: [Point; 3] }

    /// A record with a sub-array of records that have padding at their end.
    #[repr(C)]
    Tails { pair: [Tail; 2], flag: u8 }

    #[repr(C, packed)]
    Foreign { a: Big<i32>, b: Little<f64>, c: Big<i16>, d: Little<u16>, e: Big<Complex<f64>> }

    #[repr(C)]
    ForeignAligned { flag: u8, price: Big<f64>, count: Big<i16>, text: Big<Text<3>> }

    #[repr(C, packed)]
    Kinds { truth: Bool, half: f16, turn: Complex<f32>, name: Text<3>, code: Bytes<3>, raw: [u8; 4] }

    #[repr(C)]
    KindsAligned { truth: Bool, half: f16, turn: Complex<f32>, name: Text<3>, code: Bytes<3>, raw: [u8; 4] }

    /// A record with field names that are not names in Rust.
    #[repr(C)]
    Renamed {
        #[element(name = "class")]
        kind: i16,
        #[element(name = "Größe")]
        size: i32,
        #[element(name = "two words")]
        words: u8,
    }

    /// A record whose padding is a named field, so that it has no other padding.
    #[repr(C)]
    Sensor {
        sensor: u8,
        #[element(padding)]
        _gap: u8,
        value: u16,
    }

    /// A record with fields at any offsets.
    #[repr(C, packed)]
    Gapped {
        #[element(padding)]
        _before: [u8; 3],
        flag: u8,
        #[element(padding)]
        _between: [u8; 12],
        price: f64,
        #[element(padding)]
        _behind: [u8; 16],
    }

    /// A record of one field, which is still a record.
    #[repr(C)]
    Single { one: f64 }

    /// A record with a field for which PEP 3118 has no code.
    #[repr(C)]
    Days { id: i64, day: Datetime<time::Day> }
}

macro_rules! tuples {
    ($($(#[$about:meta])* $name:ident($($field:tt: $element:ty),*);)*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Element)]
        #[repr(C)]
        pub(crate) struct $name($($element),*);

        impl Said for $name {
            fn say(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                Ok(PyTuple::new(py, [$(self.$field.say(py)?),*])?.into_any())
            }
        }
    )*};
}

tuples! {
    Day(0: f32, 1: f32);
    /// A tuple struct, whose fields have no names.
    Pair(0: i16, 1: f32);
}

macro_rules! transparent {
    ($($name:ident($element:ty);)*) => {$(
        #[derive(Clone, Copy, Element)]
        #[repr(transparent)]
        pub(crate) struct $name($element);

        impl Said for $name {
            fn say(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
                self.0.say(py)
            }
        }
    )*};
}

transparent! {
    Metres(f64);
    Coded(Packed);
}

#[pyfunction]
pub(crate) fn read_aligned(x: PyView<'_, Aligned, Strided<1>>) -> Vec<(u8, f64)> {
    x.cells().iter().map(|record| (record.flag, record.price)).collect()
}

#[pyfunction]
pub(crate) fn read_packed(x: PyView<'_, Packed, Strided<1>>) -> Vec<(u8, f64)> {
    x.cells().iter().map(|record| (record.flag, record.price)).collect()
}

#[pyfunction]
pub(crate) fn read_quotes(x: PyView<'_, Quote, Strided<1>>) -> Vec<(i32, (f32, f32), i16)> {
    x.cells().iter().map(|quote| (quote.id, (quote.day.0, quote.day.1), quote.kind)).collect()
}

/// Returns `x["day"][:, 1].sum()`.
#[pyfunction]
pub(crate) fn sum_of_closes(x: PyView<'_, Quote, C<1>>) -> PyResult<f32> {
    Ok(x.lock()?.view().field(field!(Quote, day.1)).iter().sum())
}

/// Computes `x[index] = (flag, price)`.
#[pyfunction]
pub(crate) fn set_aligned(
    x: PyViewMut<'_, Aligned, Strided<1>>,
    index: usize,
    flag: u8,
    price: f64,
) -> PyResult<()> {
    x.cells().try_set(index, Aligned { flag, price }).or_raise()
}

/// Computes `target[:] = source`.
#[pyfunction]
pub(crate) fn copy_aligned(
    target: PyViewMut<'_, Aligned, Strided<1>>,
    source: PyView<'_, Aligned, Strided<1>>,
) -> PyResult<()> {
    target.cells().try_copy_from(&source.cells()).or_raise()
}

/// Computes `x["price"] *= factor`, under a lock.
#[pyfunction]
pub(crate) fn scale_prices(mut x: PyViewMut<'_, Aligned, Strided<1>>, factor: f64) -> PyResult<()> {
    let mut lock = x.lock_mut()?;
    let mut prices = lock.view_mut().field(field!(Aligned, price));
    (0..prices.size()).for_each(|i| prices.update(i, |price| price * factor));
    Ok(())
}

/// Returns new records, whose padding has not been written.
#[pyfunction]
pub(crate) fn made(count: u8) -> PyOwned<Aligned, C<1>> {
    let records: Vec<_> = (0..count).map(|flag| Aligned { flag, price: flag.into() }).collect();
    Owned::from(records).into()
}

/// Returns the type of the view that `x` is taken as, among records and numbers.
#[pyfunction]
pub(crate) fn dispatched_record(x: PyUntypedView<'_>) -> PyResult<String> {
    fn type_of<T: Element, L: typedview_pyo3::Layout>(_view: &PyView<'_, T, L>) -> String {
        typedview_pyo3::Spec::of::<T, L>(typedview_pyo3::Access::Read).to_string()
    }
    dispatch!(x, Aligned | f64 | Packed | Quote | u8, C<1> | Strided<1>, |x| type_of(&x))
}

/// Computes `x[:] = 0` under a lock, for records and for numbers.
#[pyfunction]
pub(crate) fn clear_record(x: PyUntypedView<'_>) -> PyResult<()> {
    let zero = [0; 16];
    let zero = typedview_pyo3::View::from(&zero);
    dispatch!(x, Aligned | f64, Strided<1>, |mut x| {
        let first = zero.slice_rows(..x.cells().itemsize().cast_signed()).try_reinterpret().or_raise()?.at(0);
        x.lock_mut()?.view_mut().fill(first)
    })
}

/// Returns name, offset from the start of the element and text of each field that is not a record, in the order of
/// their bytes. Of a sub-array, it returns those of the first two items.
#[pyfunction]
pub(crate) fn offsets(x: PyUntypedView<'_>) -> PyResult<Vec<(String, usize, String)>> {
    fn leaves(format: &Format, path: &str, offset: usize, found: &mut Vec<(String, usize, String)>) {
        if let Some(fields) = format.fields() {
            for field in fields {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{}", field.name().unwrap_or_default());
                leaves(field.format(), &path, offset + field.offset(), found);
            }
        } else if let Some((shape, item)) = format.subarray() {
            let items = shape.iter().product::<usize>();
            leaves(item, path, offset, found);
            if items > 1 {
                leaves(item, &format!("{path}'"), offset + item.itemsize(), found);
            }
        } else {
            found.push((path.to_owned(), offset, format.to_string()));
        }
    }
    let mut found = Vec::new();
    leaves(x.description()?.found().format, "", 0, &mut found);
    Ok(found)
}

/// Returns new records with dates.
#[pyfunction]
pub(crate) fn made_days(count: u8) -> PyOwned<Days, C<1>> {
    let day = |id: u8| Days { id: id.into(), day: Datetime::new(id.into()) };
    let records: Vec<_> = (0..count).map(day).collect();
    Owned::from(records).into()
}
