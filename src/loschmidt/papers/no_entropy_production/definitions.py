"""What vanishes and what does not: the zero of Eq. 13 beside every other definition of entropy production."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
from scipy.linalg import expm

from loschmidt.evolution.evolve import evolve
from loschmidt.information import von_neumann_entropy
from loschmidt.ledger.definitions import DefinitionTable, compare_definitions
from loschmidt.papers.claim import Claim, ClaimValue, ClaimVerdict, Computed
from loschmidt.papers.no_entropy_production._qubits import QUBIT, thermal_jumps, thermal_qubit
from loschmidt.processes.driven import driven_generator
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.thermal_operations import GibbsEnvironment, ThermalOperation, thermal_operation_by_exchange
from loschmidt.states import gibbs_state
from loschmidt.typing import ComplexMatrix

__all__ = ["CLAIMS"]

_ROUND_OFF = 1e-10
_CLEARLY = 1e-2
_X = np.array([[0.0, 1.0], [1.0, 0.0]])
#: The state that all of these processes start from, and the time the master equation runs.
_START: ComplexMatrix = np.array([[0.3, 0.2], [0.2, 0.7]], dtype=np.complex128)
_SPAN = 1.5


def _swap() -> DefinitionTable:
    """Return the table of a partial swap of two resonant qubits, which conserves energy."""
    return compare_definitions(evolve(thermal_operation_by_exchange(QUBIT, GibbsEnvironment(QUBIT, 1.0), 0.7), _START))


def _pushed() -> DefinitionTable:
    """Return the table of two detuned qubits whose interaction is switched on and off, which does work."""
    own, other = np.kron(QUBIT, np.eye(2)), np.kron(np.eye(2), 1.3 * QUBIT)
    unitary = expm(-1.1j * (own + other + 0.6 * np.kron(_X, _X)))
    operation = ThermalOperation(unitary, QUBIT, GibbsEnvironment(1.3 * QUBIT, 1.0), allow_work=True)
    return compare_definitions(evolve(operation, _START))


def _relaxed() -> DefinitionTable:
    """Return the table of a coherent qubit beside a bath."""
    return compare_definitions(evolve(thermal_qubit(0.3), _START, np.linspace(0.0, _SPAN, 16)))


def _numbers(table: DefinitionTable) -> dict[str, ClaimValue]:
    return {f"#{row.number} {row.name}": row.value for row in table.rows if row.value is not None}


def _value(table: DefinitionTable, number: int) -> float:
    value = table[number].value
    return math.nan if value is None else value


def _agree(table: DefinitionTable) -> bool:
    return not table.violated and all(one.holds for one in table.agreements)


def _spread(table: DefinitionTable, *numbers: int) -> float:
    return float(np.ptp([_value(table, number) for number in numbers]))


# ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _same_quantity() -> Computed:
    tables = {"swap": _swap(), "unitary that does work": _pushed(), "master equation": _relaxed()}
    zeros = max(abs(_value(table, 6)) for table in tables.values())
    clausius = {name: _value(table, 1) for name, table in tables.items()}
    bound = min(clausius.values())
    value: dict[str, ClaimValue] = {"largest |#6|": zeros, **{f"#1 of a {name}": x for name, x in clausius.items()}}
    reason = (
        f"What the Hamiltonian does to the entropy is {zeros:.0e} at most for three processes, as Eq. (13) says, while "
        f"ΔS - βQ, which others prove to be positive, is {', '.join(f'{x:.4f}' for x in clausius.values())}: two "
        f"quantities, of which neither refutes the other."
    )
    if not all(_agree(table) for table in tables.values()) or not zeros < _ROUND_OFF:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, reason)
    return Computed(value, ClaimVerdict.REFUTED if bound > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _conserving() -> Computed:
    table = _swap()
    apart, zero = _spread(table, 1, 2, 3, 4, 5), abs(_value(table, 6))
    others = [_value(table, number) for number in (7, 8, 9, 10)]
    different = min(abs(one - _value(table, 1)) for one in others)
    good = _agree(table) and max(apart, zero) < _ROUND_OFF and min(different, *others) > _CLEARLY
    return Computed(
        _numbers(table),
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"For a partial swap #1 to #5 are {_value(table, 1):.7f} within {apart:.0e}; of it {others[0]:.7f} is "
        f"correlation, #8 to #10 see {others[1]:.4f}, {others[2]:.4f} and {others[3]:.4f}, and #6 is zero.",
    )


def _working() -> Computed:
    table = _pushed()
    gap = _value(table, 1) - _value(table, 2)
    pairs = max(_spread(table, 1, 4), _spread(table, 2, 5))
    good = _agree(table) and pairs < _ROUND_OFF and gap > _CLEARLY and table[3].value is None
    return Computed(
        _numbers(table) | {"β W": gap},
        ClaimVerdict.CORRECTED if good else ClaimVerdict.REFUTED,
        f"Where switching does work, heat of the environment gives {_value(table, 1):.7f} = #4 and energy of the "
        f"system {_value(table, 2):.7f} = #5; they are apart by βW = {gap:.7f}, and only the first is never negative.",
    )


def _relaxation() -> Computed:
    table = _relaxed()
    apart = _spread(table, 1, 2, 3, 5)
    distant = [table[number].value for number in (4, 7, 8, 9)]
    good = _agree(table) and apart < _ROUND_OFF and distant == [None] * 4 and _value(table, 1) > _CLEARLY
    return Computed(
        _numbers(table),
        ClaimVerdict.REPRODUCED if good else ClaimVerdict.REFUTED,
        f"For a coherent qubit beside a bath #1, #2, #3 and #5 are {_value(table, 1):.7f} within {apart:.0e}, the "
        f"entropy of its populations gains {_value(table, 10):.7f}, #6 is {_value(table, 6):.0e}, and what needs the "
        f"state of the bath has no value.",
    )


def _collisions(pairs: int) -> DefinitionTable:
    """Return the table of a qubit that meets a hot and a cold qubit in turn, `pairs` times, and never one twice."""
    environments = [GibbsEnvironment(QUBIT, (0.2, 3.0)[k % 2], f"qubit {k}") for k in range(2 * pairs)]
    size = 2 * pairs + 1
    lower, one = np.array([[0.0, 1.0], [0.0, 0.0]]), np.eye(2)
    unitary: ComplexMatrix = np.eye(2**size, dtype=np.complex128)
    for met in range(1, size):
        factors = [lower, *(lower.T if k == met else one for k in range(1, size))]
        exchange = reduce(np.kron, factors)
        exchange = exchange + exchange.T
        # e^{-iθE}, as E² projects on what is exchanged.
        step = np.eye(2**size) + (math.cos(1.2) - 1) * exchange @ exchange - 1j * math.sin(1.2) * exchange
        unitary = step @ unitary
    return compare_definitions(evolve(ThermalOperation(unitary, QUBIT, environments), _START))


def _stored() -> Computed:
    tables = [_collisions(pairs) for pairs in (1, 2, 3)]
    produced = [_value(table, 1) for table in tables]
    shared = [_value(table, 7) for table in tables]
    ceiling = 2 * math.log(2)
    sound = all(one.holds for table in tables for one in table.agreements if one.residual is not None)
    value: dict[str, ClaimValue] = {"Σ": produced, "I(S:E)": shared, "2 ln d": ceiling}
    reason = (
        f"A qubit that meets a hot and a cold one in turn, three times, produces {produced[0]:.3f}, {produced[1]:.3f} "
        f"and {produced[2]:.3f} so far, but its correlation with them stays at {max(shared):.3f}, below 2 ln 2: the "
        f"rest is displacement of the environment and correlation inside it."
    )
    if not sound or max(shared) > ceiling:
        return Computed(value, ClaimVerdict.REFUTED, reason)
    steps = float(np.diff(produced).min())
    grows = steps > _CLEARLY and steps > 10 * float(np.diff(shared).max()) and produced[-1] > shared[-1]
    return Computed(value, ClaimVerdict.CORRECTED if grows else ClaimVerdict.REPRODUCED, reason)


def _quench() -> Computed:
    rate = 1e6
    drive = driven_hamiltonian(QUBIT, [(0.5 * QUBIT + 0.5 * _X, lambda t: np.asarray(t) * rate)])
    evolution = evolve(driven_generator(drive, dissipators=[]), gibbs_state(QUBIT, 1.0), [0.0, 1 / rate])
    table = compare_definitions(evolution)
    row, kept = table[11], float(np.ptp(np.asarray(von_neumann_entropy(evolution.states))))
    parts = {name: part.value for name, part in row.parts.items()}
    value: dict[str, ClaimValue] = {"β (W - ΔF)": row.value, **parts, "|ΔS|": kept}
    produced = _value(table, 11)
    reason = (
        f"After a quench β(W - ΔF) is {produced:.7f} with every term, equal to S(ρ'‖ρ'_β): "
        + " + ".join(f"{x or 0.0:.7f} by {name}" for name, x in parts.items())
        + f". ΔS is {kept:.0e}, which is another quantity. The text of Ref. 6 itself was not compared."
    )
    if not _agree_on_drive(table) or kept > _ROUND_OFF:
        return Computed(value, ClaimVerdict.NOT_REPRODUCIBLE, reason)
    return Computed(value, ClaimVerdict.REFUTED if produced > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


def _agree_on_drive(table: DefinitionTable) -> bool:
    (found,) = (one for one in table.agreements if one.statement.startswith("#11"))
    parts = sum(part.value or 0.0 for part in table[11].parts.values())
    return found.holds is True and abs(parts - _value(table, 11)) < _ROUND_OFF


def _two_baths() -> Computed:
    baths = [thermal_jumps(0.3, 1 / 3, name="hot"), thermal_jumps(0.7, 2.0, name="cold")]
    table = compare_definitions(evolve(gkls_generator(QUBIT, baths), _START, [0.0, 1e-9]))
    row, parts = table[12], table[12].parts
    rates = {"total": row.rate, **{name: part.rate for name, part in parts.items()}}
    known = [math.nan if rate is None else rate for rate in rates.values()]
    total, housekeeping, approach, steady = known
    sums = abs(total - housekeeping - approach)
    reason = (
        f"In the steady state dS/dt = 0, but {steady:.7f} per time goes on being produced at the cost of keeping it; "
        f"at another state the total {total:.7f} is {housekeeping:.7f} of that kind and {approach:.7f} of approach."
    )
    if table.violated or not sums < 1e-6:
        return Computed(rates, ClaimVerdict.NOT_REPRODUCIBLE, reason)
    return Computed(rates, ClaimVerdict.REFUTED if steady > _CLEARLY else ClaimVerdict.REPRODUCED, reason)


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "same-quantity",
        "title; Eqs. (11), (13)",
        "The entropy production that vanishes is the one that others prove to be positive.",
        None,
        ClaimVerdict.REFUTED,
        _same_quantity,
    ),
    Claim(
        "definitions-of-a-swap",
        "Eq. (13) beside Refs. 6 and 25",
        "Where a unitary conserves energy, the definitions in use give one number, which is not the zero of Eq. (13).",
        None,
        ClaimVerdict.REPRODUCED,
        _conserving,
    ),
    Claim(
        "definitions-with-work",
        "Eq. (13) beside Refs. 6 and 25",
        "The definitions in use give one number for every unitary.",
        None,
        ClaimVerdict.CORRECTED,
        _working,
    ),
    Claim(
        "definitions-of-a-relaxation",
        "Eqs. (12), (13) beside Refs. 6 and 25",
        "For a master equation with one bath the definitions that need only the bath's temperature give one number.",
        None,
        ClaimVerdict.REPRODUCED,
        _relaxation,
    ),
    Claim(
        "stored-in-correlations",
        "Eq. (16), text",
        "What is called entropy production is stored in the correlations of the system with its environment.",
        None,
        ClaimVerdict.CORRECTED,
        _stored,
    ),
    Claim(
        "closed-drive",
        "text on Ref. 6",
        "With all its terms, the entropy production β(W - ΔF) of a closed driven system is zero.",
        None,
        ClaimVerdict.REFUTED,
        _quench,
    ),
    Claim(
        "steady-production",
        "Eqs. (10)-(13) for two baths",
        "A steady state between two baths produces no entropy, since its own entropy stands still.",
        None,
        ClaimVerdict.REFUTED,
        _two_baths,
    ),
)
