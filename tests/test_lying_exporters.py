"""Lying exporters: invalid memory is refused with a fixed text before anything is read, and released.

The refusals of honest exporters are in test_refusals.py. No real exporter says what these say.
"""

import array
import gc
import sys
import threading
import weakref
from collections.abc import Callable

import numpy as np
import pytest
import typedview_probe as probe
from cycles import assert_lives_until_release
from hostile import NAME, Liar
from refused import refused
from typedview import View

DOUBLES = [0.5, -1.25, 3.0]
MOST, LEAST = 2**63 - 1, -(2**63)
READ, WRITE = "const double[:]", "double[:]"
ADVICE = "pass memory that does not overlap, or a copy"


def nothing() -> None:
    pass


def read(exporter: object, spec: str = READ) -> list[float]:
    return probe.read(spec, exporter)[3]


def fill(exporter: object) -> None:
    probe.fill(exporter, 1.0)


def lock(exporter: object) -> None:
    probe.while_locked(exporter, nothing)


def lock_to_write(exporter: object) -> None:
    probe.while_locked_mut(exporter, nothing)


# By use: the call, and the beginning of its refusals.
USES: dict[str, tuple[Callable[[object], object], str]] = {
    "read": (read, f"expected {READ}, got {NAME}"),
    "read contiguous": (
        lambda exporter: read(exporter, "const double[::1]"),
        f"expected const double[::1], got {NAME}",
    ),
    "read any axes": (
        lambda exporter: read(exporter, "const double[...]"),
        f"expected const double[...], got {NAME}",
    ),
    "read pointers": (
        lambda exporter: read(exporter, "const double[::generic, ::generic]"),
        f"expected const double[::generic, ::generic], got {NAME}",
    ),
    "write": (fill, f"expected {WRITE}, got {NAME}"),
    "lock": (lock, f"expected {READ}, got {NAME}"),
    "lock to write": (lock_to_write, f"expected {WRITE}, got {NAME}"),
    "read what is open at first": (probe.sum_any, f"cannot view {NAME}"),
    "View": (View, f"cannot view {NAME}"),
}

each_use = pytest.mark.parametrize("use", USES)


def refuses(use: str, text: str, **lies: object) -> None:
    """Asserts that an exporter with these lies is refused with this text, and its memory unchanged."""
    take, beginning = USES[use]
    liar = Liar(**lies)
    liar.refuses(ValueError, f"{beginning}: {text}", take)
    assert liar.memory.tolist() == DOUBLES


def test_the_truth_is_taken() -> None:
    liar = Liar()
    uses = [use for use in USES if use != "read pointers"]
    for use in uses:
        USES[use][0](liar.exporter)
    assert liar.memory.tolist() == [1.0, 1.0, 1.0]
    assert liar.exporter.released == liar.exporter.exported == liar.exporter.asked == len(uses)


# Invalid descriptions.


@each_use
@pytest.mark.parametrize("length", [23, 16, 0, -24, 25, MOST, LEAST])
def test_a_len_that_is_not_that_of_the_shape_is_refused(use: str, length: int) -> None:
    refuses(use, f"len {length} does not match shape (3,) with itemsize 8", len=length)


@each_use
@pytest.mark.parametrize("ndim", [65, -1, 2**31 - 1, -(2**31)])
def test_a_number_of_axes_that_no_memory_has_is_refused(use: str, ndim: int) -> None:
    refuses(use, f"ndim {ndim} is not between 0 and 64", ndim=ndim, shape=[1] * 65, strides=[8] * 65)


@each_use
@pytest.mark.parametrize("extent", [-3, -1, LEAST])
def test_a_negative_length_is_refused(use: str, extent: int) -> None:
    refuses(use, f"axis 0 has length {extent}", shape=[extent])


