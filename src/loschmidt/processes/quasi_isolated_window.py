"""Between dephasing and relaxation an open system is as good as isolated: coherences are gone, populations still there.

In that window its channel is nearly unital and its entropy grows, until the bath takes entropy out with the energy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loschmidt.checks import as_density_matrix, as_number, as_times
from loschmidt.errors import InputError
from loschmidt.processes._block_semigroup import BlockSemigroup, block_semigroup
from loschmidt.processes.channels import Channel
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, IntegerArray, RealArray, RealVector, StateLike

__all__ = ["QuasiIsolatedWindow", "entropy_rate_bound", "identity_image_rate", "quasi_isolated_window"]


def identity_image_rate(generator: Generator) -> ComplexMatrix:
    r"""Return L(1) (d, d), the rate at which the image of the identity moves away from it.

    .. math:: L(1) = \sum_k \gamma_k [L_k, L_k^\dagger]

    Parameters
    ----------
    generator : Generator
        Static master equation.

    Returns
    -------
    (d, d)
        Zero if and only if e^{Lt} is unital at all times. Hermitian, of trace 0.

    Raises
    ------
    InputError
        If the process is no static generator.

    Notes
    -----
    The unitary part contributes nothing. See :func:`entropy_rate_bound`.

    Examples
    --------
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.5])
    >>> identity_image_rate(gkls_generator(np.diag([0.0, 1.0]), [decay])).real
    array([[ 0.5,  0. ],
           [ 0. , -0.5]])
    """
    _check_static(generator)
    one = np.eye(generator.dimension, dtype=np.complex128)
    image = np.zeros_like(one)
    for dissipator in generator.dissipators:
        image = image + dissipator.apply(one)
    return np.asarray((image + image.conj().T) / 2)


def entropy_rate_bound(generator: Generator, state: StateLike) -> RealArray:
    r"""Return the rate form of the entropy-gain bound, in nats per unit of time.

    .. math:: \dot S \ge -\mathrm{tr}\,\rho\,L(1) = \sum_k \gamma_k \langle[L_k^\dagger, L_k]\rangle

    Parameters
    ----------
    generator : Generator
        GKLS generator.
    state : (..., d, d) or ket (d,)
        Density operators.

    Returns
    -------
    (...)
        Zero at the maximally mixed state, where the entropy rate is zero, too.

    Raises
    ------
    InputError, NotAStateError
        If an argument is not what it must be.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (1), for a short time; it needs complete positivity.

    Examples
    --------
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> decay = jump_dissipator("vacuum", [[[0, 1], [0, 0]]], [0.5])
    >>> [float(entropy_rate_bound(gkls_generator(np.diag([0.0, 1.0]), [decay]), ket)) for ket in ([0, 1], [1, 0])]
    [0.5, -0.5]
    """
    _check_static(generator)
    rho = as_density_matrix(state, "state", generator.dimension)
    bound: RealArray = -np.einsum("...ij,ji->...", rho, identity_image_rate(generator)).real[()]
    return bound


@dataclass(frozen=True, eq=False)
class QuasiIsolatedWindow:
    """When a system is quasi-isolated, and how unital it is then; build one with :func:`quasi_isolated_window`.

    Attributes
    ----------
    generator : Generator
        The master equation.
    times : (T,)
        Time grid.
    coherence_tolerance, population_tolerance : float
        ε_c and ε_d.
    coherence : (T,)
        c(t), the largest norm that a coherence between two levels, of norm 1 at the start, still has.
    population_change : (T,)
        d(t), the largest probability to have left the level that one started in.
    defect : (T,)
        ‖Φ_t(1) - 1‖, operator norm.
    energy_exchange : (T,)
        ‖Φ_t†(E) - E‖, operator norm: the largest change of the mean energy, whatever the state.
    t1, t2 : float or None
        Inverse of the slowest decay rates of populations (other than 0) and of coherences, ``inf`` where nothing
        decays; None where populations and coherences move together, so that there are no such rates.
    t_low : float or None
        From here on c ≤ ε_c; None if coherences persist to the last time.
    t_high : float or None
        Up to here d ≤ ε_d; None if populations have moved at the first time.
    open_ended : bool
        Whether d ≤ ε_d up to the last time given, so that the true end is later.

    Examples
    --------
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> noise = jump_dissipator("noise", [np.diag([1.0, -1.0]), [[0, 1], [0, 0]]], [0.5, 1e-4])
    >>> window = quasi_isolated_window(gkls_generator(np.diag([0.0, 1.0]), [noise]), np.geomspace(0.1, 1e5, 61))
    >>> round(window.t_low, 3), round(window.t_high, 3)
    (6.907, 100.503)
    """

    generator: Generator
    times: RealVector
    coherence_tolerance: float
    population_tolerance: float
    coherence: RealVector
    population_change: RealVector
    defect: RealVector
    energy_exchange: RealVector
    t1: float | None
    t2: float | None
    t_low: float | None
    t_high: float | None
    open_ended: bool
    _semigroup: BlockSemigroup

    @property
    def exists(self) -> bool:
        """Whether coherences are gone before populations move."""
        return self.t_low is not None and self.t_high is not None and self.t_low < self.t_high

    @property
    def ratio(self) -> float | None:
        """t_high / t_low; None if one of them does not exist."""
        if self.t_low is None or self.t_high is None:
            return None
        return self.t_high / self.t_low if self.t_low > 0 else float("inf")

    @cached_property
    def largest_defect(self) -> float | None:
        """Largest ‖Φ_t(1) - 1‖ inside the window, its ends included; None without a window."""
        if self.t_low is None or self.t_high is None or not self.exists:
            return None
        inside = self.defect[(self.times >= self.t_low) & (self.times <= self.t_high)]
        ends = [_measured(self._semigroup, self.generator, t)[2] for t in (self.t_low, self.t_high)]
        return max(*ends, float(inside.max(initial=0.0)))

    @cached_property
    def gain(self) -> RealVector:
        """G(Φ_t) (T,), the least entropy that the system gains until each time, in nats; negative is a loss."""
        return np.array([self.minimal_gain(float(time)) for time in self.times])

    def minimal_gain(self, time: float) -> float:
        """Return G(Φ_t) at one time t ≥ 0, in nats."""
        return float(minimal_entropy_gain(self.channel(time)).value)

    def channel(self, time: float) -> Channel:
        """Return Φ_t at one time t ≥ 0."""
        at = as_number(time, "time", non_negative=True)
        rotation = np.kron(self._semigroup.levels.basis.conj(), self._semigroup.levels.basis)
        return Channel.from_superoperator(rotation @ self._semigroup.superoperator(at) @ rotation.conj().T)

    @property
    def verdict(self) -> str:
        """What was found, in one sentence."""
        if self.t_low is None:
            return (
                f"no window: some coherence is still {self.coherence[-1]:.2g} of its first size at t = "
                f"{self.times[-1]:.4g}, the last time (c ≤ {self.coherence_tolerance:g} is asked for)"
            )
        if self.t_high is None:
            return (
                f"no window: populations have already moved by {self.population_change[0]:.2g} at t = "
                f"{self.times[0]:.4g}, the first time (d ≤ {self.population_tolerance:g} is asked for)"
            )
        if not self.exists:
            return (
                f"no window: populations move by {self.population_tolerance:g} at t = {self.t_high:.4g}, before "
                f"coherences have fallen to {self.coherence_tolerance:g} at t = {self.t_low:.4g}"
            )
        end = f"at least {self.t_high:.4g}, the last time" if self.open_ended else f"{self.t_high:.4g}"
        return f"unital within {self.largest_defect:.2g} from t = {self.t_low:.4g} to {end}"


def quasi_isolated_window(
    generator: Generator,
    times: StateLike,
    coherence_tolerance: float = 1e-3,
    population_tolerance: float = 1e-2,
) -> QuasiIsolatedWindow:
    """Return the times between dephasing and relaxation, in which an open system is nearly isolated and unital.

    Parameters
    ----------
    generator : Generator
        Static, completely positive master equation. Levels are those of its energy observable; coherences inside a
        degenerate level count as neither.
    times : (T,)
        Strictly increasing, none negative; log-spaced from below the fastest to above the slowest rate.
    coherence_tolerance : float
        ε_c > 0, what may be left of coherences between levels.
    population_tolerance : float
        ε_d > 0, how far populations of levels may have moved.

    Returns
    -------
    QuasiIsolatedWindow
        The ends lie where c and d cross their tolerances, found between grid points by bisection.

    Raises
    ------
    InputError
        If the generator is not static or not completely positive, or the times are malformed.
    ResourceError
        If the system is too large for dense superoperators.

    Notes
    -----
    The window T₂ ≪ t ≪ T₁ of :cite:t:`lesovik2016`. Nearly unital does not mean violations of second order: the least
    gain G is of first order in t/T₁, while the loss of the maximally mixed state is of second order.

    Examples
    --------
    >>> from loschmidt.processes import Bath, GlauberSpectrum, davies_generator
    >>> bath = Bath("cold", 2.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]])
    >>> quasi_isolated_window(davies_generator(np.diag([0.0, 1.0]), [bath]), np.geomspace(0.01, 1e3, 51)).verdict
    'no window: populations move by 0.01 at t = 0.1142, before coherences have fallen to 0.001 at t = 138.2'
    """
    _check_static(generator)
    if not generator.is_completely_positive():
        raise InputError(
            "`generator` must be completely positive, so that its maps are channels, but a canonical rate is negative. "
            "Use the Davies or the partial secular equation of the same baths."
        )
    grid = as_times(times)
    if grid[0] < 0:
        raise InputError(f"`times` must not be negative, but the first is {grid[0]:g}.")
    least_c = as_number(coherence_tolerance, "coherence_tolerance", positive=True)
    least_d = as_number(population_tolerance, "population_tolerance", positive=True)
    semigroup = block_semigroup(generator)
    measured = np.array([_measured(semigroup, generator, float(t)) for t in grid])
    coherence, moved = measured[:, 0], measured[:, 1]
    return QuasiIsolatedWindow(
        generator=generator,
        times=grid,
        coherence_tolerance=least_c,
        population_tolerance=least_d,
        coherence=coherence,
        population_change=moved,
        defect=measured[:, 2],
        energy_exchange=measured[:, 3],
        t1=_time_of(semigroup.decay_rates(coherences=False), conserved=True),
        t2=_time_of(semigroup.decay_rates(coherences=True), conserved=False),
        t_low=_first_below(
            grid, coherence - least_c, lambda t: _largest_coherence(semigroup, semigroup.superoperator(t)) - least_c
        ),
        t_high=_last_below(
            grid, moved - least_d, lambda t: _largest_leak(semigroup, semigroup.superoperator(t)) - least_d
        ),
        open_ended=bool((moved <= least_d).all()),
        _semigroup=semigroup,
    )


def _measured(semigroup: BlockSemigroup, generator: Generator, time: float) -> tuple[float, float, float, float]:
    """Return c, d, the defect and the energy exchange at one time."""
    d, levels = semigroup.dimension, semigroup.levels
    whole = semigroup.superoperator(time)
    identity = np.eye(d, dtype=np.complex128)
    image = (whole @ identity.reshape(-1)).reshape(d, d).T
    energy = levels.to_eigenbasis(generator.energy)
    # Column-stacked, the trace dual of a map is its conjugate transpose.
    later = (whole.conj().T @ energy.T.reshape(-1)).reshape(d, d).T
    return (
        _largest_coherence(semigroup, whole),
        _largest_leak(semigroup, whole),
        _operator_norm(image - identity),
        _operator_norm(later - energy),
    )


def _largest_coherence(semigroup: BlockSemigroup, whole: ComplexMatrix) -> float:
    mask, levels = semigroup.coherence_mask, semigroup.levels
    if not mask.any():
        return 0.0
    kept = whole[mask]
    if not levels.degenerate:
        return float(np.linalg.norm(kept[:, mask], axis=0).max())
    norms = []
    for first in range(levels.count):
        for second in range(levels.count):
            if first != second:
                block = np.multiply.outer(levels.labels == second, levels.labels == first).reshape(-1)
                norms.append(float(np.linalg.norm(kept[:, block], 2)))
    return max(norms)


def _largest_leak(semigroup: BlockSemigroup, whole: ComplexMatrix) -> float:
    d, labels = semigroup.dimension, semigroup.levels.labels
    diagonal = np.arange(d) * (d + 1)
    leaks = []
    for level in range(semigroup.levels.count):
        inside: IntegerArray = np.nonzero(labels == level)[0]
        # Probability to be outside: a functional of the state, positive on the states inside.
        functional = whole[diagonal[labels != level]].sum(axis=0).reshape(d, d)
        leaks.append(float(np.linalg.eigvalsh(functional[np.ix_(inside, inside)])[-1]))
    return max(leaks)


def _operator_norm(matrix: ComplexMatrix) -> float:
    return float(np.linalg.norm(matrix, 2))


def _crossing(excess: Callable[[float], float], before: float, after: float) -> float:
    from scipy.optimize import brentq

    root = brentq(excess, before, after, xtol=1e-12 * after, rtol=1e-13)
    return float(root)


def _first_below(times: RealVector, excess: RealVector, at: Callable[[float], float]) -> float | None:
    """Return from when on `excess` (T,) stays at or below 0, None if it ends above."""
    above = np.nonzero(excess > 0)[0]
    if not len(above):
        return float(times[0])
    last = int(above[-1])
    return None if last == len(times) - 1 else _crossing(at, float(times[last]), float(times[last + 1]))


def _last_below(times: RealVector, excess: RealVector, at: Callable[[float], float]) -> float | None:
    """Return until when `excess` (T,) stays at or below 0, None if it starts above."""
    above = np.nonzero(excess > 0)[0]
    if not len(above):
        return float(times[-1])
    first = int(above[0])
    return None if first == 0 else _crossing(at, float(times[first - 1]), float(times[first]))


def _time_of(rates: RealVector | None, *, conserved: bool) -> float | None:
    """Return 1 over the smallest rate; where some quantity is conserved, zeros do not count."""
    if rates is None or not len(rates):
        return None
    chosen = rates[rates > 0] if conserved else rates
    slowest = float(chosen.min(initial=np.inf))
    if slowest == np.inf or slowest <= 0:
        return float("inf")
    return 1 / slowest


def _check_static(generator: Generator) -> None:
    if not isinstance(generator, Generator):
        raise InputError(
            f"`generator` must be a static Generator, but it is a {type(generator).__name__}. For a driven process "
            f"take a snapshot with `process.at(time)`."
        )
