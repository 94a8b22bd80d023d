"""DLPack: tensors as arguments, and the library's memory as tensors.

It is separate because a tensor has a device, a version and a deleter, which a buffer has not.
"""

import ctypes
import gc
import sys
import weakref

import dlpack
import numpy as np
import pytest
import typedview_probe as probe
from dlpack import (
    BFLOAT,
    BOOL,
    COMPLEX,
    COPIED,
    CPU,
    CUDA,
    CUDA_HOST,
    FLOAT,
    HANDLE,
    INT,
    MANAGED,
    READONLY,
    ROCM_HOST,
    UINT,
    Legacy,
    Old,
    Only,
    Producer,
    Versioned,
    exchanging,
)
from exporters import shown
from refused import refused

SPEC = "const double[:]"


def read(producer: object, spec: str = SPEC) -> list[float]:
    return probe.read(spec, producer)[3]


# Valid tensors.


def test_a_tensor_is_viewed_where_it_is() -> None:
    producer = Producer()
    assert probe.read(SPEC, producer) == ([6], [8], producer.values.ctypes.data, [0, 1, 2, 3, 4, 5])


def test_a_tensor_is_asked_for_with_the_version_we_know() -> None:
    producer = Producer()
    read(producer)
    assert producer.calls == [{"max_version": (1, 3)}]


def test_strides_count_elements() -> None:
    assert probe.read("const double[:, :]", Producer(shape=(2, 3), strides=(1, 2)))[1:2] == ([8, 16],)
    assert read(Producer(shape=(3,), strides=(2,))) == [0, 2, 4]


def test_strides_may_be_negative() -> None:
    assert read(Producer(shape=(3,), strides=(-2,), byte_offset=40)) == [5, 3, 1]


def test_no_strides_are_those_of_c_order() -> None:
    assert probe.read("const double[:, ::1]", Producer(shape=(2, 3), strides=None))[:2] == ([2, 3], [24, 8])


def test_the_offset_is_added_to_the_pointer() -> None:
    assert read(Producer(shape=(2,), byte_offset=16)) == [2, 3]


def test_a_tensor_may_have_no_axes() -> None:
    assert probe.read("const double[]", Producer(shape=None, strides=None, ndim=0))[3] == [0]


def test_an_empty_tensor_may_be_null() -> None:
    assert read(Producer(shape=(0,), null=True)) == []


def test_the_stride_of_a_single_index_means_nothing() -> None:
    assert read(Producer(shape=(1,), strides=(2**62,))) == [0]


def test_a_tensor_of_a_later_minor_version_is_taken() -> None:
    assert read(Producer(version=(1, 99))) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("device", [CPU, CUDA_HOST, ROCM_HOST, MANAGED])
def test_memory_that_the_processor_reaches_is_taken(device: tuple[int, int]) -> None:
    assert read(Producer(device=device, told_device=device)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("code", ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"])
def test_numpys_tensors_are_taken(code: str) -> None:
    values = np.arange(3, dtype=code)
    name = {"f4": "float", "f8": "double"}.get(code, f"{'u' if code[0] == 'u' else ''}int{8 * int(code[1])}")
    assert read(Only(values), f"const {name}[:]") == [0, 1, 2]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (np.zeros(2, "f2"), "half[:] with shape (2,), strides (2,)"),
        (np.zeros(2, "c8"), "float complex[:] with shape (2,), strides (8,)"),
        (np.zeros(2, "c16"), "double complex[:] with shape (2,), strides (16,)"),
        (np.zeros(2, "?"), "bool[:] with shape (2,), strides (1,)"),
        (np.zeros(2, "i4"), "int32[:] with shape (2,), strides (4,)"),
    ],
)
def test_another_element_is_refused_by_name(values: np.ndarray, text: str) -> None:
    element = text.split("[")[0]
    text = f"expected const double[:], got {text} from dlpack.Only: {element} is not double"
    refused(TypeError, text, probe.read, SPEC, Only(values))


def test_a_tensor_is_written_where_it_is() -> None:
    producer = Producer()
    probe.fill(producer, 7.0)
    assert producer.values.tolist() == [7.0] * 6


