"""From an experiment to its rows."""

import numpy as np

from engine.choices.datasets import Dataset
from engine.data import bundled, csv_table, generated, labels, tables
from engine.data.container import Data, scaled
from engine.data.features import compute
from engine.data.keeping import Kept
from engine.data.rows import NO_LABELS, NO_TARGETS, Rows
from engine.data.scaling import measure
from engine.data.split import cut, split, subset
from engine.data_rules import describe, resolve_data
from engine.experiment import Data as Choices
from engine.experiment import Experiment
from engine.rules import output_units
from engine.streams import stream

PADDING = 0.05
MOST_KEPT, LARGEST_KEPT = 4, 256 * 2**20  # data sets, and bytes of all but the newest

_kept: Kept[Data] = Kept(MOST_KEPT, LARGEST_KEPT)


def load(experiment: Experiment) -> Data:
    """Return the rows that an experiment trains and tests on.

    Equal choices of data, data seed, precision and kind of output give the same object while it is
    among the last few asked for (of a file: while its time and size stay). No network is used. Raises
    ExperimentError for an unknown data set and for a file that cannot be read.
    """
    choices = experiment.data
    entry = describe(choices, fresh=True)
    outputs = output_units(entry, experiment.network.layers[-1].activation.name)
    version = csv_table.version_of(choices) if entry.key == "csv" else None
    key = (choices, experiment.seeds.data, experiment.training.precision, outputs, version)
    return _kept.get(key, lambda: _load(entry, *key[:-1]), size_of)


def preview(name: str, samples: int = 150, noise: float = 0.0, seed: int = 0, **choices: object) -> Rows:
    """Return a few rows of a data set, unsplit and unscaled, for a small picture of it.

    Parameters
    ----------
    name : the key of the data set
    samples : at most how many rows
    noise, seed : as in an experiment; a set that takes no noise ignores it
    choices : further fields of ``data``, such as ``classes``, or the ``path`` of a file
    """
    wanted = resolve_data(Choices(name=name, noise=noise, **choices))  # type: ignore[arg-type]
    entry = describe(wanted)
    return _rows(entry, wanted, min(samples, entry.rows or samples), seed)


def _load(entry: Dataset, choices: Choices, seed: int, precision: str, outputs: int) -> Data:
    assert choices.samples is not None and choices.features is not None  # resolved with the experiment
    rows = _rows(entry, choices, choices.samples, seed)
    domain = _domain(entry, rows.raw)
    train, test = _split(entry, rows, choices, seed)
    del rows  # a large table is not to lie in memory twice
    train, validation = _cut(entry, train, choices.validation_fraction, seed)
    train = train._replace(labels=labels.flip(train.labels, len(entry.classes), choices.label_noise, seed))
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
        categories=entry.categories,
        features=features,
        image=entry.image if features == inputs else None,
        domain=domain,
        scaler=scaler,
    )
    _freeze(data)
    return data


def _rows(entry: Dataset, choices: Choices, samples: int, seed: int) -> Rows:
    """Make or read the rows of a data set; where fewer of what is read are wanted, a stratified part."""
    if entry.origin == "generated":
        count = len(entry.classes) or 2
        rows = generated.make(entry.key, samples, choices.noise, seed, count, choices.class_shares)
    else:
        rows = _part(entry, _whole(entry, choices), choices.class_shares, samples, seed)
    if entry.task == "regression":
        return rows._replace(labels=NO_LABELS)
    return rows._replace(targets=NO_TARGETS)


def _whole(entry: Dataset, choices: Choices) -> Rows:
    """Read all rows of a data set that is not generated."""
    if entry.key == "points":
        table = np.array(choices.points)
        return Rows(table[:, :2].copy(), table[:, 2].astype(np.int64))
    if entry.key == "csv":
        return csv_table.table_of(choices).rows()
    return tables.read(entry.key) if entry.origin == "table" else bundled.read(entry.key)


def _part(entry: Dataset, rows: Rows, shares: tuple[float, ...] | None, samples: int, seed: int) -> Rows:
    """Return so many random rows, or as many as keep the wanted shares of the classes."""
    if shares is None and samples >= len(rows.raw):
        return rows
    groups = _groups(entry, rows)
    sizes = labels.counts(np.bincount(groups, minlength=max(len(entry.classes), 1)), samples, shares)
    return rows.take(subset(groups, sizes, stream(seed, "subset")))


def halves(experiment: Experiment) -> tuple[Rows, Rows]:
    """Return the rows that train, those set aside for validation included, and those that test.

    They are as they were made or read: unscaled, and no label is a wrong one on purpose. Of a set that trains
    and tests on all its rows, none are only for the test.
    """
    choices, seed, entry = experiment.data, experiment.seeds.data, describe(experiment.data)
    rows = _rows(entry, choices, choices.samples or 0, seed)
    return _split(entry, rows, choices, seed) if entry.split else (rows, rows.take(np.arange(0)))


def _split(entry: Dataset, rows: Rows, choices: Choices, seed: int) -> tuple[Rows, Rows]:
    if not entry.split:
        return rows, rows
    if choices.test_points is not None:
        places = np.arange(len(rows.raw))
        return rows.take(places[choices.test_points :]), rows.take(places[: choices.test_points])
    train, test = split(_groups(entry, rows), choices.test_fraction or 0.0, stream(seed, "split"))
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

    The same square for all sets of two inputs as long as no point lies outside of it; whole numbers from
    the darkest to the brightest for pixels; what the rows span, and a little more, for measurements.
    """
    columns = raw.shape[1]
    if entry.image:
        return np.tile([0.0, bundled.BRIGHTEST[entry.key]], (columns, 1))
    if entry.span:
        low, high = entry.span
        middle, reach = (low + high) / 2, (high - low) / 2
        padding = PADDING if entry.origin == "generated" and entry.classes else 0.0
        reach = max(reach, (1 + padding) * float(np.abs(raw - middle).max()))
        return np.tile([middle - reach, middle + reach], (columns, 1))
    low, high = raw.min(axis=0), raw.max(axis=0)
    room = np.where(high > low, PADDING * (high - low), 0.5)
    return np.column_stack([low - room, high + room])


def size_of(data: Data) -> int:
    """Return how many bytes the arrays of a data set take."""
    return sum(value.nbytes for value in vars(data).values() if isinstance(value, np.ndarray))


def _freeze(data: Data) -> None:
    for value in (*vars(data).values(), *data.scaler):
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
