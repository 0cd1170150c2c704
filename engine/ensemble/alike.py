"""Which experiments have one layout, and which can train side by side in the lanes of one kernel."""

from collections.abc import Hashable, Iterator
from functools import lru_cache
from itertools import pairwise

from engine.ensemble.result import Job
from engine.experiment import Experiment, ExperimentError, Layer, Network, Regularization, Training, shown
from engine.vectors import LANES

FEWEST = 6  # trainings side by side: measured, fewer are done sooner one by one on two threads
MOST_WEIGHTS = 1024  # of a network in lanes: measured, larger ones no longer gain from it

OWN = ("learning_rate", "weight_decay")  # parameters of an optimizer that each lane has for itself


def check_layouts(experiments: list[Experiment]) -> None:
    """Raise ExperimentError for the first experiment whose layout is not that of the first of all."""
    if not experiments:
        return
    first = experiments[0]
    wanted = dict(_layout(first))
    for number, experiment in enumerate(experiments, 1):
        if experiment.network is first.network and experiment.training is first.training:
            continue
        for place, value in _layout(experiment):
            if value != wanted.get(place):
                raise ExperimentError(
                    place,
                    "experiment {number} has {value} and the first one {first}: "
                    "trainings at once need networks of one layout",
                    number=number, value=shown(value), first=shown(wanted.get(place)),
                )  # fmt: skip


def _layout(experiment: Experiment) -> Iterator[tuple[str, object]]:
    """Yield the places and values that make the layout."""
    yield "training.precision", experiment.training.precision
    yield "network.layers", len(experiment.network.layers)
    yield "data.features", len(experiment.data.features or ())
    for index, layer in enumerate(experiment.network.layers):
        place = f"network.layers[{index}]"
        yield f"{place}.units", layer.units
        yield f"{place}.activation", layer.activation.to_plain()
        yield f"{place}.batch_norm", layer.batch_norm.to_plain()
        yield f"{place}.skip_from", layer.skip_from


def tasks(jobs: list[Job]) -> Iterator[list[Job]]:
    """Yield the jobs in groups of at most LANES that can train side by side, or alone."""
    groups: dict[Hashable, list[Job]] = {}
    for job in jobs:
        kind = _kind(job) if fits_in_lanes(job.experiment) else job.index
        groups.setdefault(kind, []).append(job)
    for group in groups.values():
        for first in range(0, len(group), LANES):
            beside = group[first : first + LANES]
            if len(beside) >= FEWEST:
                yield beside
            else:
                yield from ([job] for job in beside)


def fits_in_lanes(experiment: Experiment) -> bool:
    """Whether the lanes' kernel knows all that an experiment asks for."""
    training, regularization, data = experiment.training, experiment.regularization, experiment.data
    plain_training = Training(
        batch_size=training.batch_size, epochs=training.epochs, precision=training.precision
    )
    return (
        _is_plain(experiment.network, len(data.features or ()))
        and training == plain_training
        and regularization == Regularization(l1=regularization.l1, l2=regularization.l2)
        and experiment.schedule.name != "plateau"  # which looks at the loss
        and not experiment.optimizer.entry.whole_batch  # whose steps are not proportional to a rate
    )


@lru_cache(maxsize=64)
def _is_plain(network: Network, inputs: int) -> bool:
    """Whether a network is small and its layers have nothing but units, activations, starts and penalties."""
    sizes = [inputs, *(layer.units for layer in network.layers)]
    small = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes)) <= MOST_WEIGHTS
    return small and all(layer == _plain(layer) for layer in network.layers)


def _plain(layer: Layer) -> Layer:
    """Return the layer without what the lanes do not know, also what later versions may give it."""
    known = ("units", "activation", "initializer", "bias_initializer", "l1", "l2")
    return Layer(**{field: getattr(layer, field) for field in known})


def _kind(job: Job) -> Hashable:
    """Return what has to be equal side by side; the layout is equal in the whole list."""
    experiment = job.experiment
    data, optimizer = experiment.data, experiment.optimizer
    fixed = tuple(pair for pair in optimizer.parameters.items() if pair[0] not in OWN)
    rows = (data.name, data.samples, data.test_fraction, data.validation_fraction)
    return (experiment.loss, optimizer.name, fixed, experiment.training.batch_size, job.epochs, rows)
