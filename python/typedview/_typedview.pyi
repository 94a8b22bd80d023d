from types import TracebackType
from typing import Self, final

from typing_extensions import Buffer

__all__ = ["View", "__version__"]

__version__: str

@final
class View:
    """A view of the memory of a Python object, without a copy.

    The object exports its memory by the buffer protocol, `__array_interface__`, Arrow or DLPack. These
    protocols are tried in this order. The memory stays exported until the view is released or dropped.
    """

    def __new__(cls, exporter: Buffer) -> Self: ...
    @property
    def obj(self) -> object: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def suboffsets(self) -> tuple[int, ...]: ...
    @property
    def ndim(self) -> int: ...
    @property
    def itemsize(self) -> int: ...
    @property
    def nbytes(self) -> int: ...
    @property
    def dtype(self) -> str: ...
    @property
    def readonly(self) -> bool: ...
    def release(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        _class: type[BaseException] | None,
        _exception: BaseException | None,
        _traceback: TracebackType | None,
        /,
    ) -> None: ...
