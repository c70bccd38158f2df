from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from loschmidt._kernels.compile import jit, prange


@jit()
def _double(x):
    return 2 * x


@jit(parallel=True)
def _double_all(x):
    result = np.zeros(x.size)
    for i in prange(x.size):
        result[i] = _double(x[i])
    return result


def _run(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_kernels_call_kernels_and_their_plain_twins_agree():
    x = np.arange(5.0)
    np.testing.assert_array_equal(_double_all(x), 2 * x)
    np.testing.assert_array_equal(_double_all.py_func(x), 2 * x)


def test_an_interrupt_waits_until_the_compiler_is_done():
    @jit()
    def doubled(x):
        return 2 * x

    def interrupting(x):
        signal.raise_signal(signal.SIGINT)
        finished.append(x)
        return 2 * x

    finished, before = [], signal.getsignal(signal.SIGINT)
    interrupting.overloads = {}
    doubled.__dict__["dispatcher"] = interrupting
    with pytest.raises(KeyboardInterrupt):
        doubled(3)
    assert finished == [3]
    assert signal.getsignal(signal.SIGINT) is before


def test_below_three_levels_no_kernel_is_compiled():
    run = _run(
        """
        import sys
        import numpy as np
        from loschmidt._kernels.rate_equation import settle
        rates = np.array([[[0.0, 2.0], [1.0, 0.0]]])
        populations = settle.at_dimension(2)(rates, np.array([0.0, 1.0]))[2]
        assert abs(populations[0] - 2 / 3) < 1e-15, populations
        assert "numba" not in sys.modules
        settle.at_dimension(3)(rates, np.array([0.0, 1.0]))
        assert "numba" in sys.modules
        """
    )
    assert run.returncode == 0, run.stderr


def test_a_kernel_in_a_closure_is_linked():
    def twice(kernel):
        @jit()
        def applied(x):
            return kernel(kernel(x))

        return applied

    assert twice(_double)(3.0) == 12


@pytest.mark.parametrize("option", ["fastmath", "cache", "forceobj"])
def test_options_that_would_break_a_promise_are_refused(option):
    with pytest.raises(TypeError, match="decided here"):
        jit(**{option: True})


def test_importing_the_entropies_does_not_import_numba():
    run = _run(
        """
        import sys
        import numpy as np
        import loschmidt.information
        from loschmidt._kernels import defects, jacobi
        assert loschmidt.information.von_neumann_entropy(np.eye(4) / 4) > 0
        assert "numba" not in sys.modules
        """
    )
    assert run.returncode == 0, run.stderr


def test_nowhere_to_write_is_no_reason_to_fail(tmp_path):
    (tmp_path / "kernel.py").write_text(
        "from loschmidt._kernels.compile import jit\n\n\n@jit()\ndef f(x):\n    return x + 1\n"
    )
    (tmp_path / "__pycache__").write_text("a file, so that no folder of this name can be made, whoever runs the test")
    run = _run(
        f"""
        import sys
        sys.path.insert(0, {str(tmp_path)!r})
        import kernel
        assert kernel.f(1) == 2
        assert kernel.f.dispatcher.stats.cache_path is None
        """,
        HOME="/proc",
        XDG_CACHE_HOME="/proc/cache",
        PYTHONDONTWRITEBYTECODE="1",
    )
    assert run.returncode == 0, run.stderr
