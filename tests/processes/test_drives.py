"""Hamiltonians that change in time: values, derivatives, tables, QuTiP objects and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from loschmidt.errors import InputError, NotFiniteError, NotHermitianError
from loschmidt.evolution import evolve
from loschmidt.processes import (
    Bath,
    GlauberSpectrum,
    TabulatedCoefficient,
    davies_generator,
    driven_generator,
    driven_hamiltonian,
    jump_dissipator,
)
from loschmidt.processes.expressions import parse_scalar

X, Z = np.array([[0, 1], [1, 0]]), np.diag([1.0, -1.0])
TIMES = np.array([0.3, 1.7])


@pytest.mark.parametrize(
    "coefficient",
    [
        lambda t: np.sin(2 * t),
        parse_scalar("sin(2*t)"),
        TabulatedCoefficient(*map(tuple, (np.linspace(0, 2, 400), np.sin(2 * np.linspace(0, 2, 400))))),
    ],
    ids=["function", "expression", "table"],
)
def test_value_and_rate_of_every_kind_of_coefficient(coefficient):
    h = driven_hamiltonian(0.5 * Z, [(X, coefficient)])
    np.testing.assert_allclose(h.at(TIMES)[:, 0, 1], np.sin(2 * TIMES), atol=1e-9)
    np.testing.assert_allclose(h.rate_at(TIMES)[:, 0, 1], 2 * np.cos(2 * TIMES), atol=1e-6)
    assert h.at(0.3).shape == (2, 2)


def test_function_of_time_gives_the_same_hamiltonian_and_rate():
    h = driven_hamiltonian(lambda t: 0.5 * Z + np.sin(2 * t) * X)
    np.testing.assert_allclose(h.at(TIMES)[:, 0, 1], np.sin(2 * TIMES))
    np.testing.assert_allclose(h.rate_at(TIMES)[:, 0, 1], 2 * np.cos(2 * TIMES), atol=1e-8)


def test_scalar_function_written_for_one_time_is_accepted():
    import math

    h = driven_hamiltonian(0.5 * Z, [(X, math.sin)])
    np.testing.assert_allclose(h.at(TIMES)[:, 0, 1], np.sin(TIMES))


def test_qutip_evolutions_give_the_same_states_as_their_arrays():
    qutip = pytest.importorskip("qutip")
    evolution = qutip.QobjEvo([0.5 * qutip.sigmaz(), [qutip.sigmax(), lambda t: 0.3 * np.sin(2 * t)]])
    noise = jump_dissipator("noise", [qutip.sigmam()], [0.1])
    ours = evolve(driven_generator(evolution, dissipators=[noise]), qutip.basis(2, 0), [0.0, 1.0, 3.0])
    plain = driven_hamiltonian(0.5 * Z, [(X, lambda t: 0.3 * np.sin(2 * t))])
    lower = np.array([[0, 0], [1, 0]])
    same = evolve(
        driven_generator(plain, dissipators=[jump_dissipator("noise", [lower], [0.1])]), [1, 0], [0.0, 1.0, 3.0]
    )
    np.testing.assert_allclose(ours.states, same.states, atol=1e-9)


def test_rotating_wave_terms_need_only_be_hermitian_together():
    qutip = pytest.importorskip("qutip")
    sm = qutip.sigmam()
    evolution = qutip.QobjEvo(
        [0.5 * qutip.sigmaz(), [sm, lambda t: np.exp(1j * t)], [sm.dag(), lambda t: np.exp(-1j * t)]]
    )
    h = driven_hamiltonian(evolution)
    np.testing.assert_allclose(h.at(0.7), evolution(0.7).full(), atol=1e-14)
    with pytest.raises((InputError, NotHermitianError)):
        driven_hamiltonian(qutip.QobjEvo([0.5 * qutip.sigmaz(), [sm, lambda t: np.exp(1j * t)]]))


def test_bad_drives_are_refused():
    with pytest.raises(InputError, match="function of time"):
        driven_hamiltonian(Z, [(X, 3.0)])
    with pytest.raises(NotHermitianError, match=r"terms\[0\]"):
        driven_hamiltonian(Z, [([[0, 1], [0, 0]], np.sin)])
    with pytest.raises(NotFiniteError, match="t = 0"), np.errstate(divide="ignore"):
        driven_hamiltonian(Z, [(X, lambda t: 1 / t)]).at(0.0)
    with pytest.raises(InputError, match="covers times 0 to 1"):
        driven_hamiltonian(Z, [(X, TabulatedCoefficient((0.0, 1.0), (0.0, 1.0)))]).at(2.0)
    with pytest.raises(InputError, match="increase"):
        TabulatedCoefficient((0.0, 0.0), (1.0, 2.0))
    bath = Bath("b", 1.0, GlauberSpectrum(0.1), X)
    with pytest.raises(InputError, match="not both"):
        driven_generator(driven_hamiltonian(Z), [bath], dissipators=davies_generator(Z, [bath]).dissipators)
    with pytest.raises(InputError, match="energy"):
        driven_generator(driven_hamiltonian(Z), [bath], energy=Z)
