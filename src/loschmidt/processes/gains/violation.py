"""A state that loses entropy, if the channel allows one: found, then verified by code that shares nothing with it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import entr

from loschmidt.checks import as_number
from loschmidt.errors import InputError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.gains.gain import check_channel, gain_bracket, maximally_mixed_gain
from loschmidt.processes.gains.minimal import minimal_entropy_gain
from loschmidt.typing import ComplexMatrix

__all__ = ["Verification", "Violation", "ViolationSearch", "search_for_violation", "second_law_violation"]

_EPSILON = float(np.finfo(float).eps)
_GAP = 1e-9
_FINEST_GAP = 1e-12
_GAP_OF_BRACKET = 1e-3


@dataclass(frozen=True)
class Verification:
    """What came out when a violation was computed again from the channel's definition.

    Attributes
    ----------
    entropy_before, entropy_after : float
        In nats, from singular values.
    gain : float
        Their difference.
    round_off : float
        What the difference may be off by.
    upper_bound : float
        What the gain is certainly not above: `gain` + `round_off`, or for the maximally mixed state the bound
        −½‖Φ(1/n) − 1/n‖₁² of Pinsker's inequality if that is lower.
    trace_defect : float
        |tr Φ(ρ) − 1|.
    confirmed : bool
        Whether `upper_bound` is negative and Φ(ρ) a state.

    Examples
    --------
    >>> Verification(0.7, 0.2, -0.5, 1e-15, -0.5, 0.0, True).gain
    -0.5
    """

    entropy_before: float
    entropy_after: float
    gain: float
    round_off: float
    upper_bound: float
    trace_defect: float
    confirmed: bool


@dataclass(frozen=True, eq=False)
class Violation:
    """A state whose entropy a channel lowers.

    Attributes
    ----------
    state : (n, n)
        The state.
    gain : float
        S(Φ(ρ)) − S(ρ) < 0, in nats.
    verification : Verification
        The same, computed again.

    Examples
    --------
    >>> from loschmidt.processes.channels import reset_channel
    >>> reset = reset_channel([1, 0])
    >>> round(second_law_violation(reset, kind="mixed").gain, 6)
    -0.693147
    """

    state: ComplexMatrix
    gain: float
    verification: Verification


@dataclass(frozen=True, eq=False)
class ViolationSearch:
    """The outcome of a search, which reports the defect whether a violation was found or not.

    Attributes
    ----------
    defect : float
        ‖Φ(1) − 1‖ for n = m, otherwise the largest eigenvalue of Φ(1) − 1, in the operator norm.
    tolerance : float
        Up to which a defect is none.
    violation : Violation or None

    Examples
    --------
    >>> from loschmidt.processes.channels import identity_channel
    >>> search = search_for_violation(identity_channel(2))
    >>> search.defect, search.violation
    (0.0, None)
    """

    defect: float
    tolerance: float
    violation: Violation | None


def second_law_violation(channel: Channel, kind: str = "optimal", *, tolerance: float = 1e-10) -> Violation | None:
    r"""Return a state that loses entropy, None if the channel is unital (n = m) or lets no state lose any.

    Parameters
    ----------
    channel : Channel
        Any n and m.
    kind : {"optimal", "mixed"}
        The state that loses most, or the maximally mixed state, which every non-unital channel with n = m purifies.
    tolerance : float
        Unitality defect ‖Φ(1) − 1‖ up to which the channel is unital; for n ≠ m the excess of Φ(1) over 1, up to which
        it is sub-unital.

    Returns
    -------
    Violation or None
        :func:`search_for_violation` returns the defect too.

    Raises
    ------
    InputError
        If the map does not preserve the trace, or `kind` has another name.

    Notes
    -----
    :cite:t:`lesovik2016` show that unitality is sufficient for ΔS ≥ 0. It is also necessary for n = m: the gain of the
    maximally mixed state is minus the relative entropy of Φ(1/n) to it. The defect decides, never an entropy, because a
    defect of 1e-8 changes that entropy by 1e-16 only.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping, mixed_unitary_channel
    >>> found = second_law_violation(amplitude_damping(0.5))
    >>> round(found.gain, 6), found.verification.confirmed
    (-0.188226, True)
    >>> second_law_violation(mixed_unitary_channel([np.eye(2), [[0, 1], [1, 0]]], [0.5, 0.5])) is None
    True
    """
    return search_for_violation(channel, kind, tolerance=tolerance).violation


def search_for_violation(channel: Channel, kind: str = "optimal", *, tolerance: float = 1e-10) -> ViolationSearch:
    """Return what :func:`second_law_violation` finds, together with the defect that decided.

    Raises
    ------
    InputError
        If the map does not preserve the trace, or `kind` has another name.

    Examples
    --------
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> damping = amplitude_damping(0.5)
    >>> round(search_for_violation(damping, "mixed").defect, 6)
    0.5
    """
    check_channel(channel)
    if kind not in ("optimal", "mixed"):
        raise InputError(f"`kind` must be 'optimal' or 'mixed', but it is {kind!r}.")
    tolerance = as_number(tolerance, "tolerance", non_negative=True)
    defect = channel.unitality_defect() if channel.is_square else channel.subunitality_excess()
    if defect <= tolerance:
        return ViolationSearch(defect, tolerance, None)
    n = channel.dimension_in
    state, gain = np.eye(n, dtype=np.complex128) / n, maximally_mixed_gain(channel)
    if kind == "optimal":
        # Weak violations need a smaller gap than the default to be found at all.
        wanted = _GAP_OF_BRACKET * -gain_bracket(channel).lower
        gap = _GAP if wanted > _GAP else wanted if wanted > _FINEST_GAP else _FINEST_GAP
        found = minimal_entropy_gain(channel, tolerance=gap)
        if found.value < min(gain, -_round_off(channel)):
            state, gain = found.state, found.value
    if not gain < 0:
        return ViolationSearch(defect, tolerance, None)
    return ViolationSearch(defect, tolerance, Violation(state, gain, _verify(channel, state, gain)))


def _verify(channel: Channel, state: ComplexMatrix, claimed: float) -> Verification:
    """Compute the gain of a state again, from the operators that define the channel and by other routines."""
    output = _image(channel, state)
    before, after = (_entropy(matrix) for matrix in (state, output))
    round_off, gain = _round_off(channel), after - before
    upper = gain + round_off
    n = channel.dimension_in
    if channel.is_square and bool((state == np.eye(n) / n).all()):
        distance = math.fsum(np.linalg.svd(output - state, compute_uv=False)) - n * _EPSILON
        upper = min(upper, -(distance**2) / 2 if distance > 0 else 0.0)
    trace_defect = abs(complex(np.trace(output)) - 1)
    sound = trace_defect <= 1e-9 and float(np.linalg.eigvalsh(output)[0]) >= -1e-9
    agree = abs(gain - claimed) <= round_off
    return Verification(before, after, gain, round_off, upper, trace_defect, sound and agree and upper < 0)


def _image(channel: Channel, state: ComplexMatrix) -> ComplexMatrix:
    m, n = channel.dimension_out, channel.dimension_in
    if channel.form == "kraus":
        output = np.zeros((m, m), dtype=np.complex128)
        for kraus in channel.kraus_operators:
            output += kraus @ state @ kraus.conj().T
        return output
    blocks = channel.choi.reshape(n, m, n, m)  # J = Σ|i⟩⟨j| ⊗ Φ(|i⟩⟨j|)
    return np.asarray(np.einsum("ij,iajb->ab", state, blocks))


def _entropy(matrix: ComplexMatrix) -> float:
    return math.fsum(entr(np.linalg.svd(matrix, compute_uv=False)))


def _round_off(channel: Channel) -> float:
    d = max(channel.dimension_in, channel.dimension_out)
    return 8 * _EPSILON * math.sqrt(d) * (1 + math.log(d))
