"""A plain network in JAX: the authority for losses and gradients, in float64.

Import it inside a test or a fixture: loading JAX takes a second.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from engine.experiment import Experiment

jax.config.update("jax_enable_x64", True)

Pairs = list[tuple[np.ndarray, np.ndarray]]

# z (n, units) and a parameter (leaky_relu's slope, elu's alpha) to a (n, units).
ACTIVATIONS = {
    "step": lambda z, p: jnp.where(z > 0, 1.0, 0.0),
    "linear": lambda z, p: z,
    "sigmoid": lambda z, p: jax.nn.sigmoid(z),
    "tanh": lambda z, p: jnp.tanh(z),
    "relu": lambda z, p: jax.nn.relu(z),
    "leaky_relu": lambda z, p: jnp.where(z > 0, z, p * z),
    "softmax": lambda z, p: jax.nn.softmax(z, axis=-1),
    "elu": lambda z, p: jax.nn.elu(z, p),
    "selu": lambda z, p: jax.nn.selu(z),
    "gelu": lambda z, p: jax.nn.gelu(z, approximate=False),
    "silu": lambda z, p: jax.nn.silu(z),
    "softplus": lambda z, p: jax.nn.softplus(z),
    "softsign": lambda z, p: jax.nn.soft_sign(z),
    "mish": lambda z, p: jax.nn.mish(z),
    "sine": lambda z, p: jnp.sin(z),
    "hard_tanh": lambda z, p: jax.nn.hard_tanh(z),
}
# Logits, outputs and targets (n, units) and a parameter (huber's delta) to the loss of each row (n,).
LOSSES = {
    "mse": lambda z, a, y, p: jnp.mean((a - y) ** 2, axis=1),
    "binary_cross_entropy": lambda z, a, y, p: jnp.sum(jax.nn.softplus(z) - y * z, axis=1),
    "categorical_cross_entropy": lambda z, a, y, p: -jnp.sum(y * jax.nn.log_softmax(z, axis=-1), axis=1),
    "mae": lambda z, a, y, p: jnp.mean(jnp.abs(a - y), axis=1),
    "huber": lambda z, a, y, p: jnp.mean(optax.losses.huber_loss(a, y, delta=p), axis=1),
    "hinge": lambda z, a, y, p: jnp.mean(optax.losses.hinge_loss(a, 2 * y - 1), axis=1),
    # Where an output is exactly 0, optax takes half of the gradient and we take none.
    "perceptron": lambda z, a, y, p: jnp.mean(jax.nn.relu(-(2 * y - 1) * a), axis=1),
}


def _loss(
    pairs: Pairs, x: Any, y: Any, share: Any, codes: Any, parameters: Any, loss: Any, l1: Any, l2: Any
) -> Any:
    a = z = x
    for layer, (w, b) in enumerate(pairs):
        z = a @ w + b
        a = _chosen(ACTIVATIONS, codes[layer], z, parameters[layer])
    value = share @ _chosen(LOSSES, loss, z, a, y, parameters[-1])
    for w, _ in pairs:
        # The gradient of |w| at 0 is 0 here; JAX's own is 1.
        value += l1 * jnp.sum(jax.lax.stop_gradient(jnp.sign(w)) * w) + l2 * jnp.sum(w * w)
    return value


def _chosen(table: dict[str, Any], index: Any, *values: Any) -> Any:
    functions = list(table.values())
    return functions[index](*values) if isinstance(index, int) else jax.lax.switch(index, functions, *values)


# Compiling takes longer than computing here.
_FAST: dict[str, Any] = {"xla_backend_optimization_level": 0, "xla_llvm_disable_expensive_passes": True}
# Which activation and which loss are data here, so that one compilation serves all of them ...
_of_all = jax.jit(jax.value_and_grad(_loss), compiler_options=_FAST)
# ... and here they are known beforehand, which compiles faster for a network that is asked for once.
_of_one = jax.jit(jax.value_and_grad(_loss), static_argnames=("codes", "loss"), compiler_options=_FAST)


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
    with_parameter = [*(layer.activation for layer in layers), experiment.loss]
    codes = [list(ACTIVATIONS).index(layer.activation.name) for layer in layers]
    value, grads = function(
        [(np.asarray(w, float), np.asarray(b, float)) for w, b in pairs],
        fill(np.asarray(x, float)),
        fill(np.asarray(y, float)),
        share,
        codes=tuple(codes) if once else np.array(codes),
        parameters=np.array([next(iter(chosen.parameters.values()), 0.0) for chosen in with_parameter]),
        loss=list(LOSSES).index(experiment.loss.name),
        l1=penalties.l1,
        l2=penalties.l2,
    )
    return float(value), [(np.asarray(w), np.asarray(b)) for w, b in grads]
