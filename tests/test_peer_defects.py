"""Defects of peers: one test for each that acquiring, locking or exporting could have here too.

They are separate because each test is a promise to users who have met the defect in the other library. Tests
in other files are named here and not repeated. `parity` is a line of docs/parity.md, `forbidden` a file of
the core's tests/forbidden.

rust-numpy 0.30:
    two arrays of the same memory are told apart by their last base object
        test_locks.test_uses_of_one_memory_meet
    the size of the elements is ignored: complex numbers and their imaginary parts
        test_locks.test_uses_of_one_memory_meet
    an array without axes is taken to touch no memory
        test_an_array_without_axes_meets_the_array_it_is_an_element_of
    elements that overlap each other are lent for writing
        test_locks.test_elements_that_overlap_are_not_locked_to_write
        test_rows_that_overlap_are_not_locked_to_write
    a release reads the shape that the array has by then, and aborts
        test_locks.test_a_shape_that_changes_during_the_use_does_not_change_what_is_released
        test_memory_that_moves_during_a_lock_is_released_where_it_was
        test_strides_that_change_during_a_lock_do_not_change_what_is_released
    a byte of 2 becomes a bool
        test_refusals.test_another_element_is_refused
        test_a_bool_that_is_neither_0_nor_1_is_no_number
    strides of packed records are divided by the itemsize
        test_acquire.test_a_fill_of_a_packed_record_field_leaves_the_other_fields
        test_a_field_of_packed_records_is_locked_where_it_is
    more than 32 axes panic
        test_acquire.test_any_number_of_axes_is_read
        test_64_axes_are_locked_to_write
    a conflict panics or is a TypeError
        test_locks.test_uses_of_one_memory_meet
    only an ndarray is taken, and without NumPy nothing works
        test_acquire.test_an_exporter_is_read_with_its_shape_and_elements
        test_nothing_is_imported_to_read_an_array
    one borrow gives two matrices that write the same memory
        forbidden two_writers_of_one_memory
any library whose table has only locks:
    a local view writes under a slice that a lock has lent
        test_locks.test_a_copy_within_one_locked_array_is_refused
        test_a_callee_does_not_write_under_a_locked_slice
PyO3 0.30, PyBuffer:
    big-endian elements are read as native ones
        test_refusals.test_big_endian_elements_are_refused
    `<d`, the format of ctypes, is refused
        test_elements_that_say_their_native_byte_order_are_read
    null strides and memory without axes are refused
        test_acquire.test_an_exporter_is_read_with_its_shape_and_elements
    a view is used on another thread without a lock
        compile_fail in the documentation of PyView
nanobind 3.1:
    null strides crash
        test_acquire.test_an_exporter_is_read_with_its_shape_and_elements
        test_lying_exporters.test_strides_may_be_missing
nanobind (#206):
    readonly memory is refused even to consumers that only read
        test_acquire.test_an_exporter_is_read_with_its_shape_and_elements
nanobind (#276):
    memory is freed before the array that was made of it
        test_owned.test_memory_lives_as_long_as_a_view_of_it
pybind11 (#776):
    negative strides are lost
        test_acquire.test_any_slice_of_an_array_reads_as_numpy_lists_it
pybind11 3.1:
    an array of other elements is converted, and what is written is lost with the copy
        test_an_array_of_other_elements_is_never_written_to_a_copy
dlpark 0.10:
    memory that comes through DLPack is not locked
        test_locks.test_uses_of_one_memory_meet
NumPy 2.5:
    a slice copied into a slice of other strides reads what it has written
        test_acquire.test_copying_within_an_array_is_as_from_a_copy_made_first
        test_a_slice_is_copied_into_a_slice_of_other_strides
    memory that is viewed is freed when its array is resized by force
        test_an_array_in_use_is_not_resized_unless_it_is_forced
    an array that views an exporter hides it from the garbage collector
        test_view.test_an_exporter_that_refers_to_its_view_is_collected
CPython 3.13, memoryview:
    an itemsize of 0 divides by zero
        test_lying_exporters.test_an_itemsize_that_is_no_size_is_refused
Cython 3.3:
    X1: slices reach elements outside of their memory
        parity X1
    X2: memory that was acquired for reading is acquired again for writing
        test_memory_that_was_read_is_still_readonly
    X3: a range of columns is taken for contiguous
        test_acquire.test_a_spec_of_an_order_takes_what_numpy_flags_say
        forbidden a_column_range_as_a_block
    X4: contents are copied between elements of different sizes
        test_contents_of_other_elements_are_not_copied
    X5: a request for contiguous memory is answered with other bytes
        test_consumers_of_bytes_never_get_wrong_ones
        test_bytes_of_memory_in_fortran_order_are_in_index_order
        test_owned.test_fortran_order_is_refused_of_memory_in_c_order
    X6: more indices than axes
        parity I1
    X7: formats crash the parser or never end
        test_formats.test_a_malformed_format_is_refused_where_it_is
        test_formats.test_a_record_that_is_not_what_the_exporter_says_is_refused
        test_a_record_of_more_fields_than_wanted_is_refused
        test_a_missing_format_means_bytes
    X8: an object is acquired without being attached to the interpreter
        a PyView needs the interpreter's lifetime, so this does not compile
    X9: a const view is written to
        forbidden copying_into_a_constant_view
    X10: more than 7 axes overrun the struct
        test_acquire.test_any_number_of_axes_is_read
    X11: lengths of 0 are refused
        test_owned.test_empty_memory_is_taken_back
        test_an_array_with_an_axis_of_length_0_is_locked_and_filled
    X12: views cannot be compared
        parity X12
    axes of length 1 are judged by their strides
        test_acquire.test_a_spec_of_an_order_takes_what_numpy_flags_say
Cython 0.29:
    a refused argument leaves those before it exported
        test_arguments_before_a_refused_one_are_given_back
"""