@each_use
def test_the_axis_of_a_negative_length_is_named(use: str) -> None:
    # The product of this shape is that of the true shape.
    refuses(use, "axis 1 has length -1", ndim=3, shape=[3, -1, -1], strides=[8, 8, 8])


@each_use
@pytest.mark.parametrize("itemsize", [0, -8, LEAST])
def test_an_itemsize_that_is_no_size_is_refused(use: str, itemsize: int) -> None:
    refuses(use, f"elements of {itemsize} bytes cannot be viewed", itemsize=itemsize)


@each_use
def test_an_itemsize_of_0_without_a_shape_is_refused(use: str) -> None:
    refuses(use, "elements of 0 bytes cannot be viewed", itemsize=0, shape=None, strides=None)


@each_use
@pytest.mark.parametrize("itemsize", [1, 4, 7, 9, 16, MOST])
def test_an_itemsize_that_the_format_contradicts_is_refused(use: str, itemsize: int) -> None:
    refuses(use, f"format 'd' has itemsize 8, but the exporter says {itemsize}", itemsize=itemsize)


@each_use
@pytest.mark.parametrize(
    "shape", [[2**61], [2**60], [MOST], [2**31, 2**31, 2**31], [2**32, 2**32], [2**63 - 1, 3]]
)
@pytest.mark.parametrize("length", [0, 24, MOST])
def test_a_shape_whose_bytes_cannot_be_counted_is_refused(use: str, shape: list[int], length: int) -> None:
    shown = f"({shape[0]},)" if len(shape) == 1 else f"({', '.join(map(str, shape))})"
    text = f"len {length} does not match shape {shown} with itemsize 8"
    refuses(use, text, ndim=len(shape), shape=shape, strides=[8] * len(shape), len=length)


@each_use
def test_two_axes_without_a_shape_are_refused(use: str) -> None:
    refuses(use, "ndim is 2, but the shape is missing", ndim=2, shape=None, strides=None)


@each_use
def test_one_axis_of_part_of_an_element_is_refused(use: str) -> None:
    refuses(use, "len 23 does not match shape (2,) with itemsize 8", shape=None, strides=None, len=23)


@each_use
def test_memory_without_axes_has_one_element(use: str) -> None:
    refuses(use, "len 24 does not match shape () with itemsize 8", ndim=0, shape=None, strides=None)


@each_use
def test_elements_at_null_are_refused(use: str) -> None:
    refuses(use, "the pointer is null", address=0)


@each_use
@pytest.mark.parametrize("stride", [2**62, MOST, -(2**62), LEAST, LEAST + 1])
def test_strides_that_leave_the_address_space_are_refused(use: str, stride: int) -> None:
    refuses(use, f"shape (3,) with strides ({stride},) exceeds the address space", strides=[stride])


WRAPPING = {
    "the last element": {"address": 2**64 - 16},
    "the last byte": {"address": 2**64 - 23},
    "the last element of a reversed axis": {"address": 8, "strides": [-8]},
    "a stride beyond the end": {"address": 2**64 - 32, "strides": [16]},
}


@pytest.mark.parametrize("lie", WRAPPING)
def test_elements_that_wrap_around_the_address_space_are_refused(lie: str) -> None:
    lies = WRAPPING[lie]
    for take, text in [
        (read, f"expected {READ}, got {NAME}"),
        (fill, f"expected {WRITE}, got {NAME}"),
        (lock, f"expected {READ}, got {NAME}"),
        (lock_to_write, f"expected {WRITE}, got {NAME}"),
        (View, f"cannot view {NAME}"),
        (probe.sum_any, f"expected {READ}, got {NAME}"),
    ]:
        Liar(**lies).refuses(ValueError, f"{text}: the elements wrap around the address space", take)


def test_axes_that_cancel_out_do_not_hide_where_they_reach() -> None:
    # The first and the last element have the same address. The elements between them have others.
    refuses(
        "read any axes",
        "the elements wrap around the address space",
        address=8,
        ndim=2,
        shape=[3, 3],
        strides=[8, -8],
        len=72,
        suboffsets=[-1, -1],
    )


