"""The steady state's share: adiabatic and non-adiabatic entropy production, and what flows once nothing changes."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import ConvergenceError, InputError, NotUniqueError
from loschmidt.evolution.evolve import Evolution
from loschmidt.evolution.steady import SteadyState, steady_state
from loschmidt.ledger.clausius import ClausiusAccounts
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix

__all__ = ["add_adiabatic_split", "unique_steady_state"]

_SPLIT = (
    "adiabatic_entropy_production_rate",
    "nonadiabatic_entropy_production_rate",
    "adiabatic_entropy_production",
    "nonadiabatic_entropy_production",
    "adiabatic_operator_minimum",
)
_FAITHFUL = 1e-13


def add_adiabatic_split(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    """Add Σ̇_a, Σ̇_na, their integrals and the certificate K of :cite:t:`manzano2018`, or say why they are absent."""
    process = evolution.process
    if isinstance(process, DrivenGenerator):
        builder.leave_out("the Hamiltonian is driven, so there is no steady state to refer to", *_SPLIT)
        return
    steady = unique_steady_state(process)
    if steady is None:
        builder.leave_out("the steady state is not unique", *_SPLIT)
        return
    logarithm = _logarithm(steady, process)
    if logarithm is None:
        builder.leave_out("the steady state is not faithful, so its logarithm does not exist", *_SPLIT)
        return
    _add_nonadiabatic(builder, process, seen, accounts, logarithm)
    betas = [one.beta for one in process.dissipators]
    if accounts.production is None or any(beta is None or np.isinf(beta) for beta in betas):
        builder.leave_out("a bath has no finite temperature", *_SPLIT[::2], _SPLIT[4])
        return
    _add_adiabatic(builder, process, seen, logarithm)


def unique_steady_state(process: Generator) -> SteadyState | None:
    """Return the steady state if there is exactly one, otherwise None."""
    try:
        found = steady_state(process)
    except (NotUniqueError, ConvergenceError, InputError):
        return None
    return found if found.unique else None


def _logarithm(steady: SteadyState, process: Generator) -> ComplexMatrix | None:
    """Return ln π in the energy eigenbasis (d, d)."""
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


def _add_nonadiabatic(
    builder: LedgerBuilder, process: Generator, seen: Frames, accounts: ClausiusAccounts, logarithm: ComplexMatrix
) -> None:
    drift = process.levels.to_eigenbasis(process.adjoint(process.levels.from_eigenbasis(logarithm)))
    size = float(np.linalg.norm(logarithm - np.trace(logarithm) / len(logarithm) * np.eye(len(logarithm))))
    along = np.einsum("ab,tba->t", drift, seen.states, optimize=True).real
    rate = accounts.entropy_rate.sum(axis=-1) + along
    spread = accounts.entropy_rate_error.sum(axis=-1) + 1e-15 * float(np.linalg.norm(drift))
    builder.add("nonadiabatic_entropy_production_rate", rate, spread)
    overlap = np.einsum("ab,tba->t", logarithm, seen.states, optimize=True).real
    total = accounts.entropy - accounts.entropy[0] + overlap - overlap[0]
    error = accounts.entropy_error + accounts.entropy_error[0] + 4e-15 * size
    builder.add("nonadiabatic_entropy_production", total, error)
    if accounts.production is not None:
        whole = accounts.entropy - accounts.entropy[0] + accounts.production.flow.sum(axis=-1)
        builder.add("adiabatic_entropy_production", whole - total, error + accounts.production.flow_error.sum(axis=-1))


def _add_adiabatic(builder: LedgerBuilder, process: Generator, seen: Frames, logarithm: ComplexMatrix) -> None:
    levels = process.levels
    operator = -process.adjoint(levels.from_eigenbasis(logarithm))
    scale = float(np.linalg.norm(operator))
    for one in process.dissipators:
        grand = process.energy
        if one.chemical_potential is not None and process.number is not None:
            grand = grand - one.chemical_potential * process.number
        assert one.beta is not None
        part = one.beta * one.adjoint(grand)
        operator = operator - part
        scale += float(np.linalg.norm(part))
    certificate = levels.to_eigenbasis((operator + operator.conj().T) / 2)
    rate = np.einsum("ab,tba->t", certificate, seen.states, optimize=True).real
    # K is a difference of large terms; the steady state itself enters with the accuracy of its logarithm.
    spread = 1e-13 * scale
    builder.add("adiabatic_entropy_production_rate", rate, spread)
    builder.add("adiabatic_operator_minimum", float(np.linalg.eigvalsh(certificate)[0]), spread)
