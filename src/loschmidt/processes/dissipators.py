"""What one bath does to a state: jump operators with rates, or the Bloch–Redfield form without the secular step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np

from loschmidt.checks import as_hermitian, as_inverse_temperature, as_operator, as_real_values
from loschmidt.errors import NotFiniteError, RateError, ShapeError
from loschmidt.typing import ArrayLike, ComplexMatrix, IntegerArray, OperatorLike, RealMatrix, RealTensor, RealVector

__all__ = ["Dissipator", "JumpDissipator", "RedfieldDissipator", "jump_dissipator"]


@runtime_checkable
class Dissipator(Protocol):
    """The dissipative part of a generator that belongs to one bath.

    Attributes
    ----------
    bath : str
        Name of the bath.
    beta : float or None
        Inverse temperature; None for a bath without one.
    chemical_potential : float or None
        None unless the bath exchanges particles.
    reference : (d, d) or None
        Hamiltonian whose Gibbs state at `beta` the construction keeps fixed; None if it promises none.
    """

    @property
    def bath(self) -> str:
        """Name of the bath."""

    @property
    def beta(self) -> float | None:
        """Inverse temperature."""

    @property
    def chemical_potential(self) -> float | None:
        """Chemical potential."""

    @property
    def reference(self) -> ComplexMatrix | None:
        """Hamiltonian whose Gibbs state is kept."""

    @property
    def dimension(self) -> int:
        """Dimension d of the system."""

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return D(ρ) for states (..., d, d)."""

    def adjoint(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return D†(X) for operators (..., d, d)."""

    def superoperator(self) -> ComplexMatrix:
        """Return the (d², d²) matrix of D on column-stacked states."""

    def canonical_rates(self) -> RealVector:
        """Return the canonical rates that are not zero by construction; a negative one forbids a GKLS form."""

    def particle_rate(self, state: ComplexMatrix) -> RealTensor | None:
        """Return the rate at which particles enter the system, None if they cannot."""


@dataclass(frozen=True, eq=False)
class JumpDissipator:
    """Jump operators with rates, D(ρ) = Σ γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}); build one with :func:`jump_dissipator`.

    Attributes
    ----------
    bath, beta, chemical_potential, reference
        See :class:`Dissipator`.
    jumps : (K, d, d)
        Jump operators, the rates taken out.
    rates : (K,)
        None negative unless `negative_rates` was asked for.
    frequencies : (K,)
        Energy that each jump takes out of the system; NaN where unknown.
    particles : (K,)
        Particles that each jump adds to the system.
    """

    bath: str
    beta: float | None
    jumps: ComplexMatrix
    rates: RealVector
    frequencies: RealVector
    particles: IntegerArray
    chemical_potential: float | None = None
    reference: ComplexMatrix | None = None

    @property
    def dimension(self) -> int:
        """Dimension d of the system."""
        return int(self.jumps.shape[-1])

    @cached_property
    def decay(self) -> ComplexMatrix:
        """Σ γ_k L_k†L_k, the (d, d) operator of all losses."""
        weighted = self.rates[:, None, None] * self.jumps
        return np.asarray(np.einsum("kba,kbc->ac", self.jumps.conj(), weighted, optimize=True))

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return D(ρ) for states (..., d, d)."""
        result = np.asarray(-0.5 * (self.decay @ state + state @ self.decay))
        for rate, jump in zip(self.rates, self.jumps, strict=True):
            result += rate * (jump @ state @ jump.conj().T)
        return result

    def adjoint(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return D†(X) for operators (..., d, d)."""
        result = np.asarray(-0.5 * (self.decay @ operator + operator @ self.decay))
        for rate, jump in zip(self.rates, self.jumps, strict=True):
            result += rate * (jump.conj().T @ operator @ jump)
        return result

    def superoperator(self) -> ComplexMatrix:
        """Return the (d², d²) matrix of D on column-stacked states."""
        d = self.decay.shape[-1]
        one = np.eye(d)
        sandwich = np.einsum("k,kab,kcd->acbd", self.rates, self.jumps.conj(), self.jumps, optimize=True)
        loss = np.kron(one, self.decay) + np.kron(self.decay.T, one)
        return np.asarray(sandwich.reshape(d * d, d * d) - 0.5 * loss)

    def canonical_rates(self) -> RealVector:
        """Return the canonical rates that are not zero by construction."""
        return nonzero_form_eigenvalues(self.jumps, np.diag(self.rates))

    def particle_rate(self, state: ComplexMatrix) -> RealTensor | None:
        """Return the rate at which particles enter the system, None if they cannot."""
        if self.chemical_potential is None:
            return None
        weights = self.particles * self.rates
        counted = np.einsum("k,kba,kbc->ac", weights, self.jumps.conj(), self.jumps, optimize=True)
        return np.asarray(np.einsum("ab,...ba->...", counted, state).real)


@dataclass(frozen=True, eq=False)
class RedfieldDissipator:
    """The Bloch–Redfield form D(ρ) = Σ [Λ_k ρ, A_k] + [A_k, ρ Λ_k†]; not completely positive in general.

    Attributes
    ----------
    bath, beta, chemical_potential, reference
        See :class:`Dissipator`.
    couplings : (k, d, d)
        Hermitian coupling operators A.
    filtered : (k, d, d)
        Λ, the couplings with each matrix element weighted by its half-sided rate.
    """

    bath: str
    beta: float | None
    couplings: ComplexMatrix
    filtered: ComplexMatrix
    reference: ComplexMatrix | None = None
    chemical_potential: float | None = None

    @property
    def dimension(self) -> int:
        """Dimension d of the system."""
        return int(self.couplings.shape[-1])

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return D(ρ) for states (..., d, d)."""
        result = np.zeros_like(state)
        for coupling, filtered in zip(self.couplings, self.filtered, strict=True):
            first = filtered @ state
            second = state @ filtered.conj().T
            result += first @ coupling - coupling @ first + coupling @ second - second @ coupling
        return result

    def adjoint(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return D†(X) for operators (..., d, d)."""
        result = np.zeros_like(operator)
        for coupling, filtered in zip(self.couplings, self.filtered, strict=True):
            commutator = coupling @ operator - operator @ coupling
            result += commutator @ filtered - filtered.conj().T @ commutator
        return result

    def superoperator(self) -> ComplexMatrix:
        """Return the (d², d²) matrix of D on column-stacked states."""
        d = self.couplings.shape[-1]
        one = np.eye(d)
        result = np.zeros((d * d, d * d), dtype=np.complex128)
        for coupling, filtered in zip(self.couplings, self.filtered, strict=True):
            result += np.kron(coupling.T, filtered) - np.kron(one, coupling @ filtered)
            result += np.kron(filtered.conj(), coupling) - np.kron((filtered.conj().T @ coupling).T, one)
        return result

    def canonical_rates(self) -> RealVector:
        """Return the canonical rates that are not zero by construction."""
        count = len(self.couplings)
        swap = np.kron([[0.0, 1.0], [1.0, 0.0]], np.eye(count))
        return nonzero_form_eigenvalues(np.concatenate([self.couplings, self.filtered]), swap)

    def particle_rate(self, state: ComplexMatrix) -> RealTensor | None:
        """Return None: this form exchanges no particles."""
        return None


def jump_dissipator(
    bath: str,
    jumps: OperatorLike,
    rates: ArrayLike,
    *,
    beta: float | None = None,
    frequencies: ArrayLike | None = None,
    reference: OperatorLike | None = None,
    negative_rates: bool = False,
) -> JumpDissipator:
    """Return the dissipator of a bath that is known by its jump operators.

    Parameters
    ----------
    bath : str
        Name of the bath.
    jumps : sequence of (d, d)
        Jump operators L_k.
    rates : (K,)
        Rates γ_k ≥ 0.
    beta : float, optional
        Inverse temperature. Giving one is a claim: the audit then holds the rates against detailed balance.
    frequencies : (K,), optional
        Energy each jump takes out of the system; NaN where it takes no definite one.
    reference : (d, d), optional
        Hamiltonian whose Gibbs state at `beta` the jumps keep fixed, if it is not the energy observable.
    negative_rates : bool
        Accept negative rates of a time-local generator; complete positivity is then not claimed.

    Raises
    ------
    RateError, ShapeError, NotFiniteError
        If a rate is negative or not finite, or counts do not match.

    Examples
    --------
    >>> jump_dissipator("cold", [[[0, 1], [0, 0]]], [0.1], beta=float("inf")).rates
    array([0.1])
    """
    if not len(jumps):
        raise ShapeError(f"`jumps` of bath {bath!r} must hold at least one operator.")
    first = as_operator(jumps[0], f"jumps of bath {bath!r}")
    stack = np.stack([as_operator(jump, f"jumps of bath {bath!r}", first.shape[-1]) for jump in jumps])
    values = as_real_values(rates, f"`rates` of bath {bath!r}")
    if values.shape != (len(stack),):
        raise ShapeError(
            f"`rates` of bath {bath!r} must have one entry per jump, {len(stack)}, but has {values.shape}."
        )
    if not np.isfinite(values).all():
        raise NotFiniteError(f"`rates` of bath {bath!r} must be finite, but they are {values}.")
    if (values < 0).any() and not negative_rates:
        at = int(values.argmin())
        raise RateError(
            f"`rates` of bath {bath!r} must not be negative, but rate {at} is {values[at]:g}. "
            f"Pass negative_rates=True if a time-local generator with negative rates is meant."
        )
    return JumpDissipator(
        bath=bath,
        beta=None if beta is None else as_inverse_temperature(beta, f"beta of bath {bath!r}"),
        jumps=stack,
        rates=values,
        frequencies=_jump_frequencies(frequencies, values, bath),
        particles=np.zeros(len(stack), dtype=np.int64),
        reference=None if reference is None else as_hermitian(reference, "reference", first.shape[-1]),
    )


def _jump_frequencies(given: ArrayLike | None, rates: RealVector, bath: str) -> RealVector:
    if given is None:
        return np.full(len(rates), np.nan)
    frequencies = as_real_values(given, f"`frequencies` of bath {bath!r}")
    if frequencies.shape != rates.shape or np.isinf(frequencies).any():
        raise ShapeError(
            f"`frequencies` of bath {bath!r} must have one entry per jump, {len(rates)}, finite or NaN if unknown, "
            f"but it is {frequencies}."
        )
    return frequencies


def nonzero_form_eigenvalues(operators: ComplexMatrix, form: RealMatrix) -> RealVector:
    """Return the eigenvalues of Σ f_kl |B_k⟩⟨B_l| with B the traceless parts of `operators` (K, d, d).

    These are the canonical rates of :cite:t:`hall2014` apart from zeros that the rank forces.
    """
    d = operators.shape[-1]
    trace = np.trace(operators, axis1=-2, axis2=-1)
    traceless = operators - trace[:, None, None] / d * np.eye(d)
    triangle = np.asarray(np.linalg.qr(traceless.reshape(len(operators), d * d).T, mode="r"))
    return np.asarray(np.linalg.eigvalsh(triangle @ form @ triangle.conj().T))