@pytest.mark.parametrize("take", [read, fill, lock, lock_to_write, View])
def test_strides_without_a_shape_are_refused(take: Callable[[object], object]) -> None:
    # PEP 3118: without a shape there is one block of bytes, here of 16. The second element would be outside.
    with pytest.raises(ValueError, match="strides"):
        take(Liar(shape=None, strides=[16], len=16).exporter)


# Fields that may be left out.


def test_strides_may_be_missing() -> None:
    liar = Liar(strides=None)
    assert read(liar.exporter) == read(liar.exporter, "const double[::1]") == DOUBLES


def test_the_shape_of_one_axis_may_be_missing() -> None:
    assert read(Liar(shape=None, strides=None).exporter) == DOUBLES


def test_the_strides_of_two_axes_may_be_missing() -> None:
    liar = Liar(ndim=2, shape=[1, 3], strides=None)
    shape, strides, _, elements = probe.read("const double[:, ::1]", liar.exporter)
    assert (shape, strides, elements) == ([1, 3], [24, 8], DOUBLES)


def test_arrays_of_memory_without_axes_are_not_read() -> None:
    liar = Liar(ndim=0, len=8, shape=[-7], strides=[MOST], suboffsets=[3])
    assert read(liar.exporter, "const double[]") == DOUBLES[:1]


@pytest.mark.parametrize("spec", [READ, "const double[::1]", "const double[...]"])
@pytest.mark.parametrize("address", [0, 1, 2**64 - 8])
def test_nothing_may_be_anywhere(address: int, spec: str) -> None:
    liar = Liar(address=address, shape=[0], len=0)
    assert read(liar.exporter, spec) == []
    fill(liar.exporter)
    probe.fill_contiguous(liar.exporter, 1.0)
    assert probe.sum_detached(liar.exporter) == 0.0
    probe.while_locked_mut(liar.exporter, lambda: lock_to_write(liar.exporter))
    assert liar.exporter.released == liar.exporter.exported


def test_nothing_may_be_at_the_last_address() -> None:
    lock_to_write(Liar(address=2**64 - 1, shape=[0], len=0).exporter)


@pytest.mark.parametrize("stride", [0, 1, MOST, LEAST])
def test_strides_of_nothing_mean_nothing(stride: int) -> None:
    liar = Liar(shape=[0], strides=[stride], len=0)
    assert read(liar.exporter) == read(liar.exporter, "const double[::1]") == []
    lock_to_write(liar.exporter)


@pytest.mark.parametrize("stride", [0, 1, MOST, LEAST])
def test_the_stride_of_a_single_element_means_nothing(stride: int) -> None:
    liar = Liar(shape=[1], strides=[stride], len=8)
    assert read(liar.exporter) == read(liar.exporter, "const double[::1]") == DOUBLES[:1]
    lock_to_write(liar.exporter)


def test_memory_may_have_no_owner() -> None:
    liar = Liar(owner=False)
    assert read(liar.exporter) == DOUBLES
    with View(liar.exporter) as view:
        assert view.obj is None
    # Without an owner, no exporter is told of the release.
    assert (liar.exporter.exported, liar.exporter.released) == (2, 0)


# Pointers.


@pytest.mark.parametrize("suboffset", [-1, -5, LEAST])
def test_a_negative_suboffset_is_no_pointer(suboffset: int) -> None:
    liar = Liar(suboffsets=[suboffset])
    assert read(liar.exporter) == read(liar.exporter, "const double[::1]") == DOUBLES
    fill(liar.exporter)
    lock_to_write(liar.exporter)
    assert View(liar.exporter).suboffsets == ()


