"""The keeper of ledgers of von Neumann's gas: work, heat and entropy, step by step."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.von_neumann_gas import GAS_STAGES, GasEvolution
from loschmidt.information.entropy import von_neumann_entropy
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.ledger.round_off import entropy_error, state_error

__all__ = ["keep_gas"]


def keep_gas(evolution: GasEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of von Neumann's gas; see :func:`~loschmidt.ledger.build.build_ledger`."""
    process, found = evolution.process, evolution.components
    d, n, temperature = evolution.states.shape[-1], process.atoms, process.temperature
    distance = state_error(d)
    error = n * entropy_error(distance, d)
    builder = LedgerBuilder(
        "gas",
        {
            "step": np.arange(len(GAS_STAGES)),
            "stage": ("step", np.array(GAS_STAGES, dtype=object)),
            "bath": ["reservoir"],
            "component": np.arange(len(found.populations)),
        },
    )
    builder.describe(
        title=title,
        equation=f"gas of {n} atoms with {d} levels",
        dimension=d,
        method="exact",
        error=distance,
        atoms=float(n),
        seed="none: nothing is drawn at random",
    )
    width = 0.0 if process.hamiltonian is None else float(np.linalg.norm(process.hamiltonian, 2))
    energy_error = n * d * width * distance
    builder.add("energy", evolution.energy, energy_error)
    builder.add("entropy", np.asarray(von_neumann_entropy(evolution.states)), error / n)
    builder.add("inverse_temperature", [1 / temperature])
    builder.add("work", evolution.work, temperature * error + energy_error)
    builder.add("heat", evolution.heat[:, None], temperature * error)
    builder.add("gas_entropy", evolution.gas_entropy, error)
    builder.add("reservoir_entropy_change", evolution.reservoir_entropy, error)
    builder.add("component_population", found.populations, distance)
    builder.add("component_volume", evolution.volumes, distance)
    builder.add("component_work", evolution.component_work, temperature * error)
    builder.add("printed_component_work", found.populations * np.log(found.populations), error / n)
    if keep_states:
        builder.add_states(evolution.states)
    return builder.build()
