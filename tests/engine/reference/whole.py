"""A network with everything that Relevo knows, in JAX and in float64, written from the definitions alone.

One function of a dictionary of arrays by name, so that jax.grad gives every parameter's gradient. Import it
inside a test: loading JAX takes a second.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from engine.experiment import Experiment, Layer
from tests.engine.reference.network import ACTIVATIONS, LOSSES

jax.config.update("jax_enable_x64", True)

Tensors = dict[str, Any]


def masks(experiment: Experiment, tensors: Tensors) -> Tensors:
    """Return the mask of each layer's weights by name: 0 at the links that are cut."""
    found = {}
    for index, layer in enumerate(experiment.network.layers):
        mask = np.ones(np.shape(tensors[f"layers.{index}.weight"]))
        for before, after in layer.cut:
            mask[before, after] = 0
        found[f"layers.{index}.weight"] = mask
    return found


def _normalized(layer: Layer, tensors: Tensors, name: str, u: Any) -> Any:
    """Ioffe and Szegedy 2015, over the batch; a frozen layer takes its running statistics."""
    mean, variance = jnp.mean(u, axis=0), jnp.var(u, axis=0)
    if not layer.trainable:
        mean, variance = tensors[f"{name}.running_mean"], tensors[f"{name}.running_variance"]
    unit = (u - mean) / jnp.sqrt(variance + layer.batch_norm["epsilon"])
    return tensors[f"{name}.scale"] * unit + tensors[f"{name}.shift"]


def outputs(
    experiment: Experiment, tensors: Tensors, x: Any, factors: dict[int, np.ndarray], links: Tensors
) -> tuple[Any, Any]:
    """Return logits and outputs (n, units) of a batch in training; dropout multiplies by the factors."""
    out, handed = jnp.asarray(x, float), []
    z = out
    for index, layer in enumerate(experiment.network.layers):
        name = f"layers.{index}"
        mask = links[f"{name}.weight"]
        z = out @ (tensors[f"{name}.weight"] * mask) + tensors[f"{name}.bias"]
        if layer.batch_norm.name == "before":
            z = _normalized(layer, tensors, name, z)
        if layer.skip_from is not None:
            z = z + handed[layer.skip_from]
        parameter = next(iter(layer.activation.parameters.values()), 0.0)
        out = ACTIVATIONS[layer.activation.name](z, parameter)
        if layer.batch_norm.name == "after":
            out = _normalized(layer, tensors, name, out)
        if index in factors:
            out = out * factors[index]
        handed.append(out)
    return z, out


def objective(
    experiment: Experiment, tensors: Tensors, x: Any, y: Any, factors: dict[int, np.ndarray], links: Tensors
) -> Any:
    """Return the mean loss over the rows, each times the weight of its class, with penalties."""
    z, a = outputs(experiment, tensors, x, factors, links)
    rows = LOSSES[experiment.loss.name](z, a, jnp.asarray(y, float))
    limits = experiment.regularization
    if isinstance(limits.class_weights, tuple):
        classes = (y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1)
        rows = rows * np.array(limits.class_weights)[classes]
    value = jnp.mean(rows)
    for index, layer in enumerate(experiment.network.layers):
        w = tensors[f"layers.{index}.weight"] * links[f"layers.{index}.weight"]
        l1 = limits.l1 if layer.l1 is None else layer.l1
        l2 = limits.l2 if layer.l2 is None else layer.l2
        if not limits.l1_proximal:
            value += l1 * jnp.sum(jax.lax.stop_gradient(jnp.sign(w)) * w)
        value += l2 * jnp.sum(w * w)
    return value


def loss_and_gradients(
    experiment: Experiment, tensors: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray,
    factors: dict[int, np.ndarray] | None = None,
) -> tuple[float, dict[str, np.ndarray]]:  # fmt: skip
    """Return the objective and its gradient by name."""
    links = masks(experiment, tensors)

    def of(trained: Tensors) -> Any:
        return objective(experiment, {**tensors, **trained}, x, y, factors or {}, links)

    trained = {name: np.asarray(array, float) for name, array in tensors.items()
               if not name.endswith(("mask", "running_mean", "running_variance"))}  # fmt: skip
    value, grads = jax.value_and_grad(of)(trained)
    return float(value), {name: np.asarray(grad) for name, grad in grads.items()}
