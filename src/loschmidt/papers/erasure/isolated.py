"""An isolated system that erases its own information: a third species whose motion is never reversed."""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from loschmidt.papers.claim import Claim, ClaimVerdict, Computed
from loschmidt.papers.erasure._systems import BARE, chain, from_wall
from loschmidt.processes.lattice import (
    Lattice,
    built_in_eraser,
    lattice_system,
    random_phases,
    repeated_erasure,
)
from loschmidt.typing import RealVector

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_REPETITIONS = 12


def _echoes(
    sites: int, *, coupling: float = 1.0, mobility: float = 1.0, reverse_eraser: bool = False
) -> tuple[RealVector, float]:
    """Return the echo of τ and υ, half filled, after each repetition with one particle of κ, and the defect of norm."""
    coupled = {("tau", "upsilon"): 1.0, ("upsilon", "kappa"): coupling}
    system = lattice_system(
        Lattice.chain(sites), (sites // 2, sites // 2, 1), hopping=(1.0, 1.0, mobility), interaction=coupled
    )
    run = from_wall(built_in_eraser(system, sites / 2, _REPETITIONS, reverse_eraser=reverse_eraser), BARE)
    return run.echo_fidelity, float(np.abs(run.norm - 1).max())


def _thermalises() -> Computed:
    decays, unitary = {}, 0.0
    for sites in (4, 6):
        echoes, defect = _echoes(sites)
        decays[f"{sites} sites"] = [float(echo) for echo in echoes]
        unitary = max(unitary, defect)
    controls = {
        "not coupled": float(_echoes(6, coupling=0.0)[0][-1]),
        "reversed as well": float(_echoes(6, reverse_eraser=True)[0][-1]),
    }
    returned = max(abs(echo - 1) for echo in controls.values())
    small, large = decays["4 sites"], decays["6 sites"]
    good = large[-1] < 0.1 and large[-1] < small[-1] and returned < _ROUND_OFF and unitary < _ROUND_OFF
    return Computed(
        {"echo by repetition": decays, "echo in the end": controls},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"In our model, since the paper's is not known, the echo of six sites decays from {large[1]:.2f} to "
        f"{large[-1]:.2f} in twelve repetitions, under a unitary evolution; without coupling, or with the eraser "
        f"reversed as well, it stays 1 within {returned:.0e}.",
    )


def _revivals() -> Computed:
    echoes = {name: _echoes(4, mobility=J)[0] for name, J in (("moving", 1.0), ("at rest", 0.0))}
    lowest = {name: np.array(list(accumulate(echo, min))) for name, echo in echoes.items()}
    revival = {name: float((echo - lowest[name])[1:].max()) for name, echo in echoes.items()}
    late = {name: float(echo[_REPETITIONS // 2 :].max()) for name, echo in echoes.items()}
    good = revival["at rest"] > 0.4 and late["at rest"] > 0.5 and late["moving"] < 0.3
    return Computed(
        {"largest revival": revival, "largest echo in the second half": late},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"Four sites with an eraser at rest come back, to an echo of {late['at rest']:.2f} after it had been "
        f"{late['at rest'] - revival['at rest']:.2f}; with a moving one no later echo exceeds {late['moving']:.2f}.",
    )


def _balance() -> Computed:
    system, rng, draws = chain(6), np.random.default_rng(7), 40
    drops = np.zeros(_REPETITIONS)
    for _ in range(draws):
        fresh = [(random_phases(system, "upsilon", rng), 3.0) for _ in range(len(drops))]
        drops += np.diff(from_wall(repeated_erasure(system, fresh)).joint_entropy) < 0
    shares = [float(share) for share in drops / draws]
    late = float(np.mean(shares[6:]))
    good = shares[0] == 0 and abs(late - 0.5) < 0.15
    return Computed(
        {"share of runs in which S drops, by repetition": shares},
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"The first erasure raises S in all {draws} runs; near equilibrium it drops in {100 * late:.0f} % of the "
        f"repetitions, as often as it rises.",
    )


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "isolated-system-thermalises",
        "part I, abstract",
        "An isolated system with built-in erasure thermalises.",
        None,
        ClaimVerdict.REPRODUCED,
        _thermalises,
    ),
    Claim(
        "small-systems-return",
        "text",
        "Small systems come back again and again; larger ones do not.",
        None,
        ClaimVerdict.REPRODUCED,
        _revivals,
    ),
    Claim(
        "arrow-fades-in-equilibrium",
        "text",
        "Away from equilibrium entropy rises; in equilibrium rises and drops balance.",
        None,
        ClaimVerdict.REPRODUCED,
        _balance,
    ),
)
