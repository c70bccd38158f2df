"""A scatterer: a particle changes channels, and each change moves a reservoir that nobody looks at afterwards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import xlog1py

from loschmidt.errors import InputError, NotAStateError, NotUnitaryError, ResourceError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.dilations.classifier import UnitalityLabel, classify
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.processes.scattering.product_averages import (
    ProductAverages,
    joint_isometry_defects,
    product_averages,
)
from loschmidt.typing import ComplexMatrix, RealTensor, RealVector

__all__ = ["LARGEST_JOINT_DIMENSION", "Scatterer", "check_joint_unitarity", "maximally_mixed_floor"]

#: Particle channels times reservoir states up to which a joint unitary is written out (64 MiB).
LARGEST_JOINT_DIMENSION = 2048

_UNITARITY_TOLERANCE = 1e-10
_SERIES_BELOW = 0.1
_SERIES_TERMS = 17
_ROUND_OFF = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class Scatterer:
    r"""A particle with n channels in front of a reservoir of N independent parts; the makers of this folder build it.

    .. math:: U = \sum_{\beta\alpha} s_{\beta\alpha}\,|\beta\rangle\langle\alpha|\otimes
        \bigotimes_a F^{(a)}_{\beta\alpha},\qquad
        \Phi(\rho)_{\beta\beta'} = \sum_{\alpha\alpha'} s_{\beta\alpha}s^*_{\beta'\alpha'}\rho_{\alpha\alpha'}
        \prod_a\langle F^{(a)\dagger}_{\beta'\alpha'}F^{(a)}_{\beta\alpha}\rangle

    Attributes
    ----------
    scattering_matrix : (n, n)
        s_βα, from channel α to channel β.
    transitions : (N, n, n, e, d)
        F_βα of each part; e = d unless only the reservoir state that arrives is known.
    reservoir_states : (N, d, d)
        State of each part before the particle comes.
    commuting : bool
        Whether all F commute with each other and their adjoints by construction: the particle then sees a random
        unitary.

    Notes
    -----
    :cite:t:`lesovik2016`, Eqs. (2) to (4).

    Examples
    --------
    >>> from loschmidt.processes.scattering import n_lead_scatterer, paper_rotations, symmetric_splitter
    >>> scatterer = n_lead_scatterer(symmetric_splitter(3), paper_rotations(3), bloch_vectors=[0, 0, 1])
    >>> round(scatterer.maximally_mixed_gain, 6)
    -0.319059
    """

    scattering_matrix: ComplexMatrix
    transitions: ComplexMatrix
    reservoir_states: ComplexMatrix
    commuting: bool = False

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.leads} leads, {len(self.transitions)} reservoir parts>"

    @property
    def leads(self) -> int:
        """Number n of the particle's channels."""
        return len(self.scattering_matrix)

    @cached_property
    def _averages(self) -> ProductAverages:
        return product_averages(self.transitions, self.reservoir_states)

    @property
    def correlations(self) -> ComplexMatrix:
        """⟨F†_{β'α'} F_βα⟩ at [β, α, β', α'], shape (n, n, n, n): all that the particle sees of the reservoir."""
        return self._averages.correlations

    @property
    def commutators(self) -> ComplexMatrix:
        """⟨[F†_{j'i}, F_ji]⟩ at [j, j', i], shape (n, n, n): the averages of Eq. (3) of :cite:t:`lesovik2016`.

        Raises
        ------
        InputError
            If only the reservoir state that arrives is known.
        """
        if self._averages.commutators is None:
            raise InputError(
                "The commutators must be taken between operators on the whole reservoir, but this scatterer knows "
                "only the reservoir state that arrives. Give the kick as an operator."
            )
        return self._averages.commutators

    @cached_property
    def defect(self) -> ComplexMatrix:
        """Φ(1) - 1, shape (n, n); from the commutators, to digits of their own size however many parts damp them."""
        s = self.scattering_matrix
        if self._averages.commutators is not None:
            return np.asarray(np.einsum("ji,ki,jki->jk", s, s.conj(), self._averages.commutators))
        image = np.einsum("ji,ki,jiki->jk", s, s.conj(), self.correlations)
        return np.asarray(image - np.eye(self.leads))

    @property
    def identity_image(self) -> ComplexMatrix:
        """Φ(1), shape (n, n)."""
        return np.asarray(np.eye(self.leads) + self.defect)

    @cached_property
    def channel(self) -> Channel:
        """Φ, what happens to the particle."""
        n, s = self.leads, self.scattering_matrix
        choi = np.einsum("ji,kl,jikl->ijlk", s, s.conj(), self.correlations)
        return Channel.from_choi(choi.reshape(n * n, n * n), dims=(n, n))

    @cached_property
    def dilation(self) -> Dilation:
        """The joint unitary and the reservoir state.

        Raises
        ------
        ResourceError
            If channels times reservoir states exceed 2048; the channel itself needs no such matrix.
        InputError
            If only the reservoir state that arrives is known.
        """
        parts, n, _, rows, columns = self.transitions.shape
        if rows != columns:
            raise InputError(
                "The joint unitary must act on every reservoir state, but this scatterer knows only the state that "
                "arrives. Give the kick as an operator."
            )
        size = n * columns**parts
        if size > LARGEST_JOINT_DIMENSION:
            raise ResourceError(
                f"The joint unitary of {n} channels and {parts} parts would be {size:.3g} × {size:.3g} (up to "
                f"{LARGEST_JOINT_DIMENSION} is written out). Use `channel`, which costs {parts} small products."
            )
        moves, state = np.ones((n, n, 1, 1)), np.ones((1, 1))
        for part, rho in zip(self.transitions, self.reservoir_states, strict=True):
            wide = moves.shape[-1] * columns
            moves = np.einsum("jixy,jizw->jixzyw", moves, part).reshape(n, n, wide, wide)
            state = np.kron(state, rho)
        unitary = np.einsum("ji,jixy->jxiy", self.scattering_matrix, moves).reshape(size, size)
        return Dilation(unitary, state, dims=(n, size // n))

    @cached_property
    def label(self) -> UnitalityLabel:
        """Why the channel is unital, or that it is not; see :func:`~loschmidt.processes.dilations.classify`.

        Raises
        ------
        ResourceError
            If the structure is not known from the construction and the reservoir is too large to find out.
        """
        if self.commuting:
            return UnitalityLabel.CONTROLLED
        if self._averages.commutators is None:
            size = float(np.linalg.norm(self.defect, 2))
            return UnitalityLabel.WEIGHTED if size <= _UNITARITY_TOLERANCE else UnitalityLabel.NON_UNITAL
        return classify(self.dilation).label

    @cached_property
    def maximally_mixed_gain(self) -> float:
        r"""Entropy gain of the maximally mixed particle, in nats; never positive, and negative unless Φ is unital.

        .. math:: \Delta S(1/n) = -\frac1n\sum_k[(1+x_k)\ln(1+x_k) - x_k]

        with x the spectrum of Φ(1) - 1, which loses nothing when x is small.
        """
        excess = _excess(np.linalg.eigvalsh(self.defect))
        return -float(excess.sum()) / self.leads

    @property
    def commutator_bounds(self) -> RealTensor:
        r"""The right side 2 Π_a q_a of Eq. (11) at [j, j', i], shape (n, n, n); see `log_commutator_bounds`."""
        return np.asarray(2 * np.exp(self.log_commutator_bounds - math.log(2)))

    @property
    def log_commutator_bounds(self) -> RealTensor:
        r"""ln(2 Π_a q_a) at [j, j', i], shape (n, n, n): it falls linearly with N long after the bound underflows.

        .. math:: |\langle[F_{j'i}^\dagger,F_{ji}]\rangle| \le 2\prod_a q_a,\quad
            q_a = \max\{|\langle U_{j'i}^{(a)\dagger}U_{ji}^{(a)}\rangle|,
                        |\langle U_{ji}^{(a)}U_{j'i}^{(a)\dagger}\rangle|\}

        Notes
        -----
        :cite:t:`lesovik2016`, Eq. (11), prints neither the modulus nor the factor 2. The bound says nothing for
        j = j', where the commutator vanishes, and nothing of how the commutators behave while it exceeds 1.

        Raises
        ------
        InputError
            If only the reservoir state that arrives is known.
        """
        if self._averages.log_bounds is None:
            raise InputError(
                "The bound must compare operators on the whole reservoir, but this scatterer knows only the reservoir "
                "state that arrives. Give the kick as an operator."
            )
        return np.asarray(self._averages.log_bounds + math.log(2))

    @cached_property
    def maximally_mixed_floor(self) -> float:
        """What `maximally_mixed_gain` cannot be below, whatever s and the moves of this reservoir are, in nats.

        See :func:`maximally_mixed_floor`; the ceiling is Φ(1) ≤ d_R λ_max(ρ_R).
        """
        largest = np.linalg.eigvalsh(self.reservoir_states)[:, -1]
        logarithm = float(np.log(self.reservoir_states.shape[-1] * largest).sum())
        n = self.leads
        return maximally_mixed_floor(n, float(n) if logarithm >= math.log(n) else math.exp(logarithm))


def maximally_mixed_floor(leads: int, ceiling: float) -> float:
    r"""Return the lowest entropy gain of the maximally mixed state that Φ(1) ≤ `ceiling` allows, in nats.

    Parameters
    ----------
    leads : int
        Dimension n, so that tr Φ(1) = n.
    ceiling : float
        Bound on the spectrum of Φ(1), from 1 to n. A reservoir gives d_R λ_max(ρ_R): 2 for one pure spin.

    Returns
    -------
    float
        The gain of the spectrum (c, …, c, remainder, 0, …, 0), which majorises every other admissible one.

    Raises
    ------
    InputError
        If the ceiling is not from 1 to n.

    Examples
    --------
    A pure spin lowers the entropy of three mixed leads by (2/3) ln 2 at most, that of four by ln 2.

    >>> round(maximally_mixed_floor(3, 2.0), 6), round(maximally_mixed_floor(4, 2.0), 6)
    (-0.462098, -0.693147)
    """
    if not 1 - _ROUND_OFF <= ceiling <= leads * (1 + _ROUND_OFF):
        raise InputError(f"`ceiling` must be from 1 to `leads` = {leads}, but it is {ceiling:g}.")
    full = math.floor(leads / ceiling)
    rest = leads - full * ceiling
    return -(full * ceiling * math.log(ceiling) + (rest * math.log(rest) if rest > 0 else 0.0)) / leads


def check_joint_unitarity(scattering_matrix: ComplexMatrix, transitions: ComplexMatrix, advice: str) -> None:
    """Raise unless Σ s_βα |β⟩⟨α| ⊗ F_βα keeps norms and right angles.

    Raises
    ------
    NotUnitaryError
        If it does not, within 1e-10, with the pair of incoming channels and `advice`.

    Examples
    --------
    >>> moves = np.ones((1, 2, 2, 1, 1), dtype=complex)
    >>> check_joint_unitarity(np.eye(2, dtype=complex), moves, "")
    """
    defects = joint_isometry_defects(scattering_matrix, transitions)
    if not defects.max() <= _UNITARITY_TOLERANCE:
        first, second = (int(i) for i in np.unravel_index(int(defects.argmax()), defects.shape))
        raise NotUnitaryError(
            f"The joint map of particle and reservoir must be unitary, but for the incoming channels {first} and "
            f"{second} U†U differs from the identity by {defects.max():.1e}, root mean square over the reservoir "
            f"(up to {_UNITARITY_TOLERANCE:.0e} is accepted as round-off). {advice}"
        )


def _excess(spectrum: RealVector) -> RealVector:
    """Return (1 + x) ln(1 + x) - x for x ≥ -1, by its series where the terms would cancel."""
    if not spectrum.min() >= -1 - _ROUND_OFF:
        raise NotAStateError(f"Φ(1) must be positive, but its lowest eigenvalue is {1 + spectrum.min():.1e}.")
    # Φ(1) has no negative eigenvalue; what lies below is round-off of a zero.
    x = np.where(spectrum < -1, -1.0, spectrum)
    series = x**2 * sum((-x) ** k / ((k + 1) * (k + 2)) for k in range(_SERIES_TERMS))
    return np.where(np.abs(x) < _SERIES_BELOW, series, xlog1py(1 + x, x) - x)
