"""The list of built-in models; a new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from loschmidt.models.amplitude_damping import AMPLITUDE_DAMPING
from loschmidt.models.built_in_eraser import BUILT_IN_ERASER
from loschmidt.models.coherent_exchange import COHERENT_EXCHANGE
from loschmidt.models.collision_chain import COLLISION_CHAIN
from loschmidt.models.conducting_bars import CONDUCTING_BARS
from loschmidt.models.correlated_qubits import CORRELATED_QUBITS
from loschmidt.models.counted_qubit import COUNTED_QUBIT
from loschmidt.models.dark_state import DARK_STATE
from loschmidt.models.debye_ladder import DEBYE_LADDER
from loschmidt.models.domain_wall_expansion import DOMAIN_WALL_EXPANSION
from loschmidt.models.equal_gap_ladder import EQUAL_GAP_LADDER
from loschmidt.models.four_lead_demon import FOUR_LEAD_DEMON
from loschmidt.models.frozen_ion import FROZEN_ION
from loschmidt.models.heat_between_qubits import HEAT_BETWEEN_QUBITS
from loschmidt.models.hubbard_eraser import HUBBARD_ERASER
from loschmidt.models.landau_zener import LANDAU_ZENER
from loschmidt.models.model import Model
from loschmidt.models.otto_stroke import OTTO_STROKE
from loschmidt.models.photon_counting import PHOTON_COUNTING
from loschmidt.models.photon_emission import PHOTON_EMISSION
from loschmidt.models.planar_spins import PLANAR_SPINS
from loschmidt.models.precise_maser import PRECISE_MASER
from loschmidt.models.quantum_ion import QUANTUM_ION
from loschmidt.models.quasi_isolated_qubit import QUASI_ISOLATED_QUBIT
from loschmidt.models.qubit_relaxation import QUBIT_RELAXATION
from loschmidt.models.qubit_reset import QUBIT_RESET
from loschmidt.models.qubit_two_baths import QUBIT_TWO_BATHS
from loschmidt.models.qutrit_two_baths import QUTRIT_TWO_BATHS
from loschmidt.models.repeated_local_eraser import REPEATED_LOCAL_ERASER
from loschmidt.models.spin_cloud import SPIN_CLOUD
from loschmidt.models.spin_passage import SPIN_PASSAGE
from loschmidt.models.squeezed_bath import SQUEEZED_BATH
from loschmidt.models.strong_pair import STRONG_PAIR
from loschmidt.models.three_lead_demon import THREE_LEAD_DEMON
from loschmidt.models.three_level_amplifier import THREE_LEVEL_AMPLIFIER
from loschmidt.models.three_level_maser import THREE_LEVEL_MASER
from loschmidt.models.two_level_lap import TWO_LEVEL_LAP
from loschmidt.models.two_level_walk import TWO_LEVEL_WALK
from loschmidt.models.two_qubits_global import TWO_QUBITS_GLOBAL
from loschmidt.models.two_qubits_local import TWO_QUBITS_LOCAL
from loschmidt.models.two_qubits_partial_secular import TWO_QUBITS_PARTIAL_SECULAR
from loschmidt.models.two_qubits_redfield import TWO_QUBITS_REDFIELD
from loschmidt.models.two_step_echo import TWO_STEP_ECHO
from loschmidt.models.von_neumann_gas import VON_NEUMANN_GAS

__all__ = ["MODELS"]

#: Every built-in model by its name.
MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            QUBIT_RELAXATION,
            QUBIT_RESET,
            QUTRIT_TWO_BATHS,
            DARK_STATE,
            EQUAL_GAP_LADDER,
            THREE_LEVEL_MASER,
            THREE_LEVEL_AMPLIFIER,
            LANDAU_ZENER,
            PHOTON_COUNTING,
            OTTO_STROKE,
            SQUEEZED_BATH,
            QUBIT_TWO_BATHS,
            COUNTED_QUBIT,
            PRECISE_MASER,
            TWO_QUBITS_GLOBAL,
            TWO_QUBITS_LOCAL,
            TWO_QUBITS_REDFIELD,
            TWO_QUBITS_PARTIAL_SECULAR,
            AMPLITUDE_DAMPING,
            COHERENT_EXCHANGE,
            HEAT_BETWEEN_QUBITS,
            CORRELATED_QUBITS,
            STRONG_PAIR,
            CONDUCTING_BARS,
            VON_NEUMANN_GAS,
            THREE_LEAD_DEMON,
            FOUR_LEAD_DEMON,
            SPIN_CLOUD,
            PLANAR_SPINS,
            PHOTON_EMISSION,
            SPIN_PASSAGE,
            FROZEN_ION,
            QUANTUM_ION,
            TWO_LEVEL_WALK,
            TWO_LEVEL_LAP,
            COLLISION_CHAIN,
            DEBYE_LADDER,
            QUASI_ISOLATED_QUBIT,
            TWO_STEP_ECHO,
            REPEATED_LOCAL_ERASER,
            DOMAIN_WALL_EXPANSION,
            HUBBARD_ERASER,
            BUILT_IN_ERASER,
        )
    }
)
