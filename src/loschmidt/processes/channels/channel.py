"""A quantum channel: built from whatever describes it, checked once, and combined with others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from loschmidt.errors import InputError, ShapeError
from loschmidt.processes.channels.algebra import composed, tensored
from loschmidt.processes.channels.defects import check_completely_positive, check_trace, norm_of
from loschmidt.processes.channels.linear_map import Form, LinearMap
from loschmidt.processes.channels.making import (
    Check,
    Dims,
    as_dims_pair,
    as_kraus,
    as_matrix,
    kraus_of_dilation,
    propagator,
    square_dims,
)
from loschmidt.processes.channels.representations import adjoint_kraus
from loschmidt.processes.channels.stinespring import Stinespring, stinespring_of
from loschmidt.typing import ComplexMatrix, OperatorLike, StateLike

__all__ = ["Channel", "Restriction"]


class Channel(LinearMap):
    """A completely positive, trace-preserving map Φ; see :class:`LinearMap` for what it knows of itself.

    Build one with a ``from_`` method or a function of this package. `check` says what the map must be:

    * ``"channel"`` (default): completely positive and trace preserving;
    * ``"operation"``: completely positive, the trace may decrease;
    * ``"cp"``: completely positive; ``"tp"``: trace preserving; ``"linear"``: nothing.

    Complete positivity allows eigenvalues of the Choi matrix down to -1e-9 of the largest, trace preservation
    ‖Φ†(1) - 1‖ ≤ 1e-10. `dims` is a pair, what goes in and what comes out, each a dimension or those of its factors.

    Examples
    --------
    >>> decay = Channel.from_kraus([[[1, 0], [0, 0.6]], [[0, 0.8], [0, 0]]])
    >>> decay(np.diag([0.0, 1.0])).real.diagonal().round(12)
    array([0.64, 0.36])
    >>> round(decay.unitality_defect(), 12)
    0.64
    """

    # ── construction ─────────────────────────────────────────────────────────────────────────────────────────────────

    @classmethod
    def from_kraus(cls, operators: OperatorLike, dims: Dims | None = None, *, check: Check = "channel") -> Channel:
        """Return the map ρ → Σ KρK† of Kraus operators (k, m, n), a stack or a list of matrices.

        Raises
        ------
        InputError, ShapeError, NotFiniteError
            If the operators do not fit together, or Σ K†K is not what `check` asks for.

        Examples
        --------
        >>> Channel.from_kraus([[[1, 0]], [[0, 1]]]).dimension_out
        1
        """
        kraus = as_kraus(operators)
        return cls._checked("kraus", kraus, as_dims_pair(dims, kraus.shape[2], kraus.shape[1]), check)

    @classmethod
    def from_choi(cls, choi: OperatorLike, dims: Dims | None = None, *, check: Check = "channel") -> Channel:
        r"""Return the map of a Choi matrix J = Σ\|i⟩⟨j\| ⊗ Φ(\|i⟩⟨j\|) (n m, n m); without `dims`, n = m.

        Raises
        ------
        InputError, ShapeError, NotFiniteError
            If the matrix does not have this shape, or the map is not what `check` asks for.

        Examples
        --------
        >>> Channel.from_choi(np.eye(4) / 2)([1, 0]).real.diagonal()
        array([0.5, 0.5])
        """
        matrix = as_matrix(choi, "choi")
        return cls._checked("choi", matrix, square_dims(dims, matrix, "choi"), check)

    @classmethod
    def from_superoperator(
        cls, superoperator: OperatorLike, dims: Dims | None = None, *, check: Check = "channel"
    ) -> Channel:
        """Return the map of a superoperator (m², n²) on column-stacked operators.

        Raises
        ------
        InputError, ShapeError, NotFiniteError
            If a side is not a square number, or the map is not what `check` asks for.

        Examples
        --------
        >>> Channel.from_superoperator(np.eye(9)).dims_in
        (3,)
        """
        matrix = as_matrix(superoperator, "superoperator")
        return cls._checked("superoperator", matrix, square_dims(dims, matrix, "superoperator"), check)

    @classmethod
    def from_unitary(
        cls,
        unitary: OperatorLike,
        reservoir_state: StateLike,
        dims: tuple[int, int],
        *,
        order: Literal["SR", "RS"] = "SR",
    ) -> Channel:
        """Return the channel ρ → tr_R U(ρ ⊗ ρ_R)U† of a system that meets a reservoir without correlation.

        Parameters
        ----------
        unitary : (d_S d_R, d_S d_R)
            Joint unitary on system ⊗ reservoir.
        reservoir_state : (d_R, d_R) or ket (d_R,)
            Where the reservoir starts.
        dims : (d_S, d_R)
            Dimensions of system and reservoir.
        order : {"SR", "RS"}
            "RS" if `unitary` acts on reservoir ⊗ system; `dims` stays (d_S, d_R).

        Raises
        ------
        NotUnitaryError, NotAStateError, ShapeError, InputError
            If an argument is not what it must be.

        Notes
        -----
        :cite:t:`lesovik2016`. A start with correlations is not a map of the system's state alone.

        Examples
        --------
        >>> Channel.from_unitary(np.eye(4)[[0, 2, 1, 3]], [1, 0], (2, 2)).identity_image.real.diagonal()
        array([2., 0.])
        """
        kraus = kraus_of_dilation(unitary, reservoir_state, dims, order)
        side = (kraus.shape[1],)
        return cls._checked("kraus", kraus, (side, side), "channel")

    @classmethod
    def from_generator(cls, generator: Any, time: float, *, check: Check = "channel") -> Channel:
        """Return e^{tL} of a master equation.

        Parameters
        ----------
        generator : Generator or (d², d²)
            Time-independent generator, or its matrix on column-stacked states.
        time : float
            t ≥ 0.
        check : str
            "tp" for equations that are not of GKLS form, such as Redfield's.

        Raises
        ------
        InputError, ShapeError, ResourceError
            If the generator does not conserve the trace, is not a matrix (d², d²), or has d > 48; or the map is not
            what `check` asks for.

        Examples
        --------
        >>> from loschmidt.processes import gkls_generator, jump_dissipator
        >>> decay = gkls_generator(np.zeros((2, 2)), [jump_dissipator("cold", [[[0, 1], [0, 0]]], [1.0])])
        >>> round(float(Channel.from_generator(decay, np.log(2))([0, 1])[1, 1].real), 12)
        0.5
        """
        matrix, dims = propagator(generator, time, conserve=check in ("channel", "tp"))
        return cls._checked("superoperator", matrix, (dims, dims), check)

    @classmethod
    def from_qutip(cls, value: Any, *, check: Check = "channel") -> Channel:
        """Return the map of a ``qutip.Qobj``: a superoperator in any representation, an operator, or Kraus operators.

        Raises
        ------
        InputError, ShapeError
            If it is not such an object, or the map is not what `check` asks for.

        Notes
        -----
        ``qutip.kraus_to_super`` and ``qutip.kraus_to_choi`` (5.3.1) confuse input and output where the dimensions
        differ; hand in the list of Kraus operators itself.

        Examples
        --------
        >>> import qutip
        >>> Channel.from_qutip([qutip.sigmax()]).is_unital()
        True
        """
        from loschmidt.processes.channels.foreign import read_qutip

        return cls._checked(*read_qutip(value), check)

    @classmethod
    def from_qiskit(cls, value: Any, *, reverse: bool = False, check: Check = "channel") -> Channel:
        """Return the map of a Qiskit channel, operator, instruction or circuit.

        Parameters
        ----------
        value : Qiskit object
            ``Kraus``, ``SuperOp``, ``Choi``, ``Stinespring``, ``PTM``, ``Chi``, ``Operator`` or what ``SuperOp`` takes.
        reverse : bool
            Qiskit counts subsystems from the right: its qubit 0 is our *last* factor, and matrices agree as they stand.
            True reverses the factors, so that qubit 0 comes first.
        check : str
            See the class.

        Raises
        ------
        InputError, ShapeError
            If it is not such an object, or the map is not what `check` asks for.
        """
        from loschmidt.processes.channels.foreign import read_qiskit

        return cls._checked(*read_qiskit(value, reverse=reverse), check)

    # ── combination ──────────────────────────────────────────────────────────────────────────────────────────────────

    def __matmul__(self, before: Channel) -> Channel:
        """Return this map after another one.

        Raises
        ------
        ShapeError
            If the dimension between the two differs.
        """
        if not isinstance(before, Channel):
            return NotImplemented
        return Channel(before.dims_in, self.dims_out, *composed(self, before))

    def tensor(self, other: Channel) -> Channel:
        """Return this map beside another one, Φ ⊗ Ψ; the factors of this one come first."""
        return Channel(self.dims_in + other.dims_in, self.dims_out + other.dims_out, *tensored(self, other))

    @cached_property
    def adjoint_map(self) -> Channel:
        """Φ† as a map from (m, m) to (n, n): unital, and trace preserving only if Φ is unital."""
        if self.form == "kraus":
            return Channel(self.dims_out, self.dims_in, "kraus", adjoint_kraus(self.data))
        matrix = np.ascontiguousarray(self.superoperator.conj().T)
        return Channel(self.dims_out, self.dims_in, "superoperator", matrix)

    @cached_property
    def complementary(self) -> Channel:
        """The channel to the environment of `kraus_operators`, ρ → Σ tr(K_k ρ K_l†)|k⟩⟨l|."""
        kraus = np.ascontiguousarray(self.kraus_operators.swapaxes(0, 1))
        return Channel(self.dims_in, (kraus.shape[1],), "kraus", kraus)

    def minimal(self) -> Channel:
        """Return the same map with the fewest Kraus operators."""
        return Channel(self.dims_in, self.dims_out, "kraus", self.minimal_kraus_operators)

    def stinespring(self) -> Stinespring:
        """Return the dilation by `kraus_operators`; call it on :meth:`minimal` for the smallest environment.

        Raises
        ------
        InputError
            If the map is not completely positive and trace preserving.
        """
        check_trace(self.effect, equal=True)
        return stinespring_of(self.kraus_operators)

    def restrict(self, basis: OperatorLike, tolerance: float = 1e-12) -> Restriction:
        """Return what the map does inside a subspace that it maps to itself.

        Parameters
        ----------
        basis : (n, r)
            Orthonormal columns that span the subspace.
        tolerance : float
            Largest leak with which a channel is returned; its trace then decreases by up to the leak.

        Raises
        ------
        ShapeError, InputError
            If n ≠ m, or the columns are not orthonormal.

        Notes
        -----
        :cite:t:`lesovik2016`: if Φ(P) = P, no state inside loses entropy.

        Examples
        --------
        >>> decay = Channel.from_kraus([[[1, 0], [0, 0.6]], [[0, 0.8], [0, 0]]])
        >>> [decay.restrict(level).channel is None for level in ([[1], [0]], [[0], [1]])]
        [False, True]
        """
        columns = as_matrix(basis, "basis")
        n, m = self.dimension_in, self.dimension_out
        if n != m:
            raise ShapeError(f"A map from dimension {n} to {m} cannot be restricted to one subspace.")
        if columns.shape[0] != n or columns.shape[1] > n:
            raise ShapeError(f"`basis` must be ({n}, r) with r ≤ {n}, but its shape is {columns.shape}.")
        skew = norm_of(columns.conj().T @ columns - np.eye(columns.shape[1]))
        if not skew <= 1e-10:
            raise InputError(f"`basis` must have orthonormal columns, but ‖Q†Q - 1‖ = {skew:.1e}.")
        return _restriction(self, columns, tolerance)

    def to_qutip(self) -> Any:
        """Return the superoperator as a ``qutip.Qobj`` with the tensor factors as dims."""
        from loschmidt.processes.channels.foreign import to_qutip

        return to_qutip(self)

    @classmethod
    def _checked(
        cls, form: Form, data: ComplexMatrix, dims: tuple[tuple[int, ...], tuple[int, ...]], check: Check
    ) -> Channel:
        if check not in ("channel", "operation", "cp", "tp", "linear"):
            raise InputError(f"`check` must be 'channel', 'operation', 'cp', 'tp' or 'linear', but it is {check!r}.")
        channel = cls(*dims, form, data)
        if form != "kraus" and check in ("channel", "operation", "cp"):
            check_completely_positive(channel.choi)
        if check in ("channel", "operation", "tp"):
            check_trace(channel.effect, equal=check != "operation")
        return channel


@dataclass(frozen=True, eq=False)
class Restriction:
    """What a channel does inside a subspace with projector P.

    Attributes
    ----------
    basis : (n, r)
        Orthonormal columns Q, P = QQ†.
    leak : float
        tr (1 - P)Φ(P), the weight that leaves.
    identity_defect : float
        ‖Φ(P) - P‖ in the operator norm; zero means that no state inside loses entropy.
    tolerance : float
        Largest leak with which a channel is returned.
    channel : Channel or None
        ρ → Q†Φ(QρQ†)Q on dimension r; None if the map leaks.
    """

    basis: ComplexMatrix
    leak: float
    identity_defect: float
    tolerance: float
    channel: Channel | None


def _restriction(channel: Channel, basis: ComplexMatrix, tolerance: float) -> Restriction:
    projector = basis @ basis.conj().T
    form: Form = "kraus" if channel.form == "kraus" else "choi"
    if form == "kraus":
        images = channel.data @ basis
        inside = basis.conj().T @ images
        # The square of what sticks out: no difference of large numbers.
        leak = float(np.linalg.norm(images - basis @ inside) ** 2)
        data = inside
        image = np.einsum("kai,kbi->ab", images, images.conj(), optimize=True)
    else:
        image = channel.apply(projector)
        leak = abs(float(np.trace(image - projector @ image).real))
        pair = np.kron(basis.conj(), basis)
        data = pair.conj().T @ channel.choi @ pair
    side = (basis.shape[1],)
    kept = Channel(side, side, form, data) if leak <= tolerance else None
    return Restriction(basis, leak, norm_of(image - projector), tolerance, kept)
