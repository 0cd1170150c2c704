"""A plain network in JAX: the authority for losses and gradients, in float64.

Import it inside a test or a fixture: loading JAX takes a second.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from engine.experiment import Experiment

jax.config.update("jax_enable_x64", True)

Pairs = list[tuple[np.ndarray, np.ndarray]]

# z (n, units) and a parameter (leaky_relu's slope) to a (n, units).
ACTIVATIONS = {
    "step": lambda z, slope: jnp.where(z > 0, 1.0, 0.0),
    "linear": lambda z, slope: z,
    "sigmoid": lambda z, slope: jax.nn.sigmoid(z),
    "tanh": lambda z, slope: jnp.tanh(z),
    "relu": lambda z, slope: jax.nn.relu(z),
    "leaky_relu": lambda z, slope: jnp.where(z > 0, z, slope * z),
    "softmax": lambda z, slope: jax.nn.softmax(z, axis=-1),
}
# Logits, outputs and targets (n, units) to the loss of each row (n,).
LOSSES = {
    "mse": lambda z, a, y: jnp.mean((a - y) ** 2, axis=1),
    "binary_cross_entropy": lambda z, a, y: jnp.sum(jax.nn.softplus(z) - y * z, axis=1),
    "categorical_cross_entropy": lambda z, a, y: -jnp.sum(y * jax.nn.log_softmax(z, axis=-1), axis=1),
}


def _loss(
    pairs: Pairs, x: Any, y: Any, share: Any, codes: Any, slopes: Any, loss: Any, l1: Any, l2: Any
) -> Any:
    a = z = x
    for layer, (w, b) in enumerate(pairs):
        z = a @ w + b
        a = _chosen(ACTIVATIONS, codes[layer], z, slopes[layer])
    value = share @ _chosen(LOSSES, loss, z, a, y)
    for w, _ in pairs:
        # The gradient of |w| at 0 is 0 here; JAX's own is 1.
        value += l1 * jnp.sum(jax.lax.stop_gradient(jnp.sign(w)) * w) + l2 * jnp.sum(w * w)
    return value


def _chosen(table: dict[str, Any], index: Any, *values: Any) -> Any:
    functions = list(table.values())
    return functions[index](*values) if isinstance(index, int) else jax.lax.switch(index, functions, *values)


# Which activation and which loss are data here, so that one compilation serves all of them ...
_of_all = jax.jit(jax.value_and_grad(_loss))
# ... and here they are known beforehand, which compiles faster for a network that is asked for once.
_of_one = jax.jit(jax.value_and_grad(_loss), static_argnames=("codes", "loss"))


def loss_and_gradients(
    experiment: Experiment, pairs: Pairs, x: np.ndarray, y: np.ndarray, most: int = 0
) -> tuple[float, Pairs]:
    """Return the mean loss over the rows, penalties included, and its gradients.

    Parameters
    ----------
    most : rows are filled up to so many, which do not count: batches of all sizes, and networks of all
        activations and losses, share one compilation; 0 for a network that is asked for once
    """
    function, once = (_of_all, False) if most else (_of_one, True)
    layers, penalties = experiment.network.layers, experiment.regularization
    most = max(most, len(x))
    share = np.zeros(most)
    share[: len(x)] = 1 / len(x)
    fill = partial(np.pad, pad_width=((0, most - len(x)), (0, 0)))
    codes = [list(ACTIVATIONS).index(layer.activation.name) for layer in layers]
    value, grads = function(
        [(np.asarray(w, float), np.asarray(b, float)) for w, b in pairs],
        fill(np.asarray(x, float)),
        fill(np.asarray(y, float)),
        share,
        codes=tuple(codes) if once else np.array(codes),
        slopes=np.array([layer.activation.parameters.get("slope", 0.0) for layer in layers]),
        loss=list(LOSSES).index(experiment.loss.name),
        l1=penalties.l1,
        l2=penalties.l2,
    )
    return float(value), [(np.asarray(w), np.asarray(b)) for w, b in grads]
