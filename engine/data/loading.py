"""From an experiment to its rows."""

from functools import lru_cache

import numpy as np

from engine.choices.datasets import DATASETS, Dataset
from engine.data import bundled, generated
from engine.data.container import Data, scaled
from engine.data.features import compute
from engine.data.rows import Rows
from engine.data.scaling import measure
from engine.data.split import cut, split, subset
from engine.experiment import Data as Choices
from engine.experiment import Experiment
from engine.rules import dataset_of, output_units
from engine.streams import stream

PADDING = 0.05


def load(experiment: Experiment) -> Data:
    """Return the rows that an experiment trains and tests on.

    Equal choices of data, data seed, precision and kind of output give the same object while it is
    among the last few asked for. No network is used. Raises ExperimentError for an unknown data set.
    """
    outputs = output_units(dataset_of(experiment), experiment.network.layers[-1].activation.name)
    return _load(experiment.data, experiment.seeds.data, experiment.training.precision, outputs)


def preview(name: str, samples: int = 150, noise: float = 0.0, seed: int = 0) -> Rows:
    """Return a few rows of a data set, unsplit and unscaled, for a small picture of it.

    Parameters
    ----------
    name : the key of the data set
    samples : at most how many rows
    noise, seed : as in an experiment; a set that takes no noise ignores it
    """
    entry = DATASETS[name]
    return _rows(entry, min(samples, entry.rows or samples), noise, seed)


@lru_cache(maxsize=4)
def _load(choices: Choices, seed: int, precision: str, outputs: int) -> Data:
    entry = DATASETS[choices.name]
    assert choices.samples is not None and choices.features is not None  # resolved with the experiment
    rows = _rows(entry, choices.samples, choices.noise, seed)
    train, test = _split(entry, rows, choices.test_fraction or 0.0, seed)
    train, validation = _cut(entry, train, choices.validation_fraction, seed)
    inputs, features = entry.inputs, choices.features
    values = compute(train.raw, inputs, features)
    scaler = measure(choices.scaling, values)  # on the rows that are trained on and no others
    data = Data(
        x_train=scaled(values, scaler, precision),
        y_train=_targets(train, entry.task, outputs, precision),
        x_validation=scaled(compute(validation.raw, inputs, features), scaler, precision),
        y_validation=_targets(validation, entry.task, outputs, precision),
        x_test=scaled(compute(test.raw, inputs, features), scaler, precision),
        y_test=_targets(test, entry.task, outputs, precision),
        raw_train=np.ascontiguousarray(train.raw),
        raw_validation=np.ascontiguousarray(validation.raw),
        raw_test=np.ascontiguousarray(test.raw),
        labels_train=train.labels,
        labels_validation=validation.labels,
        labels_test=test.labels,
        task=entry.task,
        classes=entry.classes,
        input_names=inputs,
        features=features,
        image=entry.image if features == inputs else None,
        domain=_domain(entry, rows.raw),
        scaler=scaler,
    )
    _freeze(data)
    return data


def _rows(entry: Dataset, samples: int, noise: float, seed: int) -> Rows:
    """Make or read the rows of a data set; where fewer of a real one are wanted, a stratified subset."""
    if entry.key in generated.MAKERS:
        return generated.make(entry.key, samples, noise, seed)
    rows = bundled.read(entry.key)
    if samples >= len(rows.raw):
        return rows
    return rows.take(subset(rows.labels, samples, stream(seed, "subset")))


def _split(entry: Dataset, rows: Rows, fraction: float, seed: int) -> tuple[Rows, Rows]:
    if not entry.split:
        return rows, rows
    train, test = split(_groups(entry, rows), fraction, stream(seed, "split"))
    return rows.take(train), rows.take(test)


def _cut(entry: Dataset, train: Rows, fraction: float, seed: int) -> tuple[Rows, Rows]:
    """Cut the validation rows out of the training rows."""
    kept, validation = cut(_groups(entry, train), fraction, stream(seed, "validation"))
    return (train.take(kept) if fraction else train), train.take(validation)


def _groups(entry: Dataset, rows: Rows) -> np.ndarray:
    """Return what rows are shared out by: their classes; all are of one group where there are none."""
    return rows.labels if entry.classes else np.zeros(len(rows.raw), np.int64)


def _targets(rows: Rows, task: str, outputs: int, precision: str) -> np.ndarray:
    """Return (n, outputs): numbers, one column of 0 and 1, or one-hot rows."""
    if task == "regression":
        return rows.targets.astype(precision)
    if outputs == 1:
        return rows.labels[:, None].astype(precision)
    return np.eye(outputs, dtype=precision)[rows.labels]


def _domain(entry: Dataset, raw: np.ndarray) -> np.ndarray:
    """Return the low and high of each raw axis for pictures, (n_raw, 2) float64.

    The same square for all generated sets as long as no noise leads out of it; whole numbers from the
    darkest to the brightest for pixels; what the rows span, and a little more, for measurements.
    """
    columns = raw.shape[1]
    if entry.image:
        return np.tile([0.0, bundled.BRIGHTEST[entry.key]], (columns, 1))
    if not entry.split:
        return np.tile([-0.5, 1.5], (columns, 1))
    if entry.rows is None:
        reach = max(generated.LIMIT, (1 + PADDING) * float(np.abs(raw).max()) if entry.classes else 0.0)
        return np.tile([-reach, reach], (columns, 1))
    low, high = raw.min(axis=0), raw.max(axis=0)
    room = np.where(high > low, PADDING * (high - low), 0.5)
    return np.column_stack([low - room, high + room])


def _freeze(data: Data) -> None:
    for value in (*vars(data).values(), *data.scaler):
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
