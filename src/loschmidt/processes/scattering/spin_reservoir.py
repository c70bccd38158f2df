"""Many spins around a scatterer: each lead turns each spin about its own axis, and the turns do not commute."""

from __future__ import annotations

from typing import SupportsFloat

import numpy as np

from loschmidt.checks import as_number, as_operator, as_real_values
from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.scattering.leads import (
    check_total_unitarity,
    gauge_transitions,
    part_states,
    single_scattering_matrix,
)
from loschmidt.processes.scattering.scatterer import Scatterer, check_joint_unitarity
from loschmidt.processes.scattering.spin_states import spin_rotations
from loschmidt.typing import ArrayLike, ComplexMatrix, OperatorLike, RealMatrix, RealTensor

__all__ = [
    "half_line_rotations",
    "half_line_scatterer",
    "sphere_positions",
    "spin_reservoir_scatterer",
    "star_directions",
]

# The two-dimensional low-discrepancy sequence of the plastic number: 1/p and 1/p², p³ = p + 1.
_PLASTIC = (0.7548776662466927, 0.5698402909980532)
_ON_LEAD = 1e-12


def spin_reservoir_scatterer(
    scattering_matrix: OperatorLike, rotations: OperatorLike, bloch_vectors: ArrayLike
) -> Scatterer:
    r"""Return a scatterer among N spins ½ that start independent of each other.

    .. math:: F_{ji} = \bigotimes_{a=1}^N U^{(a)}_{ji},\qquad
        [F_{j'i}^\dagger,F_{ji}] = \bigotimes_a U^{(a)\dagger}_{j'i}U^{(a)}_{ji}
        - \bigotimes_a U^{(a)}_{ji}U^{(a)\dagger}_{j'i}

    Parameters
    ----------
    scattering_matrix : (n, n)
        Unitary s_ji, from lead i to lead j.
    rotations : (N, n, 2, 2) or (N, n, n, 2, 2)
        Turn V_j of each spin by the current in lead j, so that U_ji = V_j V_i†; or U_ji at [a, j, i] of any form, for
        which the joint map is then checked, at about 0.1 ms a spin.
    bloch_vectors : (N, 3) or (3,)
        ⟨σ_x⟩, ⟨σ_y⟩, ⟨σ_z⟩ of each spin or of all.

    Returns
    -------
    Scatterer
        Its channel, commutators and bounds cost N n⁴ operations: 10⁵ spins take a second.

    Raises
    ------
    NotUnitaryError
        If s, a rotation or the joint map is not unitary.
    NotAStateError
        If a Bloch vector is longer than 1.
    ShapeError, InputError
        If shapes do not fit.

    Notes
    -----
    :cite:t:`lesovik2016`, Eqs. (9) to (11). Unpolarised spins leave the channel exactly unital, whatever the turns.

    Examples
    --------
    >>> from loschmidt.processes.scattering import paper_rotations, symmetric_splitter
    >>> two_alike = np.stack([paper_rotations(3)] * 2)
    >>> scatterer = spin_reservoir_scatterer(symmetric_splitter(3), two_alike, [0, 0, 1])
    >>> bool(np.allclose(scatterer.identity_image, np.eye(3)))
    True
    """
    s = single_scattering_matrix(scattering_matrix)
    turns = np.array(as_operator(rotations, "rotations", 2))
    n = len(s)
    if turns.ndim not in (4, 5) or turns.shape[1:-2] not in ((n,), (n, n)):
        raise ShapeError(
            f"`rotations` must have the shape (N, {n}, 2, 2) or (N, {n}, {n}, 2, 2) to fit `scattering_matrix`, but it "
            f"has {turns.shape}."
        )
    states = part_states(len(turns), 2, None, bloch_vectors)
    if turns.ndim == 4:
        return Scatterer(s, gauge_transitions(turns), states)
    check_total_unitarity(turns, "rotations")
    check_joint_unitarity(s, turns, "Turns of the form U_ji = V_j V_i† always pass.")
    return Scatterer(s, turns, states)


def half_line_scatterer(
    scattering_matrix: OperatorLike, count: int, strength: SupportsFloat, bloch_vectors: ArrayLike
) -> Scatterer:
    r"""Return a star of leads in a sphere of spins, each turned by the magnetic field of the current.

    Parameters
    ----------
    scattering_matrix : (n, n)
        Unitary s_ji; the leads form the star of :func:`star_directions`.
    count : int
        Number N of spins, at :func:`sphere_positions`: the first spins of a larger reservoir are those of a smaller.
    strength : float
        κ of :func:`half_line_rotations`, in radians.
    bloch_vectors : (3,) or (N, 3)
        State of all spins or of each.

    Returns
    -------
    Scatterer

    Raises
    ------
    NotUnitaryError, NotAStateError, ShapeError, InputError
        If an argument is not what it must be.

    Notes
    -----
    A realisation of the reservoir of :cite:t:`lesovik2016`, Eqs. (9) to (11). Φ(1) tends to 1 with the number of
    spins, but for weak fields it moves away from it first. In the limit the populations mix with \|s_βα\|², and of the
    coherences only those between two reflections are left, because a reflection turns no spin: V_α V_α† = 1.

    Examples
    --------
    >>> from loschmidt.processes.scattering import symmetric_splitter
    >>> few, many = (half_line_scatterer(symmetric_splitter(3), count, 1.0, [0, 0, 1]) for count in (2, 64))
    >>> round(few.maximally_mixed_gain, 3), f"{many.maximally_mixed_gain:.1e}"
    (-0.125, '-9.4e-14')
    """
    s = single_scattering_matrix(scattering_matrix)
    rotations = half_line_rotations(sphere_positions(count), star_directions(len(s)), strength)
    return spin_reservoir_scatterer(s, rotations, bloch_vectors)


