"""The time-local generator of a dynamical map, L = Φ̇ Φ⁻¹, in canonical form; its rates may be negative."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loschmidt.checks import as_hermitian, as_operator
from loschmidt.errors import InputError, RateError, ShapeError
from loschmidt.processes.dissipators import JumpDissipator, jump_dissipator
from loschmidt.processes.generators import Generator
from loschmidt.typing import ComplexMatrix, OperatorLike, RealVector

__all__ = ["CanonicalForm", "canonical_form", "time_local_generator"]

_TOLERANCE = 1e-8  # of the largest element, for trace and Hermiticity
_SINGULAR = 1e-12
_NO_RATE = 1e-12  # of the largest rate


@dataclass(frozen=True, eq=False)
class CanonicalForm:
    """L(ρ) = -i[H, ρ] + Σ γ_k (L_k ρ L_k† - ½{L_k†L_k, ρ}) with traceless, orthonormal jumps and a traceless H.

    Attributes
    ----------
    hamiltonian : (d, d)
    jumps : (K, d, d)
        tr L_j†L_k = δ_jk.
    rates : (K,)
        Ascending; those that are zero to round-off are left out. A negative one means that the generator is not of
        GKLS form.
    """

    hamiltonian: ComplexMatrix
    jumps: ComplexMatrix
    rates: RealVector


def canonical_form(superoperator: OperatorLike) -> CanonicalForm:
    """Return the canonical form of a generator.

    Parameters
    ----------
    superoperator : (d², d²)
        On column-stacked states; must keep Hermiticity and send the trace to zero.

    Raises
    ------
    ShapeError, InputError
        If it is no such matrix.

    Notes
    -----
    :cite:t:`hall2014`; unique up to a choice of basis among jumps of equal rate.

    Examples
    --------
    >>> from loschmidt.processes import gkls_generator, jump_dissipator
    >>> noise = jump_dissipator("noise", [[[1, 0], [0, -1]]], [0.3])
    >>> canonical_form(gkls_generator(np.diag([0.0, 1.0]), [noise]).superoperator()).rates
    array([0.6])
    """
    matrix = as_operator(superoperator, "superoperator")
    d = round(len(matrix) ** 0.5)
    if matrix.ndim != 2 or d * d != len(matrix):
        raise ShapeError(f"`superoperator` must be d² × d² for a whole d, but its shape is {matrix.shape}.")
    scale = float(np.abs(matrix).max()) or 1.0
    # Element (a, b) of L(|m⟩⟨n|) stands in row a + d b and column m + d n.
    tensor = matrix.reshape(d, d, d, d).transpose(1, 0, 3, 2)
    choi = tensor.transpose(0, 2, 1, 3).reshape(d * d, d * d)
    _check_generator(choi, np.einsum("aamn->mn", tensor), scale)
    one = np.eye(d).reshape(-1) / np.sqrt(d)
    along = choi @ one
    part = choi - np.outer(along, one) - np.outer(one, one @ choi) + np.outer(one, one) * (one @ along)
    values, vectors = np.linalg.eigh((part + part.conj().T) / 2)
    # Round-off of a fast Hamiltonian is no rate.
    smallest = max(_NO_RATE * float(np.abs(values).max(initial=0.0)), 4 * d * d * float(np.finfo(float).eps) * scale)
    kept = np.abs(values) > smallest
    # Terms Gρ + ρG† sit along |1⟩⟩; the traceless anti-Hermitian part of G is the Hamiltonian.
    left = (along - 0.5 * (one @ along) * one).reshape(d, d) / np.sqrt(d)
    hamiltonian = 0.5j * (left - left.conj().T)
    hamiltonian -= np.trace(hamiltonian) / d * np.eye(d)
    return CanonicalForm(hamiltonian, np.ascontiguousarray(vectors.T[kept].reshape(-1, d, d)), values[kept])


def time_local_generator(
    dynamical_map: OperatorLike,
    derivative: OperatorLike,
    *,
    energy: OperatorLike | None = None,
    bath: str = "environment",
    beta: float | None = None,
    negative_rates: bool = False,
) -> Generator:
    """Return the generator L = Φ̇ Φ⁻¹ that a dynamical map Φ obeys at one time, in canonical form.

    Parameters
    ----------
    dynamical_map, derivative : (d², d²)
        Φ and its rate of change, on column-stacked states.
    energy : (d, d), optional
        The observable that heat refers to; default: the Hamiltonian of the canonical form, which is traceless.
    bath : str
        Name of what surrounds the system.
    beta : float, optional
        Its inverse temperature, where it has one.
    negative_rates : bool
        Accept a generator with negative rates. It is then not completely positive by itself: entropy production may
        be negative at that time, and nothing can be unravelled into jumps or counted, although Φ is a channel.

    Returns
    -------
    Generator
        With one :class:`~loschmidt.processes.dissipators.JumpDissipator`.

    Raises
    ------
    InputError
        If Φ is singular, so that the later state does not follow from the present one, or does not keep the trace.
    RateError
        If a rate is negative and that was not accepted.

    Examples
    --------
    Coherence that returns: a dephasing factor c(t) has the rate -ċ/(2c), negative where c grows.

    >>> c, grows = 0.5, 0.1
    >>> generator = time_local_generator(np.diag([1, c, c, 1]), np.diag([0, grows, grows, 0]), negative_rates=True)
    >>> generator.canonical_rates()["environment"]
    array([-0.2])
    """
    phi = as_operator(dynamical_map, "dynamical_map")
    change = as_operator(derivative, "derivative", len(phi))
    if phi.ndim != 2 or change.ndim != 2:
        raise ShapeError(f"`dynamical_map` must be one matrix (d², d²), but its shape is {phi.shape}.")
    sizes = np.linalg.svd(phi, compute_uv=False)
    if not sizes[-1] > _SINGULAR * sizes[0]:
        raise InputError(
            f"`dynamical_map` must be invertible, but its smallest singular value is {sizes[-1] / sizes[0]:.1e} of the "
            f"largest: states that differed have become equal, and no time-local generator can part them again. Take "
            f"another time."
        )
    form = canonical_form(np.linalg.solve(phi.T, change.T).T)
    if len(form.rates) and form.rates[0] < 0 and not negative_rates:
        raise RateError(
            f"The time-local generator must not have negative rates, but its lowest one is {form.rates[0]:g} (the "
            f"largest is {form.rates[-1]:g}). Pass negative_rates=True if that is meant."
        )
    dissipators: tuple[JumpDissipator, ...] = ()
    if len(form.rates):
        dissipators = (jump_dissipator(bath, list(form.jumps), form.rates, beta=beta, negative_rates=negative_rates),)
    d = len(form.hamiltonian)
    return Generator(
        hamiltonian=form.hamiltonian,
        dissipators=dissipators,
        energy=form.hamiltonian if energy is None else as_hermitian(energy, "energy", d),
        lamb_shift=np.zeros((d, d), dtype=np.complex128),
        dims=(d,),
        equation="gkls",
    )


def _check_generator(choi: ComplexMatrix, trace: ComplexMatrix, scale: float) -> None:
    skew = float(np.abs(choi - choi.conj().T).max())
    if not skew <= _TOLERANCE * scale:
        raise InputError(
            f"`superoperator` must keep operators Hermitian, but it misses that by {skew / scale:.1e} of its largest "
            f"element. Superoperators act on column-stacked states here."
        )
    lost = float(np.abs(trace).max())
    if not lost <= _TOLERANCE * scale:
        raise InputError(
            f"`superoperator` must send every state to an operator of trace zero, but it misses that by "
            f"{lost / scale:.1e} of its largest element. A channel is no generator."
        )
