"""At most LANES trainings of one kind, side by side in the lanes of :mod:`engine.ensemble.kernels`."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from engine import schedule
from engine.choices import optimizers
from engine.data import Data, load
from engine.ensemble import kernels
from engine.ensemble.result import Job, Result
from engine.ensemble.single import train_single
from engine.experiment import Experiment
from engine.extras import penalties
from engine.plan import Plan, make_plan
from engine.snapshot import Snapshot
from engine.start import initial_theta
from engine.streams import shuffle_key
from engine.surface import Cancelled
from engine.vectors import LANES

CALL = 200_000_000  # operations of one call of the kernel, some milliseconds; in between one can cancel
MOST_UPDATES = 2**13  # of one call: the rates of all of them are in memory
MOST_BYTES = 2**26  # of the rows of different data sets that stand side by side
ALIGNMENT = 64  # bytes: a vector of 16 numbers that starts there lies in one line of the cache


def train_group(jobs: list[Job], stopped: Callable[[], bool]) -> list[Result]:
    """Return the results of trainings of one kind. Raises Cancelled when they are stopped."""
    by_shape: dict[Hashable, list[tuple[Job, Data]]] = {}
    for job in jobs:
        data = load(job.experiment)
        by_shape.setdefault(data.x_train.shape, []).append((job, data))
    results = []
    for members in by_shape.values():
        different = {id(data): data.x_train.nbytes for _, data in members}
        if len(different) > 1 and sum(different.values()) > MOST_BYTES:
            results += [result for job, _ in members for result in train_single(job, stopped)]
        else:
            results += Group([job for job, _ in members], [data for _, data in members]).train(stopped)
    return results


class Group:
    """Trainings side by side; a lane without a training of its own repeats the first one.

    Parameters
    ----------
    jobs : 1 to LANES trainings of one kind
    data : the rows of each, all of one shape
    """

    def __init__(self, jobs: list[Job], data: list[Data]) -> None:
        self.jobs, self.data = jobs, data
        experiments = [job.experiment for job in jobs]
        first, rows = experiments[0], len(data[0].x_train)
        self.plan = make_plan(first, data[0].x_train.shape[1])
        self.places = _places(self.plan)
        self.batch_size = min(first.training.batch_size, rows)
        self.batches = -(-rows // self.batch_size)
        self.done = 0
        self._net = _net(self.plan)
        self._rows = _rows(data, [experiment.seeds.order for experiment in experiments])
        self._state = self._start(experiments)
        self._optimizer = (
            first.optimizer.entry.code,
            optimizers.hyperparameters(first.optimizer.parameters),
            1 if first.optimizer.entry.code >= optimizers.BASIC else None,
        )
        self._decays = _array([each.optimizer.parameters.get("weight_decay", 0.0) for each in experiments])
        self._penalties = self._spread_penalties(experiments)

    def _start(self, experiments: list[Experiment]) -> kernels.State:
        """Return the numbers before the first update."""
        net, dtype, size = self._net, self.plan.dtype, len(self.places)
        theta = [
            initial_theta(experiment, self.plan, self._rows.x[which])[self.places]
            for experiment, which in zip(experiments, self._rows.which, strict=False)
        ]
        slots = [optimizers.fresh_slots(each.optimizer, size, dtype) for each in experiments]
        block = kernels.ROWS * int(net.starts[-1])
        return kernels.State(
            theta=_side_by_side(theta),
            grad=_aligned(size, dtype),
            step=_aligned(size, dtype),
            slots=np.array([_side_by_side(slot) for slot in zip(*slots, strict=True)]),
            z=_aligned(block, dtype),
            a=_aligned(block, dtype),
            delta=_aligned(block, dtype),
            targets=_aligned(kernels.ROWS * int(net.sizes[-1]), dtype),
            keep=_aligned(1, dtype),
            rate=_aligned(1, dtype),
        )

    def _spread_penalties(self, experiments: list[Experiment]) -> np.ndarray:
        """Return l1 and l2 of each parameter (2, size * LANES), or (2, 0) where all are 0."""
        each = np.array([penalties(experiment) for experiment in experiments])
        if not each.any():
            return np.zeros((2, 0), self.plan.dtype)
        lengths = (self._net.sizes[:-1] + 1) * self._net.sizes[1:]
        spread = np.repeat(each, lengths, axis=2).astype(self.plan.dtype)
        return np.array([_side_by_side(list(spread[:, kind])) for kind in range(2)])

    def train(self, stopped: Callable[[], bool]) -> list[Result]:
        """Return the results of all. Raises Cancelled."""
        epochs, every = self.jobs[0].epochs, self.jobs[0].every
        curve = []
        for epoch in sorted({*range(0, epochs + 1, every or epochs + 1), epochs}):
            self.advance(epoch * self.batches - self.done, stopped)
            if every and epoch % every == 0:
                curve.append(self.losses())
        curves = np.array(curve).reshape(-1, LANES)
        return [
            Result(job.index, self.snapshot(lane), self.data[lane], curves[:, lane].copy())
            for lane, job in enumerate(self.jobs)
        ]

    def advance(self, updates: int, stopped: Callable[[], bool]) -> None:
        """Do so many updates, in calls of the kernel that do not take long. Raises Cancelled."""
        most = min(MOST_UPDATES, max(1, CALL // (6 * LANES * self.batch_size * len(self.places))))
        while updates:
            if stopped():
                raise Cancelled
            now = min(most, updates)
            kernels.advance(
                self._net, self._rows, self._state, *self._optimizer, self._rates(now), self._decays,
                *self._penalties, self.batch_size, self.done,
            )  # fmt: skip
            self.done += now
            updates -= now

    def _rates(self, updates: int) -> np.ndarray:
        """Return the learning rates of the next updates (updates, LANES)."""
        factors: dict[Hashable, np.ndarray] = {}
        rates = []
        for job in self.jobs:
            chosen = job.experiment
            course = chosen.schedule, self.done, updates, self.batches, chosen.training.epochs
            if course not in factors:
                factors[course] = schedule.factors(*course)
            rates.append(factors[course] * chosen.optimizer.parameters["learning_rate"])
        return np.stack(_filled(rates), axis=1)

    def losses(self) -> np.ndarray:
        """Return the mean training loss of each lane (LANES,), penalties not included."""
        losses = np.zeros(LANES)
        kernels.add_losses(self._net, self._rows, self._state, losses)
        return losses / self._rows.x.shape[1]

    def snapshot(self, lane: int) -> Snapshot:
        """Return one training as it is between two epochs."""
        return Snapshot(
            self.jobs[lane].experiment, self.plan, self.done // self.batches, 0, self.done, self.done,
            self._alone(self._state.theta, lane), self._alone(self._state.slots, lane), self.batch_size,
        )  # fmt: skip

    def _alone(self, values: np.ndarray, lane: int) -> np.ndarray:
        """Return one lane of parameters or slots (..., size * LANES) as a plan has them; read-only."""
        alone = np.zeros((*values.shape[:-1], self.plan.size), self.plan.dtype)
        alone[..., self.places] = values[..., lane::LANES]
        alone.flags.writeable = False
        return alone


def _net(plan: Plan) -> kernels.Net:
    """Return the layout for the lanes, without padding."""
    layout, sizes = plan.layout, plan.layout.sizes
    lengths = (sizes[:-1] + 1) * sizes[1:]
    return kernels.Net(
        sizes=sizes,
        starts=np.concatenate(([0], np.cumsum(sizes + 1))),
        weights=np.cumsum(lengths) - lengths,
        activations=layout.activations,
        parameters=layout.parameters,
        loss=layout.loss,
        loss_parameter=layout.loss_parameter,
        more=layout.more,
    )


def _places(plan: Plan) -> np.ndarray:
    """Return where in a plan's theta each of the lanes' parameters stands."""
    pairs = plan.unpack(np.arange(plan.size))
    return np.concatenate([part.ravel() for pair in pairs for part in pair])


def _rows(data: list[Data], order_seeds: list[int]) -> kernels.Rows:
    """Return the training rows for the kernel; what several runs share is there once."""
    sets = {id(each): each for each in data}
    numbers = {key: number for number, key in enumerate(sets)}
    together = len(sets) == len(set(order_seeds)) == 1
    return kernels.Rows(
        x=np.array([each.x_train for each in sets.values()]),
        y=np.array([each.y_train for each in sets.values()]),
        which=_array([numbers[id(each)] for each in data]),
        order_keys=_array([shuffle_key(seed, "batches") for seed in order_seeds]),
        together=together,
        orders=np.empty((1 if together else LANES, len(data[0].x_train)), np.int64),
    )


def _filled(values: Sequence[Any]) -> list[Any]:
    """Return one value a lane: the first stands in where there are fewer."""
    return [*values, *[values[0]] * (LANES - len(values))]


def _array(values: list[Any]) -> np.ndarray:
    return np.array(_filled(values))


def _side_by_side(vectors: Sequence[np.ndarray]) -> np.ndarray:
    """Return vectors (n,), one a run, as (n * LANES,): number i of each next to each other."""
    out = _aligned(len(vectors[0]), vectors[0].dtype)
    np.stack(_filled(vectors), axis=1, out=out.reshape(-1, LANES))
    return out


def _aligned(vectors: int, dtype: np.dtype) -> np.ndarray:
    """Return vectors of LANES zeros each, flat; the first number stands at a multiple of ALIGNMENT."""
    size = vectors * LANES * dtype.itemsize
    raw = np.zeros(size + ALIGNMENT, np.uint8)
    first = -raw.ctypes.data % ALIGNMENT
    return raw[first : first + size].view(dtype)