@pytest.mark.parametrize("suboffset", [0, 8, MOST // 2])
def test_pointers_are_refused_where_elements_are_wanted(suboffset: int) -> None:
    got = f"double[::indirect] with shape (3,), strides (8,), suboffsets ({suboffset},) from {NAME}"
    reason = "axis 0 holds pointers; take {}double[::indirect] or pass a C-contiguous copy"
    for take, wanted, const in [
        (read, READ, "const "),
        (lock, READ, "const "),
        (fill, WRITE, ""),
        (lock_to_write, WRITE, ""),
    ]:
        text = f"expected {wanted}, got {got}: {reason.format(const)}"
        Liar(suboffsets=[suboffset]).refuses(ValueError, text, take)


def test_a_suboffset_beyond_the_address_space_is_refused() -> None:
    text = f"expected {READ}, got {NAME}: an element behind suboffsets ({MOST},) exceeds the address space"
    Liar(suboffsets=[MOST]).refuses(ValueError, text, read)


def rows_behind_pointers(*starts: int, **changes: object) -> tuple[Liar, array.array]:
    """Returns an exporter of rows of one double each behind pointers to its memory, and the pointers."""
    pointers = array.array("Q", [0] * len(starts))
    lies = {"ndim": 2, "shape": [len(starts), 1], "strides": [8, 8], "suboffsets": [0, -1]}
    liar = Liar(**(lies | {"len": 8 * len(starts), "address": pointers.buffer_info()[0]} | changes))
    for i, start in enumerate(starts):
        pointers[i] = liar.memory.buffer_info()[0] + 8 * start
    return liar, pointers


def test_pointers_are_followed_in_any_order() -> None:
    liar, _pointers = rows_behind_pointers(2, 0, 2, 1)
    assert read(liar.exporter, "const double[::generic, ::generic]") == [3.0, 0.5, 3.0, -1.25]


def test_what_is_behind_a_pointer_begins_at_the_suboffset() -> None:
    liar, _pointers = rows_behind_pointers(1, 0, suboffsets=[8, -1])
    assert read(liar.exporter, "const double[::generic, ::generic]") == [3.0, -1.25]


def test_memory_behind_pointers_is_not_locked() -> None:
    liar, _pointers = rows_behind_pointers(0, 1)
    text = (
        "cannot lock const double[::generic, ::generic] for reading: memory behind pointers may be anywhere; "
        "copy it to lock it"
    )
    liar.refuses(BufferError, text, probe.lock_indirect)


def test_a_table_of_pointers_at_null_is_refused() -> None:
    liar, _pointers = rows_behind_pointers(0, 1, address=0)
    text = f"expected const double[::generic, ::generic], got {NAME}: the pointer is null"
    liar.refuses(ValueError, text, lambda exporter: read(exporter, "const double[::generic, ::generic]"))


# Exporters that change their answer, or run code of their own.


def test_an_exporter_that_raises_is_asked_once_to_read() -> None:
    error = LookupError("no")

    def answer(flags: int) -> dict[str, object]:
        raise error

    exporter = probe.Hostile(answer)
    for take in (read, lock, View):
        with pytest.raises(LookupError) as caught:
            take(exporter)
        assert caught.value is error
    assert (exporter.asked, exporter.exported) == (3, 0)


def test_an_exporter_that_refuses_to_be_written_is_asked_whether_it_may_be_read() -> None:
    liar = Liar()

    def answer(flags: int) -> dict[str, object]:
        if flags & 1:
            raise BufferError("never")
        return liar.answer(flags) | {"readonly": True}

    exporter = probe.Hostile(answer)
    text = (
        f"expected {WRITE}, got {READ} with shape (3,), strides (8,) from {NAME}: "
        f"readonly; take {READ} or pass writable memory"
    )
    refused(BufferError, text, fill, exporter)
    assert (exporter.asked, exporter.exported, exporter.released) == (2, 1, 1)


def test_an_exporter_that_refuses_to_be_written_though_it_is_writable_speaks_for_itself() -> None:
    liar = Liar()

    def answer(flags: int) -> dict[str, object]:
        if flags & 1:
            raise BufferError("not today")
        return liar.answer(flags)

    exporter = probe.Hostile(answer)
    refused(BufferError, "not today", fill, exporter)
    assert (exporter.asked, exporter.exported, exporter.released) == (2, 1, 1)


def test_an_exporter_that_lies_when_asked_again_speaks_for_itself() -> None:
    liar = Liar(address=0, readonly=True)

    def answer(flags: int) -> dict[str, object]:
        if flags & 1:
            raise BufferError("not today")
        return liar.answer(flags)

    exporter = probe.Hostile(answer)
    refused(BufferError, "not today", fill, exporter)
    assert (exporter.asked, exporter.exported, exporter.released) == (2, 1, 1)


def test_an_exporter_that_is_interrupted_is_not_asked_again() -> None:
    liar = Liar(readonly=True)

    def answer(flags: int) -> dict[str, object]:
        if flags & 1:
            raise KeyboardInterrupt
        return liar.answer(flags)

    exporter = probe.Hostile(answer)
    with pytest.raises(KeyboardInterrupt):
        fill(exporter)
    assert exporter.exported == exporter.released


def test_readonly_memory_that_was_asked_to_be_writable_is_refused() -> None:
    text = (
        f"expected {WRITE}, got {READ} with shape (3,), strides (8,) from {NAME}: "
        f"readonly; take {READ} or pass writable memory"
    )
    liar = Liar(readonly=True)
    liar.refuses(BufferError, text, fill)
    assert liar.memory.tolist() == DOUBLES


def test_each_call_sees_what_is_said_to_it() -> None:
    liar = Liar()
    shapes = iter([[3], [2], [1]])
    exporter = probe.Hostile(lambda flags: liar.answer(flags) | said(next(shapes)))

    def said(shape: list[int]) -> dict[str, object]:
        return {"shape": shape, "len": 8 * shape[0]}

    assert [len(read(exporter)) for _ in range(3)] == [3, 2, 1]
    assert exporter.released == 3


def test_what_is_said_during_a_use_does_not_change_it() -> None:
    liar = Liar()
    inner: list[list[float]] = []

    def change() -> None:
        liar.changes = {"shape": [1], "len": 8}
        inner.append(read(liar.exporter))
        liar.changes = {"address": 0}
        refused(ValueError, f"expected {READ}, got {NAME}: the pointer is null", read, liar.exporter)

    assert probe.while_locked(liar.exporter, change) == sum(DOUBLES)
    assert inner == [DOUBLES[:1]]
    assert liar.exporter.released == liar.exporter.exported == 3


def test_an_exporter_that_uses_its_memory_while_it_is_asked_meets_nobody() -> None:
    liar = Liar()

    def answer(flags: int) -> dict[str, object]:
        lock_to_write(liar.exporter)
        return liar.answer(flags)

    assert probe.while_locked_mut(probe.Hostile(answer), nothing) == sum(DOUBLES)
    lock_to_write(liar.exporter)


def test_memory_is_no_longer_claimed_when_it_is_given_back() -> None:
    memory: list[Liar] = []

    def release() -> None:
        lock_to_write(memory[0].memory)

    memory.append(Liar(release=release))
    for hold in (probe.while_read, probe.while_written, probe.while_locked, probe.while_locked_mut):
        assert hold(memory[0].exporter, nothing) == sum(DOUBLES)
    assert memory[0].exporter.released == 4


def test_a_release_that_takes_the_memory_again_ends() -> None:
    depth = 0
    memory: list[Liar] = []

    def release() -> None:
        nonlocal depth
        if depth < 50:
            depth += 1
            probe.while_locked_mut(memory[0].exporter, nothing)

    memory.append(Liar(release=release))
    fill(memory[0].exporter)
    assert memory[0].exporter.released == memory[0].exporter.exported == 51


def test_a_release_that_raises_does_not_hide_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda unraisable: raised.append(str(unraisable.exc_value)))

    def release() -> None:
        raise LookupError("from the release")

    liar = Liar(release=release)
    assert read(liar.exporter) == DOUBLES
    assert raised == ["from the release"]
    lock_to_write(liar.memory)


def test_a_release_that_raises_does_not_hide_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[str] = []
    monkeypatch.setattr("sys.unraisablehook", lambda unraisable: raised.append(str(unraisable.exc_value)))

    def release() -> None:
        raise LookupError("from the release")

    liar = Liar(release=release, address=0)
    liar.refuses(ValueError, f"expected {READ}, got {NAME}: the pointer is null", read)
    assert raised == ["from the release"]


def test_an_exporter_that_writes_its_memory_during_a_lock_needs_a_view() -> None:
    liar = Liar()

    def write() -> None:
        fill(liar.memory)

    text = f"cannot take {WRITE} for writing: its memory is locked for reading as {READ}; {ADVICE}"
    refused(BufferError, text, probe.while_locked, liar.exporter, write)
    assert liar.memory.tolist() == DOUBLES
    assert liar.exporter.released == 1


def test_two_exporters_of_one_memory_meet() -> None:
    liar = Liar()
    other = probe.Hostile(liar.answer)
    text = f"cannot take {READ} for reading: its memory is locked for writing as {WRITE}; {ADVICE}"
    probe.while_locked_mut(liar.exporter, lambda: refused(BufferError, text, read, other))
    assert other.released == other.exported == 1


# Exporters written in Python.

needs_python_exporters = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="before Python 3.12 a class written in Python cannot export (PEP 688)"
)


