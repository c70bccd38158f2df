"""Quantum jumps one trajectory at a time, by an adaptive integrator that stops where the norm has fallen far enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import quad, solve_ivp


@dataclass(frozen=True)
class Trajectory:
    """Outcomes of the four measurements, the jumps as (time, operator), and work and mean-energy heat per operator."""

    outcomes: tuple[int, int, int, int]
    jumps: list[tuple[float, int]]
    work: float


def numbers(key: tuple[int, int], trajectory: int) -> Iterator[float]:
    """Yield the random numbers of a trajectory, from NumPy's own Philox."""
    # NumPy counts up before it draws, so that the counter starts one below (0, trajectory, 0, 0).
    start = ((trajectory << 64) - 1) % 2**256
    source = np.random.Philox(counter=start, key=np.array(key, dtype=np.uint64))
    while True:
        yield (int(source.random_raw() >> 11) + 0.5) * 2.0**-53


def pick(weights: Sequence[float], draw: float) -> int:
    """Return the index that a number between 0 and 1 falls on."""
    cumulative = np.cumsum(weights)
    return int(np.searchsorted(cumulative, draw * cumulative[-1], side="right"))


def measured(states: tuple[np.ndarray, np.ndarray], energies: tuple[np.ndarray, np.ndarray]) -> list[np.ndarray]:
    """Return, at both ends, the eigenvalues and eigenstates (rows) of the state, and the energy states (rows)."""
    found = []
    for state, energy in zip(states, energies, strict=True):
        weights, kets = np.linalg.eigh(state)
        found.append((np.where(weights > 1e-14, weights, 0), kets.T, np.linalg.eigh(energy)[1].T))
    return found


def follow(
    hamiltonian: Callable[[float], np.ndarray],
    operators: Sequence[np.ndarray],
    span: tuple[float, float],
    ends: list[np.ndarray],
    draw: Iterator[float],
    power: Callable[[float], np.ndarray] | None = None,
) -> Trajectory:
    """Return one trajectory of an effective Hamiltonian H(t) - ½i Σ J†J."""
    decay = sum(jump.conj().T @ jump for jump in operators)
    (weights, kets, levels), (_, bras, last_levels) = ends
    first = pick(weights, next(draw))
    first_level = pick(np.abs(levels.conj() @ kets[first]) ** 2, next(draw))
    psi, time, jumps, work = kets[first].astype(complex), span[0], [], 0.0
    while True:
        threshold = next(draw)

        def leave(t: float, y: np.ndarray, threshold: float = threshold) -> float:
            return float(np.vdot(y, y).real - threshold)

        leave.terminal = True
        run = solve_ivp(
            lambda t, y: -1j * (hamiltonian(t) @ y) - 0.5 * decay @ y,
            (time, span[1]),
            psi,
            method="DOP853",
            events=leave,
            rtol=1e-12,
            atol=1e-14,
            dense_output=True,
        )
        if power is not None:
            work += quad(lambda t, run=run: mean(power(t), run.sol(t)), time, run.t[-1], limit=200, epsabs=1e-11)[0]
        time, psi = float(run.t[-1]), run.y[:, -1]
        if run.status == 0:
            break
        images = [jump @ psi for jump in operators]
        chosen = pick([np.vdot(image, image).real for image in images], next(draw))
        jumps.append((time, chosen))
        psi = images[chosen] / np.linalg.norm(images[chosen])
    last = pick(np.abs(bras.conj() @ psi) ** 2, next(draw))
    last_level = pick(np.abs(last_levels.conj() @ bras[last]) ** 2, next(draw))
    return Trajectory((first, first_level, last, last_level), jumps, work)


def mean(operator: np.ndarray, psi: np.ndarray) -> float:
    """Return the mean of an operator in an unnormalised state."""
    return float(np.vdot(psi, operator @ psi).real / np.vdot(psi, psi).real)


def follow_levels(
    energies: np.ndarray,
    operators: Sequence[np.ndarray],
    span: tuple[float, float],
    ends: list[np.ndarray],
    draw: Iterator[float],
) -> Trajectory:
    """Return one trajectory where H and Σ J†J are diagonal: a level and an exponential time for it are drawn."""
    rates = np.diag(sum(jump.conj().T @ jump for jump in operators)).real
    (weights, kets, levels), (_, bras, last_levels) = ends
    first = pick(weights, next(draw))
    first_level = pick(np.abs(levels.conj() @ kets[first]) ** 2, next(draw))
    psi, time, jumps = kets[first].astype(complex), span[0], []
    while True:
        occupied = np.abs(psi) ** 2
        single = np.sort(occupied)[:-1].sum() < 1e-28
        source = int(occupied.argmax()) if single else pick(occupied, next(draw))
        wait = -np.log(next(draw)) / rates[source] if rates[source] > 0 else np.inf
        duration = min(wait, span[1] - time)
        psi = np.exp((-1j * energies - 0.5 * rates) * duration) * psi
        psi /= np.linalg.norm(psi)
        if wait > duration:
            break
        time += wait
        images = [jump @ psi for jump in operators]
        chosen = pick([np.vdot(image, image).real for image in images], next(draw))
        jumps.append((time, chosen))
        psi = images[chosen] / np.linalg.norm(images[chosen])
    last = pick(np.abs(bras.conj() @ psi) ** 2, next(draw))
    last_level = pick(np.abs(last_levels.conj() @ bras[last]) ** 2, next(draw))
    return Trajectory((first, first_level, last, last_level), jumps, 0.0)
