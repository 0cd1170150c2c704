"""load(): what an experiment's rows are, in every precision, split and scaling."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.choices.datasets import DATASETS, READY
from engine.data import Data, load
from engine.experiment import Experiment, from_plain, replace_at
from engine.rules import output_units

OUTPUT = {"binary": "sigmoid", "multiclass": "softmax", "regression": "linear"}
SMALL = [key for key in READY if key != "mnist"]
# Training and test rows of the real sets: a fifth is tested, rounded up. Tables are trained and tested whole.
SIZES = {
    "concert": (8, 8),
    "bill": (3, 3),
    "digits": (1437, 360),
    "mnist": (4000, 1000),
    "iris": (120, 30),
    "wine": (142, 36),
    "breast_cancer": (455, 114),
}
SPLIT = [key for key in SMALL if DATASETS[key].split]


def experiment(name: str, activation: str | None = None, **data: Any) -> Experiment:
    entry = DATASETS[name]
    activation = activation or OUTPUT[entry.task]
    loss = {"sigmoid": "binary_cross_entropy", "softmax": "categorical_cross_entropy"}.get(activation, "mse")
    last = {"units": output_units(entry, activation), "activation": activation}
    return from_plain({"data": {"name": name, **data}, "network": {"layers": [last]}, "loss": loss})


def arrays(data: Data) -> dict[str, np.ndarray]:
    return {key: value for key, value in vars(data).items() if isinstance(value, np.ndarray)}


def rows_of(data: Data) -> list[tuple[float, ...]]:
    return sorted(map(tuple, np.vstack([data.raw_train, data.raw_test])))


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_arrays_have_the_promised_shapes_types_and_order(name: str, precision: str) -> None:
    entry, chosen = DATASETS[name], replace_at(experiment(name), "training.precision", precision)
    data = load(chosen)
    n, m = len(data.raw_train), len(data.raw_test)
    outputs = chosen.network.layers[-1].units
    assert data.x_train.shape == (n, len(data.features)) and data.x_test.shape == (m, len(data.features))
    assert data.y_train.shape == (n, outputs) and data.y_test.shape == (m, outputs)
    assert data.raw_train.shape == (n, len(entry.inputs)) and data.domain.shape == (len(entry.inputs), 2)
    assert len(data.labels_train) == (n if entry.classes else 0)
    for key, array in arrays(data).items():
        wanted = precision if key[0] in "xy" else "int64" if key.startswith("labels") else "float64"
        assert array.dtype == wanted and array.flags.c_contiguous and not array.flags.writeable
        assert np.isfinite(array).all()
    assert np.array_equal(data.transform(data.raw_train), data.x_train)
    assert np.array_equal(data.transform(data.raw_test), data.x_test)
    assert data.transform(data.raw_train).dtype == precision
    assert (data.task, data.classes, data.input_names) == (entry.task, entry.classes, entry.inputs)


@pytest.mark.parametrize("name", READY)
def test_sizes_by_default(name: str) -> None:
    data = load(experiment(name))
    wanted = SIZES.get(name, (250, 250) if DATASETS[name].split else (4, 4))
    assert (len(data.x_train), len(data.x_test)) == wanted


@pytest.mark.parametrize("name", ["gate_and", "gate_or", "gate_xor"])
def test_gates_train_and_test_on_all_four_rows(name: str) -> None:
    data = load(experiment(name))
    assert np.array_equal(data.raw_train, data.raw_test) and np.array_equal(data.y_train, data.y_test)
    assert data.raw_train.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("name", SPLIT)
@settings(max_examples=10, deadline=None)
@given(samples=st.integers(4, 140), fraction=st.floats(0, 0.95), seed=st.integers(0, 2**32 - 1))
def test_every_row_is_on_one_side_and_classes_are_in_proportion(
    name: str, samples: int, fraction: float, seed: int
) -> None:
    chosen = replace_at(experiment(name, samples=samples, test_fraction=fraction), "seeds.data", seed)
    whole = load(replace_at(chosen, "data.test_fraction", 0.0))
    data = load(chosen)
    n = len(data.x_train) + len(data.x_test)
    assert n == samples and len(whole.x_test) == 0
    assert len(data.x_test) == min(int(np.ceil(samples * fraction - 1e-9)), samples - 1)
    assert rows_of(data) == rows_of(whole)
    if data.classes:
        sizes = np.bincount(whole.labels_train, minlength=len(data.classes))
        tested = np.bincount(data.labels_test, minlength=len(data.classes))
        assert np.abs(tested - sizes * len(data.x_test) / n).max() < 1


@pytest.mark.parametrize("name", [key for key in SPLIT if DATASETS[key].noisy])
def test_noise_leaves_the_split_and_the_classes_alone(name: str) -> None:
    """A row's place in the split is told by its class and by its noiseless neighbour: both stay."""
    calm, noisy = (load(experiment(name, noise=noise)) for noise in (0.0, 0.01))
    assert np.array_equal(calm.labels_train, noisy.labels_train)
    assert np.array_equal(calm.labels_test, noisy.labels_test)
    reach = 0.03 * float(np.ptp(calm.domain[0]))
    for part in ("raw_train", "y_train", "raw_test", "y_test"):
        np.testing.assert_allclose(getattr(calm, part), getattr(noisy, part), atol=reach)


