"""A scatterer with n leads and spins that each lead turns its own way: energy-isolated, yet entropy may fall."""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_density_matrix, as_operator, as_unitary
from loschmidt.errors import InputError, NotUnitaryError, ShapeError
from loschmidt.processes.scattering.scatterer import Scatterer
from loschmidt.processes.scattering.spin_states import bloch_states
from loschmidt.typing import ArrayLike, ComplexMatrix, OperatorLike, StateLike

__all__ = [
    "check_total_unitarity",
    "gauge_transitions",
    "n_lead_scatterer",
    "part_states",
    "printed_three_lead_identity_image",
    "single_scattering_matrix",
    "three_lead_identity_image",
]

_TOTAL_UNITARITY_TOLERANCE = 1e-10
_ROUND_OFF_OF_A_PART = 1e-15


def n_lead_scatterer(
    scattering_matrix: OperatorLike,
    rotations: OperatorLike,
    *,
    reservoir_state: StateLike | None = None,
    bloch_vectors: ArrayLike | None = None,
) -> Scatterer:
    r"""Return a scatterer whose lead α carries its own reservoir move U_α: in backwards, out forwards.

    .. math:: |\alpha\rangle|\sigma_0\rangle \to \sum_\beta s_{\beta\alpha}\,|\beta\rangle\,
        U_\beta U_\alpha^\dagger|\sigma_0\rangle

    Parameters
    ----------
    scattering_matrix : (n, n)
        Unitary s_βα, from lead α to lead β.
    rotations : (n, d, d) or (N, n, d, d)
        Unitary U_α of each lead, of one reservoir or of N independent parts.
    reservoir_state : (d, d), ket (d,) or (N, d, d), optional
        State of the reservoir, the same for all parts or one each.
    bloch_vectors : (3,) or (N, 3), optional
        The same for spins ½, as ⟨σ_x⟩, ⟨σ_y⟩, ⟨σ_z⟩. Exactly one of the two is needed.

    Returns
    -------
    Scatterer

    Raises
    ------
    NotUnitaryError
        If s or a rotation is not unitary.
    NotAStateError
        If the reservoir state is none, or a Bloch vector is longer than 1.
    ShapeError, InputError
        If dimensions do not fit, or not exactly one of the two states is given.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (4). All leads have the particle's energy, so nothing is exchanged with the reservoir
    but phase. It cannot take more out of the particle than :attr:`Scatterer.maximally_mixed_floor` in the mixed state.

    Examples
    --------
    Three leads of equal probability 4/9 and 1/9, and a spin along (1, 1, 1):

    >>> from loschmidt.processes.scattering import n_lead_scatterer, paper_rotations, symmetric_splitter
    >>> spin = np.ones(3) / np.sqrt(3)
    >>> scatterer = n_lead_scatterer(symmetric_splitter(3), paper_rotations(3), bloch_vectors=spin)
    >>> np.round(np.linalg.eigvalsh(scatterer.identity_image) * 9, 9)
    array([ 1.,  9., 17.])
    """
    s = single_scattering_matrix(scattering_matrix)
    turns = as_operator(rotations, "rotations")
    if turns.ndim == 3:
        turns = turns[None]
    if turns.ndim != 4 or turns.shape[1] != len(s):
        raise ShapeError(
            f"`rotations` must have one matrix for each of the {len(s)} leads, as (n, d, d) or (N, n, d, d), "
            f"but its shape is {turns.shape if turns.ndim != 4 else turns.shape[1:]}."
        )
    states = part_states(len(turns), turns.shape[-1], reservoir_state, bloch_vectors)
    return Scatterer(s, gauge_transitions(turns), states)


