"""A bath in the (partial) secular approximation, kept in the energy eigenbasis where it is sparse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from loschmidt.errors import InputError, ResourceError
from loschmidt.processes.dissipators import JumpDissipator, nonzero_form_eigenvalues
from loschmidt.states.bohr import BohrFrequencies, EnergyLevels
from loschmidt.typing import ComplexMatrix, IntegerArray, RealMatrix, RealTensor, RealVector

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["DaviesDissipator"]

_SMALL = 8
_LARGEST_JUMP_STORE = 4e9  # bytes


@dataclass(frozen=True, eq=False)
class DaviesDissipator:
    """D(ρ) = Σ_ω Σ_ij γ_ij(ω) (A_j(ω) ρ A_i(ω)† - ½{A_i(ω)†A_j(ω), ρ}), as in :cite:t:`davies1974`.

    Attributes
    ----------
    bath, beta, chemical_potential, reference
        See :class:`~loschmidt.processes.dissipators.Dissipator`.
    levels : EnergyLevels
        Energy eigenbasis in which everything below is stored.
    bohr : BohrFrequencies
        Which matrix elements share a jump operator.
    couplings : (k, d, d)
        Coupling operators in the energy eigenbasis.
    class_rates : (n_classes, k, k)
        γ_ij at each Bohr frequency, positive matrices.
    particles : (k,)
        Particles that each coupling operator adds to the system.
    """

    bath: str
    beta: float | None
    levels: EnergyLevels
    bohr: BohrFrequencies
    couplings: ComplexMatrix
    class_rates: RealTensor
    particles: IntegerArray
    chemical_potential: float | None = None
    reference: ComplexMatrix | None = None

    @property
    def dimension(self) -> int:
        """Dimension d of the system."""
        return self.levels.dimension

    @cached_property
    def _weighted(self) -> ComplexMatrix:
        # B_j[n, m] = Σ_i γ_ij(ω_nm) A_i[n, m]*, so that loss and gain are plain sums over j.
        if self.class_rates.shape[-1] == 1:
            return np.asarray(self.class_rates[self.bohr.labels, 0, 0] * self.couplings.conj())
        return np.asarray(
            np.einsum("nmij,inm->jnm", self.class_rates[self.bohr.labels], self.couplings.conj(), optimize=True)
        )

    @cached_property
    def transition_rates(self) -> RealMatrix:
        """Rates W[n, m] of the jump m → n between energy eigenstates (d, d), dephasing on the diagonal."""
        return np.asarray((self._weighted * self.couplings).sum(axis=0).real)

    @cached_property
    def decay(self) -> ComplexMatrix:
        """Σ γ_ij A_i†A_j in the energy eigenbasis (d, d)."""
        full = np.zeros((self.dimension, self.dimension), dtype=np.complex128)
        if self._every_class_is_exact:
            for weighted, coupling in zip(self._weighted, self.couplings, strict=True):
                full += weighted.T @ coupling
            return np.where(self.levels.labels[:, None] == self.levels.labels[None, :], full, 0)
        labels = self.bohr.labels
        for weighted, coupling in zip(self._weighted, self.couplings, strict=True):
            together = labels[:, :, None] == labels[:, None, :]
            full += np.einsum("nk,nl,nkl->kl", weighted, coupling, together, optimize=True)
        return full

    @property
    def _every_class_is_exact(self) -> bool:
        # Elements (n, k) and (n, l) share a class exactly when E_k = E_l, unless frequencies were clustered.
        rows = np.sort(self.bohr.labels, axis=1)
        return bool(((np.diff(rows, axis=1) != 0).sum(axis=1) + 1 == self.levels.count).all())

    def pauli_rates(self) -> RealMatrix:
        """Return the rates W[n, m] of the jumps m → n between levels, (d, d) with zero diagonal.

        Raises
        ------
        InputError
            If a level is degenerate: populations of a chosen basis then do not move on their own.
        """
        if self.levels.degenerate:
            raise InputError(
                "Rates between energy eigenstates need non-degenerate energies, but some level of this Hamiltonian "
                "is degenerate, so populations and coherences inside that level move together."
            )
        rates = self.transition_rates.copy()
        np.fill_diagonal(rates, 0.0)
        return rates

    @cached_property
    def sparse(self) -> csr_array:
        """The sparse (d², d²) matrix of D on column-stacked states in the energy eigenbasis."""
        from scipy.sparse import csr_array, eye_array, kron

        d = self.dimension
        one = eye_array(d)
        # The tiniest elements are round-off of the change of basis; keeping them would fill the matrix.
        strength = np.abs(self.couplings).max(axis=0)
        n, m = np.nonzero(strength > 4 * d * np.finfo(float).eps * strength.max())
        order = np.argsort(self.bohr.labels[n, m], kind="stable")
        n, m = n[order], m[order]
        left, right = _pairs_within(self.bohr.labels[n, m])
        values = (self.couplings[:, n[left], m[left]] * self._weighted[:, n[right], m[right]]).sum(axis=0)
        gain = csr_array((values, (n[left] + d * n[right], m[left] + d * m[right])), shape=(d * d, d * d))
        decay = csr_array(self.decay)
        return csr_array(gain - 0.5 * (kron(one, decay) + kron(decay.T, one)))

    def apply(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return D(ρ) for states (..., d, d)."""
        return self.levels.from_eigenbasis(self.apply_in_eigenbasis(self.levels.to_eigenbasis(state)))

    def apply_in_eigenbasis(self, state: ComplexMatrix) -> ComplexMatrix:
        """Return D(ρ) for states (..., d, d), both in the energy eigenbasis."""
        if self.dimension > _SMALL:
            return _apply_stacked(self.sparse, state)
        d = self.dimension
        return np.asarray((state.reshape(-1, d * d) @ self._dense.T).reshape(state.shape))

    @cached_property
    def _dense(self) -> ComplexMatrix:
        # On row-stacked states; below a few levels one small matrix is built and applied faster than a sparse one.
        d = self.dimension
        labels = self.bohr.labels
        together = labels[:, None, :, None] == labels[None, :, None, :]
        gain = np.einsum("jnk,jml->nmkl", self.couplings, self._weighted, optimize=False)
        loss = 0.5 * (np.kron(self.decay, np.eye(d)) + np.kron(np.eye(d), self.decay.T))
        return np.asarray(np.where(together, gain, 0).reshape(d * d, d * d) - loss)

    def adjoint(self, operator: ComplexMatrix) -> ComplexMatrix:
        """Return D†(X) for operators (..., d, d)."""
        inner = self.levels.to_eigenbasis(operator)
        if self.dimension <= _SMALL:
            d = self.dimension
            changed = (inner.reshape(-1, d * d) @ self._dense.conj()).reshape(inner.shape)
            return self.levels.from_eigenbasis(np.asarray(changed))
        return self.levels.from_eigenbasis(_apply_stacked(self.sparse.conj().T.tocsr(), inner))

    def superoperator(self) -> ComplexMatrix:
        """Return the (d², d²) matrix of D on column-stacked states."""
        rotation = np.kron(self.levels.basis.conj(), self.levels.basis)
        if self.dimension > _SMALL:
            return np.asarray(rotation @ (self.sparse @ rotation.conj().T))
        d = self.dimension
        columns = self._dense.reshape(d, d, d, d).transpose(1, 0, 3, 2).reshape(d * d, d * d)
        return np.asarray(rotation @ columns @ rotation.conj().T)

    @cached_property
    def as_jumps(self) -> JumpDissipator:
        """The same bath as explicit jump operators (K, d, d), one or more per Bohr frequency."""
        occupied = self._occupied_classes
        d, k = self.dimension, len(self.couplings)
        if (size := len(occupied) * k * d * d * 16) > _LARGEST_JUMP_STORE:
            raise ResourceError(f"The jump operators would take {size / 1e9:.0f} GB; use the structured form.")
        jumps, rates, frequencies, particles = [], [], [], []
        for label in occupied:
            parts = np.where(self.bohr.labels == label, self.couplings, 0)
            values, vectors = np.linalg.eigh(self.class_rates[label])
            for value, vector in zip(values, vectors.T, strict=True):
                if abs(value) > 4 * k * np.finfo(float).eps * np.abs(values).max():
                    jumps.append(self.levels.from_eigenbasis(np.tensordot(vector, parts, axes=1)))
                    rates.append(value)
                    frequencies.append(self.bohr.frequencies[label])
                    particles.append(int(self.particles[int(np.abs(vector).argmax())]))
        return JumpDissipator(
            self.bath,
            self.beta,
            np.array(jumps, dtype=np.complex128).reshape(-1, d, d),
            np.array(rates, dtype=np.float64),
            np.array(frequencies, dtype=np.float64),
            np.array(particles, dtype=np.int64),
            self.chemical_potential,
            self.reference,
        )

    @cached_property
    def _occupied_classes(self) -> IntegerArray:
        strength = np.abs(self.couplings).max(axis=0)
        coupled = strength > 4 * self.dimension * np.finfo(float).eps * strength.max()
        return np.unique(self.bohr.labels[coupled])

    def canonical_rates(self) -> RealVector:
        """Return the canonical rates that are not zero by construction, class by class."""
        labels = self.bohr.labels.reshape(-1)
        zero = len(self.bohr.frequencies) // 2
        flat = self.couplings.reshape(len(self.couplings), -1)
        if len(flat) == 1:
            weights = np.bincount(labels, np.abs(flat[0]) ** 2, minlength=len(self.bohr.frequencies))
            found = self.class_rates[:, 0, 0] * weights
            found = found[[c for c in self._occupied_classes if c != zero]]
        else:
            found = np.concatenate(
                [np.zeros(0)]
                + [
                    _form_eigenvalues(flat[:, labels == c], self.class_rates[c])
                    for c in self._occupied_classes
                    if c != zero
                ]
            )
        dephasing = nonzero_form_eigenvalues(
            np.where(self.bohr.labels == zero, self.couplings, 0), self.class_rates[zero]
        )
        return np.sort(np.concatenate([found, dephasing]))

    def particle_rate(self, state: ComplexMatrix) -> RealTensor | None:
        """Return the rate at which particles enter the system, None if they cannot."""
        return None if self.chemical_potential is None else self.as_jumps.particle_rate(state)


def _pairs_within(labels: IntegerArray) -> tuple[IntegerArray, IntegerArray]:
    """Return the index pairs of equal entries of a sorted vector."""
    counts = np.bincount(labels)[labels]
    starts = np.concatenate([[0], np.cumsum(np.bincount(labels))])[labels]
    left = np.repeat(np.arange(len(labels)), counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    return left, np.repeat(starts, counts) + within


def _form_eigenvalues(vectors: ComplexMatrix, form: RealMatrix) -> RealVector:
    triangle = np.asarray(np.linalg.qr(vectors.T, mode="r"))
    return np.asarray(np.linalg.eigvalsh(triangle @ form @ triangle.conj().T))


def _apply_stacked(matrix: csr_array, state: ComplexMatrix) -> ComplexMatrix:
    d = state.shape[-1]
    columns = state.swapaxes(-1, -2).reshape(-1, d * d).T
    return np.asarray((matrix @ columns).T.reshape(*state.shape).swapaxes(-1, -2))
