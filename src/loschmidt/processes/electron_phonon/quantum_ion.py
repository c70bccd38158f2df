"""An ion that recoils, beside an electron on a ring: it shows how elastic a collision must be to be unital.

With phases iⁿ on the phonon states the joint Hamiltonian is real, and reflection of electron and ion together splits
it into two halves; both make its diagonalisation cheaper and change nothing that the electron sees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import ConvergenceError, InputError, ResourceError
from loschmidt.processes.channels import Channel
from loschmidt.processes.dilations import Dilation
from loschmidt.typing import ComplexMatrix, ComplexVector, IntegerArray, RealMatrix, RealVector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["QuantumIon", "quantum_ion"]

_LARGEST_JOINT_DIMENSION = 4000
_NEGLIGIBLE = 1e-18
_EXPONENT = 16.0  # thermal levels up to this multiple of T/Ω: the rest is 1e-7
_FEWEST_LEVELS = 24
_GROWTH = 1.5


@dataclass(frozen=True, eq=False)
class QuantumIon:
    """An electron that interacted with a recoiling ion for a while; build one with :func:`quantum_ion`.

    Attributes
    ----------
    hopping, coupling, duration, frequency, temperature, variance : float
        J, g, τ, Ω, T and ⟨x²⟩.
    wave_numbers : (L,)
        2πm/L, m from -⌊L/2⌋ upward.
    phonon_levels : int
        Oscillator levels that were kept.
    thermal_tail : float
        Thermal probability of all levels beyond them, which was left out.
    edge_population : float
        Probability, after the collision of an electron in the maximally mixed state, of the highest twentieth of the
        levels kept.
    choi : (L², L²)
        Choi matrix of the electron's channel.

    Examples
    --------
    >>> slow, fast = (quantum_ion(3, 1.0, 4.0, 1.0, frequency, 0.5, 0.2) for frequency in (0.5, 2.0))
    >>> slow.channel.unitality_defect() < fast.channel.unitality_defect()
    True
    """

    hopping: float
    coupling: float
    duration: float
    frequency: float
    temperature: float
    variance: float
    wave_numbers: RealVector
    phonon_levels: int
    thermal_tail: float
    edge_population: float
    choi: ComplexMatrix

    @property
    def sites(self) -> int:
        """Number L of sites of the ring."""
        return len(self.wave_numbers)

    @property
    def zero_point_length(self) -> float:
        """x_zpf of x = x_zpf (b + b†), from ⟨x²⟩ = x_zpf² coth(Ω/2T)."""
        return _zero_point_length(self.variance, self.frequency, self.temperature)

    @property
    def hamiltonian(self) -> ComplexMatrix:
        """Σ ε_k |k><k| + Ω b†b + (g/L) Σ e^{-i(k-k')x} |k><k'| of electron ⊗ ion, truncated (L n, L n)."""
        real = _real_hamiltonian(self._parameters, self.phonon_levels)
        phases = np.tile(_power_of_i(np.arange(self.phonon_levels)), self.sites)
        return np.asarray(phases[:, None] * real * phases.conj()[None, :])

    @property
    def ion_state(self) -> ComplexMatrix:
        """Thermal state of the truncated oscillator (n, n)."""
        weights = _thermal_weights(self._parameters, self.phonon_levels)
        return np.diag(weights.astype(np.complex128))

    @cached_property
    def channel(self) -> Channel:
        """What the collision does to the electron."""
        return Channel.from_choi(self.choi, (self.sites, self.sites))

    @cached_property
    def dilation(self) -> Dilation:
        """The joint unitary and the thermal ion; a dense matrix (L n, L n)."""
        n, bands = self.phonon_levels, -2 * self.hopping * np.cos(self.wave_numbers)
        phases = np.tile(_power_of_i(np.arange(n)), self.sites)
        unitary = _real_basis_unitary(self._parameters, n, np.arange(self.sites * n))
        return Dilation(
            phases[:, None] * unitary * phases.conj()[None, :],
            self.ion_state,
            (self.sites, n),
            system_hamiltonian=np.diag(bands),
            reservoir_hamiltonian=np.diag(self.frequency * np.arange(n)),
        )

    @property
    def _parameters(self) -> _Parameters:
        return _Parameters(
            self.sites, self.hopping, self.coupling, self.duration, self.frequency, self.temperature, self.variance
        )


@dataclass(frozen=True)
class _Parameters:
    sites: int
    hopping: float
    coupling: float
    duration: float
    frequency: float
    temperature: float
    variance: float

    @property
    def wave_numbers(self) -> RealVector:
        return np.asarray(2 * np.pi / self.sites * (np.arange(self.sites) - self.sites // 2))


def quantum_ion(
    sites: int,
    hopping: float,
    coupling: float,
    duration: float,
    frequency: float,
    temperature: float,
    variance: float,
    phonon_levels: int | None = None,
    tail_tolerance: float = 1e-6,
) -> QuantumIon:
    r"""Return the collision of an electron on a ring with an ion that recoils.

    .. math:: H = \sum_k \varepsilon_k |k\rangle\langle k| + \Omega b^\dagger b
        + \frac{g}{L}\sum_{kk'} e^{-i(k-k')x}|k\rangle\langle k'|, \qquad \varepsilon_k = -2J\cos k

    acts for the time τ on an electron and an ion in its thermal state.

    Parameters
    ----------
    sites : int
        L ≥ 1; wave numbers are 2πm/L in the first Brillouin zone, symmetric about 0 for odd L.
    hopping, coupling : float
        J and g.
    duration : float
        τ ≥ 0.
    frequency : float
        Ω > 0 of the ion.
    temperature : float
        T ≥ 0 of the ion.
    variance : float
        ⟨x²⟩ ≥ 0 of the ion at that temperature, in lattice constants; it fixes the mass.
    phonon_levels : int, optional
        Oscillator levels to keep; default as many as the tolerance asks for, at least 16 T/Ω.
    tail_tolerance : float
        Largest thermal probability beyond the levels kept, and largest population of the highest of them afterwards.

    Returns
    -------
    QuantumIon

    Raises
    ------
    InputError, NotFiniteError
        If a number is malformed.
    ConvergenceError
        If `phonon_levels` leaves more than `tail_tolerance` outside.
    ResourceError
        If the joint space is too large for a dense diagonalisation.

    Notes
    -----
    e^{-iqx} is built from the eigenvectors of the truncated x and so remains unitary. For Ωτ ≪ 1 the ion does not move
    and the channel is that of :func:`~loschmidt.processes.electron_phonon.frozen_ion`; its defect Φ(1) - 1 grows as Ω²,
    which is how quasi-elastic collisions come to be unital (:cite:t:`lesovik2016`, Eq. 12).

    Examples
    --------
    >>> ion = quantum_ion(5, 1.0, 4.0, 1.0, 1.0, temperature=0.5, variance=0.2)
    >>> round(ion.channel.unitality_defect(), 3), ion.thermal_tail < 1e-6
    (0.493, True)
    """
    if not isinstance(sites, int) or isinstance(sites, bool) or sites < 1:
        raise InputError(f"`sites` must be a positive whole number, but it is {sites!r}.")
    parameters = _Parameters(
        sites,
        as_number(hopping, "hopping"),
        as_number(coupling, "coupling"),
        as_number(duration, "duration", non_negative=True),
        as_number(frequency, "frequency", positive=True),
        as_number(temperature, "temperature", non_negative=True),
        as_number(variance, "variance", non_negative=True),
    )
    tolerance = as_number(tail_tolerance, "tail_tolerance", positive=True)
    if phonon_levels is not None:
        if not isinstance(phonon_levels, int) or isinstance(phonon_levels, bool) or phonon_levels < 2:
            raise InputError(f"`phonon_levels` must be a whole number, at least 2, but it is {phonon_levels!r}.")
        _check_thermal_tail(parameters, phonon_levels, tolerance)
        return _checked_edge(_collide(parameters, phonon_levels), tolerance)
    levels = _FEWEST_LEVELS + math.ceil(_EXPONENT * parameters.temperature / parameters.frequency)
    while _thermal_tail(parameters, levels) > tolerance:
        levels = math.ceil(_GROWTH * levels)
    while (ion := _collide(parameters, levels)).edge_population > tolerance:
        levels = math.ceil(_GROWTH * levels)
    return ion


def _collide(parameters: _Parameters, levels: int) -> QuantumIon:
    _check_size(parameters.sites, levels)
    weights = _thermal_weights(parameters, levels)
    occupied = weights[weights > _NEGLIGIBLE]
    sites, count = parameters.sites, len(occupied)
    columns = np.add.outer(levels * np.arange(sites), np.arange(count)).reshape(-1)
    # The phases of the phonon states drop out: they are diagonal, and so is the thermal state.
    unitary = _real_basis_unitary(parameters, levels, columns)
    amplitudes = unitary.reshape(sites, levels, sites, count) * np.sqrt(occupied)
    edge = amplitudes[:, -max(2, levels // 20) :]
    # Rows (i, j) of the Choi matrix: where the electron came from and where it went.
    rows = np.ascontiguousarray(amplitudes.transpose(2, 0, 1, 3)).reshape(sites**2, -1)
    return QuantumIon(
        hopping=parameters.hopping,
        coupling=parameters.coupling,
        duration=parameters.duration,
        frequency=parameters.frequency,
        temperature=parameters.temperature,
        variance=parameters.variance,
        wave_numbers=parameters.wave_numbers,
        phonon_levels=levels,
        thermal_tail=_thermal_tail(parameters, levels),
        edge_population=float(np.vdot(edge, edge).real) / sites,
        choi=np.asarray(rows @ rows.conj().T),
    )


def _real_basis_unitary(parameters: _Parameters, levels: int, columns: IntegerArray) -> ComplexMatrix:
    """Return the chosen columns (L n, c) of iⁿ* e^{-iHτ} iⁿ."""
    joint = _real_hamiltonian(parameters, levels)
    unitary = np.zeros((len(joint), len(columns)), dtype=np.complex128)
    for sector in _reflection_sectors(parameters.sites, levels):
        energies, vectors = np.linalg.eigh(sector.T @ (sector.T @ joint).T)
        left, right = sector @ vectors, sector[columns] @ vectors
        phases = np.exp(-1j * parameters.duration * energies)
        unitary.real += (left * phases.real) @ right.T
        unitary.imag += (left * phases.imag) @ right.T
    return unitary


def _real_hamiltonian(parameters: _Parameters, levels: int) -> RealMatrix:
    """Return iⁿ* H iⁿ (L n, L n), which is real: e^{-iqx} is even + i odd in the change of the phonon number."""
    from scipy.linalg import eigh_tridiagonal

    length = _zero_point_length(parameters.variance, parameters.frequency, parameters.temperature)
    number = np.arange(levels)
    positions, vectors = eigh_tridiagonal(np.zeros(levels), length * np.sqrt(number[1:]))
    phases = _power_of_i(number[None, :] - number[:, None])
    sites = parameters.sites
    joint = np.zeros((sites, levels, sites, levels))
    for step in range(sites):
        kick = (vectors * np.exp(-2j * np.pi * step / sites * positions)) @ vectors.T
        block = parameters.coupling / sites * (phases * kick).real
        for lower in range(sites - step):
            joint[lower + step, :, lower, :] = block
            joint[lower, :, lower + step, :] = block.T
    bands = -2 * parameters.hopping * np.cos(parameters.wave_numbers)
    result = joint.reshape(sites * levels, sites * levels)
    result[np.diag_indices(sites * levels)] += np.add.outer(bands, parameters.frequency * number).reshape(-1)
    return result


def _power_of_i(exponents: IntegerArray) -> ComplexVector:
    return np.asarray(np.array([1, 1j, -1, -1j])[exponents % 4])


def _reflection_sectors(sites: int, levels: int) -> list[csr_array]:
    """Return isometries (L n, N) onto states even and odd under k → -k, x → -x; the whole space if k = -π occurs."""
    from scipy.sparse import csr_array, eye_array

    if sites % 2 == 0:
        return [csr_array(eye_array(sites * levels))]
    middle = sites // 2
    number = np.arange(levels)
    sectors = []
    for sign in (1, -1):
        parity = sign * (-1.0) ** number
        still = number[parity > 0]
        rows, columns = [middle * levels + still], [np.arange(len(still))]
        values: list[RealVector] = [np.ones(len(still))]
        for step in range(1, middle + 1):
            place = len(still) + (step - 1) * levels + number
            for side, value in ((1, np.ones(levels)), (-1, parity)):
                rows.append((middle + side * step) * levels + number)
                columns.append(place)
                values.append(value / math.sqrt(2))
        shape = (sites * levels, len(still) + middle * levels)
        where = (np.concatenate(rows), np.concatenate(columns))
        sectors.append(csr_array((np.concatenate(values), where), shape=shape))
    return sectors


def _zero_point_length(variance: float, frequency: float, temperature: float) -> float:
    return math.sqrt(variance * (math.tanh(frequency / (2 * temperature)) if temperature > 0 else 1.0))


def _thermal_tail(parameters: _Parameters, levels: int) -> float:
    cold = parameters.temperature == 0
    return 0.0 if cold else math.exp(-levels * parameters.frequency / parameters.temperature)


def _thermal_weights(parameters: _Parameters, levels: int) -> RealVector:
    number = np.arange(levels)
    if parameters.temperature == 0:
        return np.where(number == 0, 1.0, 0.0)
    weights = np.exp(-parameters.frequency / parameters.temperature * number)
    return np.asarray(weights / weights.sum())


def _check_thermal_tail(parameters: _Parameters, levels: int, tolerance: float) -> None:
    tail = _thermal_tail(parameters, levels)
    if not tail <= tolerance:
        needed = math.ceil(-math.log(tolerance) * parameters.temperature / parameters.frequency)
        raise ConvergenceError(
            f"`phonon_levels` must hold the thermal state of the ion, but {levels} levels at T/Ω = "
            f"{parameters.temperature / parameters.frequency:.4g} leave {tail:.1e} outside "
            f"({tolerance:.0e} is accepted). Keep at least {needed}, or leave `phonon_levels` out."
        )


def _checked_edge(ion: QuantumIon, tolerance: float) -> QuantumIon:
    if not ion.edge_population <= tolerance:
        raise ConvergenceError(
            f"`phonon_levels` must hold the ion after the collision, but the highest of {ion.phonon_levels} levels are "
            f"populated to {ion.edge_population:.1e} ({tolerance:.0e} is accepted). Keep more, or leave "
            f"`phonon_levels` out."
        )
    return ion


def _check_size(sites: int, levels: int) -> None:
    if (dimension := sites * levels) > _LARGEST_JOINT_DIMENSION:
        raise ResourceError(
            f"An electron on {sites} sites and {levels} phonon levels make {dimension} joint states, more than "
            f"{_LARGEST_JOINT_DIMENSION}: about {60 * dimension**2 / 2**30:.1f} GiB. A slow, hot ion needs "
            f"many levels; where Ωτ ≪ 1, use frozen_ion()."
        )
