"""What type checkers know of the package. It is checked by mypy and pyright, and not run.

It is separate from the tests because what is wrong here is found without running it.
"""

import array
from typing import Annotated, assert_type

import typedview
from typedview import View, explain, from_address, stack_rows, typed, zeros

numbers = array.array("d", [1.0, 2.0])
view = View(numbers, "double[:]", writable=True)
assert_type(view, View)
assert_type(view.shape, tuple[int, ...])
assert_type(view.tobytes(), bytes)
assert_type(view.reshape(1, 2).T, View)
assert_type(view.astype("float").cast("B"), View)
assert_type(len(view), int)
assert_type(explain(view), str)
assert_type(zeros((2, 3), "int32", order="F"), View)
assert_type(stack_rows([view, numbers]), View)
assert_type(from_address(1, 2, float, owner=numbers), View)
assert_type(typedview.open("heights.npy", "double[:, ::1]", mode="r+"), View)
memoryview(view)
bytes(view)
view[0] = 3
view[..., None] = [1, 2]
for element in view:
    print(element)
with view.locked(read=True) as locked, view as entered:
    assert_type(locked, View)
    assert_type(entered, View)


@typed
def total(x: Annotated[View, "const double[:]"], factor: float = 1.0) -> float:
    return factor * sum(x)


assert_type(total(view, factor=2.0), float)
