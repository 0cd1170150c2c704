"""The list of experiments, the pool of threads that trains them, and what comes out."""

import operator
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from engine.ensemble.alike import check_layouts, tasks
from engine.ensemble.group import train_group
from engine.ensemble.result import Job, Result
from engine.ensemble.single import train_single
from engine.experiment import Experiment
from engine.jit import set_blas_threads
from engine.rules import check, resolve


def run(experiments: Iterable[Experiment], epochs: int | None = None, *, every: int | None = None,
        threads: int | None = None,
        cancelled: Callable[[], bool] | None = None) -> Iterator[Result]:  # fmt: skip
    """Train all experiments and return an iterator over their results, each as soon as there is one.

    The experiments may differ in anything but the layout of the network: sizes, activations, batch
    normalization, skip connections and precision. A few trainings for each thread are in memory, however
    long the list is; the results belong to the caller. Leaving the iterator (``close()``, or an exception)
    ends the trainings that are under way.

    Parameters
    ----------
    epochs : how long each trains; None for as long as each says itself
    every : after how many epochs the training loss is taken, for ``Result.curve``; None for no curve
    threads : how many trainings, or groups of them, are computed at once; None for one a core
    cancelled : asked now and then, from the pool's threads; once it returns True, Cancelled is raised

    Raises
    ------
    ExperimentError
        At once, for the first experiment that cannot be used or has another layout.
    """
    chosen = [resolve(experiment) for experiment in experiments]
    for experiment in chosen:
        check(experiment)
    check_layouts(chosen)
    if every is not None and every < 1:
        raise ValueError(f"a loss every {every} epochs makes no curve")
    if epochs is not None and operator.index(epochs) < 0:
        raise ValueError(f"a training cannot go on for {epochs} epochs")
    set_blas_threads()
    jobs = [Job(index, experiment, epochs, every) for index, experiment in enumerate(chosen)]
    return _results(jobs, threads or os.cpu_count() or 1, cancelled)


def _results(jobs: list[Job], threads: int, cancelled: Callable[[], bool] | None) -> Iterator[Result]:
    """Yield the results in the order in which they are ready."""
    left = threading.Event()

    def stopped() -> bool:
        return left.is_set() or (cancelled is not None and cancelled())

    def train(task: list[Job]) -> list[Result]:
        return train_single(task[0], stopped) if len(task) == 1 else train_group(task, stopped)

    waiting, running, done = tasks(jobs), set[Future[list[Result]]](), set[Future[list[Result]]]()
    with ThreadPoolExecutor(threads) as pool:
        try:
            while True:
                # As many again wait in line, so that threads have work while the caller looks at results.
                while len(running) < 2 * threads and (task := next(waiting, None)):
                    running.add(pool.submit(train, task))
                while done:
                    yield from done.pop().result()
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
        finally:
            left.set()
