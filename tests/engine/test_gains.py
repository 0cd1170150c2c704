"""The gain of an activation: published numbers, the rule behind the others, and where it is used."""

import math

import numpy as np
import pytest
from scipy.special import erf, expit

from engine.choices import ACTIVATIONS
from engine.choices.gains import gain_of
from engine.experiment import Activation, Initializer
from tests.engine.reference.build import bare


@pytest.mark.parametrize(
    ("activation", "gain"),
    [("linear", 1), ("sigmoid", 1), ("tanh", 5 / 3), ("relu", math.sqrt(2)), ("leaky_relu", 1.41414285),
     ("softmax", 1)],
)  # fmt: skip
def test_gains_are_those_of_pytorch(activation: str, gain: float) -> None:
    chosen = Activation(activation)
    assert gain_of(activation, next(iter(chosen.parameters.values()), 0.0)) == pytest.approx(gain, abs=1e-8)
    assert gain_of("selu") == 0.75
    assert gain_of("leaky_relu", 0.2) == pytest.approx(math.sqrt(2 / 1.04), rel=1e-15)


def test_the_other_gains_keep_the_mean_square() -> None:
    z = np.linspace(-12, 12, 200_001)
    density = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) * (z[1] - z[0])
    softplus = np.logaddexp(0, z)
    formulas = {
        "step": np.where(z > 0, 1.0, math.sqrt(0.5) * (z == 0)), "relu": np.maximum(z, 0),
        "gelu": z * (1 + erf(z / 2**0.5)) / 2, "silu": z * expit(z), "softplus": softplus,
        "softsign": z / (1 + np.abs(z)), "mish": z * np.tanh(softplus),
        "hard_tanh": np.clip(z, -1, 1), "sine": np.sin(z), "elu": np.where(z < 0, np.expm1(z), z),
    }  # fmt: skip
    for name, values in formulas.items():
        parameter = 1.0 if name == "elu" else 0.0
        assert gain_of(name, parameter) == pytest.approx(1 / math.sqrt(density @ values**2), rel=1e-6), name
    halved = np.where(z < 0, 0.5 * np.expm1(z), z)
    assert gain_of("elu", 0.5) == pytest.approx(1 / math.sqrt(density @ halved**2), rel=1e-6)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gain_follows_the_layers_activation(activation: str) -> None:
    gain = gain_of(activation, next(iter(Activation(activation).parameters.values()), 0.0))
    assert gain == 1 or activation not in ("linear", "sigmoid", "softmax")
    for plain in (Initializer("orthogonal", gain=2), Initializer("variance_scaling", scale=3)):
        on = plain.replace(gain_by_activation=True)
        first, second = (
            bare(6, [(5, activation), (4, "linear")], initializer=start.to_plain()).weights()
            for start in (plain, on)
        )
        np.testing.assert_allclose(second[0][0], gain * first[0][0], rtol=1e-14)
        assert np.array_equal(second[1][0], first[1][0]), "a linear layer has the gain 1"
