"""Spins in the plane of the leads turn about one axis only: the particle sees random phases and loses no entropy."""

from __future__ import annotations

import numpy as np

from loschmidt.checks import as_real_values
from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.scattering.leads import single_scattering_matrix
from loschmidt.processes.scattering.scatterer import Scatterer, check_joint_unitarity
from loschmidt.typing import ArrayLike, OperatorLike, RealTensor

__all__ = ["planar_array_scatterer"]


def planar_array_scatterer(
    scattering_matrix: OperatorLike,
    up_probabilities: ArrayLike,
    *,
    angles_out: ArrayLike | None = None,
    angles_in: ArrayLike | None = None,
    angles: ArrayLike | None = None,
) -> Scatterer:
    r"""Return a scatterer among N spins that all turn about the z axis.

    .. math:: F_{ji} = \bigotimes_a e^{-i\theta^{(a)}_{ji}\sigma_z/2},\qquad
        \langle F_{j'i'}^\dagger F_{ji}\rangle = \prod_a\big[p_a e^{-i\delta_a/2} + (1-p_a)e^{i\delta_a/2}\big],\quad
        \delta_a = \theta^{(a)}_{ji}-\theta^{(a)}_{j'i'}

    Parameters
    ----------
    scattering_matrix : (n, n)
        Unitary s_ji, from channel i to channel j.
    up_probabilities : (N,)
        Population p_a of spin up; coherence between up and down changes nothing.
    angles_out, angles_in : (n, N), optional
        Turns, in radians, while the particle leaves by channel j and comes by channel i: θ_ji is their sum. With one
        of them only, the other is zero.
    angles : (n, n, N), optional
        θ_ji of any form instead; then the joint map is checked.

    Returns
    -------
    Scatterer
        Labelled "controlled": Φ = Σ_m p_m s^(m) · s^(m)† over the 2^N configurations m, which are not enumerated.

    Raises
    ------
    NotUnitaryError
        If s, or with general angles the joint map, is not unitary.
    ShapeError, InputError
        If shapes do not fit, a number is not a probability or not finite, or both forms of angles are given.

    Notes
    -----
    :cite:t:`lesovik2016`, text before Eq. (9). Unital for any populations, hence ΔS ≥ 0 for every state.

    Examples
    --------
    >>> from loschmidt.processes.scattering import symmetric_splitter
    >>> scatterer = planar_array_scatterer(symmetric_splitter(3), [1.0, 0.3], angles_out=[[0, 0], [1, 2], [2, 1]])
    >>> bool(np.allclose(scatterer.identity_image, np.eye(3), atol=1e-14))
    True
    """
    s = single_scattering_matrix(scattering_matrix)
    up = _finite(up_probabilities, "up_probabilities")
    if up.ndim != 1 or not len(up):
        raise ShapeError(f"`up_probabilities` must have one entry a spin, but its shape is {up.shape}.")
    if not (up.min() >= 0 and up.max() <= 1):
        worst = int(np.abs(up - 0.5).argmax())
        raise InputError(f"`up_probabilities` must be from 0 to 1, but entry {worst} is {up[worst]:g}.")
    theta = _turns(len(s), len(up), angles_out, angles_in, angles)
    half = 0.5 * np.moveaxis(theta, -1, 0)
    transitions = np.zeros((*half.shape, 2, 2), dtype=np.complex128)
    transitions[..., 0, 0], transitions[..., 1, 1] = np.exp(-1j * half), np.exp(1j * half)
    states = np.zeros((len(up), 2, 2), dtype=np.complex128)
    states[:, 0, 0], states[:, 1, 1] = up, 1 - up
    if angles is not None:
        check_joint_unitarity(s, transitions, "Angles of the form θ_ji = out_j + in_i always pass.")
    return Scatterer(s, transitions, states, commuting=True)


def _turns(
    leads: int, spins: int, outgoing: ArrayLike | None, incoming: ArrayLike | None, general: ArrayLike | None
) -> RealTensor:
    """Return θ (n, n, N) from what a user gives."""
    if (general is None) == (outgoing is None and incoming is None):
        raise InputError("Either `angles` must be given, or `angles_out` and `angles_in`, or one of these two.")
    if general is not None:
        return _shaped(general, "angles", (leads, leads, spins))
    zero = np.zeros((leads, spins))
    out = zero if outgoing is None else _shaped(outgoing, "angles_out", (leads, spins))
    into = zero if incoming is None else _shaped(incoming, "angles_in", (leads, spins))
    return np.asarray(out[:, None] + into)


def _shaped(value: ArrayLike, name: str, shape: tuple[int, ...]) -> RealTensor:
    array = _finite(value, name)
    if array.shape != shape:
        raise ShapeError(f"`{name}` must have the shape {shape}, channels first and spins last, but has {array.shape}.")
    return array


def _finite(value: ArrayLike, name: str) -> RealTensor:
    array = as_real_values(value, f"`{name}`")
    if not np.isfinite(array).all():
        raise NotFiniteError(f"`{name}` must be finite, but it holds NaN or infinity.")
    return array
