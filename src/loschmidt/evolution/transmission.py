"""Send one state through a channel or a dilation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from loschmidt.checks import as_density_matrix, as_hermitian
from loschmidt.errors import ShapeError
from loschmidt.processes.channels.channel import Channel
from loschmidt.processes.dilations.dilation import Dilation
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["Transmission", "transmit"]


@dataclass(frozen=True, eq=False)
class Transmission:
    """A state before and after a channel.

    Attributes
    ----------
    channel : Channel
        What happens to the system.
    dilation : Dilation or None
        The unitary and the reservoir behind it, where they are known.
    initial : (n, n)
        Input.
    final : (m, m)
        Output.
    hamiltonian : (n, n) or None
        Of the system.

    Examples
    --------
    >>> from loschmidt import amplitude_damping, evolve
    >>> evolve(amplitude_damping(0.5), [0, 1]).final.real
    array([[0.5, 0. ],
           [0. , 0.5]])
    """

    #: Kind of process, which says who keeps its ledger.
    family: ClassVar[str] = "channel"

    channel: Channel
    dilation: Dilation | None
    initial: ComplexMatrix
    final: ComplexMatrix
    hamiltonian: ComplexMatrix | None


def transmit(process: Channel | Dilation, state: StateLike, hamiltonian: OperatorLike | None = None) -> Transmission:
    """Return what a channel or a dilation makes of one state; see :func:`~loschmidt.evolution.evolve.evolve`.

    A Hamiltonian (n, n) says what the energy of the system is; a dilation may bring its own.
    """
    dilation = process if isinstance(process, Dilation) else None
    channel = process.channel if isinstance(process, Dilation) else process
    rho = as_density_matrix(state, "state", channel.dimension_in)
    if rho.ndim != 2:
        raise ShapeError(f"`state` must be one state (d, d), but its shape is {rho.shape}. Call the channel instead.")
    if hamiltonian is None:
        energy = None if dilation is None else dilation.system_hamiltonian
    else:
        energy = as_hermitian(hamiltonian, "hamiltonian", channel.dimension_in)
    return Transmission(channel, dilation, rho, channel.apply(rho), energy)
