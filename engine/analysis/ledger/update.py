"""From the gradient of a parameter to its new value: clipping, rate, optimizer, what keeps weights small."""

from typing import Any

import numpy as np

from engine.analysis.ledger.batch import Batch
from engine.analysis.ledger.forward import Tensors
from engine.analysis.ledger.gradient import Place, is_cut
from engine.analysis.ledger.line_search import search, write_search
from engine.analysis.ledger.lines import UPDATE, Array, Book, term
from engine.analysis.ledger.optimizers import RULES, Update
from engine.choice import Clipping
from engine.data import Data
from engine.experiment import Experiment
from engine.extras import penalties
from engine.snapshot import Snapshot


def write_update(
    place: Place, snapshot: Snapshot, batch: Batch, tensors: Tensors, grads: Tensors, grad: float, book: Book
) -> float:
    """Write the lines of one update and return the new value.

    Parameters
    ----------
    tensors, grads : all parameters and their gradients by name
    grad : the parameter's own gradient, as the lines have it
    """
    book.turn_to(UPDATE, place.layer)
    theta = float(tensors[place.array][place.index])
    layer = snapshot.experiment.network.layers[place.layer]
    if not layer.trainable or is_cut(layer, place):
        kind = "held_frozen" if not layer.trainable else "held_cut"
        return book.write(kind, "θ ← θ", term("θ", theta), term("θ", theta))
    if snapshot.experiment.optimizer.entry.own_steps:
        return _write_search(place, snapshot, batch, book)
    return _write_rule(place, snapshot, batch, tensors, grads, grad, book)


def write_restore(place: Place, snapshot: Snapshot, data: Data, new: float, book: Book) -> float:
    """Write that early stopping brings the best weights back, where it does after this update.

    It depends on the validation loss after the update of all parameters, so that is done beside.
    """
    early, state = snapshot.experiment.training.early_stopping, snapshot.course.stopping
    if early is None or not early.restore_best or state.waited + 1 < early.patience:
        return new
    from engine.session import Session  # sessions have ledgers

    after = Session.resumed(snapshot, data)
    after.step_batch()
    if after.before_restore is None:
        return new
    best = float(after.plan.tensors(after.snapshot().theta)[place.array][place.index])
    return book.write("restored", "θ ← θ₀", term("θ", best), term("θ₀", best))


def _write_search(place: Place, snapshot: Snapshot, batch: Batch, book: Book) -> float:
    """Write the update of an optimizer that searches along a line."""
    found = search(snapshot, batch)
    new = write_search(place, snapshot, found, book)
    if place.tensor != "weight":
        return new
    column = snapshot.plan.tensors(found.theta)[place.array][:, place.unit].astype(float)
    return _write_max_norm(place, snapshot.experiment, column, new, book)


def _write_rule(
    place: Place, snapshot: Snapshot, batch: Batch, tensors: Tensors, grads: Tensors, grad: float, book: Book
) -> float:
    """Write the update of an optimizer that has a rule for each parameter."""
    experiment = snapshot.experiment
    clip, rule = experiment.regularization.gradient_clip, RULES[experiment.optimizer.name]
    factor = _write_norm(experiment, grads, book)
    used = _write_clipping(clip, factor, grad, book)
    rate = _write_rate(experiment, batch.factor, book)
    new = rule(book, _update_of(place, place.index, snapshot, rate, tensors, used))
    if place.tensor != "weight":
        return float(new)
    l1 = _threshold(place, experiment)
    if l1:
        new = book.write("proximal", "θ ← sgn(θ) · max(0, |θ| − ηₜ · λ₁)", term("θ", _shrunk(rate * l1, new)),
                         term("θ", new), term("ηₜ", rate), term("λ₁", l1))  # fmt: skip
    # The largest norm is one of all the weights into a unit: they are updated together once more.
    into = (slice(None), place.unit)
    column = _clipped(clip, factor, grads[place.array][into])
    column = rule(Book(), _update_of(place, into, snapshot, rate, tensors, column))
    return _write_max_norm(place, experiment, _shrunk(rate * l1, column) if l1 else column, float(new), book)


