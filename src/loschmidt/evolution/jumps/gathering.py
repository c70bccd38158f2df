"""From outcomes, totals and counts of a batch of trajectories to their energies, entropies and running statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt._kernels.jump_records import BLOCK, Record
from loschmidt.evolution.jumps.ends import Measurement
from loschmidt.evolution.jumps.plan import Plan
from loschmidt.evolution.jumps.records import JumpRecords
from loschmidt.evolution.jumps.result import EntropyStatistics, ExponentialAverage
from loschmidt.evolution.jumps.statistics import JumpHistogram, RunningExponential, RunningHistogram, RunningMean
from loschmidt.typing import ComplexMatrix, RealMatrix, RealVector

__all__ = ["Gathering"]

#: What occurs less often than this may be missing from a sample altogether.
_OFTEN = 50
_ENTROPIES = ("entropy_production", "population_production", "coherence_production")


@dataclass(frozen=True, eq=False)
class _Batch:
    """Numbers of each trajectory of a batch, by the names of :class:`JumpRecords`."""

    values: dict[str, np.ndarray]
    flow: RealMatrix | None
    backaction: RealVector


class Gathering:
    """Statistics of an ensemble while it grows."""

    def __init__(self, plan: Plan, ends: tuple[Measurement, Measurement], names: tuple[str, ...], outputs: int) -> None:
        self.plan, self.ends, self.names = plan, ends, names
        self.potentials = _potential_rows(plan, names)
        self.in_time = RunningMean((outputs, plan.totals.count + len(plan.channels)))
        self.scalars = {name: RunningMean() for name in ("energy_change", "backaction", *_ENTROPIES)}
        self.infinite = 0
        self.flow, self.flow_infinite = RunningMean((len(names),)), np.zeros(len(names), dtype=bool)
        self.exponentials = {name: RunningExponential() for name in _ENTROPIES}
        self.histograms = {name: RunningHistogram() for name in self._counted()}
        self.states: ComplexMatrix | None = None

    def add(self, record: Record, records: JumpRecords | None, first: int) -> None:
        """Take note of a batch of trajectories, the first of which has the number `first`."""
        count = len(record.outcomes)
        for section, moments in enumerate(record.moments):
            self.in_time.merge(min(BLOCK, count - section * BLOCK), moments[..., 0], moments[..., 1])
        if record.states.shape[1]:
            total = record.states.sum(axis=0)
            states = total[:, 0] + 1j * total[:, 1]
            self.states = states if self.states is None else self.states + states
        batch = self._batch(record)
        self._note(batch)
        if records is not None:
            for name, values in batch.values.items():
                getattr(records, name)[first : first + count] = values

    def entropy(self) -> EntropyStatistics | None:
        """Return the statistics of the entropy production, None where jumps have no entropy."""
        theorem = self.plan.theorem
        if not self.knows_entropy or theorem.moment is None or theorem.balance is None:
            return None
        means = {name: (float(one.mean), float(one.error)) for name, one in self.scalars.items()}
        if self.infinite:
            means["entropy_production"] = means["population_production"] = (math.inf, math.nan)
        exponentials = {
            name: ExponentialAverage(float(one.mean.mean), float(one.mean.error), one.effective_size)
            for name, one in self.exponentials.items()
        }
        return EntropyStatistics(
            *means["entropy_production"],
            *means["population_production"],
            *means["coherence_production"],
            flow=np.where(self.flow_infinite, np.inf, self.flow.mean),
            flow_error=np.where(self.flow_infinite, np.nan, self.flow.error),
            infinite_share=self.infinite / self.in_time.count,
            exponential=exponentials["entropy_production"],
            population_exponential=exponentials["population_production"],
            coherence_exponential=exponentials["coherence_production"],
            **self._exactly(),
            balance_defect=theorem.balance,
        )

    def _exactly(self) -> dict[str, float]:
        """Return λ, and what of 1 - λ rests on what occurs rarely, with the deviation of e^{-σ} of the rest."""
        theorem, (initial, final) = self.plan.theorem, self.ends
        assert theorem.moment is not None
        last = (final.kets * final.weights) @ final.kets.conj().T
        channels = self.plan.jumps.targets[:, 0]
        missing = theorem.missing(initial.support, initial.projector, last, np.full(len(channels), True))
        count, rows = self.in_time.count, self.plan.totals.count
        met = (self.in_time.mean[-1, rows:] * count >= _OFTEN)[channels]
        drawn = initial.weights * count >= _OFTEN
        inside = initial.kets[:, drawn]
        mean = 1.0 - missing
        if not (met.all() and drawn[initial.support].all()):
            mean = theorem.moment(1, np.asarray(inside @ inside.conj().T), last, met)
        with np.errstate(over="ignore", invalid="ignore"):
            inverse = np.asarray((inside / initial.weights[drawn]) @ inside.conj().T)
            square = theorem.moment(2, inverse, np.asarray(last @ last), met)
        # Without round-off a square is not smaller than that of the mean.
        variance = square - mean**2 if square > mean**2 else 0.0
        return {
            "absolute_irreversibility": missing,
            "rare_weight": 1.0 - missing - mean,
            "exponential_deviation": math.sqrt(variance) if math.isfinite(square) else math.inf,
        }

    def found_histograms(self) -> dict[str, JumpHistogram]:
        """Return every histogram by name."""
        return {name: one.result() for name, one in self.histograms.items()}

    @property
    def knows_entropy(self) -> bool:
        """Whether every jump gives a known entropy to its bath."""
        return self.plan.theorem.moment is not None

    def _counted(self) -> list[str]:
        names = list(_ENTROPIES) if self.knows_entropy else []
        names += ["work"] if self.plan.totals.work is not None else []
        return names + [f"heat from {n}" for n, known in zip(self.names, self.plan.totals.heat, strict=True) if known]

    def _batch(self, record: Record) -> _Batch:
        initial, final = self.ends
        a, n, b, m = record.outcomes.T
        totals, counts, rows = record.totals, record.counts, self.plan.totals
        heat = np.where(rows.heat, totals[:, : len(self.names)], np.nan)
        zero = np.zeros(len(totals))
        work = zero if rows.work is None else totals[:, rows.work]
        switching = zero if rows.switching is None else totals[:, rows.switching]
        change = final.energies[b] - initial.energies[a]
        chemical = counts @ self.potentials
        flow = self._flow(heat, counts)
        coherence = (initial.logarithms[a] - initial.level_logarithms[n]) + (
            final.level_logarithms[m] - final.logarithms[b]
        )
        population = (
            initial.level_logarithms[n] - final.level_logarithms[m] + (math.nan if flow is None else flow.sum(1))
        )
        values = {
            "initial": a,
            "initial_level": n,
            "final": b,
            "final_level": m,
            "heat": heat,
            "work": work,
            "switching_work": switching,
            "energy_change": change,
            "entropy_production": population + coherence,
            "population_production": population,
            "coherence_production": coherence,
            "counts": counts,
        }
        return _Batch(values, flow, change - work - switching - chemical - heat.sum(axis=1))

    def _flow(self, heat: RealMatrix, counts: np.ndarray) -> RealMatrix | None:
        """Return the entropy given to each bath (n, n_baths)."""
        if not self.knows_entropy:
            return None
        if self.plan.betas is not None:
            betas = np.array(self.plan.betas)
            cold = np.isinf(betas)
            return np.where(cold, np.where(heat < 0, np.inf, 0.0), -np.where(cold, 0.0, betas) * heat)
        result = np.zeros((len(counts), len(self.names)))
        for bath, name in enumerate(self.names):
            for place, channel in enumerate(self.plan.channels):
                if channel.bath != name:
                    continue
                if math.isinf(channel.entropy):
                    result[counts[:, place] > 0, bath] = np.inf
                else:
                    result[:, bath] += counts[:, place] * channel.entropy
        return result

    def _note(self, batch: _Batch) -> None:
        values = batch.values
        self.scalars["energy_change"].add(values["energy_change"])
        self.scalars["backaction"].add(batch.backaction)
        for bath, name in enumerate(self.names):
            if self.plan.totals.heat[bath]:
                self.histograms[f"heat from {name}"].add(values["heat"][:, bath])
        if self.plan.totals.work is not None:
            self.histograms["work"].add(values["work"])
        if batch.flow is None:
            return
        finite = np.isfinite(values["entropy_production"])
        self.infinite += int((~finite).sum())
        self.flow_infinite |= np.isinf(batch.flow).any(axis=0)
        self.flow.add(np.where(self.flow_infinite, 0.0, batch.flow))
        for name in _ENTROPIES:
            self.exponentials[name].add(values[name])
            self.histograms[name].add(values[name])
            # The part ξ of a trajectory is finite even where its jumps have no way back.
            kept = np.isfinite(values[name])
            if kept.any():
                self.scalars[name].add(values[name][kept])


def _potential_rows(plan: Plan, names: tuple[str, ...]) -> RealVector:
    """Return the chemical work of a jump in each channel (C,), μ times its particles."""
    result = np.zeros(len(plan.channels))
    result[plan.jumps.targets[:, 0]] = -plan.jumps.offsets
    return result
