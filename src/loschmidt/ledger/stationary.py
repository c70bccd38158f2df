"""The steady state's share: adiabatic and non-adiabatic entropy production of :cite:t:`manzano2018`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.errors import ConvergenceError, NotUniqueError, ResourceError
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.steady import SteadyState, steady_state
from loschmidt.ledger.clausius import ClausiusAccounts
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.diagnostics import largest_rate
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.states.observables import centred
from loschmidt.typing import ComplexMatrix

__all__ = ["add_adiabatic_split", "unique_steady_state"]

_NONADIABATIC = ("nonadiabatic_entropy_production_rate", "nonadiabatic_entropy_production")
_ADIABATIC = (
    "adiabatic_entropy_production_rate",
    "adiabatic_entropy_production",
    "adiabatic_operator_minimum",
)
_FAITHFUL = 1e-13
_ROUND_OFF = 4e-15
#: A steady state that is known less well than this is not used.
_LARGEST_ERROR = 1e-6
_LARGEST_DRIVEN_DIMENSION = 16


@dataclass(frozen=True, eq=False)
class _Split:
    """Operators (d, d) in the energy eigenbasis at one time, and the size of the terms they are made of.

    `logarithm` is ln π, `drift` is L†(ln π), and `certificate` is K = -Σ β_b D_b†(E) - L†(ln π); None where a bath
    has no finite temperature.
    """

    logarithm: ComplexMatrix
    drift: ComplexMatrix
    certificate: ComplexMatrix | None
    scale: float


def add_adiabatic_split(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    """Add Σ̇_a, Σ̇_na, their integrals and the certificate K, or say why they are absent."""
    process = evolution.process
    if isinstance(process, DrivenGenerator):
        if process.dimension > _LARGEST_DRIVEN_DIMENSION:
            reason = f"under driving the split is computed up to dimension {_LARGEST_DRIVEN_DIMENSION} only"
            builder.leave_out(reason, *_NONADIABATIC, *_ADIABATIC)
            return
        found = [_split(process.at(float(time))) for time in evolution.times]
    else:
        found = [_split(process)]
    splits = [one for one in found if isinstance(one, _Split)]
    if len(splits) < len(found):
        builder.leave_out(next(one for one in found if isinstance(one, str)), *_NONADIABATIC, *_ADIABATIC)
        return
    _add_rates(builder, seen, accounts, splits)
    if isinstance(process, Generator):
        _add_integrals(builder, seen, accounts, splits[0])
    else:
        reason = "the steady state moves with the Hamiltonian, so the integral is no difference of a state function"
        builder.leave_out(reason, _NONADIABATIC[1], _ADIABATIC[1])


def unique_steady_state(process: Generator) -> SteadyState | None:
    """Return the steady state if there is exactly one and it is known well, otherwise None."""
    if not process.dissipators and process.dimension > 1:
        return None  # Without a bath every mixture of energy levels stands still.
    try:
        found = steady_state(process)
    except (NotUniqueError, ConvergenceError, ResourceError):
        return None
    return found if found.unique and found.error <= _LARGEST_ERROR else None


def _split(generator: Generator) -> _Split | str:
    """Return the operators of the split, or the reason why there are none."""
    steady = unique_steady_state(generator)
    if steady is None:
        return "the steady state is not unique, or not known well enough"
    logarithm = _logarithm(steady, generator)
    if logarithm is None:
        return "the steady state has an eigenvalue too small to resolve, so its logarithm is not known"
    levels = generator.levels
    drift = levels.to_eigenbasis(generator.adjoint(levels.from_eigenbasis(logarithm)))
    # Round-off is that of the terms before they cancel: motion and damping of ln π, and the heat of each bath.
    size = 1.0 + float(np.linalg.norm(centred(logarithm)))
    scale = size * float(np.linalg.norm(centred(generator.effective_hamiltonian)))
    certificate = -drift
    for one in generator.dissipators:
        if one.beta is None or np.isinf(one.beta):
            return _Split(logarithm, drift, None, scale)
        grand = generator.energy
        if one.chemical_potential is not None and generator.number is not None:
            grand = grand - one.chemical_potential * generator.number
        certificate = certificate - one.beta * levels.to_eigenbasis(one.adjoint(grand))
        scale += largest_rate(one) * (size + abs(one.beta) * float(np.linalg.norm(centred(grand))))
    return _Split(logarithm, drift, (certificate + certificate.conj().T) / 2, scale)


def _logarithm(steady: SteadyState, process: Generator) -> ComplexMatrix | None:
    """Return ln π in the energy eigenbasis (d, d), None if π has a kernel."""
    aligned = steady.basis is process.levels.basis
    inner = steady.components if aligned else process.levels.to_eigenbasis(steady.state)
    diagonal = np.diag(inner).real
    if (diagonal > 0).all() and np.abs(inner - np.diag(diagonal)).max() <= _FAITHFUL * diagonal.min():
        # Populations found with relative accuracy keep it: cold levels need not be above round-off.
        return np.diag(np.log(diagonal)).astype(np.complex128)
    values, vectors = np.linalg.eigh(inner)
    if values[0] < _FAITHFUL:
        return None
    return np.asarray((vectors * np.log(values)) @ vectors.conj().T)


def _add_rates(builder: LedgerBuilder, seen: Frames, accounts: ClausiusAccounts, splits: list[_Split]) -> None:
    drifts = np.stack([one.drift for one in splits])
    along = np.einsum("tab,tba->t", np.broadcast_to(drifts, seen.states.shape), seen.states, optimize=True).real
    spread = _ROUND_OFF * seen.states.shape[-1] * np.array([one.scale for one in splits])
    rate = accounts.entropy_rate + along
    builder.add(_NONADIABATIC[0], rate, accounts.entropy_rate_error + spread)
    found = [one.certificate for one in splits if one.certificate is not None]
    if len(found) < len(splits) or accounts.production is None:
        builder.leave_out("a bath has no finite temperature", *_ADIABATIC)
        return
    certificates = np.broadcast_to(np.stack(found), seen.states.shape)
    builder.add(_ADIABATIC[0], np.einsum("tab,tba->t", certificates, seen.states, optimize=True).real, spread)
    lowest = np.linalg.eigvalsh(np.stack(found))[:, 0]
    worst = int(lowest.argmin())
    builder.add(_ADIABATIC[2], float(lowest[worst]), float(spread[worst]))


def _add_integrals(builder: LedgerBuilder, seen: Frames, accounts: ClausiusAccounts, split: _Split) -> None:
    logarithm = split.logarithm
    size = float(np.linalg.norm(centred(logarithm)))
    overlap = np.einsum("ab,tba->t", logarithm, seen.states, optimize=True).real
    total = accounts.entropy - accounts.entropy[0] + overlap - overlap[0]
    error = accounts.entropy_error + accounts.entropy_error[0] + 4e-15 * size
    builder.add(_NONADIABATIC[1], total, error)
    if accounts.production is not None and split.certificate is not None:
        whole = accounts.entropy - accounts.entropy[0] + accounts.production.flow.sum(axis=-1)
        builder.add(_ADIABATIC[1], whole - total, error + accounts.production.flow_error.sum(axis=-1))
