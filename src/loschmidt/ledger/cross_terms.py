"""Entropy production without the secular approximation: what populations and coherences produce, and their cross term.

Π = Σ_XY Π_XY with Π_XY = -tr[(P_X D P_Y)(ρ)(ln ρ + β E)], X and Y either populations (P = Δ) or coherences (P = 1 - Δ).
The cross term Π_PC + Π_CP vanishes for every bath that keeps the two apart. No part has a sign of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import InputError
from loschmidt.ledger.entropy_rates import entropy_rates
from loschmidt.processes.covariance import population_part
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.dissipators import Dissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, RealMatrix, RealTensor, StateLike

__all__ = ["ProductionTerms", "production_terms"]


@dataclass(frozen=True, eq=False)
class ProductionTerms:
    """Π_XY of each bath, in nats per time.

    Attributes
    ----------
    terms : (T, B, 2, 2)
        Index X, then Y: 0 for populations, 1 for coherences; infinite where a kernel of the state is fed.
    total : (T, B)
        Π_b, of infinite terms the limit of the sum.
    """

    terms: RealTensor
    total: RealMatrix

    @property
    def cross(self) -> RealMatrix:
        """Π_PC + Π_CP (T, B); NaN where both diverge with different signs."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.terms[..., 0, 1] + self.terms[..., 1, 0])


def production_terms(generator: Generator, states: StateLike) -> ProductionTerms:
    """Return the entropy production of each bath by what feeds what.

    Parameters
    ----------
    generator : Generator
        Any equation whose baths have finite temperatures.
    states : (T, d, d) or (d, d)
        Density matrices.

    Returns
    -------
    ProductionTerms
        With T = 1 for one state.

    Raises
    ------
    InputError
        If a bath has no finite temperature, or exchanges particles.

    Notes
    -----
    After :cite:t:`santos2019`, whose split needs the secular approximation; the identity Π = Π_d + Υ does not.

    Examples
    --------
    >>> from loschmidt.processes import Bath, OhmicSpectrum, redfield_generator
    >>> bath = Bath("cold", 1.0, OhmicSpectrum(0.01), [[1, 1], [1, 0]])
    >>> generator = redfield_generator(np.diag([0.0, 1.0]), [bath])
    >>> found = production_terms(generator, [[0.6, 0.3], [0.3, 0.4]])
    >>> bool(np.isclose(found.terms.sum(), found.total[0, 0])), bool(abs(found.cross[0, 0]) > 1e-4)
    (True, True)
    """
    rho = as_density_matrix(states, "states", generator.dimension)
    stack = rho.reshape(-1, generator.dimension, generator.dimension)
    found = [_of_bath(generator, one, stack) for one in generator.dissipators]
    return ProductionTerms(np.stack([one[0] for one in found], axis=1), np.stack([one[1] for one in found], axis=1))


def _of_bath(generator: Generator, dissipator: Dissipator, states: ComplexMatrix) -> tuple[RealTensor, RealMatrix]:
    beta = dissipator.beta
    if beta is None or not np.isfinite(beta) or dissipator.chemical_potential is not None:
        raise InputError(
            f"Bath {dissipator.bath!r} must have a finite temperature and exchange no particles for its entropy "
            f"production to be split."
        )
    diagonal = population_part(generator, states)
    changes = []
    for fed_by in (diagonal, states - diagonal):
        change = dissipator.apply(fed_by)
        kept = population_part(generator, change)
        changes += [kept, change - kept]
    levels = generator.levels
    inner = levels.to_eigenbasis(np.stack(changes))
    # Parts of one change, so that the limits at a kernel of the state are those of their sum.
    rates = entropy_rates(levels.to_eigenbasis(states), inner, levels.labels, largest_rate(dissipator))
    d = generator.dimension
    energy = levels.to_eigenbasis(generator.energy - np.trace(generator.energy) / d * np.eye(d))
    flux = -beta * np.einsum("ab,ktba->tk", energy, inner).real
    terms = (rates.entropy_rate + flux).reshape(-1, 2, 2).swapaxes(1, 2)
    return np.asarray(terms), np.asarray(rates.total_entropy_rate + flux.sum(axis=1))
