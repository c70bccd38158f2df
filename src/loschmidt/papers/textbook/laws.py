"""The laws: energy, Clausius' inequality for one bath and for several, and the price of erasure."""

from __future__ import annotations

import math

import numpy as np
from scipy.integrate import simpson

from loschmidt.evolution.evolve import Evolution, evolve
from loschmidt.evolution.steady import steady_state
from loschmidt.information import free_energy, relative_entropy, von_neumann_entropy
from loschmidt.ledger.build import build_ledger
from loschmidt.ledger.reservoir_rates import reservoir_rates
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.textbook.systems import ENERGIES, generic_bath, generic_hermitian, mixed_states
from loschmidt.processes.baths import Bath
from loschmidt.processes.channels import Channel
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dilations import Dilation
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.local import local_generator
from loschmidt.processes.spectra import OhmicSpectrum
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation, entropy_budget
from loschmidt.typing import RealMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_INTEGRATED = 1e-8
_SIMPSON = 1e-6
_CLEARLY = 1e-3
_BETA = 0.8
_X, _Z = np.array([[0.0, 1.0], [1.0, 0.0]]), np.diag([1.0, -1.0])
_SWAP = np.eye(4)[[0, 2, 1, 3]]


def _relative_entropy() -> Computed:
    states = mixed_states(3)
    smallest, itself = math.inf, float(np.abs(relative_entropy(states, states)).max())
    loss = math.inf
    for number in (1, 2, 3):
        _, unitary = np.linalg.eigh(generic_hermitian(6, number))
        channel = Dilation(unitary, np.diag([0.7, 0.3]), (3, 2)).channel
        for pair in (states, states[::-1]):
            before, after = float(relative_entropy(*pair)), float(relative_entropy(*channel(pair)))
            smallest, loss = min(smallest, before, after), min(loss, before - after)
    # What undoes a channel is no channel: it makes states more different again.
    noise = Channel.from_kraus([math.sqrt(0.8) * np.eye(3), math.sqrt(0.2) * np.diag([1.0, -1.0, 1.0])])
    undone = Channel.from_superoperator(np.linalg.inv(noise.superoperator), check="tp")
    gained = float(relative_entropy(*states) - relative_entropy(*noise(states)))
    good = itself < _ROUND_OFF and min(smallest, loss, gained, undone.completely_positive_defect()) > _CLEARLY
    return Computed(
        {"smallest S(ρ‖σ)": smallest, "S(ρ‖ρ)": itself, "smallest loss": loss, "gain by undoing a channel": gained},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"S(ρ‖σ) is {smallest:.3f} at least for different states, {itself:.0e} for equal ones, and falls by at least "
        f"{loss:.3f} under three generic channels; only what undoes a channel, which is none, raises it, by "
        f"{gained:.3f}.",
    )


def _driven() -> Evolution:
    """Return the evolution of a qubit whose Hamiltonian turns beside a bath that follows."""
    turning = driven_hamiltonian(0.5 * _Z, [(0.4 * _X, np.sin)])
    process = driven_generator(turning, [Bath("bath", _BETA, OhmicSpectrum(0.1, 5.0), _X + 0.3 * _Z)])
    start = np.array([[0.6, 0.2 - 0.1j], [0.2 + 0.1j, 0.4]])
    return evolve(process, start, np.linspace(0.0, 3.0, 61))


def _first_law() -> Computed:
    evolution = _driven()
    process, times, states = evolution.process, evolution.times, evolution.states
    assert isinstance(process, DrivenGenerator)
    energies = process.energy_at(times)
    energy = np.einsum("tij,tji->t", energies, states).real
    work, heat = float(evolution.work[-1]), float(evolution.heat[-1, 0])
    residual = float(np.abs(energy - energy[0] - evolution.work - evolution.heat[:, 0]).max())
    changes = np.stack([process.at(float(time)).apply(one) for time, one in zip(times, states, strict=True)])
    power = np.einsum("tij,tji->t", process.energy_rate_at(times), states).real
    current = np.einsum("tij,tji->t", energies, changes).real
    apart = max(abs(float(simpson(power, x=times)) - work), abs(float(simpson(current, x=times)) - heat))
    good = residual < _INTEGRATED and apart < _SIMPSON and min(abs(work), abs(heat)) > _CLEARLY
    return Computed(
        {"W": work, "Q": heat, "ΔU": float(energy[-1] - energy[0]), "residual": residual, "misfit of ∫": apart},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In a driven qubit W = {work:.4f} and Q = {heat:.4f} are the integrals of tr(ρ dH/dt) and tr(H dρ/dt) within "
        f"{apart:.0e}, and make up ΔU within {residual:.0e}.",
    )