def test_a_readonly_tensor_is_read_but_not_written() -> None:
    assert read(Producer(flags=READONLY)) == [0, 1, 2, 3, 4, 5]
    producer = Producer(flags=READONLY)
    text = (
        "expected double[:], got const double[:] with shape (6,), strides (8,) "
        "from dlpack.Producer: readonly; take const double[:] or pass writable memory"
    )
    refused(BufferError, text, probe.fill, producer, 7.0)
    assert (producer.values.tolist(), producer.deleted) == ([0, 1, 2, 3, 4, 5], 1)


def test_a_tensor_without_a_version_is_readonly_as_it_is_to_numpy() -> None:
    values = np.arange(3.0)
    assert not np.from_dlpack(Producer(kind=Legacy)).flags.writeable
    assert read(Old(values)) == [0, 1, 2]
    text = (
        "expected double[:], got const double[:] with shape (3,), strides (8,) from dlpack.Old: readonly; "
        "take const double[:] or pass writable memory"
    )
    refused(BufferError, text, probe.fill, Old(values), 7.0)


def test_a_copy_is_read_but_not_written() -> None:
    assert read(Producer(flags=COPIED)) == [0, 1, 2, 3, 4, 5]
    producer = Producer(flags=COPIED)
    text = (
        "expected double[:], got dlpack.Producer: "
        "its memory is a copy, which would keep to itself what is written"
    )
    refused(BufferError, text, probe.fill, producer, 7.0)
    assert producer.deleted == 1


# Lifetime.


@pytest.mark.parametrize("kind", [Versioned, Legacy])
def test_a_tensor_is_deleted_once(kind: type) -> None:
    producer = Producer(kind=kind)
    read(producer)
    assert producer.deleted == 1
    assert dlpack.name_of(producer.capsule) == b"used_" + dlpack.NAMES[kind]


def test_a_tensor_stays_while_it_is_viewed() -> None:
    producer = Producer()
    seen = []
    probe.while_read(producer, lambda: seen.append(producer.deleted))
    assert (seen, producer.deleted) == ([0], 1)


@pytest.mark.parametrize("kind", [Versioned, Legacy])
def test_a_tensor_need_not_have_a_deleter(kind: type) -> None:
    producer = Producer(kind=kind, deletes=False)
    assert read(producer) == [0, 1, 2, 3, 4, 5]
    assert dlpack.name_of(producer.capsule) == b"used_" + dlpack.NAMES[kind]


def test_a_tensor_is_taken_once() -> None:
    producer = Producer()
    read(producer)
    text = (
        "expected const double[:], got dlpack.Producer: "
        "its __dlpack__ gave no DLPack tensor that has not been used"
    )
    refused(ValueError, text, probe.read, SPEC, producer)
    assert producer.deleted == 1


def test_a_lock_on_a_tensor_keeps_writers_out() -> None:
    producer, text = Producer(), "no refusal"

    def write() -> None:
        nonlocal text
        try:
            probe.fill(producer.values, 7.0)
        except BufferError as error:
            text = str(error)

    probe.while_locked(producer, write)
    assert text == (
        "cannot take double[:] for writing: its memory is locked for reading as const double[:]; "
        "pass memory that does not overlap, or a copy"
    )


