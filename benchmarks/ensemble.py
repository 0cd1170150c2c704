"""python -m benchmarks.ensemble: many trainings at once, by Relevo and by JAX's vmap, in turn."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import msgspec
import numpy as np

from benchmarks import table
from benchmarks.works import works
from engine import Experiment, Session, ensemble
from engine.experiment import Optimizer

RUNS, EPOCHS, ROUNDS = 1000, 50, 7
WANTED = 5  # times as long that JAX is to take at least


def seeds(base: Experiment, runs: int) -> list[Experiment]:
    """Return the experiment with other initial weights each."""
    replace = msgspec.structs.replace
    return [replace(base, seeds=replace(base.seeds, init=seed)) for seed in range(runs)]


def rates(base: Experiment, runs: int) -> list[Experiment]:
    """Return the experiment with another learning rate each, and another order of batches."""
    replace = msgspec.structs.replace
    spread = np.geomspace(1e-4, 0.1, runs)
    return [
        replace(base, optimizer=Optimizer("adam", learning_rate=rate), seeds=replace(base.seeds, order=seed))
        for seed, rate in enumerate(spread.tolist())
    ]


def by_relevo(experiments: list[Experiment]) -> Callable[[], float]:
    """Return what trains them all, from the list of experiments to the last loss of each."""

    def run() -> float:
        return float(np.mean([r.curve[-1] for r in ensemble.run(experiments, EPOCHS, every=EPOCHS)]))

    return run


def by_jax(experiments: list[Experiment]) -> Callable[[], float]:
    """Return what trains them all in one jitted call: vmap over a scan over epochs over a scan over batches.

    Initial weights and the order of the rows, the same for all, are made beforehand.
    """
    import jax
    import jax.numpy as jnp
    import optax

    from benchmarks.peers.in_jax import mean_loss

    first = Session(experiments[0])
    x, y = jnp.array(first.data.x_train), jnp.array(first.data.y_train)
    size, activation = first.batch_size, experiments[0].network.layers[0].activation.name
    if len(x) % size:
        raise ValueError(f"{len(x)} rows do not make whole batches of {size}")
    orders = jnp.array([first.batch_order(epoch) for epoch in range(EPOCHS)], jnp.int32)
    optimizer = optax.adam(experiments[0].optimizer.parameters["learning_rate"])

    def update(carry: Any, rows: Any) -> Any:
        theta, state = carry
        steps, state = optimizer.update(jax.grad(mean_loss)(theta, *rows, activation), state)
        return (optax.apply_updates(theta, steps), state), None

    def epoch(carry: Any, order: Any) -> Any:
        return jax.lax.scan(
            update, carry, tuple(rows[order].reshape(-1, size, rows.shape[1]) for rows in (x, y))
        )

    def train(theta: Any) -> Any:
        (theta, _), _ = jax.lax.scan(epoch, (theta, optimizer.init(theta)), orders)
        return mean_loss(theta, x, y, activation)

    starts = [Session(experiment).weights() for experiment in experiments]
    theta = [
        tuple(jnp.stack(parts) for parts in zip(*layer, strict=True)) for layer in zip(*starts, strict=True)
    ]
    all_at_once = jax.jit(jax.vmap(train))
    return lambda: float(jnp.mean(all_at_once(theta)))


def operations(experiment: Experiment) -> int:
    """Return the additions and multiplications of one training's matrix products."""
    session = Session(experiment)
    sizes = session.plan.layout.sizes
    products = sizes[:-1] * sizes[1:]  # forward, the weights' gradient, and back but for the inputs
    return int(2 * (3 * products.sum() - products[0])) * len(session.data.x_train) * EPOCHS


def one_by_one(experiments: list[Experiment]) -> Callable[[], float]:
    """Return what trains them as single sessions, in one thread."""

    def run() -> float:
        sessions = [Session(experiment) for experiment in experiments]
        for session in sessions:
            session.run(EPOCHS)
        return float(np.mean([session.metrics()["train_loss"] for session in sessions]))

    return run


def report(runs: int = RUNS, rounds: int = ROUNDS) -> str:
    """Return the times as a table."""
    base = works()[0].experiment
    contenders = {
        "Relevo, other initial weights": by_relevo(seeds(base, runs)),
        "Relevo, other rates and orders": by_relevo(rates(base, runs)),
        "Relevo, one session at a time": one_by_one(seeds(base, runs)),
    }
    with contextlib.suppress(ImportError):
        contenders["JAX vmap, other initial weights"] = by_jax(seeds(base, runs))
    times: dict[str, list[float]] = {name: [] for name in contenders}
    processor: dict[str, list[float]] = {name: [] for name in contenders}
    losses = {name: run() for name, run in contenders.items()}  # once to compile
    for _ in range(rounds):
        for name, run in contenders.items():
            begin, busy = time.perf_counter(), time.process_time()
            run()
            times[name].append(time.perf_counter() - begin)
            processor[name].append(time.process_time() - busy)
    ours, work = times["Relevo, other initial weights"], operations(base) * runs
    lines = [
        f"{runs:,} trainings of 2-8-8-1, batch 10, {EPOCHS} epochs (seconds for all)",
        f"{'':33}{'median':>8}{'best':>8}{'all cores':>11}"
        f"{'GFLOP/s':>9}{'/ first':>9}{'wanted':>8}{'mean loss':>11}",
    ]
    for name, each in times.items():
        # The ratio of two neighbours in time: whatever slowed one round down slowed both.
        ratio = median([theirs / own for theirs, own in zip(each, ours, strict=True)])
        wish = f">= {WANTED}" if name.startswith("JAX") else ""
        seconds = f"{median(each):8.3f}{min(each):8.3f}{median(processor[name]):11.3f}"
        lines.append(f"  {name:31}{seconds}{work / median(each) / 1e9:9.1f}{ratio:9.2f}{wish:>8}"
                     f"{losses[name]:11.5f}")  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.ensemble", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    print(table.machine())
    print(report(options.runs, options.rounds))


if __name__ == "__main__":
    main()
