"""Random physics for the tests: Hamiltonians, baths, processes and states drawn from a seed."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import strategies as st

from loschmidt.processes import Bath, GlauberSpectrum, OhmicSpectrum, davies_generator
from loschmidt.processes.channels import Channel, random_channel
from loschmidt.processes.generators import Generator

seeds = st.integers(0, 2**32 - 1)
dimensions = st.integers(2, 5)
betas = st.floats(0.05, 8.0)


@st.composite
def channels(draw: st.DrawFn, d_in: int | None = None, d_out: int | None = None, kraus: int | None = None) -> Channel:
    """Random channels; what is not given is drawn. Full rank and a single Kraus operator both occur."""
    n = draw(dimensions) if d_in is None else d_in
    m = draw(dimensions) if d_out is None else d_out
    fewest = -(-n // m)
    count = draw(st.integers(fewest, n * m)) if kraus is None else kraus
    seed = draw(seeds)
    # The run-time checks of shapes draw from the global `random`, which Hypothesis forbids inside a strategy.
    state = random.getstate()
    channel = random_channel(n, m, np.random.default_rng(seed), count)
    random.setstate(state)
    return channel


def random_hermitian(rng: np.random.Generator, d: int) -> np.ndarray:
    matrix = rng.normal(size=(d, d)) + 1j * rng.normal(size=(d, d))
    return (matrix + matrix.conj().T) / 2


def random_state(rng: np.random.Generator, d: int, rank: int | None = None) -> np.ndarray:
    matrix = rng.normal(size=(d, rank or d)) + 1j * rng.normal(size=(d, rank or d))
    state = matrix @ matrix.conj().T
    return state / np.trace(state).real


def random_bath(rng: np.random.Generator, d: int, name: str, beta: float, strength: float = 0.01) -> Bath:
    """A bath with two correlated coupling operators."""
    mixing = rng.normal(size=(2, 2))
    spectrum = OhmicSpectrum(strength, 5.0) if rng.random() < 0.5 else GlauberSpectrum(strength)
    couplings = [random_hermitian(rng, d), random_hermitian(rng, d)]
    return Bath(name, beta, spectrum, couplings, correlations=mixing @ mixing.T)


def random_davies(seed: int, d: int, temperatures: tuple[float, ...]) -> Generator:
    rng = np.random.default_rng(seed)
    baths = [random_bath(rng, d, f"bath {k}", beta) for k, beta in enumerate(temperatures)]
    return davies_generator(random_hermitian(rng, d), baths)


def two_level(beta: float = 2.0, omega: float = 1.0, rate: float = 0.05) -> Generator:
    bath = Bath("cold", beta, GlauberSpectrum(rate), [[0, 1], [1, 0]])
    return davies_generator(np.diag([0.0, omega]), [bath])
