"""The definitions of entropy production: formula, what each assumes and counts, and when it cannot be negative."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFINITIONS", "Definition"]


@dataclass(frozen=True)
class Definition:
    """One thing that is called entropy production.

    Attributes
    ----------
    number : int
        Place in the table.
    name, formula : str
        Q is heat into the system S from its environments E, primes mark what is after.
    nonnegative_when : str
        When theory guarantees that it is not negative.
    assumes, counts : str
        What it takes for granted, and what it is made of.
    source : str
        Bibliography key.

    Examples
    --------
    >>> DEFINITIONS[3].name
    'Esposito, Lindenberg and Van den Broeck'
    """

    number: int
    name: str
    formula: str
    nonnegative_when: str
    assumes: str
    counts: str
    source: str


_GIBBS_KEPT = "Φ(ρ_β) = ρ_β"

#: All of them, in the order of the table.
DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        1,
        "Clausius, reservoir heat",
        "ΔS - Σ β Q, Q = -ΔE_E",
        "always, if E starts in a Gibbs state",
        "environments with a temperature at the start",
        "entropy that the system gained less what the heat of the environments accounts for",
        "spohn1978",
    ),
    Definition(
        2,
        "Clausius, system energy",
        "ΔS - β ΔU",
        _GIBBS_KEPT,
        "one temperature, no drive: every change of the system's energy is heat",
        "the same, with heat seen by the system: without the work of switching the interaction",
        "spohn1978",
    ),
    Definition(
        3,
        "Spohn",
        "∫ dt (-d/dt) S(ρ‖π), L(π) = 0",
        "the evolution is Markovian and keeps π",
        "a master equation with a stationary state π, which under a drive is that of each moment",
        "approach of the state to π",
        "spohn1978",
    ),
    Definition(
        4,
        "Esposito, Lindenberg and Van den Broeck",
        "S(ρ'_SE‖ρ'_S ⊗ ρ_E)",
        "always",
        "an uncorrelated start and a unitary on everything",
        "correlation with the environments and their displacement",
        "esposito2010entropy",
    ),
    Definition(
        5,
        "drop of the distance from Gibbs",
        "S(ρ‖ρ_β) - S(ρ'‖ρ_β)",
        _GIBBS_KEPT,
        "one temperature, one Hamiltonian of the system",
        "free energy lost, times β",
        "deffner2011",
    ),
    Definition(
        6,
        "Ahmadi, Salimi and Khorashad",
        "∫ dt i tr{[H, ρ] ln ρ}",
        "it is zero for every H and ρ",
        "that what the Hamiltonian does is the interior of the system",
        "nothing; what is shown is the round-off of computing it",
        "ahmadi2020",
    ),
    Definition(
        7,
        "mutual information",
        "I(S:E)",
        "always",
        "an uncorrelated start",
        "correlation with the environments, at most 2 ln d of the system",
        "groisman2005",
    ),
    Definition(
        8,
        "observational",
        "ΔS_obs, eigenstates of ρ_S ⊗ energies of E",
        "S_obs = S at the start",
        "that no more is seen than the state of S and the energy of E",
        "what is not seen of the joint state after",
        "strasberg2021",
    ),
    Definition(
        9,
        "diagonal, of everything",
        "ΔS of ρ_SE pinched onto local energies",
        "S has no coherence at the start",
        "that only energies are seen, of S and of E",
        "coherence and correlation that energies do not show",
        "polkovnikov2011",
    ),
    Definition(
        10,
        "diagonal, of the system",
        "ΔS_d = ΔS of ρ_S pinched onto energies",
        "no sign in general",
        "that only energies of S are seen, and E not at all",
        "how much wider the populations became",
        "polkovnikov2011",
    ),
    Definition(
        11,
        "closed drive",
        "β (W - ΔF) = S(ρ'‖ρ'_β)",
        "S starts in a Gibbs state",
        "a driven system without environment, in a Gibbs state at the start",
        "work above the least: coherence made and populations displaced",
        "deffner2010",
    ),
    Definition(
        12,
        "several baths",
        "ΔS - Σ β Q = adiabatic + non-adiabatic",
        "total and non-adiabatic part: always; adiabatic part: K ≥ 0",
        "a master equation with a unique steady state",
        "what it costs to keep the steady state, and to approach it",
        "esposito2010",
    ),
)
