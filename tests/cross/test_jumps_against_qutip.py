"""Mean jumps, their spread and the mean state against QuTiP's Monte Carlo solver with the same operators."""

from __future__ import annotations

import numpy as np
import pytest
from tests.evolution.jumps import ensembles

from loschmidt.evolution.jumps import jump_trajectories

qutip = pytest.importorskip("qutip")

COUNT = 400
STOP = 8.0
FAR = 4.5
KET = np.array([0.6, 0.8j])


def theirs(process, stop):
    drive = getattr(process, "hamiltonian", None)
    if hasattr(process, "at"):
        system = qutip.QobjEvo(
            [
                qutip.Qobj(drive.static),
                *([qutip.Qobj(h), f.function] for h, f in zip(drive.operators, drive.coefficients, strict=True)),
            ]
        )
    else:
        system = qutip.Qobj(process.effective_hamiltonian)
    parts = [getattr(one, "as_jumps", one) for one in process.dissipators]
    jumps = [qutip.Qobj(np.sqrt(rate) * jump) for one in parts for rate, jump in zip(one.rates, one.jumps, strict=True)]
    options = {"progress_bar": "", "keep_runs_results": True, "rtol": 1e-8, "atol": 1e-10, "store_final_state": True}
    found = qutip.mcsolve(
        system, qutip.Qobj(KET), [0.0, stop], jumps, ntraj=COUNT, options=options, seeds=np.random.SeedSequence(7)
    )
    counts = np.array([np.bincount(which, minlength=len(jumps)) for which in found.col_which])
    final = np.stack([state.full()[:, 0] for state in found.runs_final_states])
    return counts, np.einsum("na,nb->ab", final, final.conj()) / COUNT


@pytest.mark.parametrize(
    "process",
    [ensembles.qubit(), ensembles.fluorescence(), ensembles.driven_fluorescence()],
    ids=["qubit", "fluorescence", "driven fluorescence"],
)
def test_counts_and_states(process):
    counts, state = theirs(process, STOP)
    ours = jump_trajectories(process, KET, [0.0, STOP], 20_000, np.random.default_rng(8))
    mine = ours.records.counts
    error = np.sqrt(counts.var(axis=0) / COUNT + mine.var(axis=0) / len(mine))
    assert (np.abs(mine.mean(axis=0) - counts.mean(axis=0)) < FAR * error).all()
    for k in range(mine.shape[1]):
        squares, own = (counts[:, k] - counts[:, k].mean()) ** 2, (mine[:, k] - mine[:, k].mean()) ** 2
        spread = np.sqrt(squares.var() / COUNT + own.var() / len(own))
        assert abs(own.mean() - squares.mean()) < FAR * spread
    assert np.linalg.norm(ours.states[-1] - state) < FAR * np.sqrt((1 - np.linalg.norm(state) ** 2) / COUNT)
