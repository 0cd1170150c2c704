"""The frozen, validated description of one experiment, and its JSON file.

Everything that decides a training run is in an :class:`Experiment`; two equal experiments train to the
same bits. Nothing here knows how it is computed. Edits make a new Experiment (:func:`replace_at`).
"""

import json
import re
from pathlib import Path
from typing import Annotated, Any

from engine.choice import (
    Activation,
    BatchNorm,
    BiasInitializer,
    Choice,
    Clipping,
    Initializer,
    Loss,
    Optimizer,
    Schedule,
)
from engine.choices.base import FRACTION, NOT_NEGATIVE, POSITIVE, Range
from engine.choices.datasets import CLASSES
from engine.errors import ExperimentError, check_number, shown, written
from engine.parsing import LARGEST, parse
from engine.plain import Part, part_from_plain, ranges_of, steps, to_plain, value_at
from engine.writing import write_whole

__all__ = [
    "Activation", "Augmentation", "BatchNorm", "BiasInitializer", "Choice", "Clipping", "Data",
    "EarlyStopping", "Experiment", "ExperimentError", "Initializer", "Layer", "Loss", "Network", "Optimizer",
    "Regularization", "Schedule", "Seeds", "Training", "check_number", "from_plain", "part_from_plain",
    "ranges_of", "replace_at", "shown", "to_plain", "value_at",
]  # fmt: skip

VERSION = 1
SEED = Range(0, 2**32 - 1)


class Data(Part, kw_only=True):
    """Which rows, how many, how noisy, how they are split and scaled. None means the data set's own.

    Attributes
    ----------
    validation_fraction : the share of the training part that is cut off for validation
    classes : how many classes: the spiral's arms, rings, colours of the board, clouds; of points drawn
        by hand more than have one so far
    class_shares : how the rows are shared out among the classes, in proportion to these numbers. What is
        generated has as many rows as ``samples`` says, what is read as many of them as keep the proportion
    label_noise : the share of the training labels that are flipped to another class
    task : "classes" or "regression", where the data set leaves the choice
    points : of the set ``points``: (x1, x2, class) each, as drawn
    test_points : how many of these, from the first one on, test; None for a split at random
    path : of the set ``csv``: the file; a relative path starts at the current folder
    target : the column to predict; None for one that is called so, else the last
    columns : (name, role) of columns that are not to be what they look like: "number", "category",
        "left_out"
    header : whether the first row names the columns; None for what it looks like
    decimal : "." or ",", the decimal mark; None for what the file's numbers tell
    """

    name: str
    samples: Annotated[int | None, Range(2, 100_000)] = None
    noise: Annotated[float, Range(0, 1)] = 0.0
    test_fraction: Annotated[float | None, Range(0, 0.95)] = None
    validation_fraction: Annotated[float, Range(0, 0.95)] = 0.0
    scaling: str = "standard"
    features: tuple[str, ...] | None = None
    classes: Annotated[int | None, CLASSES] = None
    class_shares: tuple[float, ...] | None = None
    label_noise: Annotated[float, Range(0, 1)] = 0.0
    task: str | None = None
    points: tuple[tuple[float, float, int], ...] = ()
    test_points: Annotated[int | None, Range(0, 10_000)] = None
    path: str | None = None
    target: str | None = None
    columns: tuple[tuple[str, str], ...] = ()
    header: bool | None = None
    decimal: str | None = None


class Layer(Part, kw_only=True):
    """One layer: its units, activation and start, and what holds it back.

    Attributes
    ----------
    skip_from : the layer (0 is the first) whose output is added to this one's pre-activations
    l1, l2 : this layer's own penalties; None for the network's
    max_norm : the largest norm that the weights into a unit may have; None for none
    cut : the links (from unit, to unit) that are cut and stay zero
    typed_weights, typed_biases : (from unit, to unit, value) and (unit, value) that were set by hand
    """

    units: Annotated[int, Range(1, 4096)]
    activation: Activation = Activation("tanh")
    initializer: Initializer = Initializer("xavier_uniform")
    bias_initializer: BiasInitializer = BiasInitializer("zeros")
    batch_norm: BatchNorm = BatchNorm("none")
    dropout: Annotated[float, FRACTION] = 0.0
    trainable: bool = True
    skip_from: Annotated[int | None, Range(0, 100)] = None
    l1: Annotated[float | None, NOT_NEGATIVE] = None
    l2: Annotated[float | None, NOT_NEGATIVE] = None
    max_norm: Annotated[float | None, POSITIVE] = None
    cut: tuple[tuple[int, int], ...] = ()
    typed_weights: tuple[tuple[int, int, float], ...] = ()
    typed_biases: tuple[tuple[int, float], ...] = ()


class Network(Part, kw_only=True):
    """The layers after the inputs, the output layer last."""

    layers: tuple[Layer, ...]


class Regularization(Part, kw_only=True):
    """Penalties on weights (not biases): l1 sum |w| + l2 sum w², and what keeps steps and weights small.

    With ``l1_proximal``, plain gradient descent takes l1 off the weights themselves (a soft threshold),
    and they reach exactly 0. ``class_weights`` multiply the loss of a row by its class's number;
    "balanced" makes them n / (classes · rows of the class).
    """

    l1: Annotated[float, NOT_NEGATIVE] = 0.0
    l2: Annotated[float, NOT_NEGATIVE] = 0.0
    l1_proximal: bool = False
    max_norm: Annotated[float | None, POSITIVE] = None
    gradient_clip: Clipping = Clipping("none")
    class_weights: tuple[float, ...] | str | None = None