class Written:
    """An exporter that returns its given answers one after the other, and counts the releases."""

    def __init__(self, *answers: object) -> None:
        self.answers, self.released = iter(answers), 0

    def __buffer__(self, flags: int) -> object:
        return next(self.answers)

    def __release_buffer__(self, view: memoryview) -> None:
        self.released += 1


def released_memoryview() -> memoryview:
    view = memoryview(bytes(8))
    view.release()
    return view


@needs_python_exporters
@pytest.mark.parametrize(
    ("answer", "exception", "text"),
    [
        (lambda: bytes(8), TypeError, "__buffer__ returned non-memoryview object"),
        (lambda: None, TypeError, "__buffer__ returned non-memoryview object"),
        (released_memoryview, ValueError, "operation forbidden on released memoryview object"),
    ],
    ids=["bytes", "None", "a released memoryview"],
)
def test_a_class_that_exports_no_memory_speaks_for_itself(
    answer: Callable[[], object], exception: type[Exception], text: str
) -> None:
    for take in (read, lock, View, probe.sum_any):
        exporter = Written(answer())
        refused(exception, text, take, exporter)
        assert exporter.released == 0


@needs_python_exporters
def test_a_class_may_export_other_memory_each_time() -> None:
    first, second = array.array("d", DOUBLES), array.array("d", [1.0])
    exporter = Written(memoryview(first), memoryview(second), memoryview(b"abc"))
    assert probe.while_locked_mut(exporter, lambda: lock_to_write(exporter)) == sum(DOUBLES)
    got = f"const uint8[:] with shape (3,), strides (1,) from {__name__}.Written: uint8 is not double"
    refused(TypeError, f"expected {READ}, got {got}", read, exporter)
    assert exporter.released == 3
    # The exporter has no answers left, and no view holds the arrays, so they can grow.
    exporter.answers = iter(())
    first.append(1.0)
    second.append(1.0)