def half_line_rotations(positions: ArrayLike, directions: ArrayLike, strength: SupportsFloat) -> ComplexMatrix:
    r"""Return the turn of each spin by a charge that leaves the origin along each lead.

    .. math:: \mathbf{w} = \kappa\,\frac{1+\mathbf{e}\cdot\hat{\mathbf R}}{|\mathbf{e}\times\mathbf{R}|}\,
        \frac{\mathbf{e}\times\mathbf{R}}{|\mathbf{e}\times\mathbf{R}|}
        = \frac{\kappa\,\mathbf{e}\times\hat{\mathbf R}}{R\,(1-\mathbf{e}\cdot\hat{\mathbf R})},\qquad
        V = e^{-i\mathbf{w}\cdot\boldsymbol\sigma/2}

    Parameters
    ----------
    positions : (N, 3)
        R of the spins, in units of the length that `strength` refers to.
    directions : (n, 3)
        Unit vectors e of the leads.
    strength : float
        κ in radians: the turn, by Biot and Savart's law for a half line, of a spin at unit distance beside the origin.

    Returns
    -------
    (N, n, 2, 2)

    Raises
    ------
    InputError
        If a spin sits on a lead, where the field is infinite, or in the origin, or a direction is not of length 1.
    ShapeError, NotFiniteError
        If shapes do not fit, or a number is not finite.

    Examples
    --------
    >>> np.round(half_line_rotations([[0, 1, 0]], [[1, 0, 0]], np.pi)[0, 0], 12)
    array([[0.-1.j, 0.+0.j],
           [0.+0.j, 0.+1.j]])
    """
    spins, leads = _rows_of_three(positions, "positions"), _rows_of_three(directions, "directions")
    lengths = np.linalg.norm(leads, axis=1)
    if not np.abs(lengths - 1).max(initial=0.0) <= _ON_LEAD:
        raise InputError(f"`directions` must have length 1, but they have {lengths}. Divide them by their lengths.")
    distances = np.linalg.norm(spins, axis=1)[:, None]
    if not distances.min(initial=1.0) > 0:
        raise InputError(f"`positions` must not be in the origin, but spin {int(distances.argmin())} is.")
    unit = spins / distances
    # 1 - cos without cancellation, for spins close to a lead.
    away = 0.5 * ((unit[:, None] - leads) ** 2).sum(axis=-1)
    if not away.min(initial=1.0) > _ON_LEAD**2:
        spin, lead = (int(i) for i in np.unravel_index(int(away.argmin()), away.shape))
        raise InputError(f"`positions` must not be on a lead, but spin {spin} is on lead {lead}. Move it.")
    field = np.cross(leads, unit[:, None]) / (distances * away)[..., None]
    return spin_rotations(as_number(strength, "strength") * field)


def star_directions(leads: int) -> RealMatrix:
    """Return n directions (n, 3) in the x-y plane at equal angles, the first along x.

    Raises
    ------
    InputError
        If there is no lead.

    Examples
    --------
    >>> np.round(star_directions(3), 3)
    array([[ 1.   ,  0.   ,  0.   ],
           [-0.5  ,  0.866,  0.   ],
           [-0.5  , -0.866,  0.   ]])
    """
    if leads < 1:
        raise InputError(f"`leads` must be at least 1, but it is {leads}.")
    angles = 2 * np.pi * np.arange(leads) / leads
    return np.stack([np.cos(angles), np.sin(angles), np.zeros(leads)], axis=1)


def sphere_positions(count: int) -> RealMatrix:
    r"""Return points (N, 3) spread evenly over the unit sphere; a longer list starts with the shorter.

    .. math:: z_a = 2\,\mathrm{frac}\big(\tfrac12+(a+1)/p\big)-1,\qquad
        \varphi_a = 2\pi\,\mathrm{frac}\big(\tfrac12+(a+1)/p^2\big),\qquad p^3 = p+1

    Raises
    ------
    InputError
        If `count` is not positive.

    Examples
    --------
    >>> np.round(sphere_positions(2), 3)
    array([[ 0.789,  0.37 , -0.49 ],
           [-0.126, -0.151, -0.98 ]])
    """
    if count < 1:
        raise InputError(f"`count` must be at least 1, but it is {count}.")
    steps = np.arange(1, count + 1)
    height = 2 * np.mod(0.5 + steps * _PLASTIC[0], 1.0) - 1
    angle = 2 * np.pi * np.mod(0.5 + steps * _PLASTIC[1], 1.0)
    radius = np.sqrt((1 - height) * (1 + height))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), height], axis=1)


def _rows_of_three(value: ArrayLike, name: str) -> RealTensor:
    rows = as_real_values(value, f"`{name}`")
    if rows.ndim != 2 or rows.shape[1] != 3 or not len(rows):
        raise ShapeError(f"`{name}` must have the shape (number, 3), but it has {rows.shape}.")
    if not np.isfinite(rows).all():
        raise InputError(f"`{name}` must be finite, but it holds NaN or infinity.")
    return rows
