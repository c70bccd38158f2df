from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError, NotFiniteError, ShapeError
from loschmidt.processes.lattice import (
    Lattice,
    deterministic_phases,
    lattice_system,
    local_phases,
    phase_operator,
    random_phases,
)

SYSTEM = lattice_system(Lattice.chain(4), (2, 1))


def test_phases_of_a_site_count_its_particles():
    phases = local_phases(SYSTEM, 2, {"tau": 0.3, "upsilon": -1.0})
    angles = phases.angles(SYSTEM.dims)
    tau, upsilon = (basis.occupations[:, 2] for basis in SYSTEM.bases)
    np.testing.assert_allclose(angles, 0.3 * tau[:, None] - upsilon)
    np.testing.assert_allclose(local_phases(SYSTEM, 2, 0.3).angles(SYSTEM.dims), 0.3 * (tau[:, None] + upsilon))
    assert local_phases(SYSTEM, 2, {"tau": 0.3}).axes == {0}


def test_random_phases_belong_to_states_of_the_erased_species():
    rng = np.random.default_rng(1)
    one, both = random_phases(SYSTEM, "upsilon", rng), random_phases(SYSTEM, ["tau", "upsilon"], rng)
    joint = random_phases(SYSTEM, ["tau", "upsilon"], rng, joint=True)
    assert one.axes == {1}
    assert both.axes == joint.axes == {0, 1}
    assert np.linalg.matrix_rank(np.diff(both.angles(SYSTEM.dims), axis=0)) == 1
    assert np.linalg.matrix_rank(np.diff(joint.angles(SYSTEM.dims), axis=0)) > 1
    for phases in (one, both, joint):
        assert all(term.min() >= 0 and term.max() < 2 * np.pi for term in phases.terms)


def test_deterministic_phases():
    golden = (np.sqrt(5) - 1) / 2
    expected = 2 * np.pi * np.modf(np.arange(1, 7) * golden)[0]
    np.testing.assert_allclose(deterministic_phases(SYSTEM, "tau").angles(SYSTEM.dims)[:, 0], expected, atol=1e-14)


def test_products_add_angles_and_inverses_cancel():
    rng = np.random.default_rng(2)
    one, other = random_phases(SYSTEM, "tau", rng), random_phases(SYSTEM, ["upsilon", "tau"], rng)
    total = one.times(other)
    np.testing.assert_allclose(total.angles(SYSTEM.dims), one.angles(SYSTEM.dims) + other.angles(SYSTEM.dims))
    assert len(total.terms) == 2
    assert not other.times(other.reversed).angles(SYSTEM.dims).any()


def test_border():
    with pytest.raises(ShapeError, match="one angle per Fock state of tau, 6, but its shape is \\(5,\\)"):
        phase_operator(SYSTEM, np.zeros(5), "tau")
    with pytest.raises(ShapeError, match="Name `species`"):
        phase_operator(SYSTEM, np.zeros(6))
    with pytest.raises(ShapeError, match="must broadcast to the shape of a state, \\(6, 4\\)"):
        phase_operator(SYSTEM, np.zeros((6, 5)))
    with pytest.raises(NotFiniteError):
        phase_operator(SYSTEM, [0, 0, 0, np.inf], "upsilon")
    with pytest.raises(InputError, match="must be real angles"):
        phase_operator(SYSTEM, "golden", "tau")
    with pytest.raises(InputError, match="each once"):
        random_phases(SYSTEM, ["tau", 0], np.random.default_rng(1))
    with pytest.raises(InputError, match="`site` must be from 0 to 3, but it is 4"):
        local_phases(SYSTEM, 4, 1.0)
    assert phase_operator(SYSTEM, np.zeros((6, 1))).axes == {0}
