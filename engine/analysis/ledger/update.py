"""From the gradient of a parameter to its new value: clipping, rate, optimizer, what keeps weights small."""

from typing import Any

import numpy as np

from engine.analysis.ledger.forward import Tensors
from engine.analysis.ledger.gradient import Place, is_cut
from engine.analysis.ledger.lines import UPDATE, Book, term
from engine.analysis.ledger.optimizers import RULES, Update
from engine.choice import Clipping
from engine.experiment import Experiment
from engine.extras import penalties
from engine.snapshot import Snapshot


def write_update(
    place: Place, snapshot: Snapshot, tensors: Tensors, grads: Tensors, grad: float, book: Book
) -> float:
    """Write the lines of one update and return the new value.

    Parameters
    ----------
    tensors, grads : all parameters and their gradients by name
    grad : the parameter's own gradient, as the lines have it
    """
    book.turn_to(UPDATE, place.layer)
    experiment, theta = snapshot.experiment, float(tensors[place.array][place.index])
    layer = experiment.network.layers[place.layer]
    if not layer.trainable or is_cut(layer, place):
        kind = "held_frozen" if not layer.trainable else "held_cut"
        return book.write(kind, "θ ← θ", term("θ", theta), term("θ", theta))
    factor = _write_norm(experiment, grads, book)
    used = _write_clipping(experiment.regularization.gradient_clip, factor, grad, book)
    rate = _write_rate(snapshot, book)
    update = _update_of(snapshot, place.array, place.index, rate, theta, used)
    new = RULES[experiment.optimizer.name](book, update)
    if place.tensor == "weight":
        new = _write_shrink(place, experiment, rate, new, book)
        new = _write_max_norm(place, snapshot, tensors, grads, factor, rate, new, book)
    return float(new)


def _update_of(snapshot: Snapshot, array: str, index: Any, rate: float, theta: Any, grad: Any) -> Update:
    """Return what the update of a parameter starts from, or of several where the index has a slice."""
    slots = [snapshot.plan.tensors(slot)[array][index].astype(float) for slot in snapshot.slots]
    values, t = snapshot.experiment.optimizer.parameters, snapshot.optimizer_updates + 1
    return Update(values, rate, t, theta, grad, slots)


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
    if not norm > most:
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


def _write_rate(snapshot: Snapshot, book: Book) -> float:
    """Write the learning rate of this update."""
    rate, factor = snapshot.experiment.optimizer["learning_rate"], 1.0
    return book.write("rate", "ηₜ = η · k", term("ηₜ", rate * factor), term("η", rate), term("k", factor))


def _shrunk(reach: float, theta: Any) -> Any:
    return np.where(theta > reach, theta - reach, np.where(theta < -reach, theta + reach, theta - theta))


def _write_shrink(place: Place, experiment: Experiment, rate: float, new: float, book: Book) -> float:
    """Write the proximal step of L1."""
    l1 = float(penalties(experiment)[0][place.layer])
    if not experiment.regularization.l1_proximal or not l1:
        return new
    return book.write("proximal", "θ ← sgn(θ) · max(0, |θ| − ηₜ · λ₁)", term("θ", _shrunk(rate * l1, new)),
                      term("θ", new), term("ηₜ", rate), term("λ₁", l1))  # fmt: skip


def _write_max_norm(
    place: Place, snapshot: Snapshot, tensors: Tensors, grads: Tensors, factor: float, rate: float,
    new: float, book: Book,
) -> float:  # fmt: skip
    """Write how the weights into a unit are shortened together; for that, all of them are updated."""
    experiment = snapshot.experiment
    limits, layer = experiment.regularization, experiment.network.layers[place.layer]
    most, index = layer.max_norm or limits.max_norm, (slice(None), place.unit)
    if not most:
        return new
    grad = _clipped(limits.gradient_clip, factor, grads[place.array][index])
    update = _update_of(snapshot, place.array, index, rate, tensors[place.array][index], grad)
    column = RULES[experiment.optimizer.name](Book(), update)
    if limits.l1_proximal:
        column = _shrunk(rate * float(penalties(experiment)[0][place.layer]), column)
    norm = book.write("weight_norm", "‖w‖ = √(Σₖ wₖ²)", term("‖w‖", np.sqrt(np.square(column).sum())),
                      term("wₖ", column, "input"))  # fmt: skip
    share = book.write("max_norm_factor", "r = min(1, c / ‖w‖)", term("r", _shortening(norm, most)),
                       term("c", most), term("‖w‖", norm))  # fmt: skip
    return book.write("max_norm", "θ ← θ · r", term("θ", new * share), term("θ", new), term("r", share))