# Refusals. Each must have deleted its tensor exactly once.


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"shape": (-1,)}, "axis 0 has length -1"),
        ({"shape": (2, -3), "strides": (1, 1)}, "axis 1 has length -3"),
        ({"ndim": -1}, "ndim -1 is not between 0 and 64"),
        ({"ndim": 65}, "ndim 65 is not between 0 and 64"),
        ({"ndim": 2**31 - 1}, "ndim 2147483647 is not between 0 and 64"),
        ({"shape": None, "ndim": 1}, "ndim is 1, but the shape is missing"),
        ({"null": True}, "the pointer is null"),
        ({"null": True, "byte_offset": 8}, "the pointer is null"),
        ({"byte_offset": 2**64 - 1}, f"a byte offset of {2**64 - 1} exceeds the address space"),
        ({"strides": (2**60,)}, f"axis 0: {2**60} elements of 8 bytes exceed the address space"),
        ({"strides": (-(2**63),)}, f"axis 0: {-(2**63)} elements of 8 bytes exceed the address space"),
        (
            {"shape": (2**61,), "strides": (0,)},
            f"shape ({2**61},) with itemsize 8 exceeds the address space",
        ),
        (
            {"shape": (2**32, 2**32), "strides": (0, 0)},
            f"shape ({2**32}, {2**32}) with itemsize 8 exceeds the address space",
        ),
        (
            {"shape": (3,), "strides": (2**59,)},
            f"shape (3,) with strides ({2**62},) exceeds the address space",
        ),
        ({"shape": (2,), "strides": (-(2**59),)}, "the elements wrap around the address space"),
        ({"dtype": (FLOAT, 64, 2)}, "elements of 2 lanes of float64 cannot be viewed; give them an axis"),
        ({"dtype": (FLOAT, 64, 0)}, "elements of 0 lanes of float64 cannot be viewed; give them an axis"),
        ({"dtype": (BFLOAT, 16, 1)}, "elements of bfloat16 cannot be viewed"),
        ({"dtype": (HANDLE, 64, 1)}, "elements of handle64 cannot be viewed"),
        ({"dtype": (INT, 4, 1)}, "elements of int4 cannot be viewed"),
        ({"dtype": (UINT, 0, 1)}, "elements of uint0 cannot be viewed"),
        ({"dtype": (INT, 128, 1)}, "elements of int128 cannot be viewed"),
        ({"dtype": (FLOAT, 63, 1)}, "elements of float63 cannot be viewed"),
        ({"dtype": (COMPLEX, 32, 1)}, "elements of complex32 cannot be viewed"),
        ({"dtype": (BOOL, 1, 1)}, "elements of bool1 cannot be viewed"),
        ({"dtype": (7, 8, 1)}, "elements of float8_e3m4 cannot be viewed"),
        ({"dtype": (8, 8, 1)}, "elements of float8_e4m3 cannot be viewed"),
        ({"dtype": (9, 8, 1)}, "elements of float8_e4m3b11fnuz cannot be viewed"),
        ({"dtype": (10, 8, 1)}, "elements of float8_e4m3fn cannot be viewed"),
        ({"dtype": (11, 8, 1)}, "elements of float8_e4m3fnuz cannot be viewed"),
        ({"dtype": (12, 8, 1)}, "elements of float8_e5m2 cannot be viewed"),
        ({"dtype": (13, 8, 1)}, "elements of float8_e5m2fnuz cannot be viewed"),
        ({"dtype": (14, 8, 1)}, "elements of float8_e8m0fnu cannot be viewed"),
        ({"dtype": (15, 6, 1)}, "elements of float6_e2m3fn cannot be viewed"),
        ({"dtype": (16, 6, 1)}, "elements of float6_e3m2fn cannot be viewed"),
        ({"dtype": (17, 4, 1)}, "elements of float4_e2m1fn cannot be viewed"),
        ({"dtype": (99, 8, 1)}, "elements of type code 99 with 8 bits cannot be viewed"),
        ({"device": CUDA}, "its memory is on device cuda:0; copy it to the CPU first"),
    ],
)
@pytest.mark.parametrize("kind", [Versioned, Legacy])
def test_what_no_view_can_be_made_of_is_refused(kind: type, options: dict, text: str) -> None:
    producer = Producer(kind=kind, **options)
    exception = TypeError if "dtype" in options else ValueError
    refused(exception, f"expected const double[:], got dlpack.Producer: {text}", probe.read, SPEC, producer)
    assert producer.deleted == 1


@pytest.mark.parametrize("version", [(2, 0), (0, 8), (2**32 - 1, 7)])
def test_another_major_version_is_deleted_and_not_read(version: tuple[int, int]) -> None:
    # Every field of the tensor is invalid, so reading it would crash.
    producer = Producer(version=version, ndim=7, shape=None, null=True)
    major, minor = version
    text = f"its tensor is DLPack {major}.{minor}, which is not 1.x"
    text = f"expected const double[:], got dlpack.Producer: {text}"
    refused(ValueError, text, probe.read, SPEC, producer)
    assert producer.deleted == 1


