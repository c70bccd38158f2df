"""Whether a process can lower the entropy of its system, in numbers and in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from loschmidt.processes.dilations.classifier import Classification, UnitalityLabel
from loschmidt.processes.dilations.restricted import RestrictedUnitality
from loschmidt.processes.gains.minimal import MinimalEntropyGain

__all__ = ["BlockReport", "HTheoremReport", "HTheoremVerdict"]

_REASONS = {
    UnitalityLabel.CONTROLLED: "all reservoir operators commute, so the reservoir only selects which unitary acts",
    UnitalityLabel.MICROSCOPIC: "the reservoir operators commute for each initial state of the system (condition i)",
    UnitalityLabel.COLLECTIVE: "the commutators of the reservoir operators add up to zero, in every reservoir state",
    UnitalityLabel.MACROSCOPIC: "the mean commutators vanish in this reservoir state (condition ii)",
    UnitalityLabel.WEIGHTED: "the mean commutators of this reservoir state add up to zero",
}


class HTheoremVerdict(StrEnum):
    """Whether entropy can fall.

    Examples
    --------
    >>> HTheoremVerdict.HOLDS.value
    'entropy cannot fall'
    """

    HOLDS = "entropy cannot fall"
    HOLDS_WHERE_OCCUPIED = "entropy can fall, but not from where the state is"
    FAILS = "entropy can fall"


@dataclass(frozen=True, eq=False)
class BlockReport:
    """One energy level of the system.

    Attributes
    ----------
    energy : float
    unitality : RestrictedUnitality
        Of the level's projector: leak, defect, excess, minimal gain.
    classification : Classification or None
        Why the level is unital or that it is not; None for a process that is not energy-isolated, and for a channel.
    occupation : float or None
        Probability of the level in the state that was given.

    Examples
    --------
    >>> import numpy as np
    >>> from loschmidt.processes.channels import amplitude_damping
    >>> from loschmidt.processes.dilations.h_theorem import h_theorem
    >>> [round(block.unitality.leak, 6) for block in h_theorem(amplitude_damping(0.3), np.diag([0.0, 1.0])).blocks]
    [0.0, 0.3]
    """

    energy: float
    unitality: RestrictedUnitality
    classification: Classification | None
    occupation: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the level as plain dictionaries, numbers and texts."""
        return {
            "energy": self.energy,
            "occupation": self.occupation,
            **self.unitality.as_dict(),
            "classification": None if self.classification is None else self.classification.as_dict(),
        }


