"""JAX: one compiled call an epoch, a scan over its batches, buffers donated."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks.works import Start, Work

HIDDEN = {"relu": jax.nn.relu, "tanh": jnp.tanh}
OPTIMIZERS = {"adam": optax.adam, "sgd": optax.sgd}


def logits(theta: Any, x: Any, activation: str) -> Any:
    for w, b in theta[:-1]:
        x = HIDDEN[activation](x @ w + b)
    w, b = theta[-1]
    return x @ w + b


def mean_loss(theta: Any, x: Any, y: Any, activation: str) -> Any:
    z = logits(theta, x, activation)
    if y.shape[1] == 1:
        return jnp.mean(jax.nn.softplus(z) - y * z)
    return jnp.mean(optax.softmax_cross_entropy(z, y))


@partial(
    jax.jit, static_argnames=("batch_size", "name", "rate", "activation"), donate_argnames=("theta", "state")
)
def epoch(theta: Any, state: Any, x: Any, y: Any, order: Any, batch_size: int, name: str, rate: float,
          activation: str) -> Any:  # fmt: skip
    optimizer = OPTIMIZERS[name](rate)

    def update(carry: Any, rows: Any) -> Any:
        theta, state = carry
        grads = jax.grad(mean_loss)(theta, *rows, activation)
        steps, state = optimizer.update(grads, state)
        return (optax.apply_updates(theta, steps), state), None

    whole = len(order) // batch_size * batch_size
    batches = tuple(rows[order[:whole]].reshape(-1, batch_size, rows.shape[1]) for rows in (x, y))
    carry, _ = jax.lax.scan(update, (theta, state), batches)
    if whole < len(order):  # the last batch is smaller
        carry, _ = update(carry, (x[order[whole:]], y[order[whole:]]))
    return carry


class JaxTraining:
    """Within :attr:`precision`, which JAX otherwise keeps at float32."""

    def __init__(self, work: Work) -> None:
        self.start = work.start
        self.precision = partial(jax.enable_x64, self.start.x.dtype == np.float64)
        with self.precision():
            self._begin()

    def _begin(self) -> None:
        start = self.start
        self.x, self.y = jnp.array(start.x), jnp.array(start.y)
        self.orders = [jnp.array(order, jnp.int32) for order in start.orders]
        self.reset()

    def reset(self) -> None:
        with self.precision():
            self._reset()

    def _reset(self) -> None:
        self.theta = [(jnp.array(w), jnp.array(b)) for w, b in self.start.weights]
        self.state = OPTIMIZERS[self.start.optimizer](self.start.rate).init(self.theta)
        self.done = 0
        jax.block_until_ready((self.theta, self.state))

    def run(self, epochs: int) -> None:
        with self.precision():
            self._run(epochs)

    def _run(self, epochs: int) -> None:
        start = self.start
        for _ in range(epochs):
            order = self.orders[self.done % len(self.orders)]
            self.theta, self.state = epoch(self.theta, self.state, self.x, self.y, order, start.batch_size,
                                           start.optimizer, start.rate, start.activation)  # fmt: skip
            self.done += 1
        jax.block_until_ready((self.theta, self.state))

    def loss(self) -> float:
        with self.precision():
            return float(mean_loss(self.theta, self.x, self.y, self.start.activation))


class Jax:
    name = "JAX"
    version = jax.__version__
    own_batches = False

    def threads(self) -> str:
        return "its own pool, one a core"

    def training(self, work: Work) -> JaxTraining:
        return JaxTraining(work)

    def surface(self, work: Work) -> Callable[[], np.ndarray]:
        start = work.start
        theta, a, b = (jax.tree.map(jnp.array, pairs) for pairs in (start.weights, *start.directions()))
        x, y, steps = jnp.array(start.x), jnp.array(start.y), jnp.array(Start.steps())

        @jax.jit
        def losses(theta: Any, a: Any, b: Any, x: Any, y: Any) -> Any:
            def at(beta: Any, alpha: Any) -> Any:
                here = jax.tree.map(lambda t, u, v: t + alpha * u + beta * v, theta, a, b)
                return mean_loss(here, x, y, start.activation)

            return jax.vmap(lambda beta: jax.vmap(lambda alpha: at(beta, alpha))(steps))(steps)

        return lambda: np.asarray(jax.block_until_ready(losses(theta, a, b, x, y)))

    def map(self, work: Work) -> Callable[[], list[np.ndarray]] | None:
        start = work.start
        theta = jax.tree.map(jnp.array, start.weights)
        points = jnp.array(Start.points())

        @jax.jit
        def values(theta: Any, x: Any) -> Any:
            layers = []
            for place, (w, b) in enumerate(theta):
                x = x @ w + b
                x = HIDDEN[start.activation](x) if place < len(theta) - 1 else jax.nn.sigmoid(x)
                layers.append(x)
            return layers

        return lambda: [np.asarray(layer) for layer in jax.block_until_ready(values(theta, points))]