@pytest.mark.parametrize(
    ("device", "name"),
    [
        (CUDA, "cuda:0"),
        ((2, 3), "cuda:3"),
        ((4, 0), "opencl:0"),
        ((7, 0), "vulkan:0"),
        ((8, 0), "metal:0"),
        ((9, 0), "vpi:0"),
        ((10, 1), "rocm:1"),
        ((14, 0), "oneapi:0"),
        ((15, 0), "webgpu:0"),
        ((16, 0), "hexagon:0"),
        ((17, 0), "maia:0"),
        ((18, 0), "trainium:0"),
        ((12, 0), "12:0"),
        ((-5, -1), "-5:-1"),
    ],
)
def test_memory_on_another_device_is_not_even_asked_for(device: tuple[int, int], name: str) -> None:
    producer = Producer(told_device=device)
    text = (
        f"expected const double[:], got dlpack.Producer: "
        f"its memory is on device {name}; copy it to the CPU first"
    )
    refused(ValueError, text, probe.read, SPEC, producer)
    assert (producer.calls, producer.deleted) == ([], 0)


@pytest.mark.parametrize("device", ["cpu", (1,), (1, 0, 0), ("cpu", 0), (2**40, 0), None])
def test_a_device_that_is_none_is_refused(device: object) -> None:
    text = "expected const double[:], got dlpack.Producer: its __dlpack_device__ is not two integers"
    refused(ValueError, text, probe.read, SPEC, Producer(told_device=device))


@pytest.mark.parametrize("given", [None, 7, "dltensor"])
def test_what_is_no_capsule_is_refused(given: object) -> None:
    class Odd:
        def __dlpack__(self, **options: object) -> object:
            return given

    text = (
        f"expected const double[:], got {__name__}.{Odd.__qualname__}: "
        "its __dlpack__ gave no DLPack tensor that has not been used"
    )
    refused(ValueError, text, probe.read, SPEC, Odd())


def test_a_capsule_of_another_name_is_refused_and_left_alone() -> None:
    producer = Producer(name=b"dltensor_versioned_2")
    text = (
        "expected const double[:], got dlpack.Producer: "
        "its __dlpack__ gave no DLPack tensor that has not been used"
    )
    refused(ValueError, text, probe.read, SPEC, producer)
    assert (producer.deleted, dlpack.name_of(producer.capsule)) == (0, b"dltensor_versioned_2")


def test_the_exceptions_of_a_producer_are_its_own() -> None:
    class Unwilling:
        def __init__(self, exception: type[Exception], text: str) -> None:
            self.exception, self.text, self.calls = exception, text, 0

        def __dlpack__(self, **options: object) -> object:
            self.calls += 1
            raise self.exception(self.text)

    for exception in (BufferError, RuntimeError, TypeError):
        # The second text is that of a call with one argument too many, which is refused just the same.
        for text in ("not today", "__dlpack__() got an unexpected keyword argument 'max_version'"):
            producer = Unwilling(exception, text)
            refused(exception, text, probe.read, SPEC, producer)
            assert producer.calls == 1


def test_a_class_is_no_producer_because_its_instances_are() -> None:
    text = (
        "expected const double[:], got type: "
        "not a buffer; pass an array.array, a numpy.ndarray or another exporter"
    )
    refused(TypeError, text, probe.read, SPEC, Producer)


def test_a_buffer_that_is_refused_is_not_asked_for_a_tensor() -> None:
    class Both(bytearray):
        def __dlpack__(self, **options: object) -> object:
            raise AssertionError("asked")

    text = "expected const double[:], got uint8[:] with shape (2,), strides (1,) from " + (
        f"{__name__}.{Both.__qualname__}: uint8 is not double"
    )
    refused(TypeError, text, probe.read, SPEC, Both(2))


# Exporters with the C exchange API.