import array
import ctypes
import hashlib
import io
import re
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
import typedview_probe as probe
from hostile import NAME, Liar
from numpy.lib.stride_tricks import as_strided
from refused import refused
from typedview import View

READ, WRITE = "const double[:]", "double[:]"
ADVICE = "pass memory that does not overlap, or a copy"


def test_the_list_names_tests_that_exist_and_all_of_these() -> None:
    tests = Path(__file__).parent
    named = re.findall(r"^ +(?:(test_\w+)\.)?(test_\w+)$", __doc__, flags=re.MULTILINE)
    here = {name for name in globals() if name.startswith("test_") and "_list_names_" not in name}
    assert {name for file, name in named if not file} == here
    for file, name in named:
        source = tests / f"{file or Path(__file__).stem}.py"
        assert f"def {name}(" in source.read_text(encoding="utf-8"), f"{source.name} has no {name}"
    forbidden = tests.parent / "crates/typedview/tests/forbidden"
    for name in re.findall(r"^ +forbidden (\w+)", __doc__, flags=re.MULTILINE):
        assert (forbidden / f"{name}.md").exists(), f"{name} compiles"
    parity = (tests.parent / "docs/parity.md").read_text(encoding="utf-8")
    for line in re.findall(r"^ +parity (\w+)", __doc__, flags=re.MULTILINE):
        assert f"\n| {line} |" in parity, f"docs/parity.md has no {line}"


# rust-numpy.


def test_an_array_without_axes_meets_the_array_it_is_an_element_of() -> None:
    """rust-numpy 0.30: `a[0, ...]` and `a` are both lent for writing."""
    values = np.zeros((2, 2))
    element = values[0, 1, ...]
    assert element.shape == ()

    def lock_both() -> None:
        text = f"its memory is locked for writing as double[...]; {ADVICE}"
        for array_ in (element, values):
            refused(
                BufferError,
                f"cannot take double[...] for writing: {text}",
                probe.while_locked_mut_untouched,
                array_,
                print,
            )
        refused(
            BufferError,
            f"cannot take const double[] for reading: {text}",
            probe.read,
            "const double[]",
            element,
        )

    probe.while_locked_mut_untouched(values, lock_both)
    probe.while_locked_mut_untouched(element, lock_both)
    # The element beside it is other memory.
    probe.while_locked_mut_untouched(
        element, lambda: probe.while_locked_mut_untouched(values[0, 0, ...], int)
    )


