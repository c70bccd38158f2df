"""A unitary on a system and its surroundings, and the state the surroundings start in, from a model file."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import expm

from loschmidt.processes.expressions import Space
from loschmidt.states.gibbs import gibbs_state
from loschmidt.studies.channel_spec import ReservoirSpec
from loschmidt.studies.initial import given_state
from loschmidt.studies.numbers import PlainReader
from loschmidt.studies.reading import Reader
from loschmidt.typing import ComplexMatrix

__all__ = ["joint_unitary", "reservoir_state"]


def joint_unitary(reader: PlainReader, joint: Space, given: Any, table: str) -> ComplexMatrix | None:
    """Return the unitary of a table with `unitary`, or with `hamiltonian` and `time`; None after noting a fault."""
    faults, on = reader.faults, reader.on(joint.sites)
    if (given.unitary is None) == (given.hamiltonian is None):
        faults.add((table,), "must have one of `unitary` and `hamiltonian`.")
        return None
    if given.unitary is not None:
        return on.operator(given.unitary, (table, "unitary"))
    if given.time is None:
        faults.add((table, "time"), "must be given with `hamiltonian`.")
        return None
    hamiltonian = on.hermitian(given.hamiltonian, (table, "hamiltonian"))
    time = reader.number(given.time, (table, "time"))
    return None if hamiltonian is None or time is None else np.asarray(expm(-1j * time * hamiltonian))


def reservoir_state(
    reader: Reader, table: ReservoirSpec, hamiltonian: ComplexMatrix | None, name: str
) -> ComplexMatrix | None:
    """Return the state of a table with `state`, `temperature` or `beta`; None after noting a fault."""
    keys = [key for key in ("state", "temperature", "beta") if getattr(table, key) is not None]
    if len(keys) != 1:
        said = f"has {' and '.join(keys)}" if keys else "has none"
        reader.faults.add((name,), f"must have one of `state`, `temperature`, `beta`, but it {said}.")
        return None
    if table.state is not None:
        return given_state(reader, table.state, (name, "state"))
    beta = reader.beta(table.temperature, table.beta, (name,))
    if hamiltonian is None:
        reader.faults.add((name, keys[0]), f"needs `{name}.hamiltonian`.")
        return None
    return None if beta is None else reader.faults.attempt((name, keys[0]), gibbs_state, hamiltonian, beta)
