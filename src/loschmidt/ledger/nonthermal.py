"""Add to a ledger what baths that are not thermal produce, by their own stationary states and by their reservoirs."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.evolve import Evolution
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.merge import with_accounts
from loschmidt.ledger.reservoir_rates import reservoir_rates
from loschmidt.processes.generators import Generator

__all__ = ["with_reservoir_rates"]

_ACCOUNTS = ("information_production_rate_by_bath", "reservoir_production_rate_by_bath")


def with_reservoir_rates(ledger: Ledger, evolution: Evolution) -> Ledger:
    """Return the ledger with two entropy productions of each bath, neither of which needs a temperature.

    Parameters
    ----------
    ledger : Ledger
        Of the same evolution.
    evolution : Evolution
        Of a master equation that does not change in time.

    Returns
    -------
    Ledger
        Without the accounts, but with the reason, where a definition does not apply to some bath.

    Notes
    -----
    :cite:t:`manzano2016`: Clausius' inequality with the temperature that a squeezed bath had before squeezing may fail;
    these two do not.

    Examples
    --------
    >>> from loschmidt.ledger import build_ledger
    >>> from loschmidt.evolution import evolve
    >>> from loschmidt.processes import gkls_generator
    >>> from loschmidt.processes.nonthermal import squeezed_dissipator
    >>> bath = squeezed_dissipator("squeezed", [[0, 1], [0, 0]], 0.1, beta=1.0, frequency=1.0, squeezing=0.5)
    >>> process = gkls_generator(np.zeros((2, 2)), [bath], energy=np.diag([0.0, 1.0]))
    >>> evolution = evolve(process, [[0.5, 0], [0, 0.5]], [0.0, 200.0])
    >>> found = with_reservoir_rates(build_ledger(evolution), evolution)
    >>> [round(float(found[name][-1, 0]), 6) + 0.0 for name in found.accounts[-2:]]
    [0.0, 0.044751]
    """
    process = evolution.process
    builder = LedgerBuilder(ledger.family, {"time": evolution.times, "bath": list(process.bath_names)})
    if not isinstance(process, Generator):
        builder.leave_out("the Hamiltonian is driven", *_ACCOUNTS)
        return with_accounts(ledger, builder, ["non-thermal baths"])
    if "entropy_rate" not in ledger:
        builder.leave_out(str(ledger.data.attrs.get("absent_entropy", "there is no entropy")), *_ACCOUNTS)
        return with_accounts(ledger, builder, ["non-thermal baths"])
    rates = reservoir_rates(process, evolution.states)
    error = ledger.error("entropy_rate").values[:, None] + _flow_error(process, evolution)
    for name, values in zip(_ACCOUNTS, (rates.information, rates.reservoir), strict=True):
        if np.isnan(values).any():
            builder.leave_out("; ".join(rates.reasons) or "the rate is not defined", name)
        else:
            builder.add(name, values, error)
    return with_accounts(ledger, builder, ["non-thermal baths"])


def _flow_error(process: Generator, evolution: Evolution) -> np.ndarray:
    """Return the error of linear flows (T, 1): their operators' size times that of the state's error."""
    sizes = [np.linalg.norm(one.superoperator(), 2) if one.dimension <= 16 else 1.0 for one in process.dissipators]
    return np.asarray(100 * process.dimension * max(sizes, default=0.0) * (evolution.error + 1e-15))[:, None]
