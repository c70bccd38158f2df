"""When the fluctuation symmetry is guaranteed: reverse jumps in detailed balance, and nothing that breaks reversal."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution import _steady_davies as davies
from loschmidt.evolution.counting.groups import JumpGroups
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.processes.generators import Generator
from loschmidt.processes.nonthermal import jump_entropies
from loschmidt.typing import ComplexMatrix, ComplexVector

__all__ = ["irreversibility", "is_classical"]

_TOLERANCE = 1e-9


def is_classical(process: Generator) -> bool:
    """Return whether the jumps of a process are those of a classical rate equation between its energy levels.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> is_classical(davies_generator(np.diag([0.0, 1.0]), [bath]))
    True
    """
    return davies.applies_to(process)


def irreversibility(groups: JumpGroups) -> str:
    r"""Return why θ(s) = θ(-A - s) is not guaranteed for the entropy that goes to the baths; empty if it is.

    Where L_{k'} = L_k† belongs to the reverse jump and γ_k / γ_{k'} = e^{σ_k}, the jumps of the adjoint of the tilted
    generator are those of the mirrored one, and the damping is its own adjoint:

    .. math:: \mathcal L_s^\dagger - i[H,\cdot] = \mathcal L_{-1-s} + i[H,\cdot]

    The motion is all that is left. It does not matter where it commutes with the jumps of every bath (Davies equations
    without a shift of degenerate levels), or where an antiunitary operator turns it around and leaves the jumps alone
    (H and, up to a phase, every jump is real in one basis).

    Parameters
    ----------
    groups : JumpGroups
        From :func:`jump_groups`.

    Returns
    -------
    str

    Notes
    -----
    The mirrored generator of :cite:t:`gallavotti1995` and :cite:t:`lebowitz1999`, for jumps of operators.

    Examples
    --------
    >>> from loschmidt.evolution.counting import jump_groups
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> irreversibility(jump_groups(davies_generator(np.diag([0.0, 1.0]), [bath])))
    ''
    """
    process = groups.process
    if not np.isfinite(groups.entropies[groups.moving]).all():
        return "a jump has no reverse, or its bath is at zero temperature"
    for one in process.dissipators:
        if isinstance(one, JumpDissipator) and not _balanced(one, groups):
            return f"the rates of bath {one.bath!r} are not in detailed balance with its temperature"
    if davies.applies_to(process) or (process.equation == "davies" and not process.lamb_shift.any()):
        return ""
    if _is_real(process):
        return ""
    return "the motion between jumps is not known to look the same backwards in time"


def _balanced(one: JumpDissipator, groups: JumpGroups) -> bool:
    """Return whether the entropy of each jump is the logarithm of its rate over that of its reverse."""
    mine = groups.baths == groups.bath_names.index(one.bath)
    counted, needed = groups.entropies[mine], jump_entropies(one)
    if counted.shape != needed.shape:
        return False
    size = 1.0 + float(np.abs(counted).max(initial=0.0))
    return bool((np.abs(counted - needed) <= _TOLERANCE * size).all())


def _is_real(process: Generator) -> bool:
    """Return whether phases of the basis states make the Hamiltonian real, and every jump real up to a phase."""
    jumps = [jump for one in process.dissipators for jump in _jumps(one)]
    turn = _phases(process.effective_hamiltonian)
    scale = turn.conj()[:, None] * turn[None, :]
    if _imaginary(process.effective_hamiltonian * scale) > _TOLERANCE:
        return False
    for jump in jumps:
        turned = jump * scale
        largest = turned.reshape(-1)[int(np.abs(turned).argmax())]
        if abs(largest) > 0 and _imaginary(turned * (abs(largest) / largest)) > _TOLERANCE:
            return False
    return True


def _jumps(one: Dissipator) -> ComplexMatrix:
    if isinstance(one, DaviesDissipator):
        return one.as_jumps.jumps
    assert isinstance(one, JumpDissipator)
    return one.jumps


def _imaginary(matrix: ComplexMatrix) -> float:
    return float(np.abs(matrix.imag).max(initial=0.0)) / (float(np.abs(matrix).max(initial=0.0)) or 1.0)


def _phases(hamiltonian: ComplexMatrix) -> ComplexVector:
    """Return phases (d,) of the basis states with which the elements along a spanning tree of H are real."""
    d = len(hamiltonian)
    phases = np.ones(d, dtype=np.complex128)
    linked = np.abs(hamiltonian) > _TOLERANCE * (float(np.abs(hamiltonian).max()) or 1.0)
    seen = np.zeros(d, dtype=bool)
    for root in range(d):
        if seen[root]:
            continue
        seen[root], waiting = True, [root]
        while waiting:
            at = waiting.pop()
            for other in np.flatnonzero(linked[at] & ~seen):
                element = hamiltonian[at, other]
                # conj(p_at) H p_other is to be real.
                phases[other] = phases[at] * element.conj() / abs(element)
                seen[other] = True
                waiting.append(int(other))
    return phases
