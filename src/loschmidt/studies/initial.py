"""The initial state that a model file describes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from loschmidt.checks import as_density_matrix
from loschmidt.errors import NotUniqueError
from loschmidt.evolution.evolve import OpenSystem
from loschmidt.processes.driven import DrivenGenerator
from loschmidt.states.gibbs import gibbs_state
from loschmidt.studies import spec as files
from loschmidt.studies.arrays import load_array
from loschmidt.studies.key_lines import KeyPath
from loschmidt.studies.reading import Reader
from loschmidt.typing import ComplexMatrix, RealVector

if TYPE_CHECKING:
    from loschmidt.processes.channels import Channel

__all__ = ["given_state", "initial_state", "input_state"]


def initial_state(
    reader: Reader, given: files.InitialSpec, process: OpenSystem | None, times: RealVector | None
) -> ComplexMatrix | None:
    """Return the state (d, d) at the first time, or None after noting the fault."""
    keys = [key for key in ("state", "temperature", "beta") if getattr(given, key) is not None]
    if len(keys) != 1:
        said = f"has {' and '.join(keys)}" if keys else "is empty"
        reader.faults.add(("initial",), f"must have one of `state`, `temperature`, `beta`, but it {said}.")
        return None
    if given.state is None:
        beta = reader.beta(given.temperature, given.beta, ("initial",))
        if beta is None or process is None or times is None:
            return None
        return reader.faults.attempt(("initial", keys[0]), gibbs_state, _energy(process, float(times[0])), beta)
    place = ("initial", "state")
    if isinstance(given.state, str) and given.state.split() == ["steady"]:
        if process is None or times is None:
            return None
        return reader.faults.attempt(place, _steady, process, float(times[0]))
    return given_state(reader, given.state, place)


def given_state(reader: Reader, source: Any, place: KeyPath) -> ComplexMatrix | None:
    """Return the state (d, d) of a file, a matrix, an expression or the words `maximally mixed`; None after a fault."""
    faults, space = reader.faults, reader.space
    if space is None:
        return None
    if isinstance(source, files.ArrayFile):
        array = faults.attempt(place, load_array, faults.origin.folder / source.file, source.key)
        return None if array is None else faults.attempt(place, as_density_matrix, array, "state", space.dimension)
    if not isinstance(source, str):
        matrix = reader.operator(source, place)
        return None if matrix is None else faults.attempt(place, as_density_matrix, matrix, "state", space.dimension)
    if source.split() == ["maximally", "mixed"]:
        return np.eye(space.dimension, dtype=np.complex128) / space.dimension
    return reader.state(source, place)


def input_state(
    reader: Reader, given: files.InitialSpec, channel: Channel, hamiltonian: ComplexMatrix | None
) -> ComplexMatrix | None:
    """Return what goes into a channel, or None after noting the fault; `minimal gain` loses most entropy."""
    keys = [key for key in ("state", "temperature", "beta") if getattr(given, key) is not None]
    if len(keys) != 1:
        said = f"has {' and '.join(keys)}" if keys else "is empty"
        reader.faults.add(("initial",), f"must have one of `state`, `temperature`, `beta`, but it {said}.")
        return None
    if given.state is None:
        beta = reader.beta(given.temperature, given.beta, ("initial",))
        if hamiltonian is None:
            reader.faults.add(("initial", keys[0]), "needs the Hamiltonian of the system, but it has none.")
            return None
        return None if beta is None else reader.faults.attempt(("initial", keys[0]), gibbs_state, hamiltonian, beta)
    if isinstance(given.state, str) and given.state.split() == ["minimal", "gain"]:
        from loschmidt.processes.gains import minimal_entropy_gain

        return np.asarray(minimal_entropy_gain(channel).state)
    return given_state(reader, given.state, ("initial", "state"))


def _steady(process: OpenSystem, start: float) -> ComplexMatrix:
    from loschmidt.evolution.steady import steady_state

    try:
        found = steady_state(process.at(start) if isinstance(process, DrivenGenerator) else process)
    except NotUniqueError:
        raise NotUniqueError(
            "`steady` must name one state, but this process has several steady states, and which one is reached "
            "depends on the start. Give the state itself."
        ) from None
    if found.unique is None:
        warnings.warn(
            "The initial state is steady, but whether it is the only steady state is not known.", stacklevel=2
        )
    return found.state


def _energy(process: OpenSystem, start: float) -> ComplexMatrix:
    return process.energy_at(start) if isinstance(process, DrivenGenerator) else process.energy
