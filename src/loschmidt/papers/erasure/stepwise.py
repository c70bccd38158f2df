"""The model and its stepwise dynamics: Eqs. (1) to (17), from the hopping term to the reversed steps."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm

from loschmidt.evolution.lattice import evolve_lattice
from loschmidt.information.fock import fock_entropies
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.erasure._systems import chain, echo_after_erasure, from_wall
from loschmidt.processes.lattice import (
    Erase,
    ExactStep,
    FullStep,
    LatticeSystem,
    given_state,
    lattice_protocol,
    lattice_system,
    random_lattice_state,
    random_phases,
    two_step_echo,
)
from loschmidt.states.fock import FockBasis
from loschmidt.typing import ComplexTensor, RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_CLEARLY = 1e-3


def _hopping(basis: FockBasis, signs: bool) -> tuple[RealMatrix, RealMatrix]:
    """Return Σ c†_i c_j and Σ c_i c†_j over the bonds of a chain, for fermions or (without signs) hard-core particles.

    For i ≠ j fermions anticommute, c_i c†_j = −c†_j c_i, and hard-core particles commute.
    """
    forth = np.zeros((basis.dimension, basis.dimension))
    for i in range(basis.sites - 1):
        after, before, sign = basis.hops(i, i + 1)
        forth[after, before] += sign if signs else 1.0
    return forth, (-1.0 if signs else 1.0) * forth.T


def _hopping_term() -> Computed:
    basis = FockBasis(4, 2)
    defects, norms = {}, {}
    for name, signs in (("fermions", True), ("hard-core particles", False)):
        forth, back = _hopping(basis, signs)
        printed = forth + back
        defects[name] = float(np.abs(printed - printed.T).max())
        norms[name] = float(np.linalg.norm(expm(-1j * printed), 2))
    forth, _ = _hopping(basis, signs=True)
    meant = forth + forth.conj().T
    stretch = abs(float(np.linalg.norm(expm(-1j * meant), 2)) - 1)
    as_printed = defects["fermions"] < _ROUND_OFF
    verdict = ClaimVerdict.CORRECTED if stretch < _ROUND_OFF else ClaimVerdict.REFUTED
    return Computed(
        {"largest element of T − T†": defects, "largest singular value of exp(−iT)": norms},
        ClaimVerdict.REPRODUCED if as_printed else verdict,
        f"For fermions c_i c†_j = −c†_j c_i, so that the printed term is anti-Hermitian and exp(−iT) stretches states "
        f"up to {norms['fermions']:.2f} times; with c†_i c_j + h.c. the evolution is unitary, and as printed only for "
        f"hard-core particles.",
    )


def _decomposition() -> Computed:
    system = chain(6)
    state = random_lattice_state(system, np.random.default_rng(1)).amplitudes
    alpha, beta = np.linalg.norm(state, axis=1), np.linalg.norm(state, axis=0)
    rows, columns = state / alpha[:, None], state / beta
    found = fock_entropies(state)
    defect = max(
        float(np.abs(alpha**2 - found.marginals[0]).max()),
        float(np.abs(beta**2 - found.marginals[1]).max()),
        float(np.abs(np.linalg.norm(rows, axis=1) - 1).max()),
        float(np.abs(alpha[:, None] * rows - columns * beta).max()),
    )
    return Computed(
        {"largest defect": defect},
        ClaimVerdict.REPRODUCED if defect < _ROUND_OFF else ClaimVerdict.REFUTED,
        f"|α_x|² and |β_y|² are the marginals of |γ_xy|² and both sums give the state back within {defect:.0e}.",
    )


def _change_of_marginals(species: int) -> tuple[float, float]:
    """Return by how much a step of one species changes its own Fock probabilities, and those of the other."""
    system = chain(6)
    start = random_lattice_state(system, np.random.default_rng(2))
    end = evolve_lattice(lattice_protocol(system, [ExactStep(species, 3.0)], ["end"]), start).state
    pairs = zip(fock_entropies(start.amplitudes).marginals, fock_entropies(end).marginals, strict=True)
    changes = [float(np.abs(before - after).max()) for before, after in pairs]
    return changes[species], changes[1 - species]


def _kept(species: int) -> Computed:
    moved, rested = _change_of_marginals(species)
    names = ("τ", "υ") if species == 0 else ("υ", "τ")
    good = rested < _ROUND_OFF and moved > _CLEARLY
    return Computed(
        {"change of the moving species": moved, "change of the resting species": rested},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"While {names[0]} moves for t = 3, Fock probabilities of {names[1]} change by {rested:.0e} and its own by "
        f"{moved:.2g}.",
    )


def _distance(system: LatticeSystem, weight: float, steps: int, time: float, target: ComplexTensor) -> float:
    """Return how far repeated short steps end from a state."""
    short = [ExactStep(0, time / steps, weight), ExactStep(1, time / steps, weight)] * steps
    end = from_wall(lattice_protocol(system, short, [""] * len(short))).state
    return float(np.linalg.norm(end - target))


def _splitting() -> Computed:
    system, time = chain(6), 1.7
    doubled = lattice_system(system.lattice, system.particles, interaction=2.0)
    once, twice = (from_wall(lattice_protocol(one, [FullStep(time)], [""])).state for one in (system, doubled))
    table = []
    for steps in (20, 80):
        row: dict[str, float] = {"steps": steps}
        for weight in (1.0, 0.5):
            row[f"from H, interaction weight {weight:g}"] = _distance(system, weight, steps, time, once)
        row["from H with 2U, interaction weight 1"] = _distance(system, 1.0, steps, time, twice)
        table.append(row)
    plain, half, double = list(table[1])[1:]
    as_printed = table[1][plain] < 0.3 * table[0][plain]
    repaired = table[1][half] < 0.3 * table[0][half] and table[1][double] < 0.3 * table[0][double]
    return Computed(
        table,
        ClaimVerdict.REPRODUCED
        if as_printed
        else (ClaimVerdict.CORRECTED if repaired else ClaimVerdict.NOT_REPRODUCIBLE),
        f"Both steps carry the whole interaction: 80 short steps end {table[1][plain]:.2f} from exp(−iHt) and "
        f"{table[1][double]:.0e} from the same with 2U; with half of it in each they end {table[1][half]:.0e} from "
        f"exp(−iHt).",
    )


def _erasure() -> Computed:
    system = chain(6)
    rng = np.random.default_rng(3)
    start = random_lattice_state(system, rng)
    run = evolve_lattice(lattice_protocol(system, [Erase(random_phases(system, "upsilon", rng))], ["erased"]), start)
    names = ("joint_entropy", "species_entropy", "density", "species_entanglement")
    change = max(float(np.abs(np.diff(run[name], axis=0)).max()) for name in names)
    overlap = float(run.echo_fidelity[1])
    good = change < 100 * _ROUND_OFF and overlap < 0.5
    return Computed(
        {"largest change of entropies and densities": change, "overlap with the state before": overlap},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Entropies, densities and entanglement of the species change by {change:.0e}, although the state keeps an "
        f"overlap of {overlap:.1g} only. The phases are diagonal, but they act on all sites at once.",
    )


def _reversal() -> Computed:
    system = chain(6)
    run = echo_after_erasure(system)
    phases = run.protocol.stages[2]
    # O'(t) φ₀ = W†(O'(W φ₀)), each factor by a run of its own.
    outward = from_wall(two_step_echo(system)).protocol.stages
    state = from_wall(lattice_protocol(system, outward[:2], ["", ""])).state
    factors = lattice_protocol(system, [phases, *(step.reversed for step in outward[1::-1])], [""] * 3)
    again = evolve_lattice(factors, given_state(system, state)).state
    apart = float(np.linalg.norm(again - run.state))
    upsilon = run.species_entropy[[run.place("φ1'"), run.place("φ0'")], 1]
    change = float(abs(upsilon[1] - upsilon[0]))
    good = apart < _ROUND_OFF and change < _ROUND_OFF
    return Computed(
        {"distance of φ0' from W†O'Wφ0": apart, "change of S_υ in the last step": change},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"φ₀' is W†O'Wφ₀ within {apart:.0e}, and the last step keeps the entropy of υ within {change:.0e}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "state-decomposition",
        "Eqs. (1) to (3)",
        "A state is a sum over Fock states of either species, with a state of the other one attached to each.",
        None,
        ClaimVerdict.REPRODUCED,
        _decomposition,
    ),
    Claim(
        "hopping-term",
        "Eq. (4)",
        "Fermions hop by c†_i c_j + c_i c†_j.",
        "c†_i c_j + c_i c†_j",
        ClaimVerdict.CORRECTED,
        _hopping_term,
    ),
    Claim(
        "steps-approximate-the-dynamics",
        "Eqs. (5) and (6)",
        "Letting τ and υ move in turns approximates the dynamics under H.",
        None,
        ClaimVerdict.CORRECTED,
        _splitting,
    ),
    Claim(
        "first-step-keeps-upsilon",
        "Eqs. (7) and (8)",
        "While τ moves, the Fock probabilities of υ stay.",
        None,
        ClaimVerdict.REPRODUCED,
        lambda: _kept(0),
    ),
    Claim(
        "second-step-keeps-tau",
        "Eqs. (9) and (10)",
        "While υ moves, the Fock probabilities of τ stay.",
        None,
        ClaimVerdict.REPRODUCED,
        lambda: _kept(1),
    ),
    Claim(
        "erasure-keeps-probabilities",
        "Eqs. (11) and (12)",
        "Random phases on the Fock states of υ destroy information and change no probability.",
        None,
        ClaimVerdict.REPRODUCED,
        _erasure,
    ),
    Claim(
        "reversed-steps",
        "Eqs. (13) to (17)",
        "Undoing both steps gives W†O'W applied to the start, and the last of them keeps the probabilities of υ.",
        None,
        ClaimVerdict.REPRODUCED,
        _reversal,
    ),
)