def _which_hamiltonian() -> Computed:
    one = np.eye(2)
    free = np.kron(_Z, one) + 0.8 * np.kron(one, _Z)
    system = free + 0.3 * np.kron(_X, _X)
    couplings = {"hot": np.kron(_X, one), "cold": np.kron(one, _X)}
    local = [Bath(name, {"hot": 0.5, "cold": 1.0}[name], OhmicSpectrum(0.1), a) for name, a in couplings.items()]
    # Local baths shift the frequency of each qubit, which does not commute with what couples the qubits.
    moved = system + 0.05 * np.kron(_Z, one)
    process = local_generator(moved, local, free_hamiltonian=free, energy=system)
    settled = steady_state(process)
    heat, missing = float(settled.heat_rates.sum()), settled.switching_power
    whole = steady_state(local_generator(moved, local, free_hamiltonian=free, energy=moved))
    closed = max(abs(heat + missing), abs(float(whole.heat_rates.sum())))
    shifted = davies_generator(ENERGIES, [generic_bath("bath", 0.8, 1, lamb_shift=True)])
    turning = shifted.hamiltonian_part(mixed_states(3))
    davies = float(np.abs(np.einsum("ij,sji->s", shifted.energy, turning).real).max())
    size = float(np.abs(shifted.lamb_shift).max())
    value = {
        "Davies, energy moved by the Lamb shift": davies,
        "local baths, ΣQ̇ in the steady state": heat,
        "energy moved by the shift": missing,
        "ΣQ̇ with the energy H'": float(whole.heat_rates.sum()),
    }
    reason = (
        f"The shift of a Davies equation, {size:.2f}, commutes with H_S and moves no energy ({davies:.0e}); one of "
        f"0.05 that does not commute leaves ΣQ̇ = {heat:.5f} in a steady state, because the motion by H' moves as much; "
        f"with the energy H' too, heat balances within {abs(float(whole.heat_rates.sum())):.0e}."
    )
    if max(davies, closed) > _ROUND_OFF or size < _CLEARLY:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.CORRECTED if abs(missing) > 1e-5 else ClaimVerdict.REPRODUCED, reason)


def _work_and_free_energy() -> Computed:
    evolution = _driven()
    assert isinstance(evolution.process, DrivenGenerator)
    free = np.asarray(free_energy(evolution.states, evolution.process.energy_at(evolution.times), _BETA))
    dissipated = _BETA * (evolution.work - (free - free[0]))
    entropy = np.asarray(von_neumann_entropy(evolution.states))
    production = entropy - entropy[0] - _BETA * evolution.heat[:, 0]
    misfit, steps = float(np.abs(dissipated - production).max()), float(np.diff(production).min())
    good = misfit < _INTEGRATED and steps > 0
    return Computed(
        {"Σ": float(production[-1]), "β(W - ΔF)": float(dissipated[-1]), "misfit": misfit, "smallest step of Σ": steps},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In a driven qubit β(W - ΔF) is ΔS - βQ = {float(production[-1]):.4f} within {misfit:.0e}, and grows in each "
        f"of 60 steps, by {steps:.4f} at least.",
    )


def _pair_production(flows: RealMatrix) -> float:
    off = ~np.eye(len(flows), dtype=bool)
    return 0.5 * float(((flows - flows.T)[off] * np.log(flows[off] / flows.T[off])).sum())


