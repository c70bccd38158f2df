"""Part I: repeated erasure [O†O(t)]^N of a Hubbard chain, what it reaches, and when it does not accumulate."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from loschmidt.evolution.lattice import LatticeEvolution
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.erasure._systems import BARE, HALF_CHAIN, chain, from_wall
from loschmidt.processes.lattice import (
    FullStep,
    LatticeSystem,
    PhaseOperator,
    deterministic_phases,
    domain_wall_expansion,
    lattice_protocol,
    local_phases,
    random_phases,
    repeated_erasure,
)
from loschmidt.typing import RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10


def _local(system: LatticeSystem, angle: float = np.pi, site: int | None = None) -> PhaseOperator:
    """Return the phase operator of τ on one site, the middle one unless told otherwise."""
    return local_phases(system, system.lattice.sites // 2 if site is None else site, {"tau": angle})


def _repeated(sites: int, repetitions: int, record_every: int = 1, angle: float = np.pi) -> LatticeEvolution:
    """Run [O†O(t)]^n with a fixed local O and t = L/2."""
    system = chain(sites)
    operations = [(_local(system, angle), sites / 2)]
    return from_wall(
        repeated_erasure(system, operations, repetitions=repetitions, record_every=record_every), HALF_CHAIN
    )


def _drops(entropies: RealVector) -> tuple[int, float]:
    changes = np.diff(entropies)
    return int((changes < -_ROUND_OFF).sum()), float(-changes.min())


def _volume_law() -> Computed:
    table = []
    for sites in (4, 6, 8):
        system = chain(sites)
        run = from_wall(domain_wall_expansion(system, float(sites), 8), HALF_CHAIN)
        there_and_back = lattice_protocol(system, [FullStep(float(sites)), FullStep(-float(sites))], ["", "back"])
        back = from_wall(there_and_back)
        table.append(
            {
                "sites": sites,
                "entanglement of the half per site": float(run.half_chain_entanglement[4:].mean()) / sites,
                "echo": float(back.echo_fidelity[-1]),
            }
        )
    densities = [row["entanglement of the half per site"] for row in table]
    kept = max(abs(row["echo"] - 1) for row in table)
    good = 0.2 < max(densities) < 1.3 * min(densities) and kept < _ROUND_OFF
    return Computed(
        table,
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A wall on 4, 6 and 8 sites becomes entangled by {densities[0]:.2f}, {densities[1]:.2f} and "
        f"{densities[2]:.2f} nats per site, and still returns within {kept:.0e}.",
    )


def _saturation() -> Computed:
    system, rng = chain(8), np.random.default_rng(1)
    fresh = [(random_phases(system, "upsilon", rng), 3.0) for _ in range(16)]
    run = from_wall(repeated_erasure(system, fresh), HALF_CHAIN)
    reference = run.equilibrium
    entropy, half = float(run.joint_entropy[8:].mean()), float(run.half_chain_entanglement[8:].mean())
    energy, hot = float(run.energy[8:].mean()), float(reference.interaction_energy.sum())
    shares = entropy / reference.haar.mean, half / reference.half_chain_entanglement
    good = min(shares) > 0.98 and abs(energy - hot) < 0.2
    return Computed(
        {
            "S": entropy,
            "Haar mean of S": reference.haar.mean,
            "half chain": half,
            "Page value": reference.half_chain_entanglement,
            "energy": energy,
            "energy at infinite temperature": hot,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"With random phases on υ, eight sites settle within a few repetitions at S = {entropy:.3f} of "
        f"{reference.haar.mean:.3f} for random states, the half chain at {half:.3f} of Page's "
        f"{reference.half_chain_entanglement:.3f}, the energy at {energy:.2f} of {hot:.2f} at infinite temperature.",
    )


def _local_operator() -> Computed:
    table = []
    for sites in (4, 6, 8):
        run = _repeated(sites, 40, record_every=20)
        shares = run.half_chain_entanglement / run.equilibrium.half_chain_entanglement
        table.append({"sites": sites, "after 20": float(shares[1]), "after 40": float(shares[2])})
    good = table[2]["after 40"] > table[2]["after 20"] > 0.7
    return Computed(
        table,
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A phase π on one site drives the half chain of eight sites to {table[2]['after 20']:.2f} of Page's value "
        f"after 20 repetitions and {table[2]['after 40']:.2f} after 40: it suffices, but it is slow.",
    )


def _monotony() -> Computed:
    table, repetitions = [], 60
    for sites in (4, 6, 8):
        count, largest = _drops(_repeated(sites, repetitions).half_chain_entanglement)
        table.append({"sites": sites, "drops in 60 repetitions": count, "largest drop": largest})
    counts = [row["drops in 60 repetitions"] for row in table]
    sizes = [row["largest drop"] for row in table]
    shrinks = sizes[0] > sizes[1] > sizes[2] and counts[0] > counts[1] > counts[2]
    return Computed(
        table,
        ClaimVerdict.REPRODUCED if max(counts) == 0 else (ClaimVerdict.CORRECTED if shrinks else ClaimVerdict.REFUTED),
        f"The entropy rises on the whole but not in every repetition: {counts[0]}, {counts[1]} and {counts[2]} of 60 "
        f"lower it on 4, 6 and 8 sites, by up to {sizes[0]:.2f}, {sizes[1]:.2f} and {sizes[2]:.2f}; drops become rarer "
        f"and smaller with size.",
    )


def _ordered_list() -> Computed:
    system, rng = chain(6), np.random.default_rng(3)
    operator = _local(system, 1.0)
    runs = {
        "one time": [(operator, 3.0)] * 40,
        "times of either sign": [(operator, float(time)) for time in rng.uniform(-3, 3, 40)],
    }
    shares = {}
    for name, operations in runs.items():
        run = from_wall(repeated_erasure(system, operations, include_inverse=False, record_every=10), HALF_CHAIN)
        shares[name] = float(run.half_chain_entanglement[2:].mean()) / run.equilibrium.half_chain_entanglement
    single = from_wall(repeated_erasure(system, [(_local(system, 40.0), 3.0)], include_inverse=False), BARE)
    one_by_one = repeated_erasure(system, runs["one time"], include_inverse=False)
    collapse = float(np.linalg.norm(from_wall(one_by_one).state - single.state))
    varied, fixed = shares["times of either sign"], shares["one time"]
    good = varied > 0.9
    return Computed(
        {"share of Page's value": shares, "distance of 40 repetitions from one with 40 times the phase": collapse},
        ClaimVerdict.REFUTED
        if not good
        else (ClaimVerdict.CORRECTED if fixed < 0.8 and collapse < _ROUND_OFF else ClaimVerdict.REPRODUCED),
        f"Times that vary, of either sign, bring the half chain of six sites to {varied:.2f} of Page's value; with one "
        f"time 40 repetitions are a single one with 40 times the phase (within {collapse:.0e}) and it stays at "
        f"{fixed:.2f}.",
    )


def _last_stretch(system: LatticeSystem, operations: Sequence[tuple[PhaseOperator, float]]) -> tuple[float, float]:
    run = from_wall(repeated_erasure(system, operations, dynamics="stepwise"))
    late = run.species_entropy[len(operations) // 2 :, 0]
    return float(late.mean()), float(run.joint_entropy[len(operations) // 2 :].mean())


def _stepwise_repetition() -> Computed:
    system, rng = chain(8), np.random.default_rng(2)
    phases = deterministic_phases(system, "upsilon")
    fixed = _last_stretch(system, [(phases, 3.0)] * 40)
    fresh = _last_stretch(system, [(random_phases(system, "upsilon", rng), 3.0) for _ in range(40)])
    varied = _last_stretch(system, [(phases, float(time)) for time in rng.uniform(2, 4, 40)])
    haar = from_wall(domain_wall_expansion(system, 0.0, 1)).equilibrium.haar_species[0]
    below = (haar.mean - fixed[0]) / haar.spread
    reaches = abs(varied[0] - haar.mean) < 3 * haar.spread
    return Computed(
        {"S_τ, fixed": fixed[0], "S_τ, fresh phases": fresh[0], "S_τ, varied times": varied[0], "Haar": haar.mean},
        ClaimVerdict.REFUTED if not reaches else (ClaimVerdict.CORRECTED if below > 10 else ClaimVerdict.REPRODUCED),
        f"With steps of fixed duration τ moves only in the first and the last of them, whatever the phases, and S_τ "
        f"stays at {fixed[0]:.3f} ({fresh[0]:.3f} with fresh phases), {below:.0f} standard deviations below random "
        f"states; with varied durations it reaches {varied[0]:.4f} of {haar.mean:.4f}.",
    )


def _unknown_numbers() -> Computed:
    system = chain(6)
    table = []
    for site in (0, 1, 2):
        for angle in (1.0, np.pi):
            operations = [(_local(system, angle, site), 3.0)]
            run = from_wall(repeated_erasure(system, operations, repetitions=10, record_every=10), HALF_CHAIN)
            share = float(run.half_chain_entanglement[-1]) / run.equilibrium.half_chain_entanglement
            table.append({"site": site, "angle": angle, "share of Page's value after 10 repetitions": share})
    values = [row["share of Page's value after 10 repetitions"] for row in table]
    undetermined = max(values) > 1.5 * min(values)
    return Computed(
        table,
        ClaimVerdict.NOT_REPRODUCIBLE if undetermined else ClaimVerdict.REPRODUCED,
        f"The abstracts give no size, coupling, angle or site: on six sites ten repetitions reach {min(values):.2f} to "
        f"{max(values):.2f} of Page's value, by the choice of site and angle alone.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "volume-law",
        "part I, abstract of version 1",
        "Particles spread into a state with a volume law of entanglement that still holds the initial information.",
        None,
        ClaimVerdict.REPRODUCED,
        _volume_law,
    ),
    Claim(
        "sequence-saturates",
        "part I, abstract",
        "Repeated erasure drives the entanglement entropy to a stable value.",
        None,
        ClaimVerdict.REPRODUCED,
        _saturation,
    ),
    Claim(
        "local-operator-suffices",
        "part I, abstract",
        "A local operator erases enough for that.",
        None,
        ClaimVerdict.REPRODUCED,
        _local_operator,
    ),
    Claim(
        "monotonic-growth",
        "part I, abstract",
        "The entanglement entropy increases monotonically.",
        "monotonically",
        ClaimVerdict.CORRECTED,
        _monotony,
    ),
    Claim(
        "ordered-sequence",
        "part I, abstract of version 2",
        "An ordered sequence of O_i(t_i), with times of any sign, erases information.",
        None,
        ClaimVerdict.CORRECTED,
        _ordered_list,
    ),
    Claim(
        "stepwise-repetition",
        "text to Eq. (17)",
        "Repeating the two-step erasure leads to equilibrium.",
        None,
        ClaimVerdict.CORRECTED,
        _stepwise_repetition,
    ),
    Claim(
        "numbers-of-part-one",
        "part I, figures",
        "The curves of part I.",
        None,
        ClaimVerdict.NOT_REPRODUCIBLE,
        _unknown_numbers,
    ),
)
