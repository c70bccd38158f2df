"""The accounts of a master equation; the first few are those of any process with density matrices."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["OPEN_SYSTEM_ACCOUNTS"]

_BATHS = ("time", "bath")

OPEN_SYSTEM_ACCOUNTS: tuple[Account, ...] = (
    # State functions.
    Account("energy", "U", STEPS, "energy", "tr(E ρ), E the energy observable", "alicki1979"),
    Account("entropy", "S", STEPS, "entropy", "von Neumann entropy -tr(ρ ln ρ)", "breuer2002"),
    Account(
        "diagonal_entropy",
        "S_d",
        STEPS,
        "entropy",
        "entropy of the state pinched onto energy eigenspaces",
        "santos2019",
    ),
    Account("coherence", "C", STEPS, "entropy", "relative entropy of coherence S_d - S", "baumgratz2014"),
    Account("populations", "p", ("time", "level"), "1", "probability of each energy level", "breuer2002"),
    Account("free_energy", "F", _BATHS, "energy", "U - S/β for each bath with finite β > 0", "santos2019"),
    Account(
        "gibbs_relative_entropy",
        "S(ρ‖ρ_β)",
        _BATHS,
        "entropy",
        "relative entropy to the Gibbs state of each bath",
        "spohn1978",
    ),
    # Rates.
    Account("entropy_rate", "dS/dt", STEPS, "entropy rate", "rate of change of S", "spohn1978"),
    Account("heat_rate", "Q̇", _BATHS, "power", "heat current from each bath into the system", "alicki1979"),
    Account("energy_current", "J_E", _BATHS, "power", "energy current from each bath into the system", "alicki1979"),
    Account(
        "particle_current",
        "J_N",
        _BATHS,
        "particle rate",
        "particle current from each bath into the system",
        "esposito2010entropy",
    ),
    Account(
        "drive_power", "Ẇ", STEPS, "power", "tr(ρ dE/dt), work done on the system by the drive per time", "alicki1979"
    ),
    Account(
        "switching_power",
        "Ẇ_sw",
        STEPS,
        "power",
        "tr(-i E [H, ρ]): energy that enters because H does not conserve the energy observable",
        "levy2014",
    ),
    Account(
        "chemical_power",
        "Ẇ_chem",
        STEPS,
        "power",
        "Σ μ J_N, chemical work done on the system per time",
        "esposito2010entropy",
    ),
    Account(
        "entropy_flux", "Φ", STEPS, "entropy rate", "-Σ β Q̇, entropy flow from the system to the baths", "spohn1978"
    ),
    Account("entropy_production_rate", "Π", STEPS, "entropy rate", "dS/dt + Φ", "spohn1978"),
    Account("entropy_production_rate_by_bath", "Π_b", _BATHS, "entropy rate", "-tr[D_b(ρ)(ln ρ + β_b E)]", "spohn1978"),
    Account(
        "population_entropy_production_rate", "Π_d", STEPS, "entropy rate", "part of Π due to populations", "santos2019"
    ),
    Account(
        "population_entropy_production_rate_by_bath",
        "Π_d,b",
        _BATHS,
        "entropy rate",
        "part of Π_b due to populations",
        "santos2019",
    ),
    Account(
        "coherence_entropy_production_rate",
        "Υ",
        STEPS,
        "entropy rate",
        "part of Π due to coherence, Π - Π_d",
        "santos2019",
    ),
    Account(
        "coherence_entropy_production_rate_by_bath",
        "Υ_b",
        _BATHS,
        "entropy rate",
        "part of Π_b due to coherence",
        "santos2019",
    ),
    Account(
        "adiabatic_entropy_production_rate",
        "Σ̇_a",
        STEPS,
        "entropy rate",
        "Π - Σ̇_na = tr(K ρ), what it costs to keep the steady state",
        "manzano2018",
    ),
    Account(
        "nonadiabatic_entropy_production_rate",
        "Σ̇_na",
        STEPS,
        "entropy rate",
        "-tr[L(ρ)(ln ρ - ln π)], what relaxation to the steady state π produces",
        "manzano2018",
    ),
    Account(
        "entropy_production_rate_by_frequency",
        "π_ω",
        ("time", "bath", "frequency"),
        "entropy rate",
        "part of Π_b due to jumps of each |Bohr frequency|",
        "spohn1978",
    ),
    Account(
        "population_entropy_production_rate_by_transition",
        "Π_d,nm",
        ("time", "bath", "transition"),
        "entropy rate",
        "part of Π_d,b due to each pair of levels",
        "schnakenberg1976",
    ),
    # Exchanged since the first time.
    Account("heat", "Q", _BATHS, "energy", "heat that entered from each bath", "alicki1979", True),
    Account("work", "W", STEPS, "energy", "work done on the system by the drive", "alicki1979", True),
    Account("switching_work", "W_sw", STEPS, "energy", "time integral of the switching power", "levy2014", True),
    Account(
        "particles", "N", _BATHS, "particles", "particles that entered from each bath", "esposito2010entropy", True
    ),
    Account(
        "chemical_work",
        "W_chem",
        STEPS,
        "energy",
        "Σ μ N, chemical work done on the system",
        "esposito2010entropy",
        True,
    ),
    Account("entropy_change", "ΔS", STEPS, "entropy", "S now less S at the first time", "spohn1978", True),
    Account("entropy_flow", "∫Φ", STEPS, "entropy", "-Σ β Q, entropy that went to the baths", "spohn1978", True),
    Account("entropy_production", "Σ", STEPS, "entropy", "ΔS - Σ β Q", "spohn1978", True),
    Account("entropy_production_by_bath", "Σ_b", _BATHS, "entropy", "∫ Π_b dt", "spohn1978", True),
    Account("population_entropy_production", "Σ_d", STEPS, "entropy", "∫ Π_d dt", "santos2019", True),
    Account("coherence_entropy_production", "Ξ", STEPS, "entropy", "∫ Υ dt", "santos2019", True),
    Account("adiabatic_entropy_production", "Σ_a", STEPS, "entropy", "∫ Σ̇_a dt", "manzano2018", True),
    Account("nonadiabatic_entropy_production", "Σ_na", STEPS, "entropy", "∫ Σ̇_na dt", "manzano2018", True),
    Account(
        "generated_coherence",
        "C_gen",
        STEPS,
        "entropy",
        "C - C(0) + Ξ, coherence made by the Hamiltonian",
        "santos2019",
        True,
    ),
    # What the model and the numbers say of themselves.
    Account("inverse_temperature", "β", ("bath",), "1/energy", "inverse temperature of each bath", "spohn1978"),
    Account("chemical_potential", "μ", ("bath",), "energy", "chemical potential of each bath", "esposito2010entropy"),
    Account("smallest_eigenvalue", "λ_min(ρ)", STEPS, "1", "lowest eigenvalue of the state", "breuer2002"),
    Account("trace_defect", "|tr ρ - 1|", STEPS, "1", "distance of the trace from one", "breuer2002"),
    Account("integrated_heat_rate", "∫Q̇ dt", _BATHS, "energy", "∫ Q̇_b dt, by quadrature", "alicki1979", True),
    Account(
        "integrated_entropy_rate",
        "∫Ṡ dt",
        STEPS,
        "entropy",
        "Σ_b ∫ -tr[D_b(ρ) ln ρ] dt, by quadrature",
        "spohn1978",
        True,
    ),
    Account(
        "detailed_balance_defect",
        "δ_KMS",
        ("bath",),
        "1",
        "largest relative mismatch of W↑ = e^{-βω} W↓",
        "kossakowski1977",
    ),
    Account(
        "gibbs_fixed_point_defect",
        "δ_Gibbs",
        ("bath",),
        "1",
        "‖D_b(ρ_β)‖ over the largest rate, for the energy observable",
        "davies1974",
    ),
    Account(
        "reference_fixed_point_defect",
        "δ_ref",
        ("bath",),
        "1",
        "the same for the Hamiltonian the bath was built on",
        "davies1974",
    ),
    Account(
        "smallest_canonical_rate",
        "γ_min",
        ("bath",),
        "1",
        "smallest canonical rate over the largest, zero if none is negative",
        "hall2014",
    ),
    Account(
        "steady_balance",
        "Σ Ė(π)",
        ("bath",),
        "power",
        "energy current from each bath in the steady state",
        "breuer2002",
    ),
    Account("steady_switching_power", "Ẇ_sw(π)", (), "power", "switching power in the steady state", "levy2014"),
    Account(
        "steady_state_multiplicity",
        "k",
        (),
        "1",
        "number of independent stationary states",
        "frigerio1978",
    ),
    Account(
        "adiabatic_operator_minimum",
        "λ_min(K)",
        (),
        "entropy rate",
        "lowest eigenvalue of K; Σ̇_a ≥ 0 for every state if it is not negative",
        "manzano2018",
    ),
    Account(
        "secular_ratio", "δω/γ", (), "1", "smallest distance of Bohr frequencies over the largest rate", "davies1974"
    ),
    Account(
        "local_ratio", "ω/g", (), "1", "smallest frequency that a bath couples to over the interaction", "hofer2017"
    ),
    Account(
        "weak_coupling_ratio", "ω/γ", (), "1", "smallest coupled Bohr frequency over the largest rate", "davies1974"
    ),
    Account(
        "covariance_defect",
        "‖[D, 𝓗]‖",
        (),
        "1",
        "relative norm of the commutator of the baths with the free motion",
        "santos2019",
    ),
    Account(
        "highest_occupation",
        "p_top",
        ("mode",),
        "1",
        "largest occupation of the last kept level of a truncated mode",
        "breuer2002",
    ),
)
