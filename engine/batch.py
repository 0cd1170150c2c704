"""The rows of one update: loss, gradient, and what they share where batch normalization makes them depend.

Without it, rows are independent and are computed one part after another. With it, they are in memory all
together, unless they are too many. But what a row does in a batch depends on all others only through a few
numbers a unit. With them known, the rows are independent again, and memory does not grow with their number:

1. From the first layer to the last: mean and variance of what is normalized, over all parts.
2. From the last layer to the first: the means of d and h · d (:mod:`engine.normalization`).
3. With all of them GIVEN, the gradient.

Nothing is kept of a part but these numbers, so the batch is gone through twice for every normalized layer:
time is traded for memory, as in gradient checkpointing (Chen et al. 2016). Sums are taken in the order of the
parts. In parts and at once, a result is the same up to rounding.
"""

import numpy as np

from engine import kernels
from engine.extras import GIVEN, OWN
from engine.passes import forward_in_training, no_targets
from engine.places import STATISTICS, STATISTICS_OF_UNIT
from engine.plan import Layout, Plan
from engine.scratch import is_too_large, part_of, work_space


class Batch:
    """The rows of one update at one point theta.

    Parameters
    ----------
    theta : (plan.size,)
    x, y : (n, n_in) and (n, n_out), as :func:`engine.scratch.as_rows` returns them
    order : (rows,) int64, which rows
    moment : as in :func:`engine.blocks.after_products`
    more : as in :func:`engine.kernels.advance`

    Attributes
    ----------
    work : scratch memory; after the gradient it holds the batch's statistics, which the update needs
    """

    def __init__(self, plan: Plan, theta: np.ndarray, x: np.ndarray, y: np.ndarray, order: np.ndarray,
                 moment: int, more: int | None) -> None:  # fmt: skip
        self._plan, self._layout, self._theta = plan, plan.layout, theta
        self._x, self._y, self._order, self._rows = x, y, order, len(order)
        self._moment, self._more = moment, more
        self._shared: tuple[int, ...] = ()
        self.work = work_space(plan, self._rows)
        self._at_once = part_of(plan)
        if is_too_large(plan, self._rows):
            self._measure_all()
        elif any(plan.norms):
            self._at_once = max(self._rows, 1)

    def loss(self) -> float:
        """Return the sum of the rows' losses, penalties not included."""
        return forward_in_training(self._layout, self._theta, self._x, self._y, self._order, self.work,
                                   self._at_once, self._moment)  # fmt: skip

    def gradient(self, l1: np.ndarray, l2: np.ndarray, grad: np.ndarray, spare: np.ndarray) -> None:
        """Write the gradient of the mean loss plus penalties.

        Parameters
        ----------
        l1, l2 : (layers,) the penalties
        grad, spare : (plan.size,) what receives it, and scratch
        """
        none = np.zeros(self._plan.layers)
        for layer in reversed(self._shared):
            self._differentiate(none, none, grad, spare)
            # A shift's gradient is the sum of d, a scale's that of h · d.
            sums, known = self._plan.tensors(grad), self._known(layer)
            known[2] = sums[f"layers.{layer}.shift"] / self._rows
            known[3] = sums[f"layers.{layer}.scale"] / self._rows
        self._differentiate(l1, l2, grad, spare)

    @np.errstate(all="ignore")  # what diverged is allowed to
    def _measure_all(self) -> None:
        """Find the statistics of all normalized layers, first to last, and take them as given."""
        extras = self._plan.layout.extras
        assert extras is not None  # with batch normalization there are some
        own = np.flatnonzero((extras.norms != 0) & (extras.statistics == OWN))
        self._shared = tuple(own.tolist())
        for layer in self._shared:
            self._measure(layer)
            assert self._layout.extras is not None
            sources = self._layout.extras.statistics.copy()
            sources[layer] = GIVEN
            self._layout = self._layout._replace(extras=extras._replace(statistics=sources))

    def _measure(self, layer: int) -> None:
        """Find a layer's mean and variance over all rows, those of the layers before it being given.

        Parts are put together as in Chan, Golub and LeVeque 1979, in float64.
        """
        known, layout = self._known(layer), _first_layers(self._layout, layer + 1)
        mean, squares, y = np.zeros(known.shape[1]), np.zeros(known.shape[1]), no_targets(self._plan)
        for begin in range(0, self._rows, self._at_once):
            part = self._order[begin : begin + self._at_once]
            forward_in_training(layout, self._theta, self._x, y, part, self.work, self._at_once, self._moment,
                                begin)  # fmt: skip
            rows, off = len(part), known[0].astype(float) - mean
            mean += off * (rows / (begin + rows))
            squares += rows * known[1].astype(float) + off * off * (begin * rows / (begin + rows))
        known[0], known[1], known[2:] = mean, squares / self._rows, 0

    def _known(self, layer: int) -> np.ndarray:
        """Return what is known of a normalized layer, (4, units), as a view of the scratch memory."""
        units = int(self._plan.layout.sizes[layer + 1])
        first = STATISTICS_OF_UNIT * int(self._plan.layout.starts[layer + 1])
        return self.work[STATISTICS, first : first + STATISTICS_OF_UNIT * units].reshape(-1, units)

    def _differentiate(self, l1: np.ndarray, l2: np.ndarray, grad: np.ndarray, spare: np.ndarray) -> None:
        kernels.gradient(self._layout, self._theta, self._x, self._y, self._order, 0, self._rows, self.work,
                         grad, spare, l1, l2, self._moment, self._more)  # fmt: skip


def _first_layers(layout: Layout, layers: int) -> Layout:
    """Return the layout of a network that ends after so many layers."""
    return layout._replace(
        sizes=layout.sizes[: layers + 1], columns=layout.columns[: layers + 1],
        starts=layout.starts[: layers + 2], weights=layout.weights[:layers], biases=layout.biases[:layers],
        activations=layout.activations[:layers], parameters=layout.parameters[:layers],
    )  # fmt: skip
