"""The accounts of quantum-jump trajectories beside those that all trajectories share."""

from __future__ import annotations

from loschmidt.ledger.account import STEPS, Account

__all__ = ["JUMP_ACCOUNTS"]

_BATHS = ("time", "bath")
_MANZANO = "manzano2018"

JUMP_ACCOUNTS: tuple[Account, ...] = (
    Account(
        "trajectory_heat",
        "⟨Q_b⟩",
        _BATHS,
        "energy",
        "mean over trajectories of the heat from each bath since the first time, positive into the system; its error "
        "is five standard errors and what too rare jumps may add",
        "horowitz2013",
        True,
    ),
    Account(
        "trajectory_work",
        "⟨W⟩",
        STEPS,
        "energy",
        "mean over trajectories of the work ∫ ⟨ψ|dE/dt|ψ⟩ dt done on the system by the drive",
        "horowitz2013",
        True,
    ),
    Account(
        "trajectory_switching_work",
        "⟨W_sw⟩",
        STEPS,
        "energy",
        "mean over trajectories of the energy that enters because H does not conserve the energy observable",
        "horowitz2013",
        True,
    ),
    Account(
        "quantum_heat",
        "⟨Q_q⟩",
        (),
        "energy",
        "mean of the quantum heat: what heat and work leave of the energy change of a trajectory, because measurement "
        "and waiting move the mean energy of a coherent state; zero on average",
        "elouard2017",
    ),
    Account(
        "trajectory_state_distance",
        "‖⟨ψψ†⟩ - ρ‖",
        STEPS,
        "1",
        "Frobenius distance of the mean projector on the states of trajectories from the density matrix",
        "dalibard1992",
    ),
    Account(
        "jump_count",
        "⟨N⟩",
        ("jump",),
        "1",
        "mean number of jumps of a trajectory, by bath and by the energy ω that each takes out of the system",
        "dalibard1992",
    ),
    Account(
        "jump_entropy_defect",
        "‖F_b + β_b Q̇_b‖",
        ("bath",),
        "1",
        "relative difference of the entropy that jumps give to each bath from -β times the heat, as operators",
        _MANZANO,
    ),
    Account(
        "effective_sample_size",
        "n_eff",
        (),
        "1",
        "(Σ w)²/Σ w² for w = e^{-σ}: how many trajectories carry the exponential average",
        "horowitz2013",
    ),
    Account(
        "exponential_deviation",
        "Δe^{-σ}",
        (),
        "1",
        "standard deviation of e^{-σ} of one trajectory, without sampling and without what is too rare to be met",
        "horowitz2013",
    ),
    Account(
        "rare_exponential_weight",
        "δ_rare",
        (),
        "1",
        "part of 1 - λ that rests on first outcomes or jumps met fewer than 50 times",
        "murashita2014",
    ),
    Account(
        "infinite_share",
        "P(σ = ∞)",
        (),
        "1",
        "share of trajectories with a jump whose reverse is impossible",
        "murashita2014",
    ),
)