def three_lead_identity_image(scattering_matrix: OperatorLike, bloch_vector: ArrayLike) -> ComplexMatrix:
    r"""Return Φ(1) of the three-lead scatterer with the rotations 1, iσ_x, iσ_y, for any unitary s.

    .. math:: \Phi(1) = 1 + 2i\,\{s_{13}s_{23}^*\langle\sigma_x\rangle|1\rangle\langle2|
        + s_{12}s_{32}^*\langle\sigma_y\rangle|1\rangle\langle3|
        - s_{21}s_{31}^*\langle\sigma_z\rangle|2\rangle\langle3| - \mathrm{H.c.}\}

    Parameters
    ----------
    scattering_matrix : (3, 3)
        Unitary.
    bloch_vector : (3,)
        Mean values of the spin, pure or mixed.

    Returns
    -------
    (3, 3)

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError
        If an argument is not what it must be.

    Notes
    -----
    :cite:t:`lesovik2016`, Eq. (5), corrected: in print the indices of two amplitudes are exchanged, see
    :func:`printed_three_lead_identity_image`.

    Examples
    --------
    >>> from loschmidt.processes.scattering import buttiker_splitter
    >>> np.round(three_lead_identity_image(buttiker_splitter(), [0, 0, 1]), 12)
    array([[1.+0.j, 0.+0.j, 0.+0.j],
           [0.+0.j, 1.+0.j, 0.-1.j],
           [0.+0.j, 0.+1.j, 1.+0.j]])
    """
    s, (x, y, z) = _three_leads(scattering_matrix, bloch_vector)
    return _hermitian_image(s[0, 2] * s[1, 2].conj() * x, s[0, 1] * s[2, 1].conj() * y, -s[1, 0] * s[2, 0].conj() * z)


def printed_three_lead_identity_image(scattering_matrix: OperatorLike, bloch_vector: ArrayLike) -> ComplexMatrix:
    r"""Return Eq. (5) of :cite:t:`lesovik2016` as printed: right only where s is symmetric.

    .. math:: 1 + 2i\,\{s_{13}s_{23}^*\langle\sigma_x\rangle|1\rangle\langle2|
        + s_{12}s_{23}^*\langle\sigma_y\rangle|1\rangle\langle3|
        - s_{12}s_{13}^*\langle\sigma_z\rangle|2\rangle\langle3| - \mathrm{H.c.}\}

    Parameters
    ----------
    scattering_matrix : (3, 3)
        Unitary.
    bloch_vector : (3,)
        Mean values of the spin.

    Returns
    -------
    (3, 3)
        For a scatterer without time-reversal symmetry it need not even be positive.

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError
        If an argument is not what it must be.

    Examples
    --------
    >>> from loschmidt.processes.scattering import symmetric_splitter
    >>> exact = three_lead_identity_image(symmetric_splitter(3), [0, 0.6, 0.8])
    >>> bool(np.allclose(printed_three_lead_identity_image(symmetric_splitter(3), [0, 0.6, 0.8]), exact))
    True
    >>> circulator = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    >>> bool(np.allclose(three_lead_identity_image(circulator, [0, 0.6, 0.8]), np.eye(3)))
    True
    """
    s, (x, y, z) = _three_leads(scattering_matrix, bloch_vector)
    return _hermitian_image(s[0, 2] * s[1, 2].conj() * x, s[0, 1] * s[1, 2].conj() * y, -s[0, 1] * s[0, 2].conj() * z)


def single_scattering_matrix(value: OperatorLike) -> ComplexMatrix:
    """Return a checked unitary (n, n), not a stack.

    Raises
    ------
    NotUnitaryError, ShapeError
        If it is not unitary, or a stack.

    Examples
    --------
    >>> single_scattering_matrix([[0, 1], [1, 0]]).shape
    (2, 2)
    """
    s = np.array(as_operator(value, "scattering_matrix"))
    if s.ndim != 2:
        raise ShapeError(f"`scattering_matrix` must be one matrix (n, n), but its shape is {s.shape}.")
    return as_unitary(s, "scattering_matrix")