@pytest.mark.parametrize("strides", [(8, 8), (0, 8), (8, 0), (-8, 8), (16, 12)])
def test_rows_that_overlap_are_not_locked_to_write(strides: tuple[int, int]) -> None:
    """rust-numpy 0.30: `iter_mut()` over such rows gives nine `&mut` to five elements."""
    values = np.arange(10.0)
    rows = as_strided(values[2:], (3, 3), strides)
    text = (
        f"cannot lock double[...] for writing: shape (3, 3) with strides {strides}: "
        "elements may overlap, so they cannot be lent for writing"
    )
    refused(BufferError, text, probe.while_locked_mut_untouched, rows, print)
    probe.while_locked_mut_untouched(values, int)


def test_memory_that_moves_during_a_lock_is_released_where_it_was() -> None:
    """rust-numpy 0.30: `a.resize(80, refcheck=False)` in a callback aborts the process."""
    values = np.arange(6.0)
    probe.while_locked_mut_untouched(values, lambda: values.resize(100_000, refcheck=False))
    assert values.shape == (100_000,)
    probe.while_locked_mut_untouched(values, int)
    probe.while_locked_mut_untouched(values[:6], int)


def test_an_array_in_use_is_not_resized_unless_it_is_forced() -> None:
    """NumPy keeps memory where it is only as long as it sees another reference to the array."""
    values = np.arange(6.0)

    def resize() -> None:
        with pytest.raises(ValueError, match=r"^cannot resize an array that references or is"):
            values.resize(80)

    for hold in (probe.while_read, probe.while_written, probe.while_locked, probe.while_locked_mut):
        assert hold(values, resize) == 15.0


def test_strides_that_change_during_a_lock_do_not_change_what_is_released() -> None:
    """rust-numpy 0.30: `a.strides = ...` in a callback aborts the process."""
    values = np.arange(6.0)[:3]

    def stride() -> None:
        with warnings.catch_warnings():
            # NumPy 2.4 deprecates this, and still does it.
            warnings.simplefilter("ignore", DeprecationWarning)
            values.strides = (16,)

    assert probe.while_locked(values, stride) == 3.0
    assert values.tolist() == [0.0, 2.0, 4.0]
    assert probe.while_locked_mut(values, int) == 6.0


@pytest.mark.parametrize("byte", [2, 255])
def test_a_bool_that_is_neither_0_nor_1_is_no_number(byte: int) -> None:
    """rust-numpy 0.30: such a byte becomes a `bool`, and an index made of it reads outside."""
    values = np.array([byte], "u1").view("?")
    text = (
        "expected const uint8[:], got bool[:] with shape (1,), strides (1,) from numpy.ndarray: "
        "bool is not uint8"
    )
    refused(TypeError, text, probe.read, "const uint8[:]", values)
    # A consumer that wants the bytes has to ask for them.
    assert probe.read("const uint8[:]", values.view("u1"))[3] == [byte]


@pytest.mark.parametrize("before", ["u1", "u2", "u4", "S3", "S11"])
def test_a_field_of_packed_records_is_locked_where_it_is(before: str) -> None:
    """rust-numpy 0.30: the stride of 9 bytes is taken for one element of 8."""
    records = np.zeros(4, dtype=[("before", before), ("value", "f8")])
    records["value"] = [1.0, 2.0, 3.0, 4.0]
    assert probe.while_locked(records["value"], int) == 10.0
    assert probe.while_locked_mut(records["value"][::-2], int) == 6.0


def test_64_axes_are_locked_to_write() -> None:
    """rust-numpy 0.30: more than 32 axes panic."""
    values = np.zeros((2,) + (1,) * 62 + (3,)).transpose()
    probe.while_locked_mut_untouched(values, int)


def test_nothing_is_imported_to_read_an_array() -> None:
    """rust-numpy 0.30: where NumPy is not installed, its functions panic."""
    program = (
        "import sys, array; sys.modules['numpy'] = None; import typedview_probe as probe; "
        "x = array.array('d', [1, 2]); probe.fill(x, 3.0); "
        "print(probe.read('const double[:]', x)[3], probe.while_locked_mut(x, int), sys.modules['numpy'])"
    )
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert result.stdout == "[3.0, 3.0] 6.0 None\n"