@needs_python_exporters
def test_a_class_that_refuses_to_be_written_is_viewed_to_be_refused_in_our_words() -> None:
    exporter = Written(memoryview(bytes(8)).cast("d"), memoryview(bytes(8)).cast("d"))
    got = f"{READ} with shape (1,), strides (8,) from {__name__}.Written"
    text = f"expected {WRITE}, got {got}: readonly; take {READ} or pass writable memory"
    refused(BufferError, text, fill, exporter)
    assert exporter.released == 1


# Releases from other threads, and during other calls.


def in_threads(count: int, function: Callable[[], object]) -> None:
    """Runs the function on `count` threads at the same time."""
    start = threading.Barrier(count)

    def run() -> None:
        start.wait(60)
        function()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_a_view_is_released_on_another_thread() -> None:
    liar = Liar()
    view = View(liar.exporter)
    in_threads(1, view.release)
    assert liar.exporter.released == 1


def test_a_view_that_many_threads_release_is_released_once() -> None:
    liar = Liar()
    for count in range(1, 21):
        in_threads(4, View(liar.exporter).release)
        assert liar.exporter.released == count


def test_a_release_may_wait_for_another_thread() -> None:
    liar = Liar(release=lambda: in_threads(1, lambda: lock_to_write(array.array("d", [1.0]))))
    for hold in (probe.while_read, probe.while_locked_mut):
        hold(liar.exporter, nothing)
    View(liar.exporter).release()
    assert liar.exporter.released == 3


