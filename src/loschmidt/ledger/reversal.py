"""Add to the ledger of a closed whole what came back when its motion was undone."""

from __future__ import annotations

import math

from loschmidt.evolution.reversal import ReversalTest
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.ledger.round_off import entropy_error, state_error

__all__ = ["with_reversal"]


def with_reversal(ledger: Ledger, test: ReversalTest) -> Ledger:
    """Return the ledger with the accounts of a reversal: of the whole, and of the product of its parts."""
    builder = LedgerBuilder(ledger.family, {"undone": ["whole", "product"]})
    d = test.returned.shape[-1]
    spread = test.error + 2 * state_error(d)
    builder.add("reversal_distance", [test.distance, test.distance_without], math.sqrt(d) * spread)
    known = 2 * entropy_error(spread, d)
    builder.add("reversal_entropy_gain", [test.entropy_gain, test.entropy_gain_without], known)
    builder.add("erased_information", test.mutual_information, (1 + test.energies.shape[1]) * known)
    said = (
        f"Undone, the motion returns within {test.distance:.1e}; with the correlations of the parts erased it ends "
        f"{test.distance_without:.4g} away (trace distance), with {test.entropy_gain_without:.4g} nats more entropy."
    )
    return with_accounts(ledger, builder, aspects=("reversal",), reversed_at=test.time, summary=said)
