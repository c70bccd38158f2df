"""Blocks, criterion and theorem: Eqs. (2) and (3), conditions (i) and (ii), restricted subspaces, correlated starts."""

from __future__ import annotations

import math

import numpy as np

from loschmidt.information.entropy import von_neumann_entropy
from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.dilations import (
    Dilation,
    UnitalityLabel,
    classify,
    energy_blocks,
    evolve_correlated_start,
    nonunitality_matrix,
    restricted_unitality,
)
from loschmidt.typing import ComplexMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_CLEARLY = 1e-3
_GOLDEN = 0.6180339887498949
_LEADS, _SPIN = 3, 2
#: Three degenerate states, such as the leads of one energy, and two more levels, the upper of two states.
_DEGENERACIES = (3, 1, 2)
_ENERGIES = np.diag([0.0, 0.0, 0.0, 1.0, 2.5, 2.5])


def _generic_unitary(size: int, number: int) -> ComplexMatrix:
    """Return a unitary (size, size) without any symmetry; each number gives another."""
    squares = (np.arange(size * size) + 1.0) ** 2
    phases = np.exp(2j * np.pi * (squares * number * _GOLDEN % 1)).reshape(size, size)
    return np.asarray(np.linalg.qr(phases)[0])


def _generic_state(size: int, number: int) -> ComplexMatrix:
    basis = _generic_unitary(size, number)
    populations = np.arange(1.0, size + 1)
    return np.asarray((basis * (populations / populations.sum())) @ basis.conj().T)


def _isolated(number: int, reservoir_dimension: int = 3) -> Dilation:
    """Return an energy-isolated process that is generic inside each level."""
    d, r = len(_ENERGIES), reservoir_dimension
    unitary = np.zeros((d * r, d * r), dtype=np.complex128)
    start = 0
    for level, degeneracy in enumerate(_DEGENERACIES):
        part = slice(start * r, (start + degeneracy) * r)
        unitary[part, part] = _generic_unitary(degeneracy * r, number + 10 * level)
        start += degeneracy
    # Levels lie askew to the basis, so that their states have to be found.
    basis = _generic_unitary(d, number + 5)
    turn, energy = np.kron(basis, np.eye(r)), basis @ _ENERGIES @ basis.conj().T
    energy = (energy + energy.conj().T) / 2
    return Dilation(turn @ unitary @ turn.conj().T, _generic_state(r, number), (d, r), energy)


def _steered(number: int) -> ComplexMatrix:
    """Return Σ|i⟩⟨i| ⊗ R_i of three leads and a spin: the spin turns according to where the particle is."""
    turns = np.stack([_generic_unitary(_SPIN, number + lead) for lead in range(_LEADS)])
    blocks = np.eye(_LEADS)[:, None, :, None] * turns.transpose(1, 0, 2)[None]
    return np.asarray(blocks.reshape(_LEADS * _SPIN, _LEADS * _SPIN))


def _scattered(number: int) -> ComplexMatrix:
    """Return s ⊗ 1 of three leads and a spin."""
    return np.asarray(np.kron(_generic_unitary(_LEADS, number), np.eye(_SPIN)))