def test_a_memoryview_in_use_is_not_released_by_another_thread() -> None:
    exporter = memoryview(array.array("d", DOUBLES))
    raised: list[str] = []

    def release() -> None:
        try:
            exporter.release()
        except BufferError as exception:
            raised.append(str(exception))

    for hold in (probe.while_read, probe.while_written, probe.while_locked, probe.while_locked_mut):
        assert hold(exporter, lambda: in_threads(1, release)) == sum(DOUBLES)
    assert raised == ["memoryview has 1 exported buffer"] * 4
    exporter.release()


def test_memory_in_use_is_not_resized() -> None:
    exporters = {"array": array.array("d", DOUBLES), "bytes": bytearray(24)}
    views = {"array": exporters["array"], "bytes": memoryview(exporters["bytes"]).cast("d")}
    for name, exporter in exporters.items():
        for hold in (probe.while_read, probe.while_written, probe.while_locked, probe.while_locked_mut):

            def grow(exporter: array.array | bytearray = exporter) -> None:
                with pytest.raises(BufferError, match=r"re-?siz"):
                    exporter.append(1)

            hold(views[name], grow)


@pytest.mark.parametrize("hold", [probe.while_read, probe.while_locked_mut])
def test_an_exporter_that_nobody_else_refers_to_lives_during_the_use(hold: Callable) -> None:
    class Doubles(array.array):
        """A subclass of array.array, whose instances the test refers to weakly."""

    alive: list[weakref.ref] = []

    def collect() -> None:
        gc.collect()
        assert alive[0]() is not None

    def exporter() -> Doubles:
        made = Doubles("d", DOUBLES)
        alive.append(weakref.ref(made))
        return made

    assert hold(memoryview(exporter()), collect) == sum(DOUBLES)
    gc.collect()
    assert alive[0]() is None


def test_a_liar_is_not_cleared_before_its_view_is_released() -> None:
    # It is a ctypes object, which frees its memory when the collector clears it.
    assert_lives_until_release(Liar, lambda liar: liar.exporter)


@pytest.mark.parametrize("use", ["read", "write", "lock", "lock to write", "View"])
def test_a_thousand_refusals_leave_nothing(use: str) -> None:
    liar = Liar(address=0)
    for _ in range(1000):
        with pytest.raises(ValueError, match="the pointer is null"):
            USES[use][0](liar.exporter)
    assert liar.exporter.released == liar.exporter.exported == 1000
    # A claim that had not been released would conflict here.
    liar.changes = {}
    lock_to_write(liar.exporter)


def test_a_view_of_an_exporter_is_no_claim() -> None:
    values = np.arange(3.0)
    with View(values):
        lock_to_write(values)