def handing_out(producer: Producer):
    def from_object(obj: object, out: ctypes.POINTER) -> int:
        out[0] = ctypes.addressof(producer.struct)
        return 0

    return from_object


def test_a_type_with_an_exchange_is_not_called() -> None:
    producer = Producer()
    made = exchanging(handing_out(producer))()
    assert read(made) == [0, 1, 2, 3, 4, 5]
    assert (producer.calls, producer.deleted) == ([], 1)


def test_an_older_exchange_is_found_behind_a_newer_one() -> None:
    producer = Producer()
    older = exchanging(handing_out(producer), version=(1, 0))
    newer = exchanging(None, version=(2, 0), previous=older.kept[0])
    assert read(newer()) == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("options", [{"version": (2, 0)}, {"name": b"another"}, {}])
def test_without_an_exchange_that_can_be_read_the_producer_is_called(options: dict) -> None:
    producer = Producer()
    made = exchanging(None, **options)
    made.__dlpack__ = lambda self, **more: producer.__dlpack__(**more)
    assert read(made()) == [0, 1, 2, 3, 4, 5]
    assert producer.calls == [{"max_version": (1, 3)}]


def test_the_exceptions_of_an_exchange_are_its_own() -> None:
    # The library's own table, on a type whose instances are not the library's.
    table = type(probe.retnew(1)).__dlpack_c_exchange_api__
    made = type("Unwilling", (), {"__dlpack_c_exchange_api__": table})
    refused(TypeError, "'Unwilling' object is not an instance of 'View'", probe.read, SPEC, made())


def test_an_exchange_that_gives_nothing_is_refused() -> None:
    made = exchanging(lambda obj, out: 0)()
    text = (
        "expected const double[:], got dlpack.Exchanging: "
        "its __dlpack__ gave no DLPack tensor that has not been used"
    )
    refused(ValueError, text, probe.read, SPEC, made)


def test_a_tensor_from_an_exchange_is_checked_and_deleted() -> None:
    producer = Producer(device=CUDA)
    text = (
        "expected const double[:], got dlpack.Exchanging: "
        "its memory is on device cuda:0; copy it to the CPU first"
    )
    refused(ValueError, text, probe.read, SPEC, exchanging(handing_out(producer))())
    assert producer.deleted == 1


# The library's memory as a tensor.


@pytest.mark.parametrize(
    "element", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
)
def test_numpy_takes_our_integers(element: str) -> None:
    owned, address = probe.one_to_three(element)
    values = np.from_dlpack(owned)
    assert (values.tolist(), values.dtype, values.ctypes.data) == ([1, 2, 3], np.dtype(element), address)
    assert values.flags.writeable


@pytest.mark.parametrize(("element", "dtype"), [("float", "f4"), ("double", "f8")])
def test_numpy_takes_our_floats(element: str, dtype: str) -> None:
    owned, address = probe.one_to_three(element)
    values = np.from_dlpack(owned)
    assert (values.tolist(), values.dtype, values.ctypes.data) == ([1, 2, 3], np.dtype(dtype), address)


def test_we_take_our_own_memory_back() -> None:
    owned = probe.retnew(3)
    assert read(Only(owned)) == [1, 0, 1]
    probe.fill(Only(owned), 2.0)
    assert memoryview(owned).tolist() == [2, 2, 2]


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 0), (2, 1, 3), (1,) * 9, (2, 1, 1, 1, 3)])
def test_numpy_sees_the_shape_of_a_tensor(shape: tuple[int, ...]) -> None:
    assert np.from_dlpack(probe.zeroed(list(shape))).shape == shape


def test_the_device_is_the_cpu() -> None:
    assert probe.retnew(3).__dlpack_device__() == CPU


