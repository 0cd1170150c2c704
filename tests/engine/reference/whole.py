"""A network with everything that Relevo knows, in JAX and in float64, written from the definitions alone.

One compiled function serves every network of up to DEPTH layers, WIDTH units and ROWS rows. What a layer is
(its activation, where it normalizes, where its skip comes from) are numbers that it is given, and what a
network is short of is filled up with what counts for nothing: cut links, units that hand on 0, rows with a
share of 0 in the loss, layers that are passed by. Import it inside a test: loading JAX takes a second.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from engine.experiment import Experiment, Layer
from tests.engine.reference.network import ACTIVATIONS, LOSSES

jax.config.update("jax_enable_x64", True)

DEPTH, WIDTH, ROWS = 6, 40, 64
OUTPUTS = (1, 2, 3)  # how many a network may have: losses look at the outputs together
NORMS = ("none", "before", "after")
TRAINED = ("weight", "bias", "scale", "shift")
# The gradient of |x| at 0 is 0 here; JAX's own is 1.
ROW_LOSSES = LOSSES | {"mae": lambda z, a, y, p: jnp.mean(_magnitude(a - y), axis=1)}

Tensors = dict[str, Any]


class Truth(NamedTuple):
    """What a batch of a training comes to.

    Attributes
    ----------
    loss : the mean over the rows, with penalties
    gradients : by name, as Session.gradients() has them
    pre_activations : each layer's z (n, units)
    outputs : what the network says (n, outputs)
    means, variances : of each layer's units (units,) over the rows, of what batch normalization sees
    """

    loss: float
    gradients: dict[str, np.ndarray]
    pre_activations: list[np.ndarray]
    outputs: np.ndarray
    means: list[np.ndarray]
    variances: list[np.ndarray]


def _magnitude(x: Any) -> Any:
    return jax.lax.stop_gradient(jnp.sign(x)) * x


def _moments(share: Any, u: Any) -> Any:
    mean = share @ u
    return mean, share @ (u - mean) ** 2


def _normalized(layer: Tensors, share: Any, u: Any) -> Any:
    """Ioffe and Szegedy 2015, over the batch; a frozen layer takes its running statistics."""
    mean, variance = _moments(share, u)
    mean = jnp.where(layer["frozen"], layer["running_mean"], mean)
    variance = jnp.where(layer["frozen"], layer["running_variance"], variance)
    return layer["scale"] * (u - mean) / jnp.sqrt(variance + layer["epsilon"]) + layer["shift"]


def _activated(layer: Tensors, z: Any) -> Any:
    def softmax(z: Any, parameter: Any) -> Any:
        return ACTIVATIONS["softmax"](jnp.where(layer["units"], z, -1e30), parameter)

    functions = list((ACTIVATIONS | {"softmax": softmax}).values())
    return jax.lax.switch(layer["activation"], functions, z, layer["parameter"])


def _pass(state: tuple[Any, Any, Any], layer: Tensors, share: Any) -> tuple[tuple[Any, Any, Any], Any]:
    """Go through one layer, with logits and outputs so far, and the outputs that skips may take."""
    logits, below, handed = state
    before, after = layer["norm"] == NORMS.index("before"), layer["norm"] == NORMS.index("after")
    u = below @ (layer["weight"] * layer["links"]) + layer["bias"]
    z = jnp.where(before, _normalized(layer, share, u), u) + jnp.tensordot(layer["skip"], handed, 1)
    a = _activated(layer, z)
    out = jnp.where(after, _normalized(layer, share, a), a) * layer["factors"]
    out = jnp.where(layer["units"], out, 0.0)
    state = (jnp.where(layer["used"], z, logits), jnp.where(layer["used"], out, below),
             handed.at[layer["number"]].set(out))  # fmt: skip
    return state, (z, *_moments(share, jnp.where(after, a, u)))


def _row_losses(chosen: tuple[Any, Any], z: Any, a: Any, y: Any) -> Any:
    """Return the loss of each row; a code says which loss, over how many outputs; then its parameter."""
    code, parameter = chosen

    def over(loss: Any, units: int) -> Any:
        return lambda z, a, y: loss(z[:, :units], a[:, :units], y[:, :units], parameter)

    return jax.lax.switch(code, [over(loss, n) for loss in ROW_LOSSES.values() for n in OUTPUTS], z, a, y)


def _objective(
    trained: Tensors, layers: Tensors, x: Any, y: Any, share: Any, factor: Any, loss: Any, proximal: Any
) -> Any:
    """Return the loss with penalties, and what was seen in every layer."""
    state = x, x, jnp.zeros((DEPTH, *x.shape))
    (z, out, _), seen = jax.lax.scan(lambda s, layer: _pass(s, layer, share), state, layers | trained)
    value = (share * factor) @ _row_losses(loss, z, out, y)
    w = trained["weight"] * layers["links"]
    # Proximal L1 is no part of the gradient.
    lasso = _magnitude(jnp.where(proximal, jax.lax.stop_gradient(w), w))
    value += jnp.sum(layers["l1"][:, None, None] * lasso + layers["l2"][:, None, None] * w * w)
    return value, (out, *seen)


# The higher levels of optimization take longer than they save.
_compiled = jax.jit(jax.value_and_grad(_objective, has_aux=True),
                    compiler_options={"xla_backend_optimization_level": 1})  # fmt: skip


def truth_of(
    experiment: Experiment, tensors: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray,
    factors: dict[int, np.ndarray] | None = None, class_weights: Sequence[float] | None = None,
) -> Truth:  # fmt: skip
    """Return loss and gradients of a network, and what its layers see.

    Parameters
    ----------
    tensors : as Session.parameters() names them
    x, y : (n, n_in) and (n, n_out) the rows, one batch of a training
    factors : (n, units) what dropout multiplies a layer's outputs by
    class_weights : (classes,) the factor of each class's rows in the loss
    """
    arguments = _arguments(experiment, tensors, x, y, factors or {}, class_weights)
    (value, seen), grads = _compiled(*arguments)
    grads, (out, z, means, variances) = jax.device_get((grads, seen))
    found = {}
    for name, array in tensors.items():
        _, layer, tensor = name.split(".")
        if tensor in TRAINED:
            found[name] = grads[tensor][int(layer)][tuple(map(slice, np.shape(array)))].copy()
    units = [layer.units for layer in experiment.network.layers]
    z, means, variances = (
        [rows[layer][..., :n] for layer, n in enumerate(units)] for rows in (z[:, : len(x)], means, variances)
    )
    return Truth(float(value), found, z, out[: len(x), : units[-1]], means, variances)


def _arguments(
    experiment: Experiment, tensors: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray,
    factors: dict[int, np.ndarray], class_weights: Sequence[float] | None,
) -> tuple[Any, ...]:  # fmt: skip
    """Fill everything up to the sizes of the compiled function."""
    x, y = np.asarray(x, float), np.asarray(y, float)
    layers, n = experiment.network.layers, len(x)
    described = [_described(experiment, layer, index, factors) for index, layer in enumerate(layers)]
    stacked = {key: _filled(np.stack([one[key] for one in described]), DEPTH) for key in described[0]}
    stacked["number"] = np.arange(DEPTH)
    stacked["epsilon"][len(layers) :] = 1
    stacked["links"] = np.zeros((DEPTH, WIDTH, WIDTH))
    sizes = [x.shape[1], *(layer.units for layer in layers)]
    for index, (layer, (before, after)) in enumerate(zip(layers, pairwise(sizes), strict=True)):
        stacked["links"][index, :before, :after] = 1
        for link in layer.cut:
            stacked["links"][index][link] = 0
    named = {name: _of_all_layers(tensors, name) for name in (*TRAINED, "running_mean", "running_variance")}
    trained = {name: named.pop(name) for name in TRAINED}
    code = list(ROW_LOSSES).index(experiment.loss.name) * len(OUTPUTS) + OUTPUTS.index(layers[-1].units)
    loss = code, next(iter(experiment.loss.parameters.values()), 0.0)
    return (
        trained, stacked | named, _filled(x, ROWS, WIDTH), _filled(y, ROWS, WIDTH),
        _filled(np.full(n, 1 / n), ROWS), _filled(_row_factors(class_weights, y), ROWS), loss,
        experiment.regularization.l1_proximal,
    )  # fmt: skip


def _described(
    experiment: Experiment, layer: Layer, index: int, factors: dict[int, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return the numbers that say what one layer is."""
    limits, norm, kept = experiment.regularization, layer.batch_norm, np.ones((ROWS, WIDTH))
    if index in factors:
        kept = _filled(factors[index].astype(float), ROWS, WIDTH)
    return {
        "used": np.array(True),
        "units": np.arange(WIDTH) < layer.units,
        "activation": np.array(list(ACTIVATIONS).index(layer.activation.name)),
        "parameter": np.array(next(iter(layer.activation.parameters.values()), 0.0)),
        "norm": np.array(NORMS.index(norm.name)),
        "epsilon": np.array(norm.parameters.get("epsilon", 1.0)),
        "frozen": np.array(not layer.trainable),
        "skip": (np.arange(DEPTH) == layer.skip_from).astype(float),
        "factors": kept,
        "l1": np.array(limits.l1 if layer.l1 is None else layer.l1),
        "l2": np.array(limits.l2 if layer.l2 is None else layer.l2),
    }


def _filled(array: np.ndarray, *lengths: int) -> np.ndarray:
    """Return the array filled up with zeros to these lengths of its first axes."""
    extra = [length - size for size, length in zip(array.shape, lengths, strict=False)]
    return np.pad(array, [(0, more) for more in extra] + [(0, 0)] * (array.ndim - len(extra)))


def _of_all_layers(tensors: dict[str, np.ndarray], tensor: str) -> np.ndarray:
    """Stack every layer's tensor of this name; where there is none, zeros, and a variance of 1."""
    shape = (DEPTH, WIDTH, WIDTH) if tensor == "weight" else (DEPTH, WIDTH)
    whole = np.full(shape, 1.0 if tensor == "running_variance" else 0.0)
    for index in range(DEPTH):
        array = tensors.get(f"layers.{index}.{tensor}")
        if array is not None:
            whole[(index, *map(slice, array.shape))] = array
    return whole


def _row_factors(class_weights: Any, y: np.ndarray) -> np.ndarray:
    """Return (n,) the weight of each row's class."""
    if class_weights is None:
        return np.ones(len(y))
    classes = (y[:, 0] > 0.5).astype(int) if y.shape[1] == 1 else y.argmax(axis=1)
    return np.asarray(class_weights, float)[classes]