def _update_of(
    place: Place, index: Any, snapshot: Snapshot, rate: float, tensors: Tensors, grad: Any
) -> Update:
    """Return what the update of a parameter starts from, or of several where the index has a slice."""
    slots = [snapshot.plan.tensors(slot)[place.array][index].astype(float) for slot in snapshot.slots]
    values, t = snapshot.experiment.optimizer.parameters, snapshot.optimizer_updates + 1
    return Update(values, rate, t, tensors[place.array][index], grad, slots)


def _write_norm(experiment: Experiment, grads: Tensors, book: Book) -> float:
    """Write the length of the whole gradient where that is limited; return the factor, else 1."""
    clip = experiment.regularization.gradient_clip
    if clip.name != "norm":
        return 1.0
    layers = experiment.network.layers
    squares = [np.square(grad).sum() if layers[int(name.split(".")[1])].trainable else 0.0
               for name, grad in grads.items()]  # fmt: skip
    norm = book.write("gradient_norm", "‖g‖ = √(Σₜ sₜ)", term("‖g‖", np.sqrt(sum(squares))),
                      term("sₜ", squares, "tensor"))  # fmt: skip
    return book.write("clip_factor", "r = min(1, c / ‖g‖)", term("r", _shortening(norm, clip["limit"])),
                      term("c", clip["limit"]), term("‖g‖", norm))  # fmt: skip


def _shortening(norm: float, most: float) -> float:
    """Return what brings a length down to the most that it may be; NaN for one that is infinite."""
    if norm <= most:
        return 1.0
    return most / norm if np.isfinite(norm) else float("nan")


def _write_clipping(clip: Clipping, factor: float, grad: float, book: Book) -> float:
    """Write the clipped gradient and return it."""
    if clip.name == "value":
        return book.write("clip_value", "g ← max(−c, min(c, g))", term("g", _clipped(clip, factor, grad)),
                          term("c", clip["limit"]), term("g", grad))  # fmt: skip
    if clip.name == "norm":
        return book.write("clip_norm", "g ← g · r", term("g", grad * factor), term("g", grad),
                          term("r", factor))  # fmt: skip
    return grad


def _clipped(clip: Clipping, factor: float, grad: Any) -> Any:
    """Return one gradient or several as they are used; what is not finite is not made so."""
    if clip.name == "value":
        return np.where(np.isfinite(grad), np.clip(grad, -clip["limit"], clip["limit"]), grad)
    return grad * factor


def _write_rate(experiment: Experiment, factor: float, book: Book) -> float:
    """Write the learning rate of this update, where it has one."""
    rate = experiment.optimizer["learning_rate"]
    if experiment.optimizer.entry.whole_batch:
        return rate
    return book.write("rate", "ηₜ = η · k", term("ηₜ", rate * factor), term("η", rate), term("k", factor))


def _threshold(place: Place, experiment: Experiment) -> float:
    """Return how strongly proximal L1 pulls, 0 where there is none."""
    l1 = float(penalties(experiment)[0][place.layer])
    return l1 if experiment.regularization.l1_proximal else 0.0


def _shrunk(reach: float, theta: Any) -> Any:
    return np.where(theta > reach, theta - reach, np.where(theta < -reach, theta + reach, theta - theta))


def _write_max_norm(place: Place, experiment: Experiment, column: Array, new: float, book: Book) -> float:
    """Write how the weights into a unit are shortened together, from all of them after their step."""
    most = experiment.network.layers[place.layer].max_norm or experiment.regularization.max_norm
    if not most:
        return new
    norm = book.write("weight_norm", "‖w‖ = √(Σₖ wₖ²)", term("‖w‖", np.sqrt(np.square(column).sum())),
                      term("wₖ", column, "input"))  # fmt: skip
    share = book.write("max_norm_factor", "r = min(1, c / ‖w‖)", term("r", _shortening(norm, most)),
                       term("c", most), term("‖w‖", norm))  # fmt: skip
    return book.write("max_norm", "θ ← θ · r", term("θ", new * share), term("θ", new), term("r", share))
