"""An electron among two-level systems: one collision, many, and the return to a system that remembers."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.processes.channels import Channel, dephasing
from loschmidt.processes.collisions import (
    ChainRun,
    collision_chain,
    divisibility,
    lap_model,
    return_threshold,
    two_level_walk,
)
from loschmidt.processes.dilations import Dilation, UnitalityLabel, classify
from loschmidt.processes.gains import minimal_entropy_gain
from loschmidt.typing import ComplexMatrix, RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-12
_MONOTONE = 1e-9  # nats
_CLEARLY = 1e-3
_P_UP = 0.2
_STEPS = 12
_SCATTERING_ANGLES = ((0.6, -0.4), (1.1, 0.3), (-0.7, 0.2))  # of S_↑ and S_↓ of three systems
_FLIP = np.kron([[0, 1], [1, 0]], np.diag([1, 0])) + np.kron(np.eye(2), np.diag([0, 1]))


def _scattering(angle: float) -> ComplexMatrix:
    """Return a 2 × 2 scattering matrix that mixes transmission and reflection, with phases."""
    phases = np.diag(np.exp([0.9j * angle, -0.4j * angle]))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return np.asarray(phases @ turn)


def _system_operators(number: int) -> ComplexMatrix:
    """Return F_kk' of one of three systems, on all of them (2, 2, 8, 8)."""
    up, down = (_scattering(angle) for angle in _SCATTERING_ANGLES[number])
    own = up[:, :, None, None] * np.diag([1, 0]) + down[:, :, None, None] * np.diag([0, 1])
    before, after = np.eye(2**number), np.eye(2 ** (2 - number))
    lifted = np.einsum("ab,kmst,cd->kmascbtd", before, own, after)
    return np.asarray(lifted.reshape(2, 2, 8, 8))


def _joint(operators: ComplexMatrix) -> ComplexMatrix:
    return np.asarray(operators.transpose(0, 2, 1, 3)).reshape(16, 16)


def _collision() -> Computed:
    each = [_system_operators(number) for number in range(3)]
    by_element = _joint(each[0] @ each[1] @ each[2])
    literal = float(np.linalg.norm(by_element.conj().T @ by_element - np.eye(16), 2))
    joint = reduce(np.matmul, [_joint(one) for one in each])
    pure = np.array([0.6, 0.8j])
    states = reduce(np.kron, [np.outer(pure, pure.conj()), np.diag([0.3, 0.7]), np.eye(2) / 2])
    dilation = Dilation(joint, states, (2, 8))
    label, defect = classify(dilation).label, dilation.channel.unitality_defect()
    gain = minimal_entropy_gain(dilation.channel).lower_bound
    value = {
        "label": label.value,
        "unitality defect": defect,
        "certified least gain": gain,
        "unitarity defect, element by element": literal,
    }
    if not (label is UnitalityLabel.CONTROLLED and defect < _ROUND_OFF and gain > -_MONOTONE):
        return Computed(value, ClaimVerdict.REFUTED, f"‖Φ(1) - 1‖ = {defect:.1e} after passing three systems.")
    found = f"Passing three systems is {label.value}: ‖Φ(1) - 1‖ = {defect:.0e}, and no state loses entropy"
    if literal < _ROUND_OFF:
        return Computed(value, ClaimVerdict.REPRODUCED, f"{found}.")
    return Computed(
        value,
        ClaimVerdict.CORRECTED,
        f"{found}; but F is the product of the systems' matrices of operators: multiplied element by element the joint "
        f"operator misses unitarity by {literal:.2f}.",
    )


