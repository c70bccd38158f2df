"""What happens to a state in one step: quantum channels in every representation."""

from loschmidt.processes.channels.channel import Channel, Restriction
from loschmidt.processes.channels.linear_map import LinearMap
from loschmidt.processes.channels.standard import (
    amplitude_damping,
    dephasing,
    depolarising,
    erasure_channel,
    generalised_amplitude_damping,
    identity_channel,
    mixed_unitary_channel,
    pauli_channel,
    random_channel,
    reset_channel,
    schur_channel,
    unitary_channel,
)
from loschmidt.processes.channels.stinespring import Stinespring

__all__ = [
    "Channel",
    "LinearMap",
    "Restriction",
    "Stinespring",
    "amplitude_damping",
    "dephasing",
    "depolarising",
    "erasure_channel",
    "generalised_amplitude_damping",
    "identity_channel",
    "mixed_unitary_channel",
    "pauli_channel",
    "random_channel",
    "reset_channel",
    "schur_channel",
    "unitary_channel",
]
