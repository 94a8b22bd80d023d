//! Dtypes of NumPy: the format of a `numpy.dtype` object, which says what it is in the words of the array interface.

use super::descr::format as format_of_descr;
use super::typestr::format as format_of_typestr;
use crate::acquire::refuse;
use crate::error::OrRaise;
use pyo3::prelude::*;
use typedview::Format;

/// Returns the format that a `numpy.dtype` describes.
///
/// # Errors
///
/// Raises `TypeError` and `ValueError` for elements that have no format, and what the attributes of the object raise.
pub(crate) fn numpy_dtype(dtype: &Bound<'_, PyAny>) -> PyResult<Format> {
    let pair = dtype.getattr("subdtype")?;
    if !pair.is_none() {
        let (item, shape) = pair.extract::<(Bound<'_, PyAny>, Vec<usize>)>()?;
        return Format::array(&shape, numpy_dtype(&item)?).or_raise();
    }
    let format = if dtype.getattr("fields")?.is_none() {
        format_of_typestr(&dtype.getattr("str")?.extract::<String>()?)
    } else {
        format_of_descr(&dtype.getattr("descr")?)
    };
    format.map_err(|error| refuse(dtype, None, error))
}

/// Returns the format that a typestr names, such as `<f8`.
pub(crate) fn typestr(text: &str) -> Option<Format> {
    format_of_typestr(text).ok()
}

/// Returns the format of a record that a list of names, types and shapes describes.
///
/// # Errors
///
/// Raises `TypeError` and `ValueError` for other lists.
pub(crate) fn descr(fields: &Bound<'_, PyAny>) -> PyResult<Format> {
    format_of_descr(fields).map_err(|error| refuse(fields, None, error))
}