def _blocks() -> Computed:
    dilation = _isolated(1)
    found = energy_blocks(dilation)
    rebuilt = np.zeros(dilation.unitary.shape, dtype=np.complex128)
    unitarity = 0.0
    for block in found.blocks:
        operators, basis = block.operators, block.basis
        term = np.einsum("aj,jimn,bi->ambn", basis, operators, basis.conj())
        rebuilt += term.reshape(rebuilt.shape)
        product = np.einsum("jiab,kicb->jakc", operators, operators.conj())
        identity = np.eye(product.shape[0] * product.shape[1]).reshape(product.shape)
        unitarity = max(unitarity, float(np.abs(product - identity).max()))
    difference = float(np.abs(rebuilt - dilation.unitary).max())
    other = Dilation(_generic_unitary(18, 7), dilation.reservoir_state, (6, 3), dilation.system_hamiltonian)
    between = energy_blocks(other).largest_interblock_element
    good = max(difference, unitarity, found.isolation_defect or 0.0) < _ROUND_OFF and between > _CLEARLY
    return Computed(
        {
            "commutator with the energy": found.isolation_defect,
            "difference of the sum of blocks from U": difference,
            "unitarity defect inside a level": unitarity,
            "largest element between levels of a unitary that does not commute": between,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"The blocks of a unitary that commutes with H_S add up to it within {difference:.0e} and are unitary level by "
        f"level within {unitarity:.0e}; one that does not commute has elements up to {between:.2f} between levels.",
    )


def _criterion() -> Computed:
    worst, smallest = 0.0, math.inf
    for number in (1, 2, 3):
        dilation = _isolated(number)
        found = nonunitality_matrix(dilation)
        for level, part in zip(energy_blocks(dilation).blocks, found.blocks, strict=True):
            projector = level.basis @ level.basis.conj().T
            image = dilation.channel(projector) - projector
            inside = level.basis.conj().T @ image @ level.basis
            # What Φ(1_E) - 1_E has outside the level counts as a difference too.
            apart = image - level.basis @ part.matrix @ level.basis.conj().T
            worst = max(worst, float(np.abs(inside - part.matrix).max()), float(np.abs(apart).max()))
        smallest = min(smallest, found.operator_norm)
    good = worst < _ROUND_OFF and smallest > _CLEARLY
    return Computed(
        {"largest difference": worst, "smallest ‖Φ(1) - 1‖": smallest},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In nine levels of three generic energy-isolated processes the mean commutators are Φ(1_E) - 1_E within "
        f"{worst:.0e}, while ‖Φ(1) - 1‖ is at least {smallest:.2f}.",
    )


def _microscopic() -> Computed:
    unitary = _scattered(3) @ _steered(1)
    states = [_generic_state(_SPIN, number) for number in (1, 2)] + [np.diag([1.0, 0.0])]
    dilations = [Dilation(unitary, state, (_LEADS, _SPIN)) for state in states]
    labels = [classify(dilation) for dilation in dilations]
    defect = max(dilation.channel.unitality_defect() for dilation in dilations)
    # The other order, first scattered and then turned, is unital for every reservoir state without the condition.
    reverse = classify(Dilation(_steered(1) @ _scattered(3), states[0], (_LEADS, _SPIN)))
    residual = reverse.residuals["microscopic"] or 0.0
    holds = all(one.label is UnitalityLabel.MICROSCOPIC for one in labels)
    good = holds and defect < _ROUND_OFF and reverse.label is UnitalityLabel.COLLECTIVE
    return Computed(
        {
            "residual": max(one.residuals["microscopic"] or 0.0 for one in labels),
            "‖Φ(1) - 1‖ for three reservoir states": defect,
            "residual of a unital channel in which it fails": residual,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"A spin that turns before the particle is scattered meets it, and ‖Φ(1) - 1‖ is at most {defect:.0e} for "
        f"three spin states; it is not necessary: if the spin turns afterwards, commutators of {residual:.2f} cancel "
        f"in the sum.",
    )


def _macroscopic() -> Computed:
    unpolarised = Dilation(_generic_unitary(6, 5), np.eye(_SPIN) / _SPIN, (_LEADS, _SPIN))
    polarised = Dilation(_generic_unitary(6, 5), [1, 0], (_LEADS, _SPIN))
    label, defect = classify(unpolarised), unpolarised.channel.unitality_defect()
    broken = polarised.channel.unitality_defect()
    means = classify(Dilation(_steered(1) @ _scattered(3), _generic_state(_SPIN, 1), (_LEADS, _SPIN)))
    residual = means.residuals["macroscopic"] or 0.0
    holds = label.label is UnitalityLabel.MACROSCOPIC and defect < _ROUND_OFF
    good = holds and broken > _CLEARLY and means.unital and residual > _CLEARLY
    return Computed(
        {
            "residual": label.residuals["macroscopic"],
            "‖Φ(1) - 1‖": defect,
            "‖Φ(1) - 1‖ with the spin polarised": broken,
            "residual of a unital channel in which it fails": residual,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"With an unpolarised spin every unitary meets it, ‖Φ(1) - 1‖ = {defect:.0e} where a polarised one leaves "
        f"{broken:.2f}; it is not necessary either: mean commutators of {residual:.2f} may cancel in the sum.",
    )


def _restricted() -> Computed:
    # Three leads meet condition (i), the level above is swapped with a polarised reservoir.
    r = _SPIN
    unitary = np.zeros((6 * r, 6 * r), dtype=np.complex128)
    unitary[: 3 * r, : 3 * r] = _scattered(3) @ _steered(1)
    unitary[3 * r : 4 * r, 3 * r : 4 * r] = _generic_unitary(r, 4)
    unitary[4 * r :, 4 * r :] = np.eye(4)[[0, 2, 1, 3]]
    dilation = Dilation(unitary, [1, 0], (6, r), _ENERGIES)
    inside = np.zeros((3, 6, 6), dtype=np.complex128)
    for number, state in enumerate(inside, start=1):
        state[:4, :4] = _generic_state(4, number)
    gains = von_neumann_entropy(dilation.channel(inside)) - von_neumann_entropy(inside)
    lowest = float(np.min(gains))
    found = restricted_unitality(dilation.channel, state=inside[0], hamiltonian=_ENERGIES)
    above = np.diag([0.0, 0, 0, 0, 0.5, 0.5])
    loss = float(von_neumann_entropy(dilation.channel(above)) - von_neumann_entropy(above))
    good = found.unital and found.basis.shape[1] == 4 and lowest > -_ROUND_OFF and loss < -_CLEARLY
    return Computed(
        {
            "‖Φ(P) - P‖ on the occupied levels": found.defect,
            "‖Φ(1) - 1‖": dilation.channel.unitality_defect(),
            "smallest entropy change inside": lowest,
            "entropy change of the level above": loss,
        },
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"On the two occupied levels ‖Φ(P) - P‖ = {found.defect:.0e} and entropy changes by at least {lowest:.3f}, "
        f"coherence between the levels included; in the level above, where Φ is not unital, it changes by {loss:.3f}.",
    )


def _correlated() -> Computed:
    bell, cnot = np.array([1, 0, 0, 1]) / math.sqrt(2), np.eye(4)[[0, 1, 3, 2]]
    after = evolve_correlated_start(cnot, bell, (2, 2))
    product = Dilation(cnot, after.reservoir_before, (2, 2))
    defect = product.channel.unitality_defect()
    change, information = float(after.entropy_change), float(after.mutual_information_before)
    needed = defect < _ROUND_OFF and abs(change + math.log(2)) < _ROUND_OFF
    return Computed(
        {"entropy change": change, "I(S:R) at the start": information, "‖Φ(1) - 1‖ of the product start": defect},
        ClaimVerdict.REPRODUCED if needed else ClaimVerdict.REFUTED,
        f"The condition is needed: half of a Bell pair loses {-change:.4f} = ln 2 by a controlled NOT that is unital "
        f"for product starts; the loss is at most I(S:R) = {information:.4f}.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "energy-blocks",
        "Eq. (2)",
        "The joint evolution of an energy-isolated system acts inside each of its levels, with reservoir operators.",
        None,
        ClaimVerdict.REPRODUCED,
        _blocks,
    ),
    Claim(
        "disentangled-start",
        "text to Eq. (2)",
        "That entropy does not fall under a unital channel presupposes that system and reservoir start disentangled.",
        None,
        ClaimVerdict.REPRODUCED,
        _correlated,
    ),
    Claim(
        "commutator-criterion",
        "Eq. (3)",
        "Φ(1_E) - 1_E is a sum of mean commutators of the reservoir operators of that level.",
        None,
        ClaimVerdict.REPRODUCED,
        _criterion,
    ),
    Claim(
        "microscopic-condition",
        "condition (i)",
        "Reservoir operators that commute for each initial state make the channel unital for every reservoir state.",
        None,
        ClaimVerdict.REPRODUCED,
        _microscopic,
    ),
    Claim(
        "macroscopic-condition",
        "condition (ii)",
        "Mean commutators that vanish in the state of the reservoir make the channel unital.",
        None,
        ClaimVerdict.REPRODUCED,
        _macroscopic,
    ),
    Claim(
        "restricted-theorem",
        "text to Eq. (3)",
        "Entropy does not fall if the channel is unital on the subspace of states that are occupied with finite "
        "probability.",
        None,
        ClaimVerdict.REPRODUCED,
        _restricted,
    ),
)
