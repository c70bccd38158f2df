"""What populations and coherences give to one another without the secular approximation: heat and cross production."""

from __future__ import annotations

import numpy as np

from loschmidt.errors import InputError
from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.clausius import ClausiusAccounts, heat_rate_error
from loschmidt.ledger.cross_terms import production_terms
from loschmidt.ledger.frames import Frames
from loschmidt.ledger.ledger import LedgerBuilder
from loschmidt.processes.covariance import heat_split
from loschmidt.processes.generators import Generator

__all__ = ["MIXING", "add_mixing"]

MIXING = ("coherent_heat_rate", "cross_entropy_production_rate")
_LARGEST_DIMENSION = 24


def add_mixing(builder: LedgerBuilder, evolution: Evolution, seen: Frames, accounts: ClausiusAccounts) -> None:
    """Add the heat that coherences carry and Π_cross of each bath, or say why they are absent."""
    process = evolution.process
    if not isinstance(process, Generator):
        builder.leave_out(
            "the Hamiltonian is driven, so that populations are those of another basis at each time", *MIXING
        )
        return
    if process.equation == "davies" or not process.dissipators:
        builder.leave_out("the baths keep populations and coherences apart, so that it is zero", *MIXING)
        return
    if process.dimension > _LARGEST_DIMENSION:
        builder.leave_out(f"it is computed up to dimension {_LARGEST_DIMENSION} only", *MIXING)
        return
    try:
        carried = heat_split(process, evolution.states).coherences
    except InputError as error:
        builder.leave_out(_said(error), *MIXING)
        return
    builder.add(MIXING[0], carried, heat_rate_error(seen, evolution.error)[:, None])
    if accounts.production is None:
        builder.leave_out("a bath has no temperature", MIXING[1])
        return
    try:
        terms = production_terms(process, evolution.states)
    except InputError as error:
        builder.leave_out(_said(error), MIXING[1])
        return
    if np.isnan(terms.cross).any():
        builder.leave_out("its parts diverge with different signs where the state has no full rank", MIXING[1])
        return
    builder.add(MIXING[1], terms.cross, 2 * accounts.production.rate_error)


def _said(error: InputError) -> str:
    text = str(error).rstrip(".")
    return text[:1].lower() + text[1:]
