"""What stands around an optimizer's step, from the definitions alone: freezing, cutting, clipping, limits."""

from collections.abc import Callable

import numpy as np

from engine.experiment import Experiment
from tests.engine.reference.whole import Truth

Tensors = dict[str, np.ndarray]
Step = Callable[[np.ndarray, np.ndarray, int], np.ndarray]


def one_update(
    experiment: Experiment, before: Tensors, truth: Truth, step: Step, t: int, rate: float, rows: int
) -> Tensors:  # fmt: skip
    """Return what is trained or running, by name, after one update by the optimizer's step.

    Parameters
    ----------
    before : as Session.parameters() names them
    truth : of the batch
    step : the optimizer, on vectors
    t : which update of the optimizer this is, from 1
    rate : its learning rate, by which proximal L1 reaches
    rows : how many the batch has
    """
    names = list(truth.gradients)
    free = {name: _free(experiment, before, name) for name in names}
    held = _clipped(experiment, {name: grad * free[name] for name, grad in truth.gradients.items()})
    moved = step(_joined(before, names), _joined(held, names), t)
    ends = np.cumsum([before[name].size for name in names])
    after = {}
    for name, part in zip(names, np.split(moved, ends[:-1]), strict=True):
        limited = _limited(experiment, name, rate, part.reshape(before[name].shape))
        after[name] = np.where(free[name], limited, before[name])
    return after | _followed(experiment, before, truth, rows)


def _followed(experiment: Experiment, before: Tensors, truth: Truth, rows: int) -> Tensors:
    """Return the running statistics after the batch; the variance as of a sample, n / (n - 1)."""
    after = {}
    for index, layer in enumerate(experiment.network.layers):
        if layer.batch_norm.name != "none":
            keep = layer.batch_norm["momentum"] if layer.trainable else 1.0
            sample = rows / (rows - 1) if rows > 1 else 1.0
            new = {"running_mean": truth.means[index], "running_variance": sample * truth.variances[index]}
            for name, value in new.items():
                old = before[f"layers.{index}.{name}"]
                after[f"layers.{index}.{name}"] = keep * old + (1 - keep) * value
    return after


def _joined(tensors: Tensors, names: list[str]) -> np.ndarray:
    return np.concatenate([tensors[name].ravel() for name in names])


def _free(experiment: Experiment, tensors: Tensors, name: str) -> np.ndarray:
    """Return where a tensor may move: not in frozen layers, not where a link is cut."""
    layer = experiment.network.layers[int(name.split(".")[1])]
    free = np.full(tensors[name].shape, layer.trainable)
    if name.endswith("weight"):
        for link in layer.cut:
            free[link] = False
    return free


def _clipped(experiment: Experiment, gradients: Tensors) -> Tensors:
    clip = experiment.regularization.gradient_clip
    if clip.name == "value":
        return {name: np.clip(grad, -clip["limit"], clip["limit"]) for name, grad in gradients.items()}
    if clip.name == "norm":
        norm = np.sqrt(sum(np.sum(grad**2) for grad in gradients.values()))
        factor = min(1.0, clip["limit"] / norm) if norm > 0 else 1.0
        return {name: factor * grad for name, grad in gradients.items()}
    return gradients


def _limited(experiment: Experiment, name: str, rate: float, values: np.ndarray) -> np.ndarray:
    """Take the proximal step of L1, then shorten each unit's weights to the largest norm."""
    if not name.endswith("weight"):
        return values
    limits, layer = experiment.regularization, experiment.network.layers[int(name.split(".")[1])]
    if limits.l1_proximal:
        reach = rate * (limits.l1 if layer.l1 is None else layer.l1)
        values = np.sign(values) * np.maximum(np.abs(values) - reach, 0)
    most = layer.max_norm or limits.max_norm
    if most:
        values = values * np.minimum(1, most / np.maximum(np.linalg.norm(values, axis=0), 1e-300))
    return values
