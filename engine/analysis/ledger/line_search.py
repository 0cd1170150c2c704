"""L-BFGS, which is no rule for one parameter: where its direction and the length of its step come from."""

from dataclasses import dataclass

import numpy as np

from engine import lbfgs
from engine.analysis.ledger.batch import Batch
from engine.analysis.ledger.gradient import Place
from engine.analysis.ledger.lines import Array, Book, term
from engine.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Search:
    """One update of L-BFGS.

    Attributes
    ----------
    gradient, direction : (plan.size,) of the loss, and where the search went
    theta : (plan.size,) the parameters after it
    length : how far it went along the direction
    steps, changes : (k, plan.size) the pairs that made the direction; k = 0 straight down the gradient
    loss, new_loss : before and after, penalties included
    """

    gradient: Array
    direction: Array
    theta: Array
    length: float
    steps: Array
    changes: Array
    loss: float
    new_loss: float


def search(snapshot: Snapshot, batch: Batch) -> Search:
    """Do the engine's own search on copies: one that differs in the last bits may well end elsewhere."""
    loss_and_gradient = snapshot.objective(batch.x, batch.y, batch.moment)
    theta, slots = snapshot.theta.copy(), snapshot.slots.copy()
    lbfgs.step(theta, slots, loss_and_gradient)
    loss, gradient = loss_and_gradient(snapshot.theta)
    gradient = gradient.astype(float)
    moved = theta.astype(float) - snapshot.theta
    pairs, none = lbfgs.pairs(snapshot.slots), lbfgs.pairs(np.zeros_like(snapshot.slots))
    # Where what was remembered leads nowhere, the search goes straight down the gradient.
    found = [(*_along(moved, gradient, *held), *held) for held in (pairs, none)]
    _, length, direction, steps, changes = min(found, key=lambda one: one[0])
    return Search(gradient, direction, theta, length, steps, changes, loss, loss_and_gradient(theta)[0])


def _along(moved: Array, gradient: Array, steps: Array, changes: Array) -> tuple[float, float, Array]:
    """Return how far a move lies off a direction, how far it went along it, and the direction itself."""
    direction = -lbfgs.inverse_hessian_times(gradient, steps, changes)
    square = float(direction @ direction)
    length = float(moved @ direction) / square if square else 0.0
    return float(np.abs(moved - length * direction).max()), length, direction


def write_search(place: Place, snapshot: Snapshot, found: Search, book: Book) -> float:
    """Write a parameter's lines and return where the step takes it."""
    axis = np.zeros(snapshot.plan.size)
    snapshot.plan.tensors(axis)[place.array][place.index] = 1
    at = int(np.argmax(axis))
    theta, new, direction = float(snapshot.theta[at]), float(found.theta[at]), term("d", found.direction[at])
    if len(found.steps):
        # H is symmetric: what it makes of this parameter's axis is this parameter's row of it.
        row = lbfgs.inverse_hessian_times(axis, found.steps, found.changes)
        book.write("search_direction", "d = −Σₖ Hₖ · gₖ", direction, term("Hₖ", row, "parameter"),
                   term("gₖ", found.gradient, "parameter"))  # fmt: skip
    else:
        book.write("first_direction", "d = −g", direction, term("g", found.gradient[at]))
    # Where a gradient is no number, there is no search: its parameter becomes NaN and the others stay.
    length = found.length if np.isfinite(found.length) else new - theta
    book.write("step_length", "α: L(θ + α · d) < L(θ)", term("α", length),
               term("L(θ + α · d)", found.new_loss), term("L(θ)", found.loss))  # fmt: skip
    return book.write("searched_step", "θ ← θ + α · d", term("θ", new), term("θ", theta), term("α", length),
                      direction)  # fmt: skip
