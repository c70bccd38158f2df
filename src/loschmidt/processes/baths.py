"""Baths: a name, an inverse temperature, a spectrum and the operators through which the system feels it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_hermitian, as_inverse_temperature, as_number, as_operator
from loschmidt.errors import InputError, RateError, ShapeError
from loschmidt.processes.spectra import FermionicSpectrum, Spectrum
from loschmidt.typing import ComplexMatrix, OperatorLike, RealMatrix

__all__ = ["Bath"]


@dataclass(frozen=True, eq=False)
class Bath:
    """A thermal bath and how it couples to the system.

    Parameters
    ----------
    name : str
        What ledgers and figures call it.
    beta : float
        Inverse temperature; ``inf`` is zero temperature, 0 and negative values where the spectrum allows them.
    spectrum : Spectrum
        One of :mod:`loschmidt.processes.spectra`.
    couplings : (d, d), or a sequence of k of them
        Hermitian coupling operators; for a :class:`FermionicSpectrum` the annihilation operators.
    correlations : (k, k), optional
        Real, symmetric, positive matrix that multiplies the rates, γ_ij(ω) = c_ij γ(ω); default: independent baths
        of equal strength, the identity.
    chemical_potential : float, optional
        Only with a :class:`FermionicSpectrum`, and needed there.
    lamb_shift : bool
        Whether the bath also shifts the energies.

    Raises
    ------
    InputError, RateError, ShapeError, NotHermitianError
        If an argument does not fit the others.

    Examples
    --------
    >>> from loschmidt.processes import OhmicSpectrum
    >>> Bath("cold", 2.0, OhmicSpectrum(0.01), [[0, 1], [1, 0]]).couplings.shape
    (1, 2, 2)
    """

    name: str
    beta: float
    spectrum: Spectrum
    couplings: OperatorLike
    correlations: OperatorLike | None = None
    chemical_potential: float | None = None
    lamb_shift: bool = False

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name):
            raise InputError(f"`name` of a bath must be a non-empty text, but it is {self.name!r}.")
        where = f"of bath {self.name!r}"
        object.__setattr__(self, "beta", as_inverse_temperature(self.beta, f"beta {where}"))
        if not isinstance(self.spectrum, Spectrum):
            raise InputError(
                f"`spectrum` {where} must be a spectrum such as OhmicSpectrum, but it is {self.spectrum!r}."
            )
        self.spectrum.check(self.beta)
        object.__setattr__(self, "couplings", self._checked_couplings(where))
        object.__setattr__(self, "correlations", self._checked_correlations(where))
        self._check_chemical_potential(where)

    @classmethod
    def at_temperature(
        cls, name: str, temperature: float, spectrum: Spectrum, couplings: OperatorLike, **others: object
    ) -> Bath:
        """Return a bath of the given temperature, 0 included; see :class:`Bath` for the rest.

        Examples
        --------
        >>> from loschmidt.processes import GlauberSpectrum
        >>> Bath.at_temperature("hot", 4.0, GlauberSpectrum(0.1), [[0, 1], [1, 0]]).beta
        0.25
        """
        value = as_number(temperature, f"temperature of bath {name!r}")
        beta = math.inf if value == 0 else 1 / value
        return cls(name, beta, spectrum, couplings, **others)  # type: ignore[arg-type]

    @property
    def fermionic(self) -> bool:
        """Whether the bath exchanges fermions rather than quanta."""
        return isinstance(self.spectrum, FermionicSpectrum)

    @property
    def dimension(self) -> int:
        """Dimension of the system it couples to."""
        return int(self.couplings.shape[-1])

    def _checked_couplings(self, where: str) -> ComplexMatrix:
        given = self.couplings
        single = as_operator(given, f"couplings {where}") if not isinstance(given, (list, tuple)) else None
        if single is None:
            try:
                single = as_operator(given, f"couplings {where}")
            except InputError:
                if not len(given):
                    raise ShapeError(f"`couplings` {where} must hold at least one operator.") from None
                first = as_operator(given[0], f"couplings {where}")
                single = np.stack([as_operator(one, f"couplings {where}", first.shape[-1]) for one in given])
        stack = single.reshape(-1, *single.shape[-2:])
        if not self.fermionic:
            as_hermitian(stack, f"couplings {where}")
        return stack

    def _checked_correlations(self, where: str) -> RealMatrix:
        count = len(self.couplings)
        if self.correlations is None:
            return np.eye(count)
        given = as_hermitian(self.correlations, f"correlations {where}")
        if given.shape != (count, count):
            raise ShapeError(f"`correlations` {where} must be {count} × {count}, but its shape is {given.shape}.")
        if np.abs(given.imag).max() > 0:
            raise RateError(f"`correlations` {where} must be real, so that emission and absorption obey KMS.")
        lowest = float(np.linalg.eigvalsh(given)[0])
        if not lowest >= -1e-12 * float(np.abs(given).max()):
            raise RateError(f"`correlations` {where} must be positive, but its lowest eigenvalue is {lowest:.1e}.")
        return np.ascontiguousarray(given.real)

    def _check_chemical_potential(self, where: str) -> None:
        if self.fermionic:
            if self.chemical_potential is None:
                raise InputError(f"`chemical_potential` {where} must be given: the bath exchanges fermions.")
            as_number(self.chemical_potential, f"chemical_potential {where}")
        elif self.chemical_potential is not None:
            raise InputError(
                f"`chemical_potential` {where} needs a FermionicSpectrum: this bath exchanges no particles."
            )
        if self.fermionic and self.lamb_shift:
            raise InputError(f"`lamb_shift` {where} is not available for fermionic baths.")