class Augmentation(Part, kw_only=True):
    """What is done to the training rows anew in each epoch.

    Attributes
    ----------
    input_noise : std of the normal noise on every scaled input
    shift : how many pixels images are moved at most, up or down and left or right
    jitter : std of the normal noise on the raw columns, before features are made of them
    """

    input_noise: Annotated[float, Range(0, 10)] = 0.0
    shift: Annotated[int, Range(0, 8)] = 0
    jitter: Annotated[float, NOT_NEGATIVE] = 0.0


class EarlyStopping(Part, kw_only=True):
    """Stop when the validation loss has not fallen by ``min_delta`` for ``patience`` epochs."""

    patience: Annotated[int, Range(1, 100_000)] = 10
    min_delta: Annotated[float, NOT_NEGATIVE] = 0.0
    restore_best: bool = True


class Training(Part, kw_only=True):
    """How long, in which batches and with how many bits."""

    batch_size: Annotated[int, Range(1, 100_000)] = 10
    epochs: Annotated[int, Range(1, 10_000_000)] = 200
    precision: str = "float32"
    augmentation: Augmentation = Augmentation()
    early_stopping: EarlyStopping | None = None
    target_loss: Annotated[float | None, NOT_NEGATIVE] = None


class Seeds(Part, kw_only=True):
    """The three seeds: of the data, of the first weights, of the order of batches."""

    data: Annotated[int, SEED] = 0
    init: Annotated[int, SEED] = 0
    order: Annotated[int, SEED] = 0


class Experiment(Part, kw_only=True):
    """One experiment, whole."""

    version: int = VERSION
    title: str = ""
    data: Data
    network: Network
    loss: Loss = Loss("binary_cross_entropy")
    optimizer: Optimizer = Optimizer("adam")
    schedule: Schedule = Schedule("constant")
    regularization: Regularization = Regularization()
    training: Training = Training()
    seeds: Seeds = Seeds()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Experiment":
        """Return the experiment that the JSON text describes, with every default filled in.

        Raises ExperimentError with the place and the reason for anything unknown, of the wrong type,
        out of range, or not supported by this version.
        """
        return from_plain(_parse(text))

    @classmethod
    def load(cls, path: str | Path) -> "Experiment":
        """Read an experiment file. Raises ExperimentError; OSError when it cannot be read."""
        return cls.from_json(_content(path))

    def to_json(self) -> str:
        """Return the experiment as indented JSON that :meth:`from_json` reads back as an equal one."""
        text = json.dumps(to_plain(self), indent=2, ensure_ascii=False)
        # Points and cut links stand one a line. No text in JSON holds a line break, so none is touched.
        return re.sub(r"\[\n[\s\d.,eE+-]+\]", lambda found: _in_one_line(found[0]), text) + "\n"

    def save(self, path: str | Path) -> None:
        """Write the experiment file, or leave what is there as it was. Raises OSError."""
        # Halves of surrogate pairs, which no encoding has, stay the escapes that they were in JSON.
        write_whole(path, self.to_json().encode("utf-8", "backslashreplace"))


def table_of_file(path: str | Path) -> Data | None:
    """Return the choices of data of an experiment file that is about a table of the user's own, else None.

    Nothing of the table is read. Raises ExperimentError; OSError when the file cannot be read.
    """
    data = _parse(_content(path)).get("data")
    if not isinstance(data, dict) or data.get("name") != "csv":
        return None
    return part_from_plain(data, Data, "data")


def _content(path: str | Path) -> bytes:
    """Return what stands in a file, of one that is too large only more than may be."""
    if Path(path).is_fifo():  # it would be waited for
        raise ExperimentError("", "this is a pipe, not a file")
    with Path(path).open("rb") as stream:
        return stream.read(LARGEST + 1)


def _in_one_line(numbers: str) -> str:
    return "[" + ", ".join(number.strip() for number in numbers[1:-1].split(",")) + "]"


def _parse(text: str | bytes) -> dict[str, Any]:
    plain = parse(text)
    version = plain.get("version", VERSION)
    if type(version) is not int or not 1 <= version <= VERSION:
        raise ExperimentError(
            "version", "{value} is not a version that this program reads (1 to {newest})",
            value=written(version), newest=VERSION,
        )  # fmt: skip
    return plain


def from_plain(plain: dict[str, Any]) -> Experiment:
    """Return the experiment that such dictionaries describe, checked and with its defaults resolved.

    Raises ExperimentError.
    """
    # The rules are about Experiments: imported when one exists.
    from engine.rules import check, check_layer_count, resolve

    layers = value_at(plain, "network.layers")
    if isinstance(layers, list):  # counted before a million of them are made
        check_layer_count(len(layers))
    experiment = resolve(part_from_plain(plain, Experiment))
    check(experiment)
    return experiment


def replace_at(experiment: Experiment, place: str, value: object) -> Experiment:
    """Return a checked copy with another value at a place such as ``optimizer.learning_rate``.

    Raises ExperimentError when the new experiment cannot be used, or no such place exists.
    """
    plain = to_plain(experiment)
    target = plain
    try:
        *path, last = steps(place)
        for step in path:
            target = target[step]
        if isinstance(target, list) and not isinstance(last, int):
            raise TypeError
        target[last] = to_plain(value)
    except (KeyError, IndexError, TypeError, ValueError):
        raise ExperimentError(place, "there is no such field") from None
    return from_plain(plain)
