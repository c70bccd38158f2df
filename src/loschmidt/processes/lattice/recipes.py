"""The protocols of the two papers: the two-step echo, repeated erasure, the built-in eraser, and a plain expansion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat, TypeVar

import numpy as np

from loschmidt.checks import as_number
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.lattice.phases import PhaseOperator
from loschmidt.processes.lattice.protocol import Erase, ExactStep, FullStep, LatticeProtocol, Stage
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.states.fock import as_count

__all__ = ["built_in_eraser", "domain_wall_expansion", "lattice_protocol", "repeated_erasure", "two_step_echo"]

Entry = TypeVar("Entry")
_MOST_REPETITIONS = 10**6
_DYNAMICS = ("full", "stepwise")


def lattice_protocol(
    system: LatticeSystem,
    stages: Sequence[Stage],
    labels: Sequence[str],
    *,
    initial_label: str = "start",
    echo_species: Sequence[str | int] | None = None,
) -> LatticeProtocol:
    """Return a protocol of any stages.

    Parameters
    ----------
    system : LatticeSystem
        What they act on.
    stages : sequence of stages
        In the order in which they act.
    labels : sequence of str
        Name of the state after each stage; "" for a state that is not recorded.
    initial_label : str
        Name of the initial state.
    echo_species : sequence of str or int, optional
        Species whose return the echo fidelity measures; all by default.

    Raises
    ------
    ShapeError, InputError
        If counts or shapes do not fit, a time is not finite, or an exact step is asked of particles that have none.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> system = lattice_system(Lattice.chain(4), (2, 2))
    >>> lattice_protocol(system, [FullStep(1.0)], ["end"]).record_labels
    ('start', 'end')
    """
    axes = range(len(system.dims)) if echo_species is None else [system.index(one) for one in echo_species]
    return LatticeProtocol(system, tuple(stages), tuple(labels), initial_label, tuple(axes))


def two_step_echo(
    system: LatticeSystem,
    phases: PhaseOperator | None = None,
    times: Sequence[SupportsFloat] = (3.0, 3.0),
    *,
    interaction_weight: SupportsFloat = 1.0,
    movers: Sequence[str | int] = (0, 1),
) -> LatticeProtocol:
    r"""Return the two-step echo: one species moves, then the other; information is erased; both steps are undone.

    .. math:: \phi_0' = W^\dagger O' W \phi_0, \qquad W = e^{-iH_2t_2}e^{-iH_1t_1}

    Parameters
    ----------
    system : LatticeSystem
        Two species, or more of which two move.
    phases : PhaseOperator, optional
        O'; without it nothing is erased and the echo is perfect.
    times : (2,)
        t₁ and t₂.
    interaction_weight : float
        1 as in the source, where each step carries the whole interaction; repeated small steps then follow H with
        twice the interaction. With ½ they follow H.
    movers : (2,)
        The species that moves first and the one that moves last.

    Notes
    -----
    :cite:t:`guo2025`, Eqs. (5) to (17); its states φ₀, φ₁, φ₂, φ₂', φ₁', φ₀' are recorded. Phases on the species that
    moves first commute with the last step, and that of the last mover then echoes perfectly.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, deterministic_phases, lattice_system
    >>> system = lattice_system(Lattice.ring(6), (3, 3), interaction=1.0)
    >>> two_step_echo(system, deterministic_phases(system, "upsilon")).record_labels
    ('φ0', 'φ1', 'φ2', "φ2'", "φ1'", "φ0'")
    """
    first, last = (system.index(one) for one in _pair(movers, "movers"))
    if first == last:
        raise InputError(f"`movers` must be two species, but both are {system.species[first]}.")
    t1, t2 = (as_number(time, f"times[{k}]") for k, time in enumerate(_pair(times, "times")))
    weight = as_number(interaction_weight, "interaction_weight")
    forward = (ExactStep(first, t1, weight), ExactStep(last, t2, weight))
    erase = Erase(PhaseOperator((), "1") if phases is None else phases)
    stages = (*forward, erase, forward[1].reversed, forward[0].reversed)
    return lattice_protocol(system, stages, ("φ1", "φ2", "φ2'", "φ1'", "φ0'"), initial_label="φ0")


def repeated_erasure(
    system: LatticeSystem,
    operations: Sequence[tuple[PhaseOperator, Any]],
    *,
    repetitions: int = 1,
    dynamics: str = "full",
    include_inverse: bool = True,
    interaction_weight: SupportsFloat = 1.0,
    record_every: int = 1,
) -> LatticeProtocol:
    r"""Return the sequence :math:`[O^\dagger O(t)]^n`, or any ordered list :math:`\dots O_2(t_2)O_1(t_1)`.

    .. math:: O(t) = W_t^\dagger O W_t, \qquad W_t = e^{-iHt}

    Parameters
    ----------
    system : LatticeSystem
        What it acts on.
    operations : sequence of (PhaseOperator, float or (S,))
        O_k and t_k of any sign, in the order in which they act. One entry repeats a fixed operator; make one entry
        for each repetition for fresh operators or times.
    repetitions : int
        How often the list is run through.
    dynamics : str
        "full" for W = exp(−iHt), or "stepwise" for one species after the other; a time is then one number for all or
        one for each species.
    include_inverse : bool
        Whether O† follows O(t). Without it, n equal repetitions are one with n times the phases.
    interaction_weight : float
        For stepwise dynamics; see :func:`two_step_echo`.
    record_every : int
        Operations from one recorded state to the next; the last state is always recorded. Steps that cancel between
        records are left out.

    Notes
    -----
    Both forms stand in the two versions of part I, :cite:t:`guo2025i`.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system, local_phases
    >>> system = lattice_system(Lattice.chain(6), (3, 3), interaction=1.0)
    >>> repeated_erasure(system, [(local_phases(system, 2, 1.0), 3.0)], repetitions=3).record_labels
    ('0', '1', '2', '3')
    """
    if not operations:
        raise InputError("`operations` must hold at least one pair of a phase operator and a time.")
    if dynamics not in _DYNAMICS:
        raise InputError(f'`dynamics` must be "full" or "stepwise", but it is {dynamics!r}.')
    count = as_count(repetitions, "repetitions", 1, _MOST_REPETITIONS) * len(operations)
    every = as_count(record_every, "record_every", 1, _MOST_REPETITIONS)
    weight = as_number(interaction_weight, "interaction_weight")
    stages: list[Stage] = []
    labels: list[str] = []
    for number in range(1, count + 1):
        phases, time = operations[(number - 1) % len(operations)]
        forward = _forward(system, time, dynamics, weight)
        erase = Erase(phases)
        stages += [*forward, erase, *(step.reversed for step in reversed(forward))]
        stages += [erase.reversed] if include_inverse else []
        labels += [""] * (len(stages) - len(labels))
        if number % every == 0 or number == count:
            labels[-1] = str(number)
    return lattice_protocol(system, stages, labels, initial_label="0").simplified()


def built_in_eraser(
    system: LatticeSystem,
    time: SupportsFloat,
    repetitions: int = 1,
    *,
    eraser: str | int | None = None,
    reverse_eraser: bool = False,
    record_turning: bool = False,
) -> LatticeProtocol:
    r"""Return the echo of an isolated system with its own eraser: a species whose motion is never reversed.

    All evolve under H for a time t, then under −H with every term of the eraser left as it is, and so on.

    Parameters
    ----------
    system : LatticeSystem
        Three species, of which one erases.
    time : float
        t of each half.
    repetitions : int
        Number of echoes.
    eraser : str or int, optional
        The last species by default.
    reverse_eraser : bool
        Reverse it as well, for comparison: the echo is then perfect.
    record_turning : bool
        Record the turning points as well.

    Notes
    -----
    Our construction: the model of part I, :cite:t:`guo2025i`, is not known to us. The evolution is unitary throughout;
    the echo fidelity is that of the species other than the eraser.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> coupled = {("tau", "upsilon"): 1.0, ("upsilon", "kappa"): 1.0}
    >>> system = lattice_system(Lattice.chain(4), (2, 2, 2), interaction=coupled)
    >>> built_in_eraser(system, 2.0, 2).record_labels
    ('0', '1', '2')
    """
    count = as_count(repetitions, "repetitions", 1, _MOST_REPETITIONS)
    half = as_number(time, "time")
    axis = system.index(len(system.dims) - 1 if eraser is None else eraser)
    if len(system.dims) < 2:
        raise InputError("`system` must have a species beside the eraser, but it has one species.")
    forward = FullStep(half)
    backward = forward.reversed if reverse_eraser else FullStep(half, system.reversed_except([axis]))
    labels = [label for k in range(1, count + 1) for label in (f"{k - 1}½" if record_turning else "", str(k))]
    others = [s for s in range(len(system.dims)) if s != axis]
    return lattice_protocol(system, [forward, backward] * count, labels, initial_label="0", echo_species=others)


def domain_wall_expansion(system: LatticeSystem, time: SupportsFloat, records: int = 20) -> LatticeProtocol:
    """Return plain evolution under H, recorded at equal intervals, such as the expansion of a domain wall.

    Parameters
    ----------
    system : LatticeSystem
        What moves.
    time : float
        Total time.
    records : int
        Number of recorded states after the initial one.

    Examples
    --------
    >>> from loschmidt.processes.lattice import Lattice, lattice_system
    >>> domain_wall_expansion(lattice_system(Lattice.chain(4), (2, 2)), 1.0, 2).record_labels
    ('t = 0', 't = 0.5', 't = 1')
    """
    count = as_count(records, "records", 1, _MOST_REPETITIONS)
    total = as_number(time, "time")
    labels = [f"t = {total * k / count:g}" for k in range(count + 1)]
    return lattice_protocol(system, [FullStep(total / count)] * count, labels[1:], initial_label=labels[0])


def _forward(system: LatticeSystem, time: Any, dynamics: str, weight: float) -> list[Stage]:
    count = len(system.dims)
    if dynamics == "full":
        return [FullStep(as_number(time, "a time of `operations`"))]
    times = [time] * count if np.ndim(time) == 0 else list(time)
    if len(times) != count:
        raise ShapeError(f"a time of `operations` must be one number or {count}, one per species, but it is {time!r}.")
    return [ExactStep(s, as_number(t, "a time of `operations`"), weight) for s, t in enumerate(times)]


def _pair(values: Sequence[Entry], name: str) -> tuple[Entry, Entry]:
    if len(values) != 2:
        raise ShapeError(f"`{name}` must have two entries, but it has {len(values)}.")
    return values[0], values[1]