@pytest.mark.parametrize(
    ("max_version", "kind"),
    [(None, Legacy), ((0, 8), Legacy), ((1, 0), Versioned), ((1, 3), Versioned), ((2, 0), Versioned)],
)
def test_a_tensor_has_a_version_where_the_consumer_knows_of_them(max_version: object, kind: type) -> None:
    owned = probe.retnew(3)
    capsule = owned.__dlpack__(max_version=max_version)
    assert dlpack.name_of(capsule) == dlpack.NAMES[kind]
    content = dlpack.content_of(capsule, kind)
    if kind is Versioned:
        assert (content.version.major, content.version.minor, content.flags) == (1, 3, 0)
    tensor = content.tensor
    assert (tensor.ndim, tensor.shape[0], tensor.strides[0], tensor.byte_offset) == (1, 3, 1, 0)
    assert (tensor.device_type, tensor.device_id) == CPU
    assert (tensor.code, tensor.bits, tensor.lanes) == (FLOAT, 64, 1)


def test_an_unused_capsule_gives_its_memory_back() -> None:
    before, owned = probe.freed(), probe.counting()
    references = sys.getrefcount(owned)
    for version in (None, (1, 0)):
        capsule = owned.__dlpack__(max_version=version)
        assert sys.getrefcount(owned) == references + 1
        del capsule
        assert sys.getrefcount(owned) == references
    del owned
    assert probe.freed() == before + 1


def test_a_used_capsule_keeps_the_memory_as_long_as_its_consumer() -> None:
    before = probe.freed()
    values = np.from_dlpack(probe.counting())
    gc.collect()
    assert (probe.freed(), values.tolist()) == (before, [1, 2, 3])
    del values
    assert probe.freed() == before + 1


def test_a_readonly_tensor_needs_a_version() -> None:
    whole, _ = probe.shared()
    capsule = whole.__dlpack__(max_version=(1, 0))
    assert dlpack.content_of(capsule, Versioned).flags == READONLY
    assert not np.from_dlpack(whole).flags.writeable
    text = "View(double[6], C, readonly): the memory is readonly, which only DLPack 1.0 and later can say"
    refused(BufferError, text, whole.__dlpack__)


def test_a_copy_is_the_consumers_own() -> None:
    owned = probe.inside(4, 5)
    capsule = owned.__dlpack__(max_version=(1, 0), copy=True)
    assert dlpack.content_of(capsule, Versioned).flags == COPIED
    values = np.from_dlpack(owned, copy=True)
    values[:] = -1
    assert memoryview(owned).tolist() == [[6, 7, 8], [11, 12, 13]]
    _, odd = probe.shared()
    copied = np.from_dlpack(odd, copy=True)
    assert (copied.tolist(), copied.flags.writeable, copied.flags.c_contiguous) == ([1, 3, 5], True, True)


@pytest.mark.parametrize("copy", [None, False])
def test_there_is_no_copy_where_none_is_asked_for(copy: bool | None) -> None:
    owned = probe.retnew(3)
    assert np.from_dlpack(owned, copy=copy).ctypes.data == owned.__array_interface__["data"][0]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"stream": 1}, "memory on the CPU has no stream"),
        ({"dl_device": CUDA}, "the memory is on the CPU, not on device cuda:0"),
        ({"dl_device": (1, 1)}, "the memory is on the CPU, not on device cpu:1"),
    ],
)
def test_what_a_consumer_cannot_have_is_refused(options: dict, text: str) -> None:
    owned = probe.retnew(3)
    before = sys.getrefcount(owned)
    refused(BufferError, f"View(double[3], C): {text}", lambda: owned.__dlpack__(**options))
    assert sys.getrefcount(owned) == before


def test_the_device_of_the_memory_may_be_asked_for() -> None:
    assert np.from_dlpack(probe.retnew(2), device="cpu").tolist() == [1, 1]


def test_strides_between_elements_are_refused() -> None:
    records = np.zeros(3, dtype=[("flag", "u1"), ("value", "f8")])
    back = probe.export(records["value"])
    text = "View(double[3], strided, readonly): axis 0: stride 9 is no multiple of itemsize 8"
    refused(BufferError, text, lambda: back.__dlpack__(max_version=(1, 0)))
    assert np.from_dlpack(back, copy=True).tolist() == [0, 0, 0]


# The library's own exchange table.


