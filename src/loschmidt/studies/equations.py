"""Put Hamiltonian, drive and baths into the master equation that a model asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from loschmidt.errors import InputError
from loschmidt.processes.baths import Bath
from loschmidt.processes.davies import davies_generator
from loschmidt.processes.davies_dissipator import DaviesDissipator
from loschmidt.processes.dissipators import Dissipator, JumpDissipator
from loschmidt.processes.driven import DrivenGenerator, driven_generator
from loschmidt.processes.drives import driven_hamiltonian
from loschmidt.processes.generators import Generator
from loschmidt.processes.gkls import gkls_generator
from loschmidt.processes.local import local_generator
from loschmidt.processes.partial_secular import partial_secular_generator
from loschmidt.processes.redfield import redfield_generator
from loschmidt.studies.baths import build_bath, build_jumps
from loschmidt.studies.reading import Reader
from loschmidt.studies.spec import BathSpec, EquationSpec
from loschmidt.studies.squeezed_baths import build_squeezed
from loschmidt.typing import ComplexMatrix

__all__ = ["Ingredients", "build_baths", "build_equation", "kind_of_equation"]

#: Equations that build their jumps from spectra, in words.
_THERMAL = {
    "davies": "a davies equation",
    "partial-secular": "a partial-secular equation",
    "local": "a local equation",
    "redfield": "a redfield equation",
}


@dataclass(frozen=True, eq=False)
class Ingredients:
    """What a master equation is made of, checked one by one.

    Attributes
    ----------
    kind : str
        As in ``equation.type``.
    follow : bool
        Whether the baths follow a drive.
    hamiltonian : (d, d)
        Its constant part.
    terms : list of (operator, coefficient)
        Driven terms.
    baths : list of Bath or JumpDissipator
        In the order of the file.
    free, energy, number : (d, d) or None
        Free Hamiltonian, energy observable, particle number.
    cluster_width : float or None
        Of a partial-secular equation.
    dims : tuple of int
        Tensor structure.
    """

    kind: str
    follow: bool
    hamiltonian: ComplexMatrix
    terms: list[tuple[ComplexMatrix, Any]]
    baths: list[Bath | JumpDissipator]
    free: ComplexMatrix | None
    energy: ComplexMatrix | None
    number: ComplexMatrix | None
    cluster_width: float | None
    dims: tuple[int, ...]

    def process(self) -> Generator | DrivenGenerator:
        """Return the process.

        Raises
        ------
        InputError and its subclasses
            If the ingredients do not fit together.
        """
        return self._driven() if self.terms else self._static()

    def _static(self) -> Generator:
        h, thermal = self.hamiltonian, [bath for bath in self.baths if isinstance(bath, Bath)]
        match self.kind:
            case "davies":
                return davies_generator(h, thermal, number=self.number, dims=self.dims)
            case "partial-secular":
                assert self.cluster_width is not None
                return partial_secular_generator(
                    h, thermal, cluster_width=self.cluster_width, number=self.number, dims=self.dims
                )
            case "redfield":
                return redfield_generator(h, thermal, dims=self.dims)
            case "local":
                energy = h if self.energy is None else self.energy
                return local_generator(
                    h, thermal, free_hamiltonian=self.free, energy=energy, number=self.number, dims=self.dims
                )
            case _:
                jumps = [one.as_jumps if isinstance(one, DaviesDissipator) else one for one in self._fixed()]
                fixed = [one for one in jumps if isinstance(one, JumpDissipator)]
                return gkls_generator(h, fixed, energy=self.energy, dims=self.dims)

    def _driven(self) -> DrivenGenerator:
        moving = driven_hamiltonian(self.hamiltonian, self.terms, dims=self.dims)
        if self.follow:
            if any(isinstance(bath, Bath) and bath.fermionic for bath in self.baths):
                raise InputError("a fermionic bath cannot follow a drive; set equation.follow = false.")
            return driven_generator(moving, [bath for bath in self.baths if isinstance(bath, Bath)])
        return driven_generator(moving, dissipators=self._fixed(), energy=self.energy)

    def _fixed(self) -> list[Dissipator]:
        """Return one dissipator per bath; thermal ones are built on the free or the constant Hamiltonian."""
        thermal = [bath for bath in self.baths if isinstance(bath, Bath)]
        seen = self.hamiltonian if self.free is None else self.free
        built: dict[str, Dissipator] = {}
        if thermal:
            built = {one.bath: one for one in davies_generator(seen, thermal, number=self.number).dissipators}
        return [built[bath.name] if isinstance(bath, Bath) else bath for bath in self.baths]


def kind_of_equation(equation: EquationSpec, baths: list[BathSpec | None]) -> str:
    """Return the type of the equation, by default gkls where every bath is given by jump operators."""
    if equation.type is not None:
        return equation.type
    only_jumps = all(
        bath is not None and bath.spectrum is None and (bath.jumps is not None or bath.squeezed is not None)
        for bath in baths
    )
    return "gkls" if only_jumps else "davies"


def build_baths(
    reader: Reader,
    baths: list[BathSpec | None],
    kind: str | None,
    energy: ComplexMatrix | None,
    hamiltonian: ComplexMatrix | None = None,
) -> list[Bath | JumpDissipator] | None:
    """Return every bath, or None after noting the faults of all of them."""
    found: list[Bath | JumpDissipator | None] = []
    names = [bath.name if bath else None for bath in baths]
    for index, bath in enumerate(baths):
        path = ("bath", index)
        if bath is None:
            found.append(None)
            continue
        if bath.name in names[:index]:
            reader.faults.add((*path, "name"), f"must differ from bath to bath, but {bath.name!r} stands twice.")
        if bath.squeezed is not None:
            if kind in _THERMAL:
                rule = f"{_THERMAL[kind]} builds its own jumps. Set equation.type = 'gkls'."
                reader.faults.add((*path, "squeezed"), f"cannot be used: {rule}")
            found.append(build_squeezed(reader, bath, path, energy, hamiltonian))
        elif bath.spectrum is not None:
            found.append(build_bath(reader, bath, path))
        elif bath.jumps is None:
            reader.faults.add(path, "must have a `spectrum` with `couplings`, `jumps` with rates, or `squeezed`.")
            found.append(None)
        else:
            if kind in _THERMAL:
                rule = f"{_THERMAL[kind]} builds its own from a `spectrum`. Give one, or set equation.type = 'gkls'."
                reader.faults.add((*path, "jumps"), f"cannot be used: {rule}")
            found.append(build_jumps(reader, bath, path, energy))
    return None if any(bath is None for bath in found) else [bath for bath in found if bath is not None]


def build_equation(reader: Reader, equation: EquationSpec, kind: str, driven: bool) -> tuple[bool, dict[str, Any]]:
    """Return whether the baths follow the drive, and free Hamiltonian, energy and cluster width, noting faults."""
    follow = equation.follow if equation.follow is not None else driven and kind == "davies"
    for key, reason in _misplaced(equation, kind, driven, follow):
        reader.faults.add(("equation", key), reason)
    free = energy = width = None
    if equation.free_hamiltonian is not None:
        free = reader.hermitian(equation.free_hamiltonian, ("equation", "free_hamiltonian"), energy=True)
    if equation.energy == "free":
        energy = free
    elif equation.energy is not None and equation.energy != "full":
        energy = reader.hermitian(equation.energy, ("equation", "energy"), energy=True)
    if equation.cluster_width is not None:
        width = reader.quantity(equation.cluster_width, "energy", ("equation", "cluster_width"))
    return follow, {"free": free, "energy": energy, "cluster_width": width}


def _misplaced(equation: EquationSpec, kind: str, driven: bool, follow: bool) -> list[tuple[str, str]]:
    """Return the keys of [equation] that are missing or do not apply, each with the reason."""
    fixed = kind in ("local", "gkls") or (driven and not follow)
    rules = [
        ("follow", equation.follow is not None and not driven, "needs a [[drive]], but there is none."),
        ("follow", follow and kind != "davies", f"needs type = 'davies', but it is {kind!r}."),
        ("type", driven and kind in ("redfield", "partial-secular"), f"must not be {kind!r} under a drive."),
        ("cluster_width", kind == "partial-secular" and equation.cluster_width is None, "must be given."),
        ("cluster_width", kind != "partial-secular" and equation.cluster_width is not None, "needs partial-secular."),
        ("free_hamiltonian", kind == "local" and equation.free_hamiltonian is None, "must be given: the baths see it."),
        (
            "free_hamiltonian",
            not fixed and equation.free_hamiltonian is not None,
            f"does not apply: the baths of {_THERMAL.get(kind, kind)} see the whole Hamiltonian.",
        ),
        (
            "energy",
            kind == "local" and equation.energy is None,
            "must be given: full (Clausius' inequality is then not guaranteed), free (it is), or an operator.",
        ),
        ("energy", not fixed and equation.energy is not None, "cannot be chosen: heat refers to the Hamiltonian here."),
        ("energy", equation.energy == "free" and equation.free_hamiltonian is None, "needs `free_hamiltonian`."),
    ]
    return [(key, reason) for key, applies, reason in rules if applies]