@dataclass(frozen=True, eq=False)
class HTheoremReport:
    """Whether a process can lower the entropy of its system, and why.

    Attributes
    ----------
    verdict : HTheoremVerdict
    tolerance : float
        On the defects and residuals below.
    dimension : int
        Of the system.
    defect : float
        ‖Φ(1) - 1‖ in the operator norm.
    isolated : bool or None
        Whether the process keeps the energy of the system; None without a Hamiltonian.
    isolation_defect, relative_isolation_defect, largest_interblock_element : float or None
        ‖[U, H_S⊗1]‖ in units of energy and of the spectral width, and the largest element of U between levels; None for
        a channel, of which the leaks of the levels tell, and without a Hamiltonian.
    energy_exchange : float or None
        ‖Φ†(H_S) - H_S‖: the largest mean energy that a state can gain or lose; None without a Hamiltonian.
    ambiguous_levels : bool
        Whether another grouping tolerance would have grouped the levels differently.
    classification : Classification or None
        Of the whole dilation; None for a channel.
    minimal_gain : MinimalEntropyGain or None
        The most entropy that any state can lose; None if it was not asked for.
    blocks : tuple of BlockReport
        The levels, lowest first; empty without a Hamiltonian.
    occupied : RestrictedUnitality or None
        The theorem where the state is that was given.
    entropy_change : float or None
        ΔS of that state, in nats.

    Examples
    --------
    >>> from loschmidt.processes.channels import dephasing
    >>> from loschmidt.processes.dilations.h_theorem import h_theorem
    >>> h_theorem(dephasing(2, 0.5)).words.split(" (")[0]
    'Entropy cannot fall: the channel is unital'
    """

    verdict: HTheoremVerdict
    tolerance: float
    dimension: int
    defect: float
    isolated: bool | None
    isolation_defect: float | None
    relative_isolation_defect: float | None
    largest_interblock_element: float | None
    energy_exchange: float | None
    ambiguous_levels: bool
    classification: Classification | None
    minimal_gain: MinimalEntropyGain | None
    blocks: tuple[BlockReport, ...]
    occupied: RestrictedUnitality | None
    entropy_change: float | None

    @property
    def unital(self) -> bool:
        """Whether Φ(1) = 1."""
        return self.verdict is HTheoremVerdict.HOLDS

    @property
    def words(self) -> str:
        """The verdict in words, with the numbers behind it."""
        sentences = [self._verdict_in_words(), self._isolation_in_words()]
        if self.entropy_change is not None:
            sentences.append(f"The given state changes its entropy by {_signed(self.entropy_change)} nats.")
        if self.ambiguous_levels:
            sentences.append("Some levels are nearly degenerate: another grouping tolerance gives other blocks.")
        return " ".join(sentences)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain dictionaries, lists, numbers and texts; None where there is no number."""
        gain = self.minimal_gain
        return {
            "verdict": self.verdict.value,
            "words": self.words,
            "tolerance": self.tolerance,
            "dimension": self.dimension,
            "unital": self.unital,
            "defect": self.defect,
            "isolated": self.isolated,
            "isolation_defect": self.isolation_defect,
            "relative_isolation_defect": self.relative_isolation_defect,
            "largest_interblock_element": self.largest_interblock_element,
            "energy_exchange": self.energy_exchange,
            "ambiguous_levels": self.ambiguous_levels,
            "classification": None if self.classification is None else self.classification.as_dict(),
            "minimal_gain": None if gain is None else float(gain.value),
            "minimal_gain_lower_bound": None if gain is None else float(gain.lower_bound),
            "blocks": [block.as_dict() for block in self.blocks],
            "occupied": None if self.occupied is None else self.occupied.as_dict(),
            "entropy_change": self.entropy_change,
        }

    def to_json(self, indent: int | None = 2) -> str:
        """Return :meth:`as_dict` as strict JSON.

        Examples
        --------
        >>> from loschmidt.processes.channels import dephasing
        >>> from loschmidt.processes.dilations.h_theorem import h_theorem
        >>> json.loads(h_theorem(dephasing(2, 0.5)).to_json())["verdict"]
        'entropy cannot fall'
        """
        return json.dumps(self.as_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    def _verdict_in_words(self) -> str:
        size = f"‖Φ(1) - 1‖ = {self.defect:.2g}"
        if self.verdict is HTheoremVerdict.HOLDS:
            because = "" if self.classification is None else _reason(self.classification)
            return f"Entropy cannot fall: the channel is unital ({size}){because}."
        loss = ""
        if self.minimal_gain is not None:
            loss = f", and some state changes its entropy by {_signed(self.minimal_gain.value)} nats"
        if self.verdict is HTheoremVerdict.HOLDS_WHERE_OCCUPIED and self.occupied is not None:
            stays = "and stays there" if self.occupied.unital else "although it leaves"
            return (
                f"Entropy can fall ({size}{loss}), but not from the {self.occupied.basis.shape[1]} of {self.dimension} "
                f"dimensions that the state occupies, {stays} (‖Φ(P) - P‖ = {self.occupied.defect:.2g})."
            )
        return f"Entropy can fall: the channel is not unital ({size}){loss}."

    def _isolation_in_words(self) -> str:
        if self.isolated is None:
            return "There is no Hamiltonian, so isolation was not examined."
        if self.largest_interblock_element is not None:
            number = f"largest element of U between levels {self.largest_interblock_element:.2g}"
        else:
            number = f"largest leak of a level {max(block.unitality.leak for block in self.blocks):.2g}"
        verb = "keeps" if self.isolated else "does not keep"
        return f"The process {verb} the energy of the system ({number})."


def _reason(classification: Classification) -> str:
    reason = _REASONS.get(classification.label)
    return "" if reason is None else f", {classification.label.value}: {reason}"


def _signed(value: float) -> str:
    return f"{value:+.4g}".replace("-", "−")
