"""What happens to a state: generators of open-system dynamics and what they are made of."""

from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator, RedfieldDissipator, jump_dissipator
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import (
    Coefficient,
    DrivenHamiltonian,
    HamiltonianFunction,
    TabulatedCoefficient,
    driven_hamiltonian,
)
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.local import local_generator
from loschmidt.processes.partial_secular import partial_secular_generator
from loschmidt.processes.redfield import redfield_generator
from loschmidt.processes.spectra import (
    DrudeSpectrum,
    FermionicSpectrum,
    FlatSpectrum,
    GlauberSpectrum,
    OhmicSpectrum,
    Spectrum,
    TabulatedSpectrum,
    UserSpectrum,
)

__all__ = [
    "Bath",
    "Coefficient",
    "DaviesDissipator",
    "Dissipator",
    "DrivenGenerator",
    "DrivenHamiltonian",
    "DrudeSpectrum",
    "FermionicSpectrum",
    "FlatSpectrum",
    "Generator",
    "GlauberSpectrum",
    "HamiltonianFunction",
    "JumpDissipator",
    "OhmicSpectrum",
    "RedfieldDissipator",
    "Spectrum",
    "TabulatedCoefficient",
    "TabulatedSpectrum",
    "UserSpectrum",
    "davies_generator",
    "driven_generator",
    "driven_hamiltonian",
    "gkls_generator",
    "jump_dissipator",
    "local_generator",
    "partial_secular_generator",
    "redfield_generator",
]