def _fresh_systems() -> Computed:
    up, down = _scattering(0.6), _scattering(-0.4)
    walk = two_level_walk(6, reset=1.0, p_up=0.4, coin_up=up, coin_down=down)
    run = walk.run(100, correlations=False)
    largest_drop = float((run.entropies[:-1] - run.entropies[1:]).max())
    history = divisibility(two_level_walk(2, reset=1.0, p_up=0.4, coin_up=up, coin_down=down).maps(8))
    worst = float(history.smallest_choi_eigenvalues.min())
    line = two_level_walk(121, reset=1.0).run(60, correlations=False).entropies
    difference = float(np.abs(line[1:] - _mirror_line(60)).max())
    good = run.is_monotone(_MONOTONE) and history.is_cp_divisible is True and difference < 1e-11
    return Computed(
        {"largest drop": largest_drop, "smallest Choi eigenvalue": worst, "difference on the line": difference},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Among fresh systems no step of 100 lowers the entropy by more than {abs(largest_drop):.0e}, every step is a "
        f"channel (Choi eigenvalues ≥ {worst:.0e}), and among mirrors on a line S(t) = H(Bin(t-1, ½)) + ln 2 within "
        f"{difference:.0e}.",
    )


def _mirror_line(steps: int) -> RealVector:
    """Return H(Bin(t - 1, ½)) + ln 2 for t = 1 … steps: the sum of t - 1 fair turns and a fair last direction."""
    weights, entropies = np.ones(1), []
    for _ in range(steps):
        entropies.append(math.log(2) - float((weights * np.log(weights)).sum()))
        weights = np.convolve(weights, [0.5, 0.5])
    return np.array(entropies)


def _return() -> Computed:
    walk = two_level_walk(3, reset=0.0)
    run = walk.run(_STEPS)
    highest, last = float(run.entropies.max()), float(run.entropies[_STEPS])
    margins = run.drop_margins
    bound = float(margins.min()) if margins is not None else -math.inf
    below_start = float(run.entropies.min() - run.entropies[0])
    value = {"highest": highest, f"after {_STEPS} steps": last, "B": run.backflow, "least ΔS + I": bound}
    reason = (
        f"On a ring of three mirrors the entropy rises to {highest:.3f} and is {abs(last):.0e} again after {_STEPS} "
        f"steps; no step takes more than the correlation with the systems (ΔS + I ≥ {bound:.0e}), and S never falls "
        f"below its start."
    )
    good = run.backflow > _CLEARLY and bound > -_MONOTONE and below_start > -_MONOTONE
    return Computed(value, ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED, reason)


def _flips(collision: ComplexMatrix, state: ComplexMatrix | RealVector, memory: Channel | str | float) -> ChainRun:
    return collision_chain(collision, state, memory=memory).run(_STEPS, [1, 0], correlations=False)


def _monogamy() -> Computed:
    amplitudes = np.sqrt([_P_UP, 1 - _P_UP])
    entangled = np.zeros(4)
    entangled[[0, 3]] = amplitudes
    angle = math.asin(math.sqrt(0.7))
    swap = np.eye(4)[[0, 2, 1, 3]]
    partial_swap = math.cos(angle) * np.eye(4) - 1j * math.sin(angle) * swap
    classical = np.diag(amplitudes**2)
    backflows = {
        "alone": _flips(_FLIP, classical, "retained").backflow,
        "entangled with a third party": _flips(np.kron(_FLIP, np.eye(2)), entangled, "retained").backflow,
        "dephased": _flips(_FLIP, amplitudes, dephasing(2, 1.0)).backflow,
        "swapped with a fresh one": _flips(_FLIP, classical, Channel.from_unitary(swap, classical, (2, 2))).backflow,
        "partly swapped": _flips(_FLIP, classical, Channel.from_unitary(partial_swap, classical, (2, 2))).backflow,
    }
    alone = backflows["alone"]
    pointer = max(backflows["entangled with a third party"], backflows["dephased"])
    exchanged = max(backflows["swapped with a fresh one"], backflows["partly swapped"])
    if not (alone > _CLEARLY and exchanged < _MONOTONE):
        return Computed(backflows, ClaimVerdict.NOT_REPRODUCIBLE, f"B = {alone:.3f} alone, {exchanged:.3f} exchanged.")
    if pointer < _MONOTONE:
        return Computed(backflows, ClaimVerdict.REPRODUCED, f"Entanglement lowers B from {alone:.3f} to {pointer:.0e}.")
    return Computed(
        backflows,
        ClaimVerdict.CORRECTED,
        f"A system entangled with a third party in its pointer basis, or dephased, gives back as much entropy as one "
        f"left alone (B = {pointer:.3f} and {alone:.3f} nats); only an exchange of its population erases the memory "
        f"(B = {exchanged:.0e}).",
    )


