"""The entropy gain of a channel, and what bounds it from below without knowing the state's entropy."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.entropies import (
    entropy_of_spectrum,
    expectation_values,
    hermitian_eigensystems,
    hermitian_eigenvalues,
    populations_in_basis,
)
from loschmidt.checks import as_operator
from loschmidt.errors import InputError, NotAStateError, ShapeError
from loschmidt.information.spectra import checked_spectrum
from loschmidt.processes.channels.channel import Channel
from loschmidt.typing import ComplexMatrix, RealArray, RealVector, StateLike

__all__ = [
    "GainBounds",
    "GainBracket",
    "check_channel",
    "check_positive",
    "entropy_gain",
    "gain_bounds",
    "gain_bracket",
    "maximally_mixed_gain",
    "safe_operator",
]

_EPSILON = float(np.finfo(float).eps)
_TRACE_TOLERANCE = 1e-9
_POSITIVITY_TOLERANCE = 1e-9
_SERIES_BELOW = 1e-2
_SERIES_TERMS = 10


@dataclass(frozen=True, eq=False)
class GainBounds:
    """Lower bounds of the entropy gain of states, in nats; each holds by itself.

    Attributes
    ----------
    identity_image : (...)
        −tr Φ(ρ) ln Φ(1), Eq. (1) of :cite:t:`lesovik2016`; the gain itself at ρ = 1/n.
    recovery : (...)
        S(ρ‖Φ†Φ(ρ)), where Φ†Φ(ρ) need not have trace 1, so that the number may be negative.
    reservoir : (...) or None
        S(ρ_R) − ln d_R, minus the negentropy of the reservoir; None unless its state was given.
    best : (...)
        The largest of them.

    Examples
    --------
    >>> from loschmidt.processes.channels import reset_channel
    >>> reset = reset_channel([1, 0])
    >>> gain_bounds(reset, np.eye(2) / 2, reservoir_state=[1, 0]).best.round(6)
    np.float64(-0.693147)
    """

    identity_image: RealArray
    recovery: RealArray
    reservoir: RealArray | None
    best: RealArray


@dataclass(frozen=True)
class GainBracket:
    """Two closed expressions with the minimal entropy gain between them, in nats.

    Attributes
    ----------
    lower : float
        λ_min(M), M the safe operator; never below −ln‖Φ(1)‖.
    upper : float
        The gain of the maximally mixed state.

    Examples
    --------
    >>> GainBracket(lower=-0.7, upper=0.0).upper
    0.0
    """

    lower: float
    upper: float


def entropy_gain(channel: Channel, state: StateLike, *, normalize: bool = False) -> RealArray:
    r"""Return how much entropy a channel adds to a state, in nats.

    .. math:: \Delta S = S(\Phi(\rho)) - S(\rho)

    Parameters
    ----------
    channel : Channel
    state : (..., n, n) or ket (n,)
        Density operators.
    normalize : bool
        Divide each state by its trace first, which must be positive.

    Returns
    -------
    (...)
        Negative where the state loses entropy. Less than about 1e-15 is round-off of the difference.

    Raises
    ------
    NotAStateError, ShapeError
        If `state` is no state, or not one of the channel's input.
    InputError
        If the map does not preserve the trace.

    Notes
    -----
    For the maximally mixed state :func:`maximally_mixed_gain` has no cancellation.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> entropy_gain(damping, [[[0.5, 0], [0, 0.5]], [[0, 0], [0, 1]]]).round(6)
    array([-0.130812,  0.693147])
    """
    check_channel(channel)
    matrix, spectrum = _states(channel, state, normalize)
    images = hermitian_eigenvalues(channel.apply(matrix))
    check_positive(float(images[..., 0].min()))
    return entropy_of_spectrum(images) - entropy_of_spectrum(spectrum)


def gain_bounds(channel: Channel, state: StateLike, reservoir_state: StateLike | None = None) -> GainBounds:
    r"""Return lower bounds of the entropy gain.

    .. math:: \Delta S \ge -\mathrm{tr}\,\Phi(\rho)\ln\Phi(1),\qquad
        \Delta S \ge S(\rho\|\Phi^\dagger\Phi(\rho)),\qquad \Delta S \ge S(\rho_R) - \ln d_R

    Parameters
    ----------
    channel : Channel
        Any n and m.
    state : (..., n, n) or ket (n,)
        Density operators.
    reservoir_state : (d_R, d_R) or ket, optional
        Initial state of the reservoir, if the channel is a joint unitary on system and reservoir, which start without
        correlation; nothing can check that here.

    Returns
    -------
    GainBounds

    Raises
    ------
    NotAStateError, ShapeError, InputError
        As :func:`entropy_gain`.

    Notes
    -----
    The first is Eq. (1) of :cite:t:`lesovik2016`: monotonicity of relative entropy towards the image of the maximally
    mixed state :cite:p:`lindblad1975`. The second follows from the operator concavity of the logarithm
    :cite:p:`buscemi2016`, the third from subadditivity. Logarithms are taken on the support of Φ(1), which
    holds every Φ(ρ), so that no bound is −∞.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> bounds = gain_bounds(damping, [0, 1])
    >>> float(bounds.identity_image.round(6)), float(bounds.recovery.round(6))
    (0.143841, 0.693147)
    """
    check_channel(channel)
    matrix, spectrum = _states(channel, state, normalize=False)
    image = expectation_values(matrix, safe_operator(channel))
    recovery = _relative_to_unnormalised(matrix, spectrum, channel.apply_adjoint(channel.apply(matrix)))
    best: RealArray = np.where(image > recovery, image, recovery)[()]
    if reservoir_state is None:
        return GainBounds(image, recovery, None, best)
    reservoir, populations = checked_spectrum(reservoir_state, "reservoir_state")
    if reservoir.ndim > 2:
        raise ShapeError(f"`reservoir_state` must be one state, but its shape is {reservoir.shape}.")
    fuel = entropy_of_spectrum(populations) - math.log(len(reservoir))
    best = np.where(best > fuel, best, fuel)[()]
    return GainBounds(image, recovery, np.full(np.shape(image), fuel)[()], best)


def safe_operator(channel: Channel) -> ComplexMatrix:
    r"""Return the operator whose expectation value bounds the entropy gain from below.

    .. math:: M = -\Phi^\dagger(\ln\Phi(1)),\qquad \Delta S \ge \mathrm{tr}\,\rho M

    Parameters
    ----------
    channel : Channel

    Returns
    -------
    (n, n)
        Hermitian. Every state of the half-space tr ρM ≥ 0 is safe from losing entropy, whether Φ is unital or not.

    Raises
    ------
    InputError
        If the map does not preserve the trace.

    Notes
    -----
    Eq. (1) of :cite:t:`lesovik2016` read as a linear function of the state: it names the "certain classes of states"
    for which a non-unital channel obeys the H-theorem. Eigenvalues of Φ(1) up to 4 m ε of the largest are its kernel,
    where no Φ(ρ) has weight.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> safe_operator(damping).real.diagonal().round(6)
    array([-0.405465,  0.143841])
    """
    check_channel(channel)
    values, vectors = np.linalg.eigh(channel.identity_image)
    logarithm = (vectors * _support_logarithms(values)) @ vectors.conj().T
    pulled = channel.apply_adjoint(logarithm)
    return np.asarray(-(pulled + pulled.conj().T) / 2)


def gain_bracket(channel: Channel) -> GainBracket:
    r"""Return two closed expressions that bracket the minimal entropy gain, in nats.

    .. math:: -\lambda_{\max}(\Phi^\dagger(\ln\Phi(1))) \le \min_\rho\Delta S \le S(\Phi(1/n)) - \ln n

    Parameters
    ----------
    channel : Channel

    Returns
    -------
    GainBracket

    Raises
    ------
    InputError
        If the map does not preserve the trace.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> bracket = gain_bracket(damping)
    >>> round(bracket.lower, 6), round(bracket.upper, 6)
    (-0.405465, -0.130812)
    """
    lowest = float(np.linalg.eigvalsh(safe_operator(channel))[0])
    return GainBracket(lower=lowest, upper=maximally_mixed_gain(channel))


def maximally_mixed_gain(channel: Channel) -> float:
    r"""Return the entropy gain of the maximally mixed state without cancellation, in nats.

    .. math:: \Delta S(1/n) = -\frac1n\Big[\sum_k [(1 + x_k)\ln(1 + x_k) - x_k] + n - m\Big]

    Parameters
    ----------
    channel : Channel

    Returns
    -------
    float
        Not positive for n = m, and right to the last digits where it is far below the round-off of an entropy: a defect
        ‖Φ(1) − 1‖ = 1e-8 gives about −1e-16.

    Raises
    ------
    InputError
        If the map does not preserve the trace.

    Notes
    -----
    The x are the eigenvalues of Φ(1) − 1. Where all of them are small, the gain is −‖Φ(1) − 1‖²/(2n) in the Frobenius
    norm, so that unitality can never be tested through entropies.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> round(maximally_mixed_gain(amplitude_damping(1e-6)) / 1e-12, 6)
    -0.5
    """
    check_channel(channel)
    m, n = channel.dimension_out, channel.dimension_in
    excess = np.linalg.eigvalsh(channel.identity_image - np.eye(m))
    return -(float(_curved_part(excess).sum()) + (n - m)) / n


def check_channel(channel: Channel) -> None:
    """Raise InputError unless the map preserves the trace within 1e-9, without which no bound of an entropy holds.

    Examples
    --------
    >>> from loschmidt.processes.channels import identity_channel
    >>> check_channel(identity_channel(2))
    """
    defect = float(np.abs(channel.effect - np.eye(channel.dimension_in)).max())
    if not defect <= _TRACE_TOLERANCE:
        raise InputError(
            f"`channel` must preserve the trace to have an entropy gain, but an element of Φ†(1) − 1 is {defect:.1e} "
            f"(up to {_TRACE_TOLERANCE:.0e} is accepted). Add the Kraus operators of what is lost."
        )


def check_positive(lowest: float) -> None:
    """Raise InputError if an eigenvalue of the image of a state shows that a map is not positive.

    Examples
    --------
    >>> check_positive(-1e-17)
    """
    if not lowest >= -_POSITIVITY_TOLERANCE:
        raise InputError(
            f"`channel` must map states to states, but an image has the eigenvalue {lowest:.1e} (round-off up to "
            f"-{_POSITIVITY_TOLERANCE:.0e} is accepted). A map made with check='tp' or 'linear' need not be one."
        )


def _states(channel: Channel, state: StateLike, normalize: bool) -> tuple[ComplexMatrix, RealVector]:
    if normalize:
        matrix = as_operator(state, "state", channel.dimension_in)
        traces = np.trace(matrix, axis1=-2, axis2=-1).real[..., None, None]
        if not (traces > 0).all():
            raise NotAStateError(f"`state` must have a positive trace, but the smallest is {traces.min():.3g}.")
        state = matrix / traces
    return checked_spectrum(state, "state", channel.dimension_in)


def _relative_to_unnormalised(states: ComplexMatrix, spectrum: RealVector, reference: ComplexMatrix) -> RealArray:
    """Return tr ρ(ln ρ − ln X) (...) for positive X whose support is known to hold that of ρ."""
    values, vectors = hermitian_eigensystems((reference + reference.conj().swapaxes(-1, -2)) / 2)
    weights = populations_in_basis(states, vectors)
    cross: RealArray = np.einsum("...i,...i->...", weights, _support_logarithms(values))
    return -entropy_of_spectrum(spectrum) - cross


def _support_logarithms(values: RealVector) -> RealVector:
    """Return ln of eigenvalues (..., d) above their round-off, and 0 for the others."""
    kernel = values <= 4 * values.shape[-1] * _EPSILON * values[..., -1:]
    return np.asarray(np.log(np.where(kernel, 1.0, values)))


def _curved_part(excess: RealVector) -> RealVector:
    """Return (1 + x) ln(1 + x) − x of x ≥ −1, up to round-off, by its series where x is small."""
    small = np.abs(excess) < _SERIES_BELOW
    near = np.where(small, excess, 0.0)
    series = np.zeros_like(near)
    for power in range(_SERIES_TERMS, 1, -1):  # Horner: Σ (−x)^k / (k(k − 1)), k ≥ 2
        series = 1 / (power * (power - 1)) - near * series
    far = np.where(excess <= -1, 0.0, excess)  # 0 ln 0 = 0
    exact = np.where(excess <= -1, -excess, (1 + far) * np.log1p(far) - excess)
    return np.asarray(np.where(small, near**2 * series, exact))
