"""Results that are real arrays of NumPy, over memory of Rust or of an argument."""

import array
import gc
import subprocess
import sys
import sysconfig

import numpy as np
import pytest
import typedview_probe as probe
from elements import ELEMENTS, Element, elements_of, filled


def test_new_memory_is_an_array_without_a_copy() -> None:
    x, address = probe.ndarray_counted(3, 4)
    assert type(x) is np.ndarray
    assert x.dtype is np.dtype("f8")
    assert x.ctypes.data == address
    assert x.tolist() == np.arange(12.0).reshape(3, 4).tolist()
    assert x.flags.c_contiguous
    assert x.flags.writeable
    assert x.flags.aligned
    assert not x.flags.owndata
    x[:] = 5
    x += 1
    assert x.sum() == 72.0


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4), (1,) * 40])
def test_any_number_of_axes(shape: tuple[int, ...]) -> None:
    x = probe.ndarray_dyn(list(shape))
    assert (x.shape, x.dtype, x.flags.c_contiguous) == (shape, np.dtype("i2"), True)
    assert not x.any()


def test_more_axes_than_numpy_has_are_refused() -> None:
    gc.collect()
    shape = [1] * 64
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        assert probe.ndarray_dyn(shape).ndim == 64
    else:
        with pytest.raises(ValueError, match="dimensions"):
            probe.ndarray_dyn(shape)


def test_the_order_is_that_of_the_layout() -> None:
    x = probe.ndarray_f(3, 4)
    assert (x.shape, x.strides, x.dtype) == ((3, 4), (4, 12), np.dtype("f4"))
    assert x.flags.f_contiguous
    assert not x.flags.c_contiguous


def test_an_argument_comes_back_as_a_view_of_it() -> None:
    x = np.arange(6.0)
    part = probe.ndarray_part(x)
    assert part.base is x
    assert part.tolist() == [5.0, 3.0, 1.0]
    assert not part.flags.writeable
    same = probe.ndarray_same(x)
    assert same.base is x
    same[0] = 100
    assert x[0] == 100


def test_memory_of_other_exporters_is_kept() -> None:
    memory = array.array("d", [1, 2, 3])
    x = probe.ndarray_same(memory)
    with pytest.raises(BufferError):
        memory.append(4)
    x[0] = 9
    assert memory[0] == 9
    del x
    gc.collect()
    memory.append(4)


def test_shared_memory_is_readonly() -> None:
    x = probe.ndarray_shared(5)
    assert x.tolist() == [7] * 5
    assert not x.flags.writeable
    with pytest.raises(ValueError, match=r"readonly|read-only"):
        x[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        x.flags.writeable = True


def test_memory_is_freed_once_with_the_last_view() -> None:
    freed: list[int] = []
    x = probe.ndarray_freed(lambda: freed.append(1))
    part = x[1:]
    del x
    gc.collect()
    assert freed == []
    assert part.tolist() == [2.0]
    del part
    gc.collect()
    assert freed == [1]


def test_references_are_counted() -> None:
    x, dtype = np.arange(6.0), np.dtype("f8")
    before = sys.getrefcount(x), sys.getrefcount(dtype)
    for _ in range(100):
        probe.ndarray_part(x)
        probe.ndarray_same(x)
        probe.ndarray_counted(2, 2)
    gc.collect()
    assert (sys.getrefcount(x), sys.getrefcount(dtype)) == before


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.rust)
def test_every_element_has_its_dtype(element: Element) -> None:
    values = filled(element.dtype, 3)
    back = probe.ndarray(element.rust, values)
    assert type(back) is np.ndarray
    if element.rust == "[u8; 4]":
        # Bytes without a meaning are a sub-array in Rust.
        assert (back.dtype, back.shape) == (np.dtype("u1"), (3, 4))
        return
    assert back.dtype.itemsize * back[0].size == element.dtype.itemsize * values[0].size
    assert elements_of(element, back) == elements_of(element, values)


def test_without_numpy_the_exception_says_so() -> None:
    program = """
import sys
sys.modules["numpy"] = None
import typedview_probe as probe
for _ in range(2):
    try:
        probe.ndarray_counted(2, 2)
    except ImportError as refusal:
        print(refusal)
        print(type(refusal.__cause__).__name__)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    text = "a PyNdarray is a numpy.ndarray: install NumPy to call this function"
    assert run.stdout.splitlines() == [text, "ModuleNotFoundError"] * 2, run.stderr


def test_importing_the_extension_does_not_import_numpy() -> None:
    program = "import sys, typedview_probe; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_results_of_one_record_share_a_dtype() -> None:
    first, second = probe.ndarray_readings(3), probe.ndarray_readings(4)
    assert first.dtype == np.dtype([("sensor", "u2"), ("value", "f8")])
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        assert first.dtype is second.dtype
    assert probe.sum_of_readings(first) == 3.0 and probe.sum_of_readings(second) == 6.0
    assert second.tolist() == [(0, 0.0), (1, 1.0), (2, 2.0), (3, 3.0)]


def test_a_dtype_that_was_changed_is_not_used_again() -> None:
    changed = probe.ndarray_readings(3)
    changed.dtype.names = ("other", "names")
    with pytest.raises(TypeError, match="expected field sensor but got field other"):
        probe.sum_of_readings(changed)
    fresh = probe.ndarray_readings(3)
    assert fresh.dtype.names == ("sensor", "value")
    assert probe.sum_of_readings(fresh) == 3.0
