import numpy as np
import pytest

from engine.analysis.detectors import findings, saturation
from engine.analysis.signals import gradient_ratio, signals
from tests.engine.analysis.support import SIGMOID, ZEROS, network, with_weights

NONE = np.empty(0)


def kinds(snapshot, data, epochs=NONE, train=NONE, test=NONE):
    return {finding.kind: finding for finding in findings(snapshot, data, epochs, train, test)}


def test_a_sound_start_is_called_healthy():
    snapshot, data = network("circle", {"units": 8, "activation": "tanh"}, SIGMOID)
    assert list(kinds(snapshot, data)) == ["healthy"]


def test_two_hidden_layers_tell_how_the_signal_goes():
    layer = {"units": 8, "activation": "tanh"}
    snapshot, data = network("circle", layer, layer, SIGMOID)
    layers = snapshot.forward(data.x_train)
    values = kinds(snapshot, data)["signal"].values
    assert values["first"] == pytest.approx(layers[0].std())
    assert values["last"] == pytest.approx(layers[1].std())
    assert values["ratio"] == pytest.approx(gradient_ratio(signals(snapshot, data)))


def test_units_that_start_equal_are_identical():
    layer = {"units": 5, "activation": "tanh", "initializer": {"name": "constant", "value": 0.3}}
    snapshot, data = network("circle", layer, {**SIGMOID, "initializer": {"name": "constant", "value": 0.1}})
    found = kinds(snapshot, data)["identical"]
    assert found.place == ("layer", 0)
    assert found.values == {"units": 5, "of": 5}
    pairs = snapshot.weights()
    pairs[1][0][3] += 1e-15  # one bit of one outgoing weight parts it from the others
    assert kinds(with_weights(snapshot, pairs), data)["identical"].values == {"units": 4, "of": 5}


def test_zeros_are_identical_and_carry_no_signal_either_way():
    snapshot, data = network("circle", {"units": 4, "activation": "tanh", **ZEROS}, {**SIGMOID, **ZEROS})
    found = kinds(snapshot, data)
    assert set(found) == {"identical", "vanished", "vanishing_gradient"}
    assert found["vanished"].values == {"std": 0}
    assert found["vanishing_gradient"].values["ratio"] == 0


def test_relus_below_zero_on_every_row_are_dead():
    snapshot, data = network("circle", {"units": 3, "activation": "relu"}, SIGMOID)
    pairs = snapshot.weights()
    pairs[0][1][1] = -1000
    found = kinds(with_weights(snapshot, pairs), data)["dead"]
    assert found.place == ("unit", 0, 1)
    pairs[0][1][:] = -1000
    found = kinds(with_weights(snapshot, pairs), data)
    assert found["dead"].values == {"units": 3, "of": 3}
    assert "vanishing_gradient" not in found  # the same thing said twice


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_hidden_layers_in_their_flat_ends_are_saturated_but_outputs_are_not_blamed(activation):
    snapshot, data = network("circle", {"units": 4, "activation": activation}, SIGMOID)
    big = with_weights(snapshot, [(w * 1000, b) for w, b in snapshot.weights()])
    found = kinds(big, data)["saturated"]
    assert found.place == ("layer", 0)
    assert found.values["share"] > 0.9
    assert "saturated" not in kinds(snapshot, data)


def test_saturation_is_the_share_beyond_99_percent():
    assert saturation(np.array([[0.995, -0.995, 0.5, 0.98]]), "tanh") == 0.5
    assert saturation(np.array([[0.996, 0.004, 0.99, 0.5]]), "sigmoid") == 0.5


def test_small_starts_fade_and_large_ones_grow():
    small = {"units": 50, "activation": "tanh", "initializer": {"name": "normal", "std": 0.01}}
    snapshot, data = network("circle", *[small] * 4, SIGMOID)
    found = kinds(snapshot, data)["vanished"]
    stds = [layer.std() for layer in snapshot.forward(data.x_train)[:-1]]
    assert found.place == ("layer", next(index for index, std in enumerate(stds) if std < 0.01))
    large = {"units": 50, "activation": "relu", "initializer": {"name": "normal", "std": 1.0}}
    assert kinds(*network("circle", *[large] * 4, SIGMOID))["exploded"].values["std"] > 100


def test_divergence_silences_everything_else():
    snapshot, data = network("circle", {"units": 4, "activation": "relu"}, SIGMOID)
    theta = snapshot.theta.copy()
    theta[0] = np.nan
    curves = np.array([0.0, 1.0, 2.0]), np.array([0.7, np.inf, np.nan]), np.array([0.7, 0.8, np.nan])
    found = kinds(snapshot.at(theta), data, *curves)
    assert list(found) == ["diverged"]
    assert found["diverged"].values == {"epoch": 1, "parameters": 1}


def test_steps_say_what_trains_them():
    hidden = {"units": 3, "activation": "step"}
    assert kinds(*network("circle", hidden, SIGMOID))["no_gradient"].place == ("layer", 0)
    output = {"units": 1, "activation": "step"}
    assert "perceptron" in kinds(*network("gate_or", output, loss="mse", optimizer="sgd"))
    assert "no_output_gradient" in kinds(*network("gate_or", output, loss="mse", optimizer="adam"))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_gradients_fade_through_many_sigmoids_but_not_where_the_start_fits_the_activation(activation):
    start = {"sigmoid": "xavier_normal", "tanh": "xavier_normal", "relu": "he_normal"}[activation]
    layer = {"units": 32, "activation": activation, "initializer": start}
    found = kinds(*network("circle", *[layer] * 8, SIGMOID, data={"scaling": "standard"}))
    assert ("vanishing_gradient" in found) == (activation == "sigmoid")
    if "vanishing_gradient" in found:
        assert found["vanishing_gradient"].place == ("layer", 0)
        assert 0 < found["vanishing_gradient"].values["ratio"] < 1e-3
        assert "signal" not in found


def test_gradients_explode_where_weights_are_large_and_layers_many():
    layer = {"units": 64, "activation": "relu", "initializer": {"name": "normal", "std": 1.0}}
    found = kinds(*network("circle", *[layer] * 8, SIGMOID))
    assert found["exploding_gradient"].values["ratio"] > 1e3
    assert found["exploding_gradient"].place == ("layer", 0)


def test_the_update_that_broke_the_training_comes_first_and_the_rest_is_still_told():
    snapshot, data = network("circle", {"units": 3, "activation": "relu"}, SIGMOID)
    pairs = snapshot.weights()
    pairs[0][1][1] = -1000
    curves = np.array([0.0, 2.5]), np.array([0.7, 3.0]), np.array([0.7, 3.0])
    first, *rest = findings(with_weights(snapshot, pairs), data, *curves, (63, 1e30))
    assert first.kind == "diverged"
    assert first.values["update"] == 63
    assert first.values["norm"] == 1e30
    assert first.place[0] == "epoch"
    assert [finding.kind for finding in rest] == ["dead"]