def _return_time() -> Computed:
    ratio = return_threshold(_P_UP).time_ratio
    found = _numerical_threshold(_P_UP)
    # Memory two thirds as long as the return time: enough for p = 0.2, not for p nearly ½.
    reset = 1 - math.exp(-1.5)
    drops = {p: _backflow(p, reset) for p in (_P_UP, 0.45)}
    retained = divisibility(lap_model(1, p_up=_P_UP, reset=0.0).maps(2)).smallest_choi_eigenvalues[1]
    value = {
        "t_ret/τ_m at p = 0.2": ratio,
        "the same, from the exact chain": found,
        "B at p = 0.2, ratio 1.5": drops[_P_UP],
        "B at p = 0.45, ratio 1.5": drops[0.45],
        "smallest Choi eigenvalue of the return, retained": float(retained),
    }
    if max(drops.values()) < _MONOTONE:
        return Computed(value, ClaimVerdict.REPRODUCED, "At t_ret = 1.5 τ_m the entropy never falls.")
    if abs(found - ratio) < _CLEARLY and retained < -_CLEARLY:
        return Computed(
            value,
            ClaimVerdict.CORRECTED,
            f"The entropy rises from t_ret/τ_m = ln[2(1-p)/(1-2p)] on, {ratio:.3f} at p = 0.2 (chain: {found:.3f}), "
            f"which grows without limit towards p = ½ (p = 0.45, t_ret = 1.5 τ_m: B = {drops[0.45]:.1e} nats); and τ_m "
            f"is the time in which the population is lost, not the coherence.",
        )
    return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, f"The chain finds {found:.3f}, the formula {ratio:.3f}.")


def _backflow(p_up: float, reset: float) -> float:
    """Return B of a pseudospin that meets the same flip system every step, by the exact joint state."""
    return _flips(_FLIP, np.diag([p_up, 1 - p_up]), reset).backflow


def _numerical_threshold(p_up: float) -> float:
    """Return t_ret/τ_m at which the exact chain begins to lose entropy, by bisection."""
    lower, upper = 0.0, 5.0
    for _ in range(14):
        middle = (lower + upper) / 2
        if _backflow(p_up, 1 - math.exp(-middle)) > _ROUND_OFF:
            lower = middle
        else:
            upper = middle
    return upper


#: In the order of the paper.
CLAIMS: tuple[Claim, ...] = (
    Claim(
        "two-level-collision",
        "F_kk', two-level systems",
        "The operators that two-level systems feel, F_kk' = Π_n F_kk'^(n) with F^(n) = S_↑|↑⟩⟨↑| + S_↓|↓⟩⟨↓|, commute: "
        "the electron's channel is unital, and its entropy does not decrease.",
        None,
        ClaimVerdict.CORRECTED,
        _collision,
    ),
    Claim(
        "fresh-two-level-systems",
        "Φ = Φ_1…Φ_N, two-level systems",
        "As long as the electron meets systems that it is not entangled with, its evolution is a product of unital "
        "channels and the entropy grows monotonically.",
        None,
        ClaimVerdict.REPRODUCED,
        _fresh_systems,
    ),
    Claim(
        "return-to-a-two-level-system",
        "Fig. 3, text",
        "Back at a system with which it is still entangled, the electron may lose entropy.",
        None,
        ClaimVerdict.REPRODUCED,
        _return,
    ),
    Claim(
        "monogamy",
        "Fig. 3, text",
        "Once a system becomes entangled with other degrees of freedom, monogamy of entanglement frees the electron "
        "from it, and a return does not lower the entropy.",
        None,
        ClaimVerdict.CORRECTED,
        _monogamy,
    ),
    Claim(
        "faster-than-the-return",
        "Fig. 3, text",
        "The entropy grows if the systems become entangled with others in less time than the electron needs to return.",
        None,
        ClaimVerdict.CORRECTED,
        _return_time,
    ),
)
