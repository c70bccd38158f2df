"""Squeezed baths: jumps that mix absorption with emission, seen in the frame that rotates with the bath."""

from __future__ import annotations

import cmath
import math
from dataclasses import replace

from loschmidt.checks import as_inverse_temperature, as_number, as_operator
from loschmidt.errors import InputError, NotAStateError, NotUniqueError, ShapeError
from loschmidt.processes.dissipators import JumpDissipator, jump_dissipator
from loschmidt.processes.nonthermal.references import own_reference, stationary_reference
from loschmidt.typing import OperatorLike

__all__ = ["squeezed_dissipator"]

_LARGEST_DIMENSION = 32


def squeezed_dissipator(
    bath: str,
    lowering: OperatorLike,
    rate: float,
    *,
    beta: float,
    frequency: float,
    squeezing: float,
    phase: float = 0.0,
) -> JumpDissipator:
    r"""Return the dissipator of a squeezed thermal bath.

    .. math:: R = \cosh r\, L + e^{i\varphi} \sinh r\, L^\dagger

    acts at the rate γ(n + 1) and R† at γn, with n = 1/(e^{βω} - 1). Squeezing gives the bath a phase, and only in the
    frame that rotates with it does this form not move: a system in this bath has the Hamiltonian of that frame, and
    its bare energy as energy observable.

    Parameters
    ----------
    bath : str
        Name of the bath.
    lowering : (d, d)
        L, which lowers the energy of the system by `frequency`, such as σ₋ or a truncated annihilation operator.
    rate : float
        γ > 0.
    beta, frequency : float
        β > 0, ``inf`` for a squeezed vacuum, and ω > 0.
    squeezing, phase : float
        r and φ.

    Returns
    -------
    JumpDissipator
        Its `reference` is K = -ln(π)/β with π the state that this bath alone leads to, so that the Gibbs state of K is
        kept, while that of the energy is not: Clausius' inequality with β may fail. There is no reference, and no β,
        where π does not exist or is not faithful, for a squeezed vacuum, and beyond dimension 32.

    Raises
    ------
    InputError
        If a number is out of range.

    Notes
    -----
    :cite:t:`breuer2002`, section 3.4.3; thermodynamics in :cite:t:`manzano2016`.

    Examples
    --------
    >>> import numpy as np
    >>> lower = [[0, 1], [0, 0]]
    >>> bath = squeezed_dissipator("squeezed", lower, 0.1, beta=2.0, frequency=1.0, squeezing=0.5)
    >>> n = 1 / np.expm1(2.0)
    >>> effective = n * np.cosh(1.0) + np.sinh(0.5) ** 2
    >>> bool(np.isclose(bath.superoperator()[3, 0].real, 0.1 * effective))
    True
    """
    jump = as_operator(lowering, "lowering")
    if jump.ndim != 2:
        raise ShapeError(f"`lowering` must be one operator (d, d), but its shape is {jump.shape}.")
    gamma = as_number(rate, "rate", positive=True)
    omega = as_number(frequency, "frequency", positive=True)
    inverse = as_inverse_temperature(beta, "beta")
    if not inverse > 0:
        raise InputError(f"`beta` of a squeezed bath must be positive, but it is {inverse:g}.")
    r, angle = as_number(squeezing, "squeezing"), as_number(phase, "phase")
    mixed = math.cosh(r) * jump + cmath.exp(1j * angle) * math.sinh(r) * jump.conj().T
    occupation = math.exp(-inverse * omega) / -math.expm1(-inverse * omega)
    dissipator = jump_dissipator(bath, [mixed, mixed.conj().T], [gamma * (occupation + 1), gamma * occupation])
    if math.isinf(inverse) or len(jump) > _LARGEST_DIMENSION:
        return dissipator
    try:
        state = stationary_reference(dissipator)
    except (NotUniqueError, NotAStateError):
        return dissipator
    return replace(dissipator, beta=inverse, reference=own_reference(state, inverse))
