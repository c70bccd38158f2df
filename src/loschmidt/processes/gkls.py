"""GKLS generators from jump operators that the user already has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.checks import as_hermitian, dims_of
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.dissipators import JumpDissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import OperatorLike

__all__ = ["gkls_generator"]


def gkls_generator(
    hamiltonian: OperatorLike,
    dissipators: Sequence[JumpDissipator],
    *,
    energy: OperatorLike | None = None,
    dims: tuple[int, ...] | None = None,
) -> Generator:
    """Return the GKLS generator of a Hamiltonian and jump operators, each set assigned to a bath.

    Parameters
    ----------
    hamiltonian : (d, d)
        What moves the state, such as the Hamiltonian of a rotating frame.
    dissipators : sequence of JumpDissipator
        From :func:`~loschmidt.processes.dissipators.jump_dissipator`.
    energy : (d, d), optional
        The observable that heat refers to; needed in a rotating frame, where it is the bare Hamiltonian. Default: the
        Hamiltonian.
    dims : tuple of int, optional
        Tensor structure.

    Returns
    -------
    Generator

    Notes
    -----
    :cite:t:`gorini1976`, :cite:t:`lindblad1976`.

    Examples
    --------
    >>> from loschmidt.processes import jump_dissipator
    >>> decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.1], beta=float("inf"))
    >>> gkls_generator(np.diag([0.0, 1.0]), [decay]).is_completely_positive()
    True
    """
    h = as_hermitian(hamiltonian, "hamiltonian")
    if not isinstance(dissipators, (list, tuple)):
        raise InputError(f"`dissipators` must be a list of jump dissipators, but it is a {type(dissipators).__name__}.")
    for dissipator in dissipators:
        if not isinstance(dissipator, JumpDissipator):
            raise InputError(
                f"`dissipators` must come from jump_dissipator(), but one is a {type(dissipator).__name__}. "
                f"For Bath objects use davies_generator() or local_generator()."
            )
        if dissipator.jumps.shape[-1] != h.shape[-1]:
            raise ShapeError(
                f"`jumps` of bath {dissipator.bath!r} must be {h.shape[-1]} × {h.shape[-1]} to fit the Hamiltonian, "
                f"but they are {dissipator.jumps.shape[-2]} × {dissipator.jumps.shape[-1]}."
            )
    return Generator(
        hamiltonian=h,
        dissipators=tuple(dissipators),
        energy=h if energy is None else as_hermitian(energy, "energy", h.shape[-1]),
        lamb_shift=np.zeros_like(h),
        dims=dims or dims_of(hamiltonian) or (h.shape[-1],),
        equation="gkls",
    )
