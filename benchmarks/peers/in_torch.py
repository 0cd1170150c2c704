"""PyTorch, eager: modules, autograd and torch.optim in a Python loop over the batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from benchmarks.works import Start, Work

HIDDEN = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
FUNCTIONS = {"relu": torch.relu, "tanh": torch.tanh}


def mean_loss(z: Any, y: Any) -> Any:
    if y.shape[1] == 1:
        return functional.binary_cross_entropy_with_logits(z, y)
    return functional.cross_entropy(z, y)


class TorchTraining:
    def __init__(self, work: Work) -> None:
        self.start = start = work.start
        self.x, self.y = torch.from_numpy(start.x), torch.from_numpy(start.y)
        self.orders = [torch.from_numpy(order) for order in start.orders]
        self.reset()

    def reset(self) -> None:
        layers: list[Any] = []
        for w, b in self.start.weights:
            linear = torch.nn.Linear(*w.shape, dtype=self.x.dtype)
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(w.T.copy()))
                linear.bias.copy_(torch.from_numpy(b.copy()))
            layers += [linear, HIDDEN[self.start.activation]()]
        self.model = torch.nn.Sequential(*layers[:-1])
        self.optimizer = OPTIMIZERS[self.start.optimizer](self.model.parameters(), lr=self.start.rate)
        self.done = 0

    def run(self, epochs: int) -> None:
        size = self.start.batch_size
        for _ in range(epochs):
            order = self.orders[self.done % len(self.orders)]
            x, y = self.x[order], self.y[order]
            for first in range(0, len(order), size):
                self.optimizer.zero_grad()
                mean_loss(self.model(x[first : first + size]), y[first : first + size]).backward()
                self.optimizer.step()
            self.done += 1

    def loss(self) -> float:
        with torch.no_grad():
            return float(mean_loss(self.model(self.x), self.y))


class PyTorch:
    name = "PyTorch"
    version = torch.__version__
    own_batches = False

    def threads(self) -> str:
        return f"{torch.get_num_threads()}"

    def training(self, work: Work) -> TorchTraining:
        return TorchTraining(work)

    def surface(self, work: Work) -> Callable[[], np.ndarray]:
        """Row by row of the grid, the points of a row as one batched product."""
        start = work.start
        theta, a, b = (
            [tuple(torch.from_numpy(part) for part in pair) for pair in pairs]
            for pairs in (start.weights, *start.directions())
        )
        x, y, steps = torch.from_numpy(start.x), torch.from_numpy(start.y), torch.from_numpy(Start.steps())

        def loss(alpha: Any, beta: Any) -> Any:
            h = x
            for layer, ((w, c), (wa, ca), (wb, cb)) in enumerate(zip(theta, a, b, strict=True)):
                h = h @ (w + alpha * wa + beta * wb) + (c + alpha * ca + beta * cb)
                h = FUNCTIONS[start.activation](h) if layer < len(theta) - 1 else h
            return mean_loss(h, y)

        row = torch.vmap(loss, in_dims=(0, None))

        def losses() -> np.ndarray:
            with torch.no_grad():
                return np.array([row(steps, beta).numpy() for beta in steps])

        return losses

    def map(self, work: Work) -> Callable[[], list[np.ndarray]]:
        start = work.start
        theta = [(torch.from_numpy(w), torch.from_numpy(b)) for w, b in start.weights]
        points = torch.from_numpy(Start.points())

        def values() -> list[np.ndarray]:
            layers, h = [], points
            with torch.no_grad():
                for place, (w, b) in enumerate(theta):
                    z = torch.addmm(b, h, w)
                    h = FUNCTIONS[start.activation](z) if place < len(theta) - 1 else torch.sigmoid(z)
                    layers.append(h.numpy())
            return layers

        return values
