"""The minimal entropy gain of a channel: how much entropy it can take from a state at most, with a proof beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from loschmidt._kernels.entropies import entropy_of_spectrum
from loschmidt.checks import as_number
from loschmidt.errors import InputError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.gains.acceleration import AndersonHistory
from loschmidt.processes.gains.actions import ChannelAction, action_of
from loschmidt.processes.gains.blocks import orthogonal_blocks
from loschmidt.processes.gains.gain import check_channel, check_positive
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["MinimalEntropyGain", "minimal_entropy_gain"]

_EPSILON = float(np.finfo(float).eps)
_DEPTH = 8
_LOG_FLOOR = math.log(1e-13)  # of the populations, relative to the largest
_BLOCKS_AT = 2  # iterations after which exponents have lost the symmetry of the start
_EASY = 30  # iterations before each point's bound is computed, whether it can end the search or not
_PATIENCE = 40  # iterations without progress


@dataclass(frozen=True, eq=False)
class MinimalEntropyGain:
    """The minimum of S(Φ(ρ)) − S(ρ) over all states, between two numbers.

    Attributes
    ----------
    value : float
        The gain of `state`, an upper bound of the minimum, in nats.
    lower_bound : float
        What no state's gain is below, round-off included.
    state : (n, n)
        The best state found.
    iterations : int
        Steps taken.
    converged : bool
        Whether `value` − `lower_bound` is at most the tolerance.

    Examples
    --------
    >>> from loschmidt.processes.channels import reset_channel
    >>> reset = reset_channel([1, 0])
    >>> minimal_entropy_gain(reset).state.real
    array([[0.5, 0. ],
           [0. , 0.5]])
    """

    value: float
    lower_bound: float
    state: ComplexMatrix
    iterations: int
    converged: bool

    @property
    def gap(self) -> float:
        """Distance of the two bounds, in nats."""
        return self.value - self.lower_bound


def minimal_entropy_gain(
    channel: Channel, *, tolerance: float = 1e-9, maximum_iterations: int = 1000
) -> MinimalEntropyGain:
    r"""Return the least entropy gain of a channel over all states, in nats.

    .. math:: G(\Phi) = \min_\rho\,[S(\Phi(\rho)) - S(\rho)]

    Parameters
    ----------
    channel : Channel
        Any n and m.
    tolerance : float
        Largest distance of the two bounds, in nats. The value is usually right to its square; the bound is what takes
        the steps. Below about 1e-12, round-off keeps the two apart.
    maximum_iterations : int
        After so many the best pair of bounds is returned, with ``converged=False``.

    Returns
    -------
    MinimalEntropyGain
        Not negative only if no state loses entropy; for n = m that is Φ(1) = 1, and the value is 0 up to ±1e-15.

    Raises
    ------
    InputError
        If the map does not preserve the trace, or a number is out of range.

    Notes
    -----
    The problem is convex (conditional entropy is concave), so a local minimum is the minimum :cite:p:`holevo2011`.
    Iterated is H ← Φ†(ln Φ(ρ)) with ρ = e^H / tr e^H, a mirror descent of unit step that never raises the gain
    :cite:p:`he2023`, accelerated on traceless H :cite:p:`walker2011`; an extrapolation that raises the gain is not
    accepted. For every faithful ρ

    .. math:: \lambda_{\min}(\ln\rho - \Phi^\dagger(\ln\Phi(\rho))) \le G \le S(\Phi(\rho)) - S(\rho)

    by monotonicity of relative entropy. The minimum is at the boundary only for a direct sum, a channel that maps
    orthogonal subspaces to orthogonal ones; its summands are found and minimised one by one.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> round(minimal_entropy_gain(damping).value, 9)  # −ln((1 + √2) / 2)
    -0.188226406
    """
    check_channel(channel)
    tolerance = as_number(tolerance, "tolerance", positive=True)
    if not maximum_iterations >= 0:
        raise InputError(f"`maximum_iterations` must not be negative, but it is {maximum_iterations}.")
    found = _descend(action_of(channel), _Limits(tolerance, int(maximum_iterations)))
    return MinimalEntropyGain(
        value=found.gain,
        lower_bound=found.lower,
        state=(found.basis * found.populations) @ found.basis.conj().T,
        iterations=found.iterations,
        converged=found.gain - found.lower <= tolerance,
    )


@dataclass(frozen=True, eq=False)
class _Point:
    """A state e^H / Z, with H (n, n) traceless, and what the channel makes of it.

    ln ρ − Φ†(ln Φ(ρ)) is `mean` − `residual`, and the gain of no state is below its lowest eigenvalue.
    """

    exponent: ComplexMatrix
    residual: ComplexMatrix
    mean: float
    populations: RealVector
    basis: ComplexMatrix
    gain: float

    def lower_bound(self) -> float:
        return self.mean - float(np.linalg.eigvalsh(self.residual)[-1])

    def could_prove(self, bound: float) -> bool:
        """Return whether :meth:`lower_bound` may reach `bound`, from the norm of the traceless residual alone."""
        n = len(self.residual)
        spread = float(np.linalg.norm(self.residual)) / math.sqrt(max(n * (n - 1), 1))
        return self.mean - spread >= bound


@dataclass(frozen=True, eq=False)
class _Found:
    """The best state of a subspace, by the populations (q,) of orthogonal vectors (n, q), and the best bound."""

    populations: RealVector
    basis: ComplexMatrix
    gain: float
    lower: float
    iterations: int


@dataclass(frozen=True)
class _Limits:
    """When to stop: bounds this close, steps used up, or another subspace that is known to reach a gain as low."""

    tolerance: float
    budget: int
    rival: float = math.inf


def _descend(action: ChannelAction, limits: _Limits) -> _Found:
    n = action.shape[1]
    point = best = _evaluate(action, np.zeros((n, n), dtype=np.complex128))
    lower, improved, iterations = point.lower_bound(), 0, 0
    history = AndersonHistory(_DEPTH, 2 * n * n)
    history.push(_flat(point.exponent), _flat(point.residual))
    while (aim := min(best.gain, limits.rival) - limits.tolerance) > lower:
        if iterations == limits.budget or iterations - improved == _PATIENCE:
            break
        if iterations == _BLOCKS_AT:
            blocks = orthogonal_blocks(action.overlaps(point.basis))
            if len(blocks) > 1:
                return _descend_blocks(action, point, blocks, limits, lower)
        iterations += 1
        point, refused = _step(action, point, history)
        useful = [one for one in (point, refused) if one and (iterations > _EASY or one.could_prove(aim))]
        bound = max([one.lower_bound() for one in useful], default=-math.inf)
        if bound > lower or point.gain < best.gain - _EPSILON:
            improved = iterations
        lower, best = max(lower, bound), min(point, best, key=lambda one: one.gain)
        history.push(_flat(point.exponent), _flat(point.residual))
    if aim > lower:
        lower = max(lower, best.lower_bound(), point.lower_bound())
    return _Found(best.populations, best.basis, best.gain, lower, iterations)


def _descend_blocks(
    action: ChannelAction, point: _Point, blocks: list[list[int]], limits: _Limits, lower: float
) -> _Found:
    """Minimise on each of some subspaces with orthogonal images; the gain of the whole is that of the best."""
    limits = replace(limits, budget=limits.budget - _BLOCKS_AT)
    # The steepest descent first: its gain spares the others most of their steps.
    descent = np.einsum("in,in->n", point.basis.conj(), point.residual @ point.basis).real
    best, bounds, iterations = None, [], _BLOCKS_AT
    for block in sorted(blocks, key=lambda one: -descent[one].mean()):
        basis = point.basis[:, block]
        found = _descend(action.restricted(basis), limits)
        iterations += found.iterations
        bounds.append(found.lower)
        if best is None or found.gain < best.gain:
            best = _Found(found.populations, basis @ found.basis, found.gain, found.lower, 0)
            limits = replace(limits, rival=min(limits.rival, found.gain))
    assert best is not None
    return _Found(best.populations, best.basis, best.gain, max(lower, min(bounds)), iterations)


def _step(action: ChannelAction, point: _Point, history: AndersonHistory) -> tuple[_Point, _Point | None]:
    """Return the next point, and the extrapolated one if it raised the gain and was not accepted."""
    proposal = history.proposal()
    tried = None
    if proposal is not None:
        tried = _evaluate(action, proposal.view(np.complex128).reshape(point.exponent.shape))
        if tried.gain <= point.gain + 4 * _EPSILON * (1 + abs(point.gain)):
            return tried, None
    return _evaluate(action, point.exponent + point.residual), tried


def _evaluate(action: ChannelAction, exponent: ComplexMatrix) -> _Point:
    n = len(exponent)
    levels, basis = np.linalg.eigh(exponent)
    levels = levels - levels[-1]
    if levels[0] < _LOG_FLOOR:
        # These populations are chosen, not computed: below, round-off of Φ(ρ) would decide the logarithms.
        levels = np.where(levels < _LOG_FLOOR, _LOG_FLOOR, levels)
        exponent = (basis * levels) @ basis.conj().T
    weights = np.exp(levels)
    total = float(weights.sum())
    populations, logarithms = weights / total, levels - math.log(total)
    values, vectors = np.linalg.eigh(action.image(populations, basis))
    check_positive(float(values[0]))
    gain = float(entropy_of_spectrum(values) - entropy_of_spectrum(populations))
    # Eigenvalues raised by their round-off: the logarithm of a larger operator only lowers the lower bound.
    output = np.log(np.where(values < 0, 0.0, values) + action.rounding * values[-1])
    largest = float(output.max())
    gradient, gradient_mean = _traceless(action.pull_back(output - largest, vectors))
    exponent, _ = _traceless(exponent)
    slack = 4 * _EPSILON * math.sqrt(n) * (1 - float(logarithms[0] + output[0]))
    mean = float(logarithms.sum()) / n - gradient_mean - largest - slack
    return _Point(exponent, gradient - exponent, mean, populations, basis, gain)


def _traceless(operator: ComplexMatrix) -> tuple[ComplexMatrix, float]:
    mean = float(operator.trace().real) / len(operator)
    return operator - mean * np.eye(len(operator)), mean


def _flat(operator: ComplexMatrix) -> RealVector:
    return np.ascontiguousarray(operator).view(np.float64).reshape(-1)