def _by_bath() -> Computed:
    process = davies_generator(ENERGIES, [generic_bath("hot", 0.4, 1), generic_bath("cold", 2.0, 2)])
    betas = np.array([0.4, 2.0])
    settled = steady_state(process)
    found = reservoir_rates(process, np.concatenate([settled.state[None], mixed_states(3)])).thermal
    clausius = -float(betas @ settled.heat_rates)
    populations = np.diagonal(settled.state).real
    rates = [one.pauli_rates() for one in process.dissipators if isinstance(one, DaviesDissipator)]
    single = sum(_pair_production(one * populations) for one in rates)
    together = _pair_production(sum(rates) * populations)
    smallest, misfit = float(found.min()), max(abs(float(found[0].sum()) - clausius), abs(single - clausius))
    good = smallest > 0 and misfit < _ROUND_OFF and together < clausius - _CLEARLY
    return Computed(
        {"smallest Π of a bath": smallest, "Σ̇ in the steady state": clausius, "from the rates together": together},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Each of two baths produces {smallest:.4f} at least in three states; in the steady state both together "
        f"produce -ΣβQ̇ = {clausius:.4f} within {misfit:.0e}, where their rates added up before would show "
        f"{together:.4f}.",
    )


def _parts_by_bath() -> Computed:
    process = davies_generator(ENERGIES, [generic_bath("hot", 0.4, 1), generic_bath("cold", 2.0, 2)])
    smallest, misfit = [math.inf, math.inf], 0.0
    for state in mixed_states(3):
        ledger = build_ledger(evolve(process, state, [0.0, 1e-3]))
        whole, *parts = (
            ledger[f"{part}entropy_production_rate_by_bath"].values[0] for part in ("", "population_", "coherence_")
        )
        smallest = [min(one, float(part.min())) for one, part in zip(smallest, parts, strict=True)]
        found = reservoir_rates(process, state).thermal[0]
        misfit = max(misfit, float(np.abs(whole - found).max()), float(np.abs(whole - parts[0] - parts[1]).max()))
    good = min(smallest) > 0 and misfit < _ROUND_OFF
    return Computed(
        {"smallest Π_d of a bath": smallest[0], "smallest Υ of a bath": smallest[1], "misfit of the sum": misfit},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"For each of two baths and two states Π = Π_d + Υ within {misfit:.0e}, with Π_d ≥ {smallest[0]:.4f} and Υ ≥ "
        f"{smallest[1]:.4f}: no bath makes up for another.",
    )


def _reservoirs() -> Computed:
    hot, cold = GibbsEnvironment(np.diag([0.0, 1.0]), 0.5, "hot"), GibbsEnvironment(np.diag([0.0, 1.5]), 2.0, "cold")
    smallest, residual, displaced, work = math.inf, 0.0, math.inf, math.inf
    for number in (1, 2, 3):
        _, unitary = np.linalg.eigh(generic_hermitian(12, number))
        operation = ThermalOperation(unitary, ENERGIES, (hot, cold), allow_work=True)
        budget = entropy_budget(operation, mixed_states(3))
        smallest = min(smallest, float(np.min(budget.entropy_production)))
        residual = max(residual, float(np.abs(budget.laws.clausius.residual).max()))
        displaced = min(displaced, float(np.min(budget.environment_displacement.sum(axis=-1))))
        work = min(work, float(np.abs(budget.work).min()))
    value = {
        "smallest ΔS - ΣβQ": smallest,
        "residual of the equality": residual,
        "smallest displacement of the reservoirs": displaced,
        "smallest |ΔU_S - ΣQ|": work,
    }
    reason = (
        f"ΔS - ΣβQ is what correlations and the displacement of the reservoirs add up to within {residual:.0e}, so at "
        f"least {smallest:.3f}, also where two qubits as reservoirs end far from Gibbs states (S(ρ'‖ρ) ≥ "
        f"{displaced:.3f}); weak coupling is what makes Q the energy of the system, missed here by {work:.2f} or more."
    )
    if residual > _ROUND_OFF or smallest < 0:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    far = min(displaced, work, smallest) > _CLEARLY
    return Computed(value, ClaimVerdict.CORRECTED if far else ClaimVerdict.REPRODUCED, reason)


def _erased_by_swaps(count: int) -> tuple[float, float, float]:
    """Return ΔS, βQ and the largest residual of the equality when an unknown bit meets ever larger gaps up to 8/β."""
    state, entropy, heat, residual = np.eye(2) / 2, 0.0, 0.0, 0.0
    for step in range(1, count + 1):
        environment = GibbsEnvironment(np.diag([0.0, 8.0 * step / count]), 1.0)
        budget = entropy_budget(ThermalOperation(_SWAP, np.zeros((2, 2)), environment, allow_work=True), state)
        entropy += float(budget.system_entropy_after - budget.system_entropy_before)
        heat += float(budget.heat[0])
        residual = max(residual, float(np.abs(budget.laws.reeb_wolf.residual)))
        state = environment.state
    return entropy, heat, residual


