"""The keeper of lattice ledgers: what each stage did to the entropies, where the particles are, and what came back."""

from __future__ import annotations

import numpy as np

from loschmidt.evolution.lattice.evolution import LatticeEvolution
from loschmidt.ledger.ledger import Ledger, LedgerBuilder
from loschmidt.processes.lattice.protocol import Erase, ExactStep, FullStep, Stage
from loschmidt.processes.lattice.system import LatticeSystem
from loschmidt.typing import RealVector

__all__ = ["keep_lattice", "keep_lattice_run"]

_STATISTICS = {"fermion": "fermions", "hardcore": "hard-core bosons"}
_ENTANGLEMENT = ("species_entanglement", "half_chain_entanglement", "purity")


def keep_lattice(evolution: LatticeEvolution, title: str, unerased: LatticeEvolution | None = None) -> Ledger:
    """Return the ledger of a lattice run; see :func:`~loschmidt.ledger.build.build_ledger`.

    With the same run without erasure, `unerased`, the ledger compares the two echoes.
    """
    system = evolution.protocol.system
    builder = _opened(evolution, title)
    error, found = evolution.entropy_error, evolution.observables
    builder.add("fock_entropy", evolution.joint_entropy, error)
    builder.add("entropy_change", evolution.joint_entropy - evolution.joint_entropy[0], error + error[0])
    builder.add("species_fock_entropy", evolution.species_entropy, error[:, None])
    builder.add("participation", evolution.participation)
    builder.add("species_participation", evolution.species_participation)
    looked = evolution.entanglement_records
    for name in _ENTANGLEMENT:
        if name in found:
            spread = error[looked] if found[name].ndim == 1 else error[looked, None]
            builder.add(name, found[name], spread)
        else:
            builder.leave_out("it was not asked for, or costs too much at this size", name)
    _add_places_and_energies(builder, evolution)
    builder.add("echo_fidelity", evolution.echo_fidelity, evolution.echo_error)
    if unerased is not None:
        builder.add("unerased_echo_fidelity", unerased.echo_fidelity, unerased.echo_error)
        builder.add("unerased_fock_entropy", unerased.joint_entropy, unerased.entropy_error)
    _add_invariants(builder, evolution)
    _add_equilibrium(builder, evolution)
    builder.describe(pairs=" ".join(_pair_names(system)))
    return builder.build()


def keep_lattice_run(evolution: LatticeEvolution, title: str, keep_states: bool) -> Ledger:
    """Return the ledger of a lattice run without another to compare with; a state is a vector and is not stored."""
    return keep_lattice(evolution, title)


def _opened(evolution: LatticeEvolution, title: str) -> LedgerBuilder:
    system, labels = evolution.protocol.system, np.array(evolution.labels, dtype=object)
    builder = LedgerBuilder(
        "lattice",
        {
            "step": np.arange(len(labels)),
            "stage": ("step", labels),
            "entangled_step": evolution.entanglement_records,
            "species": list(system.species),
            "site": np.arange(system.lattice.sites),
            "pair": _pair_names(system),
        },
    )
    counts = " + ".join(map(str, system.particles))
    builder.describe(
        title=title,
        equation=f"{counts} {_STATISTICS[system.statistics]} on a {system.lattice.name}",
        dimension=system.dimension,
        method=" and ".join(evolution.methods) or "phases",
        error=float(evolution.state_error[-1]),
        seed="see the model",
        precision=evolution.precision,
        connected=int(system.lattice.connected),
    )
    return builder


def _add_places_and_energies(builder: LedgerBuilder, evolution: LatticeEvolution) -> None:
    error, energy_error = evolution.state_error, evolution.energy_error
    rounding = _rounding(evolution)
    builder.add("density", evolution.density, (2 * error + rounding)[:, None, None])
    builder.add("double_occupancy", evolution.double_occupancy, (2 * error + rounding)[:, None, None])
    builder.add("potential_energy", evolution.potential_energy, energy_error[:, None])
    builder.add("interaction_energy", evolution.interaction_energy, energy_error[:, None])
    if "energy" in evolution.observables:
        builder.add("energy", evolution.energy, energy_error)
        builder.add("hopping_energy", evolution.hopping_energy, energy_error[:, None])
        builder.add("cut_current", evolution.current, energy_error[:, None])
    else:
        builder.leave_out("bond correlations were not asked for", "energy", "hopping_energy", "cut_current")


