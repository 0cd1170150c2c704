"""Session: one training in progress, the only object of the engine that changes.

Same experiment, same bits: everything that decides the next number is in the experiment, the counters,
theta and the optimizer's slots.
"""

import operator

import numpy as np

from engine import augment, kernels, lbfgs, schedule, team
from engine.batch import Batch
from engine.changes import continues, followed, keeps_slots
from engine.choices import optimizers
from engine.course import Course, is_watched
from engine.data import Data, load
from engine.experiment import Experiment
from engine.extras import class_weights, gradient_penalties
from engine.jit import set_blas_threads
from engine.places import WHOLE
from engine.plan import Plan, make_plan
from engine.questions import Questions
from engine.rules import check, resolve
from engine.scratch import as_rows, is_too_large, work_space
from engine.snapshot import Pairs, Snapshot
from engine.start import Start, make_start
from engine.stopping import Stop
from engine.streams import shuffle, shuffle_key
from engine.typed import keep_cut, type_in

CONTINUES, RESTARTS = "continues", "restarts"
MOST_AT_ONCE = 2**16  # updates in one call of the kernel: the rates of all of them are in memory


class Session(Questions):
    """One training of one experiment.

    Parameters
    ----------
    experiment : what to train. Raises ExperimentError when it cannot be used.

    Attributes
    ----------
    experiment : the experiment as it is now
    data : the rows, scaled (:class:`engine.data.Data`)
    epoch, batch, update : completed epochs, completed batches of the one begun, completed updates
    batch_size : rows an update in this epoch, at most all of them
    initial : the Snapshot at update 0
    start_report : what LSUV did on the way there (:class:`engine.start.LsuvStep`), empty for other starts
    stopped : why the last steps ended before they were done (:class:`engine.stopping.Stop`), else None
    before_restore : the moment before these steps' end brought the best weights back, else None
    log : [(update, experiment), ...] the experiments so far, from the start's on
    """

    def __init__(self, experiment: Experiment) -> None:
        self._begin(experiment)

    @classmethod
    def resumed(cls, snapshot: Snapshot, data: Data) -> "Session":
        """Return a session that stands at a moment of a training, with its data as they were loaded."""
        made = cls.__new__(cls)
        made._begin(snapshot.experiment, data, snapshot.theta)
        made.restore(snapshot)
        return made

    def _begin(self, experiment: Experiment, data: Data | None = None,
               theta: np.ndarray | None = None) -> None:  # fmt: skip
        """Stand at the beginning, reading the data and drawing the weights that are not given.

        What may be refused comes first: a session under way then stays as it was.
        """
        set_blas_threads()
        experiment = resolve(experiment)
        check(experiment)
        data = load(experiment) if data is None else data
        plan = _planned(experiment, data)
        x, y = (as_rows(rows, plan.dtype) for rows in (data.x_train, data.y_train))
        start = make_start(experiment, plan, x) if theta is None else Start(theta.copy(), ())
        self.experiment, self.data, self.plan = experiment, data, plan
        self._x, self._y, self._order = x, y, np.arange(len(x))
        self._theta, self.start_report = start
        type_in(plan, self._theta, experiment)
        self._grad, self._spare = np.zeros_like(self._theta), np.empty_like(self._theta)
        self.epoch = self.batch = self.update = 0
        self.stopped: Stop | None = None
        self.before_restore: Snapshot | None = None
        self._course = Course()
        self._shown = (-1, self._x)  # an epoch, and the inputs as it is shown them
        self.log = [(0, experiment)]
        self._start_optimizer()
        self._take_batch_size()
        self.initial = self.snapshot()

    def _start_optimizer(self) -> None:
        self._slots = optimizers.fresh_slots(self.experiment.optimizer, self.plan.size, self.plan.dtype)
        self._optimizer_updates = 0

    def _take_batch_size(self, size: int = 0) -> None:
        """Go on with updates of so many rows (0: as the experiment wants, at most all)."""
        self.batch_size = size or self._wanted_batch_size
        large = team.is_large(self.plan, self.batch_size)
        self._work = work_space(self.plan, -(-self.batch_size // (team.HALVES if large else 1)))
        self._team = team.Team(self.plan, self._work, len(self._x)) if large else None

    @property
    def _wanted_batch_size(self) -> int:
        return min(self.experiment.training.batch_size, len(self._x))

    @property
    def batches(self) -> int:
        """Updates in this epoch."""
        return -(-len(self._x) // self.batch_size)

    def step_batch(self) -> None:
        """Do one update."""
        self._advance(1)

    def step_epoch(self) -> None:
        """Go on to the end of the epoch."""
        self._advance(self.batches - self.batch)

    def run(self, epochs: int) -> None:
        """Train so many epochs more, past ``training.epochs`` too, or until a criterion stops it.

        Losses are measured on the way only where early stopping, a target loss or the schedule asks for
        them. When the next epoch has another batch size, the rest of this one counts as the first.
        Raises TypeError for a part of an epoch, ValueError for less than none.
        """
        epochs = operator.index(epochs)
        if epochs < 0:
            raise ValueError(f"a training cannot go on for {epochs} epochs")
        self.stopped = None
        if epochs and self.batch_size != self._wanted_batch_size:
            self.step_epoch()
            epochs -= 1
        if self.stopped is None:
            self._advance(epochs * self.batches)

    def _advance(self, updates: int) -> None:
        """Do so many updates, all of one size, or until a criterion stops the training at an epoch's end."""
        self.stopped = self.before_restore = None
        by_epoch = is_watched(self.experiment) or augment.is_on(self.experiment)
        while updates > 0 and self.stopped is None:
            part = min(updates, self.batches - self.batch if by_epoch else MOST_AT_ONCE)
            if self.experiment.optimizer.entry.own_steps:
                part = 1
                self._step_whole()
            elif is_too_large(self.plan, self.batch_size):
                part = 1
                self._step_in_parts()
            else:
                self._step(part)
            updates -= part
            self._count(part)

    def _count(self, updates: int) -> None:
        """Move the counters on, and look what the end of an epoch brings."""
        epochs, self.batch = divmod(self.batch + updates, self.batches)
        self.epoch += epochs
        self.update += updates
        self._optimizer_updates += updates
        if epochs and is_watched(self.experiment):
            self._look()
        if not self.batch and self.batch_size != self._wanted_batch_size:
            self._take_batch_size()

    def _look(self) -> None:
        """Measure the losses and let them decide on rate and stop; the best weights may come back."""
        snapshot, data = self.snapshot(), self.data
        train = snapshot.loss(data.x_train, data.y_train)
        validation = snapshot.loss(data.x_validation, data.y_validation) if len(data.x_validation) else None
        self._course, stop = self._course.after(self.experiment, self.epoch, train, validation, self._theta)
        # That all epochs are done is for whoever asked for them: a session goes on past them.
        self.stopped = None if stop is not None and stop.reason == "epochs" else stop
        best = self._course.stopping.best_theta
        if self.stopped is not None and self.stopped.reason == "early_stopping" and best is not None:
            self._theta[:], self.before_restore = best, snapshot

    def _step(self, updates: int) -> None:
        """Do so many updates of an optimizer that the kernels know."""
        optimizer, layout = self.experiment.optimizer, self.plan.layout
        order_key, x = shuffle_key(self.experiment.seeds.order, "batches"), self._inputs()
        what = (
            optimizer.entry.code, optimizers.hyperparameters(optimizer.parameters), self._rates(updates),
            optimizers.more(optimizer), *gradient_penalties(self.experiment), self.batch_size, self.epoch,
            self.batch, self._optimizer_updates,
        )  # fmt: skip
        if self._team is not None:
            self._team.advance(layout, self._theta, self._slots, x, self._y, order_key, updates, *what)
        else:
            kernels.advance(layout, self._theta, self._slots, self._grad, self._spare, self._work, x,
                            self._y, self._order, order_key, *what, kernels.TRAIN)  # fmt: skip

    def _step_in_parts(self) -> None:
        """Do one update with a batch that is not in memory at once."""
        first, plan, optimizer = self.batch * self.batch_size, self.plan, self.experiment.optimizer
        shuffle(shuffle_key(self.experiment.seeds.order, "batches"), self.epoch, self._order)
        rows, more = self._order[first : first + self.batch_size], optimizers.more(optimizer)
        l1, l2 = gradient_penalties(self.experiment)
        moment = kernels.moment_of.py_func(self.epoch, self.batch)
        batch = Batch(plan, self._theta, self._inputs(), self._y, rows, moment, more)
        batch.gradient(l1, l2, self._grad, self._spare)
        kernels.advance(
            plan.layout, self._theta, self._slots, self._grad, self._spare, batch.work, self._x, self._y,
            rows, 0, optimizer.entry.code, optimizers.hyperparameters(optimizer.parameters), self._rates(1),
            more, l1, l2, len(rows), 0, 0, self._optimizer_updates, kernels.MOVE,
        )  # fmt: skip

    def _step_whole(self) -> None:
        """Do one update of an optimizer that looks at all rows and searches along a line."""
        x, y, before = self._inputs(), self._y, self._theta.copy()
        here, extras = self.snapshot(), self.plan.layout.extras
        moment = WHOLE if extras is None else here.moment
        lbfgs.step(self._theta, self._slots, here.objective(x, y, moment))
        if extras is not None:
            # Once more where it began: what running statistics follow is in the scratch memory.
            batch = here.batch_of(x, y, moment)
            batch.loss()
            kernels.finish_update(self.plan.layout, len(x), before, batch.work, self._theta)

    def _inputs(self) -> np.ndarray:
        """Return the training inputs as this epoch is shown them."""
        if not augment.is_on(self.experiment):
            return self._x
        if self._shown[0] != self.epoch:
            self._shown = (-1, self._x)  # the last epoch's rows go before the new ones come
            rows = augment.augmented(self.data, self.experiment, self.epoch)
            self._shown = (self.epoch, as_rows(rows, self.plan.dtype))
        return self._shown[1]

    def _rates(self, updates: int) -> np.ndarray:
        """Return the learning rates of the next updates."""
        first = self.epoch * self.batches + self.batch
        factors = schedule.factors(
            self.experiment.schedule, first, updates, self.batches, self.experiment.training.epochs
        )
        factors *= self.experiment.optimizer.parameters["learning_rate"] * self._course.plateau.factor
        return factors

    @property
    def learning_rate(self) -> float | None:
        """The learning rate of the next update; None for an optimizer that has none."""
        has_rate = "learning_rate" in self.experiment.optimizer.parameters
        return float(self._rates(1)[0]) if has_rate else None

    def change(self, experiment: Experiment) -> str:
        """Go on with another experiment and return "continues", or begin anew and return "restarts".

        Learning rate, regularization and training length continue; so does a new optimizer, with fresh
        slots, and a new batch size, from the next epoch on. Anything else (network, data, start, seeds,
        precision) restarts.
        Raises ExperimentError and changes nothing when the experiment cannot be used.
        """
        experiment = resolve(experiment)
        check(experiment)
        if not continues(self.experiment, experiment):
            self._begin(experiment)
            return RESTARTS
        old, self.experiment = self.experiment, experiment
        self.plan = _planned(experiment, self.data)
        type_in(self.plan, self._theta, experiment, old)
        self._course, self._shown = followed(self._course, old, experiment), (-1, self._x)
        if not keeps_slots(old, experiment):
            self._start_optimizer()
        if experiment.optimizer.entry.whole_batch and self.batch:
            self.epoch, self.batch = self.epoch + 1, 0  # it is never shown a part of the rows
        # What the network has decides how much scratch memory a batch takes.
        self._take_batch_size(self.batch_size if self.batch else 0)
        if experiment != old:
            self.log.append((self.update, experiment))
        return CONTINUES

    def weights(self) -> Pairs:
        """Return [(W (n_in, n_out), b (n_out,)), ...], copies, one pair a layer."""
        return [(w.copy(), b.copy()) for w, b in self.plan.unpack(self._theta)]

    def set_weights(self, pairs: Pairs) -> None:
        """Put other weights and biases in place; cut links stay 0. Raises ValueError when a shape differs."""
        self.plan.put(self._theta, pairs)
        keep_cut(self.plan, self._theta, self.experiment)

    def set_parameters(self, tensors: dict[str, np.ndarray]) -> None:
        """Put in arrays by name, as :meth:`parameters` names them; masks belong to the experiment.

        Raises ValueError for an unknown name or another shape, and changes nothing then.
        """
        self.plan.put_tensors(self._theta, tensors)
        keep_cut(self.plan, self._theta, self.experiment)

    def dropout_factors(self, epoch: int, batch: int) -> dict[int, np.ndarray]:
        """Return what a batch's activations are multiplied by, 0 or 1 / (1 - dropout), by layer.

        Each array is (rows of the batch, units), in the order of :meth:`batch_order`.
        """
        rows = max(0, min(self.batch_size, len(self._x) - batch * self.batch_size))
        return self.snapshot().dropout_factors(rows, kernels.moment_of.py_func(epoch, batch))

    def snapshot(self) -> Snapshot:
        """Return this moment, whole."""
        theta, slots = self._theta.copy(), self._slots.copy()
        theta.flags.writeable = slots.flags.writeable = False
        return Snapshot(
            self.experiment, self.plan, self.epoch, self.batch, self.update, self._optimizer_updates,
            theta, slots, self.batch_size, self._course,
        )  # fmt: skip

    def restore(self, snapshot: Snapshot) -> None:
        """Go back (or on) to a moment, bit for bit, its experiment and optimizer state included."""
        if continues(self.experiment, snapshot.experiment):
            self.experiment = snapshot.experiment
            self.plan = _planned(self.experiment, self.data)
        else:
            self._begin(snapshot.experiment)
        self._theta, self._slots = snapshot.theta.copy(), snapshot.slots.copy()
        self.epoch, self.batch, self.update = snapshot.epoch, snapshot.batch, snapshot.update
        self._optimizer_updates = snapshot.optimizer_updates
        self._course, self.stopped, self.before_restore = snapshot.course, None, None
        self._shown = (-1, self._x)
        self._take_batch_size(snapshot.batch_size)
        self._cut_log()

    def _cut_log(self) -> None:
        """Forget the changes after this moment, those at its own update that it does not know included."""
        log = [entry for entry in self.log if entry[0] <= self.update]
        while log and log[-1][0] == self.update and log[-1][1] != self.experiment:
            log.pop()
        if not log or log[-1][1] != self.experiment:
            log.append((self.update if log else 0, self.experiment))
        self.log = log


def _planned(experiment: Experiment, data: Data) -> Plan:
    """Lay out the experiment's network."""
    weights = class_weights(experiment, data.labels_train, len(data.classes))
    return make_plan(experiment, data.x_train.shape[1], weights)