def gauge_transitions(rotations: ComplexMatrix, name: str = "rotations") -> ComplexMatrix:
    """Return F_βα = U_β U_α† (N, n, n, d, d) of the moves U_α (N, n, d, d) of the leads.

    Raises
    ------
    NotUnitaryError
        If the moves of all parts together are further from unitary than 1e-10.

    Examples
    --------
    >>> bool((gauge_transitions(np.eye(2, dtype=complex)[None, None]) == np.eye(2)).all())
    True
    """
    check_total_unitarity(rotations, name)
    return np.asarray(rotations[:, :, None] @ rotations.conj().swapaxes(-1, -2)[:, None])


def check_total_unitarity(moves: ComplexMatrix, name: str) -> None:
    """Raise unless all parts (N, ..., d, d) together are unitary within 1e-10 and round-off.

    Raises
    ------
    NotUnitaryError
        With the worst part, and the sum over all, because the defects of N parts add up.

    Examples
    --------
    >>> check_total_unitarity(np.eye(2, dtype=complex)[None], "rotations")
    """
    product = moves.conj().swapaxes(-1, -2) @ moves
    defects = np.abs(product - np.eye(moves.shape[-1])).reshape(len(moves), -1).max(axis=1)
    accepted = _TOTAL_UNITARITY_TOLERANCE + _ROUND_OFF_OF_A_PART * len(defects)
    if not defects.sum() <= accepted:
        worst = int(defects.argmax())
        raise NotUnitaryError(
            f"`{name}` must be unitary, but U†U differs from the identity by {defects[worst]:.1e} for part {worst} and "
            f"by {defects.sum():.1e} for all {len(defects)} parts together (up to {accepted:.1e} is "
            f"accepted as round-off). Give the elements with all digits."
        )


def part_states(
    parts: int, dimension: int, reservoir_state: StateLike | None, bloch_vectors: ArrayLike | None
) -> ComplexMatrix:
    """Return the state (N, d, d) of each part of a reservoir from what a user gives of the two.

    Raises
    ------
    InputError, ShapeError, NotAStateError
        If not exactly one is given, it does not fit, or it is not a state.

    Examples
    --------
    >>> part_states(5, 2, None, [0, 0, 1]).shape
    (5, 2, 2)
    """
    if (reservoir_state is None) == (bloch_vectors is None):
        raise InputError(
            "Exactly one of `reservoir_state` and `bloch_vectors` must be given, but "
            + ("neither is." if bloch_vectors is None else "both are.")
        )
    if bloch_vectors is not None and dimension != 2:
        raise ShapeError(
            f"`bloch_vectors` must describe spins ½, but the reservoir has dimension {dimension}. Give "
            f"`reservoir_state` instead."
        )
    given = bloch_states(bloch_vectors) if bloch_vectors is not None else None
    states = as_density_matrix(reservoir_state, "reservoir_state", dimension) if given is None else given
    if states.ndim == 2:
        states = states[None]
    if states.ndim != 3 or len(states) not in (1, parts):
        name = "reservoir_state" if given is None else "bloch_vectors"
        raise ShapeError(
            f"`{name}` must hold one state for all or one for each of the {parts} parts, but it holds "
            f"{states.shape[:-2]}."
        )
    return np.array(np.broadcast_to(states, (parts, dimension, dimension)))


def _three_leads(scattering_matrix: OperatorLike, bloch_vector: ArrayLike) -> tuple[ComplexMatrix, list[float]]:
    s = single_scattering_matrix(scattering_matrix)
    if len(s) != 3:
        raise ShapeError(f"`scattering_matrix` must be 3 × 3, but it is {len(s)} × {len(s)}.")
    state = bloch_states(bloch_vector, "bloch_vector")
    if state.ndim != 2:
        raise ShapeError(f"`bloch_vector` must be one vector (3,), but it holds {state.shape[:-2]}.")
    return s, [2 * state[1, 0].real, 2 * state[1, 0].imag, (state[0, 0] - state[1, 1]).real]


def _hermitian_image(first_second: complex, first_third: complex, second_third: complex) -> ComplexMatrix:
    upper = np.zeros((3, 3), dtype=np.complex128)
    upper[0, 1], upper[0, 2], upper[1, 2] = first_second, first_third, second_third
    return np.asarray(np.eye(3) + 2j * (upper - upper.conj().T))