def _add_invariants(builder: LedgerBuilder, evolution: LatticeEvolution) -> None:
    system, error = evolution.protocol.system, evolution.entropy_error
    rounding = _rounding(evolution)
    builder.add("norm", evolution.norm, 2 * evolution.state_error + rounding)
    numbers = evolution.density.sum(axis=-1) - np.array(system.particles)
    scale = 1 + float(max(system.particles))
    builder.add("particle_number_defect", np.abs(numbers), (scale * (2 * evolution.state_error + rounding))[:, None])
    pairwise = error + np.concatenate([[0.0], error[:-1]])
    stretches = _stretches(evolution)
    entropies = np.column_stack([evolution.joint_entropy, evolution.species_entropy])
    changes = np.abs(np.diff(entropies, axis=0, prepend=entropies[:1]))
    erased = np.array([bool(stages) and all(isinstance(one, Erase) for one in stages) for stages in stretches])
    builder.add("erasure_entropy_change", np.where(erased, changes.max(axis=1), 0.0), pairwise)
    resting = np.array([[_rests(stages, s) for s in range(len(system.dims))] for stages in stretches])
    builder.add("frozen_entropy_change", np.where(resting, changes[:, 1:], 0.0), pairwise[:, None])
    _add_entanglement_change(builder, evolution, stretches, pairwise)
    if "energy" in evolution.observables:
        free = np.array([bool(stages) and all(_is_full(one) for one in stages) for stages in stretches])
        drift = np.abs(np.diff(evolution.energy, prepend=evolution.energy[0]))
        energy_error = evolution.energy_error
        rounding = _rounding(evolution) * _energy_scale(system)
        builder.add("energy_drift", np.where(free, drift, 0.0), energy_error + np.roll(energy_error, 1) + rounding)
    else:
        builder.leave_out("bond correlations were not asked for", "energy_drift")


def _add_entanglement_change(
    builder: LedgerBuilder, evolution: LatticeEvolution, stretches: list[tuple[Stage, ...]], error: RealVector
) -> None:
    known = evolution.observables.get("species_entanglement")
    if known is None or len(evolution.entanglement_records) < len(stretches):
        builder.leave_out("entanglement is not known at every record", "erasure_entanglement_change")
        return
    local = np.array([bool(stages) and all(_is_local(one) for one in stages) for stages in stretches])
    changes = np.abs(np.diff(known, axis=0, prepend=known[:1])).max(axis=1)
    builder.add("erasure_entanglement_change", np.where(local, changes, 0.0), 2 * error)


def _is_local(stage: Stage) -> bool:
    """Return whether a stage is a product of unitaries of single species."""
    return isinstance(stage, Erase) and all(sum(n > 1 for n in term.shape) <= 1 for term in stage.phases.terms)


def _add_equilibrium(builder: LedgerBuilder, evolution: LatticeEvolution) -> None:
    reference = evolution.equilibrium
    builder.add("uniform_entropy", reference.uniform_entropy)
    builder.add("uniform_species_entropy", reference.uniform_species_entropy)
    builder.add("haar_entropy", reference.haar.mean)
    builder.add("haar_species_entropy", [one.mean for one in reference.haar_species])
    builder.add("page_species_entanglement", [one.mean for one in reference.species_entanglement])
    builder.add("page_half_chain_entanglement", reference.half_chain_entanglement)


def _stretches(evolution: LatticeEvolution) -> list[tuple[Stage, ...]]:
    """Return the stages between each record and the one before; none before the first."""
    stages, ends = evolution.protocol.stages, [int(end) for end in evolution.completed]
    return [stages[max(ends[k - 1], 0) : ends[k]] if k else () for k in range(len(ends))]


def _rests(stages: tuple[Stage, ...], species: int) -> bool:
    """Return whether nothing moved a species: only others moved, and phases do not count."""
    return bool(stages) and all(
        isinstance(one, Erase) or (isinstance(one, ExactStep) and one.species != species) for one in stages
    )


def _is_full(stage: Stage) -> bool:
    return isinstance(stage, FullStep) and stage.system is None


def _energy_scale(system: LatticeSystem) -> float:
    """Return the sum of all energies of the Hamiltonian, of which ⟨H⟩ is a sum with smaller factors."""
    bonds = float(np.abs(system.lattice.weights).sum())
    terms = bonds * float(np.abs(np.asarray(system.hopping)).sum())
    return terms + float(np.abs(system.interaction).sum()) + float(np.abs(system.potentials).sum())


def _pair_names(system: LatticeSystem) -> list[str]:
    return [f"{system.species[a]}-{system.species[b]}" for a, b in system.pairs]


def _rounding(evolution: LatticeEvolution) -> float:
    return 64 * float(np.finfo(evolution.state.dtype).eps)