def _landauer() -> Computed:
    entropy, heat, residual = _erased_by_swaps(1)
    value = {"ΔS": entropy, "βQ into the system": heat, "-ΔS": -entropy, "residual of the equality": residual}
    reason = (
        f"To erase a bit, ΔS = {entropy:.4f}, heat leaves it: βQ = {heat:.4f} is not above -ΔS = {-entropy:.4f}, while "
        f"-βQ is; the difference is what the reservoir keeps of it, within {residual:.0e}."
    )
    if residual > _ROUND_OFF or entropy > -_CLEARLY or -heat < -entropy:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    return Computed(value, ClaimVerdict.REPRODUCED if heat >= -entropy else ClaimVerdict.CORRECTED, reason)


def _attained() -> Computed:
    excess = {}
    for count in (1, 4, 16, 64):
        entropy, heat, _ = _erased_by_swaps(count)
        excess[str(count)] = entropy - heat
    values = list(excess.values())
    product = 64 * values[-1] / (16 * values[-2])
    good = min(values) > 0 and values == sorted(values, reverse=True) and values[-1] < 0.05 and abs(product - 1) < 0.1
    return Computed(
        {"-βQ + ΔS, by number of swaps": excess, "ratio of N times it at 64 and at 16": product},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A bit erased by 1, 4, 16, 64 swaps costs {', '.join(f'{one:.4f}' for one in values)} more than its entropy, "
        f"less and less as 1/N.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "relative-entropy",
        "Entropy and Relative Entropy",
        "Relative entropy is not negative, zero for equal states only, and falls under every channel.",
        None,
        ClaimVerdict.REPRODUCED,
        _relative_entropy,
    ),
    Claim(
        "first-law",
        "Heat, Work, and the Clausius Form",
        "Energy changes by the work tr(ρ dH) and the heat tr(H dρ).",
        None,
        ClaimVerdict.REPRODUCED,
        _first_law,
    ),
    Claim(
        "shifted-hamiltonian",
        "Heat, Work, and the Clausius Form",
        "The first law holds with H_S for the energy, while the equation moves the state with H_S' = H_S + H_LS.",
        None,
        ClaimVerdict.CORRECTED,
        _which_hamiltonian,
    ),
    Claim(
        "work-and-free-energy",
        "Heat, Work, and the Clausius Form",
        "With one bath the entropy production is the work that is not stored as free energy, β(W - ΔF).",
        None,
        ClaimVerdict.REPRODUCED,
        _work_and_free_energy,
    ),
    Claim(
        "production-by-bath",
        "Heat, Work, and the Clausius Form",
        "With several baths the entropy production is a sum over baths, dS/dt - Σ β Q̇, and none of them is negative.",
        None,
        ClaimVerdict.REPRODUCED,
        _by_bath,
    ),
    Claim(
        "parts-by-bath",
        "The Role of Coherences",
        "With phase-covariant baths entropy production has a part of populations and one of coherence, both positive.",
        None,
        ClaimVerdict.REPRODUCED,
        _parts_by_bath,
    ),
    Claim(
        "thermal-reservoirs",
        "Heat, Work, and the Clausius Form",
        "Clausius' inequality ΔS ≥ Σ β Q needs reservoirs that stay close to Gibbs states.",
        None,
        ClaimVerdict.CORRECTED,
        _reservoirs,
    ),
    Claim(
        "landauer-sign",
        "section on Landauer's principle",
        "To erase, ΔS < 0, costs βQ ≥ -ΔS, Q being the heat into the system.",
        "β Q ≥ -ΔS",
        ClaimVerdict.CORRECTED,
        _landauer,
    ),
    Claim(
        "landauer-attained",
        "section on Landauer's principle",
        "Erasure that is slow enough costs no more than Landauer's bound.",
        None,
        ClaimVerdict.REPRODUCED,
        _attained,
    ),
)
