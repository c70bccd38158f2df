"""The accounts of classical processes: heat conduction between bars, and von Neumann's gas."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["CLASSICAL_ACCOUNTS"]

_BARS = ("time", "bar")
_PARTS = ("component",)
_CONDUCTION, _GAS, _PAPER = "degroot1962", "vonneumann1927", "ahmadi2020"

CLASSICAL_ACCOUNTS: tuple[Account, ...] = (
    # Heat conduction between two bars.
    Account("temperature", "T", ("time", "cell"), "energy", "temperature of each cell", _CONDUCTION),
    Account("bar_energy", "U", _BARS, "energy", "Σ c T of each bar", _CONDUCTION),
    Account("bar_entropy", "S", _BARS, "entropy", "Σ c ln T of each bar, up to a constant", _CONDUCTION),
    Account("bar_entropy_change", "ΔS", _BARS, "entropy", "S now less S at the first time", _CONDUCTION, True),
    Account("bar_heat_rate", "Q̇", _BARS, "power", "heat current through the contact into each bar", _CONDUCTION),
    Account("external_entropy_rate", "d_eS/dt", _BARS, "entropy rate", "Q̇ over T at the contact", _PAPER),
    Account("interior_production_rate", "d_iS/dt", _BARS, "entropy rate", "Σ k ΔT²/(T T') inside a bar", _CONDUCTION),
    Account("interface_production_rate", "d_iS_int/dt", STEPS, "entropy rate", "k ΔT²/(T T') at the contact", _PAPER),
    Account("bar_heat", "Q", _BARS, "energy", "∫ Q̇ dt, by quadrature", _CONDUCTION, True),
    Account("external_entropy", "ΔS_e", _BARS, "entropy", "∫ d_eS, entropy that came with heat", _PAPER, True),
    Account("interior_production", "ΔS_i", _BARS, "entropy", "∫ d_iS, produced inside each bar", _CONDUCTION, True),
    Account("interface_production", "ΔS_int", STEPS, "entropy", "∫ d_iS_int, produced at the contact", _PAPER, True),
    # Von Neumann's gas.
    Account("gas_entropy", "S_gas", STEPS, "entropy", "Σ n_i ln(n V_i/(n_i V)), zero for a pure gas in V", _GAS),
    Account("reservoir_entropy_change", "ΔS_res", STEPS, "entropy", "-Q/T", _GAS, True),
    Account("component_population", "p_i", _PARTS, "1", "share of the atoms in each pure state", _GAS),
    Account("component_volume", "V_i/V", _PARTS, "1", "volume of each component after compression", _GAS),
    Account("component_work", "W_i", _PARTS, "energy", "work on each component, -n T p ln p", _GAS),
    Account(
        "printed_component_work",
        "W_i'",
        _PARTS,
        "1",
        "as printed: p ln p, without n and T and with the sign of work done by the gas",
        _PAPER,
    ),
)
