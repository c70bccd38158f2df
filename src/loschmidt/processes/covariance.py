"""How populations and coherences feed each other: defects of covariance, and the heat that coherence carries.

Populations are the blocks of a state on the levels of the energy observable, coherences are all the rest. A Davies bath
keeps the two apart; a Redfield, local or squeezed one does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import ResourceError
from loschmidt.processes.diagnostics import covariance_defect
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, StateLike

__all__ = ["CovarianceDefects", "HeatSplit", "covariance_defects", "heat_split", "population_part"]

_LARGEST_DENSE_DIMENSION = 24


class CovarianceDefects(NamedTuple):
    """Norms relative to that of the dissipative part, each zero where the property holds.

    Attributes
    ----------
    time_translation : float
        ‖[D, 𝓗]‖ over the spectral width, 𝓗 = [E, ·]: coherences of different frequency do not mix.
    dephasing : float
        ‖[D, Δ]‖, Δ the pinching onto levels: populations and coherences do not mix. Weaker than the former.
    coherences_to_populations : float
        ‖Δ D (1 - Δ)‖.
    populations_to_coherences : float
        ‖(1 - Δ) D Δ‖.
    """

    time_translation: float
    dephasing: float
    coherences_to_populations: float
    populations_to_coherences: float


class HeatSplit(NamedTuple):
    """Heat current from each bath by what carries it.

    Attributes
    ----------
    populations : (..., B)
        tr[E D_b(Δρ)].
    coherences : (..., B)
        tr[E D_b(ρ - Δρ)]; zero for a Davies bath.
    """

    populations: RealMatrix
    coherences: RealMatrix


def covariance_defects(generator: Generator) -> CovarianceDefects:
    """Return how far the baths of a generator are from keeping populations and coherences apart.

    Raises
    ------
    ResourceError
        Beyond dimension 24.

    Examples
    --------
    >>> from loschmidt.processes import Bath, OhmicSpectrum, redfield_generator
    >>> bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[1, 1], [1, 0]])
    >>> bool(covariance_defects(redfield_generator(np.diag([0.0, 1.0]), [bath])).coherences_to_populations > 0.1)
    True
    """
    if generator.dimension > _LARGEST_DENSE_DIMENSION:
        needed = 16 * generator.dimension**4 / 1e9
        raise ResourceError(
            f"Covariance is tested with dense superoperators up to dimension {_LARGEST_DENSE_DIMENSION}, but it is "
            f"{generator.dimension}, which would take {needed:.1f} GB. Test a smaller system of the same kind."
        )
    rotation = np.kron(generator.levels.basis.conj(), generator.levels.basis)
    total = sum((one.superoperator() for one in generator.dissipators), np.zeros_like(rotation))
    inner = rotation.conj().T @ total @ rotation
    size = float(np.linalg.norm(inner))
    if size == 0:
        return CovarianceDefects(0.0, 0.0, 0.0, 0.0)
    labels = generator.levels.labels
    block = (labels[:, None] == labels[None, :]).reshape(-1)
    fed = float(np.linalg.norm(inner[block][:, ~block])) / size
    feeds = float(np.linalg.norm(inner[~block][:, block])) / size
    return CovarianceDefects(float(covariance_defect(generator) or 0.0), float(np.hypot(fed, feeds)), fed, feeds)


def heat_split(generator: Generator, states: StateLike) -> HeatSplit:
    r"""Return the heat current from each bath, split into what populations and what coherences carry.

    .. math:: \dot Q_b = \mathrm{tr}[E\,D_b(\Delta\rho)] + \mathrm{tr}[E\,D_b(\rho - \Delta\rho)]

    Parameters
    ----------
    generator : Generator
        Any equation; Redfield and local ones have a second part.
    states : (..., d, d)
        Density matrices.

    Returns
    -------
    HeatSplit
        Energy currents into the system; a chemical potential is not taken off.

    Examples
    --------
    >>> from loschmidt.processes import Bath, OhmicSpectrum, redfield_generator
    >>> bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[1, 1], [1, 0]])
    >>> generator = redfield_generator(np.diag([0.0, 1.0]), [bath])
    >>> split = heat_split(generator, [[0.5, 0.4], [0.4, 0.5]])
    >>> bool(abs(split.coherences[0]) > 1e-3)
    True
    """
    rho = as_density_matrix(states, "states", generator.dimension)
    diagonal = population_part(generator, rho)
    d = generator.dimension
    energy = generator.energy - np.trace(generator.energy) / d * np.eye(d)
    parts = [
        np.stack([np.einsum("ab,...ba->...", energy, one.apply(part)).real for one in generator.dissipators], axis=-1)
        for part in (diagonal, rho - diagonal)
    ]
    return HeatSplit(*parts)


def population_part(generator: Generator, states: ComplexMatrix) -> ComplexMatrix:
    """Return Δρ (..., d, d), states pinched onto the levels of the energy observable, in the original basis."""
    levels = generator.levels
    same = levels.labels[:, None] == levels.labels[None, :]
    return levels.from_eigenbasis(np.where(same, levels.to_eigenbasis(states), 0))