def test_a_callee_does_not_write_under_a_locked_slice() -> None:
    """If the table has only locks, a callback writes to a locked slice through a view of its own."""
    values = np.arange(3.0)
    text = f"cannot take {WRITE} for writing: its memory is locked for reading as {READ}; {ADVICE}"
    callees = [lambda: probe.fill(values, 9.0), lambda: probe.copy(values[:1], values[2:])]
    for callee in callees:
        with pytest.raises(BufferError) as caught:
            probe.while_locked(values, callee)
        assert str(caught.value) == text
        del caught
    assert values.tolist() == [0.0, 1.0, 2.0]
    for callee in callees:
        callee()


# PyO3, pybind11.


@pytest.mark.parametrize("element", [ctypes.c_double, ctypes.c_double.__ctype_le__])
def test_elements_that_say_their_native_byte_order_are_read(element: type) -> None:
    """PyO3 0.30: `<d` is refused, so no array of ctypes is taken."""
    if sys.byteorder == "big" and element is not ctypes.c_double:
        pytest.skip("little-endian elements are foreign to this machine")
    exporter = (element * 3)(1.0, 2.0, 3.0)
    assert memoryview(exporter).format in ("<d", ">d", "d")
    assert probe.read(READ, exporter)[3] == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(("dtype", "name"), [("i8", "int64"), ("f4", "float"), (">f8", "big-endian double")])
def test_an_array_of_other_elements_is_never_written_to_a_copy(dtype: str, name: str) -> None:
    """pybind11 3.1: `array_t<double>` converts it, fills the copy and drops the copy."""
    values = np.zeros(2, dtype)
    reason = (
        "foreign byte order; pass a copy in native byte order"
        if name.startswith("big")
        else f"{name} is not double"
    )
    text = (
        f"expected {WRITE}, got {name}[:] with shape (2,), strides ({values.itemsize},) "
        f"from numpy.ndarray: {reason}"
    )
    refused(TypeError, text, probe.fill, values, 1.0)
    assert not values.any()


# NumPy.


def test_a_slice_is_copied_into_a_slice_of_other_strides() -> None:
    """NumPy 2.5: `a[2:14:2] = a[0:16:3]` reads what it has just written."""
    for to, frm in [(np.s_[2:14:2], np.s_[0:16:3]), (np.s_[2:10:2], np.s_[0:16:4])]:
        values = np.arange(16.0)
        expected = values.copy()
        expected[to] = values[frm].copy()
        probe.copy(values[to], values[frm])
        assert values.tolist() == expected.tolist()


# Cython.


def readonly_doubles() -> dict[str, object]:
    values = np.arange(3.0)
    values.flags.writeable = False
    return {
        "numpy.ndarray": values,
        "memoryview": memoryview(array.array("d", [0.0, 1.0, 2.0])).toreadonly(),
        "memoryview of bytes": memoryview(np.arange(3.0).tobytes()).cast("d"),
    }


@pytest.mark.parametrize("kind", readonly_doubles())
def test_memory_that_was_read_is_still_readonly(kind: str) -> None:
    """Cython 3.3 X2: once viewed as `const double[:]`, readonly memory passes for `double[:]`."""
    exporter = readonly_doubles()[kind]
    text = (
        f"expected {WRITE}, got {READ} with shape (3,), strides (8,) from {kind.split(' ')[0]}: "
        f"readonly; take {READ} or pass writable memory"
    )

    def writes() -> None:
        refused(BufferError, text, probe.fill, exporter, 9.0)
        refused(BufferError, text, probe.fill_within, exporter, 9.0, 0.0)

    with View(exporter) as view:
        assert view.readonly
        probe.while_read(exporter, writes)
        probe.while_locked(exporter, writes)
    writes()
    assert memoryview(exporter).tolist() == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(("dtype", "name"), [("i8", "int64"), ("i4", "int32"), ("f4", "float")])
