"""Compile a kernel with Numba at its first call, so that importing a kernel module costs nothing.

``@jit()`` leaves a :class:`Compiled` object in the module. Its first call imports Numba, replaces every other
:class:`Compiled` object that the function reads from its module or closure by the dispatcher Numba knows, and compiles.
Kernels may therefore call kernels, in the same module or another, and no module needs Numba at its top. ``.py_func``
is the plain Python function, which the tests run beside the compiled one.

Machine code is cached beside the module or in the user's cache folder; where neither can be written, the kernel is
compiled anew in each process. The cache is renewed when any file of this folder changes, because a kernel holds the
code of those it calls. ``fastmath`` stays off, because NaN and infinity must survive.
"""

from __future__ import annotations

import functools
import signal
import threading
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, ParamSpec, TypeVar, cast

__all__ = ["Compiled", "jit", "prange"]

_QUBIT = 2
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def prange(*bounds: int) -> range:
    """Return a range that :func:`jit` turns into ``numba.prange``, for kernels with ``parallel=True``."""
    return range(*bounds)


class Compiled(Generic[Arguments, Result]):
    """A function that Numba compiles when it is first called; see :func:`jit`."""

    def __init__(self, function: Callable[Arguments, Result], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.py_func = function
        self.options = options

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Call the compiled function."""
        dispatcher = self.dispatcher
        if dispatcher.overloads:
            return cast(Result, dispatcher(*args, **kwargs))
        with _interrupts_after():
            return cast(Result, dispatcher(*args, **kwargs))

    def at_dimension(self, dimension: int) -> Callable[Arguments, Result]:
        """Return the function to call for systems of that dimension: for a qubit the plain one.

        Its loops end long before Numba is loaded, which alone takes longer than a qubit's whole run. The choice goes
        by size only, so that no result depends on what was imported before.
        """
        return self.plain if dimension <= _QUBIT else self

    @functools.cached_property
    def plain(self) -> Callable[Arguments, Result]:
        """The plain function, which calls other kernels as plain functions too."""
        return cast(Callable[Arguments, Result], _resolve(cast(types.FunctionType, self.py_func), _plain))

    @functools.cached_property
    def dispatcher(self) -> Any:
        """The Numba dispatcher; other kernels are linked to it, not to this object."""
        import numba

        function = _resolve(cast(types.FunctionType, self.py_func), _linked)
        try:
            compiled = numba.njit(cache=True, **self.options)(function)
        except RuntimeError:  # Numba found no folder where it may keep the machine code
            return numba.njit(**self.options)(function)
        # By itself Numba looks at the kernel's own file only and would keep the old code of the kernels it calls.
        compiled._cache._cache_file._source_stamp = _stamp()
        return compiled


def jit(**options: Any) -> Callable[[Callable[Arguments, Result]], Compiled[Arguments, Result]]:
    """Return a decorator that compiles a function with Numba at its first call.

    Parameters
    ----------
    **options
        Passed to :func:`numba.njit`, such as ``parallel=True``. ``fastmath`` is refused and ``cache`` is set here.

    Examples
    --------
    >>> @jit()
    ... def double(x):
    ...     return 2 * x
    >>> double.py_func(3)
    6
    """
    if options.keys() & {"cache", "fastmath", "forceobj"}:
        raise TypeError("`cache`, `fastmath` and `forceobj` are decided here, for every kernel alike.")
    return lambda function: Compiled(function, options)


@contextmanager
def _interrupts_after() -> Iterator[None]:
    """Let Ctrl-C wait until the end of the block: a compiler that is interrupted leaves half a function behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: waiting.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
        if waiting:
            signal.raise_signal(signal.SIGINT)


@functools.cache
def _stamp() -> tuple[int, int]:
    """Return what tells one state of the kernels' sources from another."""
    found = [path.stat() for path in Path(__file__).parent.glob("*.py")]
    return max(one.st_mtime_ns for one in found), sum(one.st_size for one in found)


def _resolve(function: types.FunctionType, link: Callable[[Any], Any]) -> types.FunctionType:
    names = {name for code in _nested(function.__code__) for name in code.co_names}
    linked = {name: link(value) for name, value in function.__globals__.items() if name in names}
    cells = tuple(types.CellType(link(cell.cell_contents)) for cell in function.__closure__ or ())
    resolved = types.FunctionType(
        function.__code__, {**function.__globals__, **linked}, function.__name__, function.__defaults__, cells or None
    )
    return cast(types.FunctionType, functools.update_wrapper(resolved, function))


def _nested(code: types.CodeType) -> list[types.CodeType]:
    inner = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
    return [code, *(found for one in inner for found in _nested(one))]


def _plain(value: Any) -> Any:
    return value.plain if isinstance(value, Compiled) else value


def _linked(value: Any) -> Any:
    if isinstance(value, Compiled):
        return value.dispatcher
    if value is prange:
        import numba

        return numba.prange
    return value
