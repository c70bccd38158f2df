"""The accounts of full counting statistics, and of what populations and coherences feed one another."""

from __future__ import annotations

from loschmidt.ledger.account import Account

__all__ = ["COUNTING_ACCOUNTS", "MIXING_ACCOUNTS"]

_BATHS = ("time", "bath")

#: What is counted in the steady state. Units "counted ..." depend on the variable, see the coordinate `counted_unit`.
COUNTING_ACCOUNTS: tuple[Account, ...] = (
    Account(
        "cumulant",
        "c_n",
        ("counted", "cumulant_order"),
        "counted^n/time",
        "cumulant of what is counted, per time: mean, variance, ...",
        "flindt2008",
    ),
    Account(
        "counted_covariance",
        "C",
        ("counted", "counted_beside"),
        "counted²/time",
        "covariance of two counted variables, per time",
        "flindt2008",
    ),
    Account(
        "thermodynamic_uncertainty",
        "c_2 σ̇/c_1²",
        ("counted_current",),
        "1",
        "variance times entropy production over the squared mean of a current",
        "barato2015",
    ),
    Account(
        "kinetic_uncertainty",
        "c_2 K/c_1²",
        ("counted_mean",),
        "1",
        "variance times activity over the squared mean",
        "diterlizzi2019",
    ),
    Account("jump_entropy_rate", "σ̇", (), "entropy rate", "entropy that jumps give to the baths per time", "spohn1978"),
    Account("activity", "K", (), "rate", "jumps per time that change a level", "diterlizzi2019"),
    Account(
        "counted_heat_current",
        "c_1(Q_b)",
        ("bath",),
        "power",
        "mean heat that is counted from each bath per time",
        "flindt2008",
    ),
    Account(
        "steady_heat_current",
        "Q̇_b(π)",
        ("bath",),
        "power",
        "tr[(E - μ N) D_b(π)], heat current from each bath in the steady state π",
        "alicki1979",
    ),
    Account(
        "heat_noise",
        "C(Q_b, Q_b')",
        ("bath", "other_bath"),
        "energy²/time",
        "covariance of the heat from two baths, per time",
        "esposito2009",
    ),
    Account(
        "energy_noise_balance",
        "Σ_b' C(E_b, E_b')",
        ("bath",),
        "energy²/time",
        "covariance of the energy from one bath with that from all baths, per time",
        "esposito2009",
    ),
    Account(
        "noise_minimum",
        "λ_min(C)",
        (),
        "rate",
        "lowest eigenvalue of the covariances, each variable in units of its largest weight",
        "flindt2008",
    ),
    Account(
        "counting_field",
        "s",
        ("curve", "field_point"),
        "1/counted",
        "argument of the generating function of each variable",
        "esposito2009",
    ),
    Account(
        "generating_function",
        "θ(s)",
        ("curve", "field_point"),
        "rate",
        "lim ln⟨e^{sN}⟩/t, scaled cumulant generating function",
        "esposito2009",
    ),
    Account(
        "mirrored_generating_function",
        "θ(-A-s)",
        ("symmetric_curve", "field_point"),
        "rate",
        "the same at the mirror image of s, with A the entropy produced per unit of the variable",
        "gallavotti1995",
    ),
    Account(
        "fluctuation_symmetry_defect",
        "max|θ(s)-θ(-A-s)|",
        ("symmetric_curve",),
        "rate",
        "largest distance of the generating function from its mirror image",
        "gallavotti1995",
    ),
)

#: Where baths mix populations and coherences.
MIXING_ACCOUNTS: tuple[Account, ...] = (
    Account(
        "coherent_heat_rate",
        "Q̇_coh",
        _BATHS,
        "power",
        "tr[E D_b(ρ - Δρ)], the part of the energy current that coherences carry",
        "santos2019",
    ),
    Account(
        "cross_entropy_production_rate",
        "Π_cross",
        _BATHS,
        "entropy rate",
        "part of Π_b in which populations feed coherences or are fed by them",
        "santos2019",
    ),
)