def test_contents_of_other_elements_are_not_copied(dtype: str, name: str) -> None:
    """Cython 3.3 X4: the bits of other elements are copied, past the end where they are larger."""
    doubles, others = np.arange(4.0), np.arange(4, dtype=dtype)
    got = f"{name}[:] with shape (4,), strides ({others.itemsize},) from numpy.ndarray: {name} is not double"
    refused(TypeError, f"expected {READ}, got {got}", probe.copy, doubles, others)
    refused(TypeError, f"expected {WRITE}, got {got}", probe.copy, others, doubles)
    assert doubles.tolist() == others.tolist() == [0, 1, 2, 3]


CONSUMERS = {
    "hashlib.md5": lambda x: hashlib.md5(x).digest(),
    "zlib.crc32": zlib.crc32,
    "io.BytesIO.write": lambda x: io.BytesIO().write(x),
    "numpy.frombuffer": lambda x: np.frombuffer(x).tolist(),
}


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_consumers_of_bytes_never_get_wrong_ones(consumer: str) -> None:
    """Cython 3.3 X5: they get the bytes in the order of memory, whatever they asked for."""
    consume = CONSUMERS[consumer]
    rows = np.arange(6.0).reshape(2, 3)
    assert consume(probe.counted(2, 3)) == consume(rows.tobytes())
    across = probe.counted_fortran(2, 3)
    assert np.asarray(across).tolist() == rows.reshape(3, 2).T.tolist()
    reason = "the memory is not C-contiguous"
    with pytest.raises(BufferError) as caught:
        consume(across)
    assert str(caught.value) in (
        f"View(double[2, 3], F): {reason}",
        f"View(double[2, 3], F): {reason}, and the request has no strides",
        # NumPy asks memoryview for the bytes of objects that count their buffers.
        "memoryview: underlying buffer is not C-contiguous",
    )


def test_bytes_of_memory_in_fortran_order_are_in_index_order() -> None:
    """Cython 3.3 X5: `bytes(view)` has the elements in the order of memory."""
    across = probe.counted_fortran(2, 3)
    assert bytes(across) == memoryview(across).tobytes() == np.asarray(across).tobytes("C")


def test_a_record_of_more_fields_than_wanted_is_refused() -> None:
    """Cython 3.3 X7: a third field crashes the parser."""
    values = np.zeros(2, [("a", "i1"), ("b", "f8"), ("c", "i4")])
    record = "record{int8 a, double b, int32 c}"
    got = f"{record}[:] with shape (2,), strides (13,) from numpy.ndarray: {record} is not double"
    refused(TypeError, f"expected {READ}, got {got}", probe.read, READ, values)
    assert probe.read(READ, values["b"])[3] == [0.0, 0.0]


def test_a_missing_format_means_bytes() -> None:
    """Cython 3.3 X7: a null format crashes the parser."""
    liar = Liar(format=None, itemsize=1, shape=[24], strides=[1])
    assert probe.read("const uint8[:]", liar.exporter)[3] == list(liar.memory.tobytes())
    liar.refuses(
        TypeError,
        f"expected {READ}, got uint8[:] with shape (24,), strides (1,) from {NAME}: uint8 is not double",
        lambda exporter: probe.read(READ, exporter),
    )


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (2, 0, 2)])
def test_an_array_with_an_axis_of_length_0_is_locked_and_filled(shape: tuple[int, ...]) -> None:
    """Cython 3.3 X11: views of it cannot be made or copied."""
    values = np.zeros(shape)
    probe.while_locked_mut_untouched(values, lambda: probe.while_locked_mut_untouched(values, int))
    if values.ndim == 1:
        probe.fill(values, 1.0)
        probe.copy(values, values)
        assert probe.while_locked(values, int) == 0.0


def test_arguments_before_a_refused_one_are_given_back() -> None:
    """Cython 0.29: they stayed exported."""
    target = array.array("d", [1.0, 2.0])
    with pytest.raises(TypeError):
        probe.copy(target, [1.0])
    with pytest.raises(TypeError):
        probe.copy(target, np.zeros(2, "f4"))
    target.append(3.0)
    probe.while_locked_mut(target, int)
    assert target.tolist() == [1.0, 2.0, 3.0]
