"""Scatterers: particles that change leads while their passage moves spins, photons or other reservoirs."""

from loschmidt.processes.scattering.elastic import (
    conservation_residual,
    displacement_operator,
    elastic_identity_image,
    emission_scatterer,
    overlap_scatterer,
    passage_scatterer,
    photon_scatterer,
)
from loschmidt.processes.scattering.leads import (
    n_lead_scatterer,
    printed_three_lead_identity_image,
    three_lead_identity_image,
)
from loschmidt.processes.scattering.planar_array import planar_array_scatterer
from loschmidt.processes.scattering.scatterer import Scatterer, maximally_mixed_floor
from loschmidt.processes.scattering.spin_reservoir import (
    half_line_rotations,
    half_line_scatterer,
    sphere_positions,
    spin_reservoir_scatterer,
    star_directions,
)
from loschmidt.processes.scattering.spin_states import bloch_states, spin_rotations
from loschmidt.processes.scattering.splitters import (
    balanced_splitter,
    buttiker_splitter,
    paper_rotations,
    symmetric_splitter,
    two_lead_splitter,
)

__all__ = [
    "Scatterer",
    "balanced_splitter",
    "bloch_states",
    "buttiker_splitter",
    "conservation_residual",
    "displacement_operator",
    "elastic_identity_image",
    "emission_scatterer",
    "half_line_rotations",
    "half_line_scatterer",
    "maximally_mixed_floor",
    "n_lead_scatterer",
    "overlap_scatterer",
    "paper_rotations",
    "passage_scatterer",
    "photon_scatterer",
    "planar_array_scatterer",
    "printed_three_lead_identity_image",
    "sphere_positions",
    "spin_reservoir_scatterer",
    "spin_rotations",
    "star_directions",
    "symmetric_splitter",
    "three_lead_identity_image",
    "two_lead_splitter",
]