def tensor_by_exchange(owned: object) -> Versioned:
    out = ctypes.c_void_p()
    assert dlpack.table_of(type(owned)).from_object(owned, ctypes.byref(out)) == 0
    return Versioned.from_address(out.value)


def test_our_table_has_every_function_it_must_have() -> None:
    table = dlpack.table_of(type(probe.retnew(1)))
    assert (table.version.major, table.version.minor, table.previous) == (1, 3, None)
    assert table.allocate and table.from_object and table.to_object and table.stream


def test_our_exchange_hands_a_tensor_out() -> None:
    owned = probe.retnew(3)
    before = sys.getrefcount(owned)
    content = tensor_by_exchange(owned)
    assert sys.getrefcount(owned) == before + 1
    assert content.tensor.data == owned.__array_interface__["data"][0]
    content.deleter(ctypes.addressof(content))
    assert sys.getrefcount(owned) == before


def test_our_exchange_refuses_objects_that_are_not_ours() -> None:
    table = dlpack.table_of(type(probe.retnew(1)))
    out = ctypes.c_void_p()
    with pytest.raises(TypeError):
        table.from_object([], ctypes.byref(out))
    assert out.value is None


def test_our_exchange_takes_a_tensor() -> None:
    producer = Producer(shape=(2, 3), strides=(1, 2))
    out = ctypes.c_void_p()
    table = dlpack.table_of(type(probe.retnew(1)))
    assert table.to_object(ctypes.addressof(producer.struct), ctypes.byref(out)) == 0
    made = ctypes.cast(out, ctypes.py_object).value
    ctypes.pythonapi.Py_DecRef(ctypes.py_object(made))
    assert (shown(made), producer.deleted) == ("View(double[2, 3], F)", 0)
    assert memoryview(made).tolist() == [[0, 2, 4], [1, 3, 5]]
    del made
    assert producer.deleted == 1


def test_our_exchange_deletes_a_tensor_that_it_refuses() -> None:
    producer = Producer(device=CUDA)
    out = ctypes.c_void_p()
    table = dlpack.table_of(type(probe.retnew(1)))
    with pytest.raises(BufferError) as caught:
        table.to_object(ctypes.addressof(producer.struct), ctypes.byref(out))
    assert str(caught.value) == (
        "cannot take a tensor: its memory is on device cuda:0; copy it to the CPU first"
    )
    assert (producer.deleted, out.value) == (1, None)


def test_our_exchange_makes_new_memory() -> None:
    prototype = Producer(shape=(2, 3), strides=None, null=True).struct.tensor
    out = ctypes.c_void_p()
    table = dlpack.table_of(type(probe.retnew(1)))
    assert table.allocate(ctypes.byref(prototype), ctypes.byref(out), None, dlpack.SET_ERROR()) == 0
    content = Versioned.from_address(out.value)
    assert (content.tensor.shape[:2], content.tensor.strides[:2], content.flags) == ([2, 3], [3, 1], 0)
    assert ctypes.string_at(content.tensor.data, 48) == bytes(48)
    content.deleter(out.value)


def test_our_exchange_tells_why_there_is_no_new_memory() -> None:
    said = []
    tell = dlpack.SET_ERROR(lambda context, kind, text: said.append((context, kind, text)))
    prototype = Producer(shape=(-1,), strides=None, null=True).struct.tensor
    out = ctypes.c_void_p()
    table = dlpack.table_of(type(probe.retnew(1)))
    assert table.allocate(ctypes.byref(prototype), ctypes.byref(out), 5, tell) == -1
    assert said == [(5, b"BufferError", b"cannot take a tensor: axis 0 has length -1")]


def test_our_exchange_has_no_stream() -> None:
    out = ctypes.c_void_p(1)
    assert dlpack.table_of(type(probe.retnew(1))).stream(1, 0, ctypes.byref(out)) == 0
    assert out.value is None


def test_a_tensor_and_its_producer_are_found_in_a_cycle() -> None:
    producer = Only(np.arange(3.0))
    producer.back = probe.export(producer)
    alive = weakref.ref(producer)
    del producer
    gc.collect()
    assert alive() is None