@pytest.mark.parametrize("name", SPLIT)
def test_the_split_leaves_the_points_alone_and_the_seed_moves_it(name: str) -> None:
    small, large = (load(experiment(name, test_fraction=fraction)) for fraction in (0.1, 0.6))
    assert rows_of(small) == rows_of(large)
    other = load(replace_at(experiment(name), "seeds.data", 1))
    assert not np.array_equal(other.raw_train, load(experiment(name)).raw_train)


def test_other_seeds_leave_the_data_alone() -> None:
    chosen = experiment("circle", noise=0.1)
    for place in ("seeds.init", "seeds.order"):
        assert load(replace_at(chosen, place, 5)) is load(chosen)


def test_a_smaller_real_set_is_stratified() -> None:
    data = load(experiment("digits", samples=500, test_fraction=0.2))
    counts = np.bincount(data.labels_train) + np.bincount(data.labels_test)
    assert counts.sum() == 500 and counts.min() >= 48 and counts.max() <= 52


def test_the_first_rows_hold_all_classes() -> None:
    """LSUV looks at the first rows, so these must not be sorted by class."""
    for name in ("mnist", "digits", "iris"):
        assert len(np.unique(load(experiment(name)).labels_train[:60])) == len(DATASETS[name].classes)


def test_targets_are_a_column_or_one_hot_as_the_output_wants() -> None:
    column, one_hot = load(experiment("moons")), load(experiment("moons", "softmax"))
    assert column.y_train[:, 0].tolist() == column.labels_train.tolist()
    assert np.array_equal(one_hot.y_train, np.eye(2)[one_hot.labels_train])
    iris = load(experiment("iris"))
    assert np.array_equal(iris.y_test, np.eye(3)[iris.labels_test])


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_the_domain_covers_every_row(name: str, noise: float) -> None:
    data = load(experiment(name, noise=noise if DATASETS[name].noisy else 0.0))
    low, high = data.domain.T
    assert (low < high).all()
    for raw in (data.raw_train, data.raw_test):
        assert (raw >= low).all() and (raw <= high).all()


@pytest.mark.parametrize("name", [key for key, entry in DATASETS.items() if entry.span == (-6, 6)])
def test_the_domain_of_generated_sets_is_the_usual_square(name: str) -> None:
    own = {"points": [(0, 0, 0), (5.9, 0, 1)]} if name == "points" else {}
    assert load(experiment(name, **own)).domain.tolist() == [[-6, 6]] * len(DATASETS[name].inputs)


def test_an_image_needs_all_its_pixels() -> None:
    pixels = DATASETS["digits"].inputs
    assert load(experiment("digits")).image == (8, 8)
    assert load(experiment("digits", features=pixels[:-1])).image is None
    assert load(experiment("digits", features=pixels[::-1])).image is None
    assert load(experiment("iris")).image is None


def test_features_are_their_formulas() -> None:
    names = DATASETS["circle"].features
    data = load(
        replace_at(experiment("circle", features=names, scaling="none"), "training.precision", "float64")
    )
    x1, x2 = data.raw_train.T
    wanted = [x1, x2, x1**2, x2**2, x1 * x2, np.sin(x1), np.sin(x2)]
    assert names == ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)")
    assert np.array_equal(data.x_train, np.column_stack(wanted))


def test_features_come_in_the_chosen_order() -> None:
    data = load(experiment("iris", features=["petal_width", "sepal_length"], scaling="none"))
    assert np.array_equal(data.x_train, data.raw_train[:, [3, 0]].astype(np.float32))
    sine = load(replace_at(experiment("sine", features=["sin(x)", "x"], scaling="none"),
                           "training.precision", "float64"))  # fmt: skip
    assert np.array_equal(sine.x_train, np.column_stack([np.sin(sine.raw_train), sine.raw_train]))


@pytest.mark.parametrize("name", READY)
def test_every_feature_of_the_table_can_be_computed(name: str) -> None:
    features = DATASETS[name].features
    assert load(experiment(name, features=features[-1:])).x_train.shape[1] == 1
    assert load(experiment(name, features=features)).x_train.shape[1] == len(features)
