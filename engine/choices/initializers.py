"""Where the weights of a layer start, from the simplest rule to the ones that look at the data.

``W`` is (fan_in, fan_out). He, Xavier and LeCun are one family, variance scaling: their variance is
scale / fan, where fan is fan_in, fan_out or the mean of both. Nothing is truncated unless its name
says so. Every layer has an initializer of its own, so any start, a constant too, may differ from layer to
layer.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.choices.base import NOT_NEGATIVE, Entry, Parameter, Range, family

Values = Mapping[str, Any]
Draw = Callable[[np.random.Generator, int, int, Values], np.ndarray]
Spread = Callable[[int, int, Values], float]

TRUNCATION = 2.0  # standard deviations at which a truncated normal ends
TRUNCATED_STD = 0.87962566103423978  # the standard deviation that is left of 1


class Distribution(NamedTuple):
    """What one weight is drawn from.

    Attributes
    ----------
    shape : "point", "uniform", "normal", "truncated_normal", "orthogonal" or "file"
    spread : the value of a point, the limit a of a uniform [-a, a], the standard deviation of a normal, that
        of a truncated normal before it is cut off at twice as much; for orthogonal and batch-based starts the
        standard deviation to be expected, for a file 0
    zeros : the share of the weights that are not drawn and start at exactly 0
    """

    shape: str
    spread: float
    zeros: float = 0.0


@dataclass(frozen=True)
class Initializer(Entry):
    """A way to draw first weights.

    Attributes
    ----------
    draw : (generator, fan_in, fan_out, values) -> float64 array (fan_in, fan_out)
    shape : the distribution of one weight, see :class:`Distribution`; a value "distribution" goes before it
    spread, zeros : (fan_in, fan_out, values) -> its numbers
    looks_at_data : whether the draw is then rescaled on a batch (see :mod:`engine.start`)
    reads_file : whether weights and biases are copied from a file instead of drawn
    """

    draw: Draw = lambda rng, fan_in, fan_out, values: np.zeros((fan_in, fan_out))
    shape: str = "point"
    spread: Spread = lambda fan_in, fan_out, values: 0.0
    zeros: Spread = lambda fan_in, fan_out, values: 0.0
    looks_at_data: bool = False
    reads_file: bool = False

    def distribution(self, fan_in: int, fan_out: int, values: Values) -> Distribution:
        """Return what one weight of a layer is drawn from."""
        shape = values.get("distribution", self.shape)
        return Distribution(shape, self.spread(fan_in, fan_out, values), self.zeros(fan_in, fan_out, values))


def _drawn(rng: np.random.Generator, shape: str, size: tuple[int, int], spread: float) -> np.ndarray:
    """Draw from a uniform, a normal or a truncated normal distribution, as :class:`Distribution` has them."""
    if shape == "uniform":
        return rng.uniform(-1.0, 1.0, size) * spread
    z = rng.standard_normal(size)
    while shape == "truncated_normal" and (beyond := np.abs(z) > TRUNCATION).any():
        z[beyond] = rng.standard_normal(np.count_nonzero(beyond))
    return z * spread


def _point(key: str, code: int, formula: str, reference: str, spread: Spread,
           parameters: tuple[Parameter, ...] = (), *, sentence: str) -> Initializer:  # fmt: skip
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
        return np.full((fan_in, fan_out), spread(fan_in, fan_out, values))

    return Initializer(key, code, formula, reference, parameters, draw, "point", spread, sentence=sentence)


def _random(key: str, code: int, formula: str, reference: str, shape: str, spread: Spread,
            parameters: tuple[Parameter, ...] = (), *, sentence: str) -> Initializer:  # fmt: skip
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
        return _drawn(rng, shape, (fan_in, fan_out), spread(fan_in, fan_out, values))

    return Initializer(key, code, formula, reference, parameters, draw, shape, spread, sentence=sentence)


def scaled_spread(fan_in: int, fan_out: int, values: Values) -> float:
    """Return the spread that gives weights the variance scale / fan.

    A uniform [-a, a] has the variance a² / 3; a truncated normal is drawn wider, so that what is left of its
    standard deviation is right (as in Keras and JAX).
    """
    fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[values["mode"]]
    if values["distribution"] == "uniform":
        return math.sqrt(3 * values["scale"] / fan)
    std = math.sqrt(values["scale"] / fan)
    return std / TRUNCATED_STD if values["distribution"] == "truncated_normal" else std


def _scaled(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
    spread = scaled_spread(fan_in, fan_out, values)
    return _drawn(rng, values["distribution"], (fan_in, fan_out), spread)


def _named(key: str, code: int, formula: str, reference: str, scale: float, mode: str, shape: str,
           sentence: str) -> Initializer:  # fmt: skip
    """Return variance scaling with fixed values, under the name of who proposed them."""
    fixed = {"scale": scale, "mode": mode, "distribution": shape}

    def spread(fan_in: int, fan_out: int, values: Values) -> float:
        return scaled_spread(fan_in, fan_out, fixed)

    return _random(key, code, formula, reference, shape, spread, sentence=sentence)


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
    """Draw orthonormal rows or columns, whichever are fewer, uniformly over all of them (Haar)."""
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)  # without these signs QR alone would not be uniform
    return values.get("gain", 1.0) * (q if fan_in >= fan_out else q.T)


def _orthogonal_std(fan_in: int, fan_out: int, values: Values) -> float:
    return values.get("gain", 1.0) / math.sqrt(max(fan_in, fan_out))


def _identity(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
    return values["gain"] * np.eye(fan_in, fan_out)


def _sparse(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
    """Draw the links into each unit that are not 0: which ones, then their weights."""
    count = min(int(values["nonzero"]), fan_in)
    chosen = np.argsort(rng.random((fan_out, fan_in)), axis=1)[:, :count]
    w = np.zeros((fan_out, fan_in))
    np.put_along_axis(w, chosen, _drawn(rng, "normal", (fan_out, count), values["std"]), axis=1)
    return np.ascontiguousarray(w.T)


_GLOROT, _HE = "Glorot and Bengio 2010", "He et al. 2015"
_LECUN, _SAXE, _MISHKIN = "LeCun et al. 1998", "Saxe et al. 2014", "Mishkin and Matas 2016"
_BY_ACTIVATION = Parameter("gain_by_activation", False, kind="switch")
_SCALING = (
    Parameter("scale", 1.0, NOT_NEGATIVE),
    Parameter("mode", "fan_in", kind="option", options=("fan_in", "fan_out", "fan_avg")),
    Parameter("distribution", "truncated_normal", kind="option",
              options=("normal", "truncated_normal", "uniform")),
    _BY_ACTIVATION,
)  # fmt: skip
_SPARSE = (Parameter("nonzero", 15.0, Range(1, 4096), kind="whole"), Parameter("std", 1.0, NOT_NEGATIVE))
_FROM_FILE = (Parameter("path", "", kind="text"), Parameter("layer", -1.0, Range(-1, 99), kind="whole"))

INITIALIZERS = family(
    _point("zeros", 0, "W = 0", "Hastie, Tibshirani and Friedman, ESL II ch. 11", lambda i, o, v: 0.0,
           sentence="All units of a layer stay alike for ever: it shows why a start has to be random."),
    _point("constant", 1, "W = value", "-", lambda i, o, v: v["value"], (Parameter("value", 0.5),),
           sentence="Every weight is the same number, so all units of a layer learn the same thing."),
    _random("uniform", 2, "W ~ U(−limit, limit)", "ESL II, section 11.5.1", "uniform",
            lambda i, o, v: v["limit"], (Parameter("limit", 0.7, NOT_NEGATIVE),),
            sentence="The textbook start for small networks with standardized inputs."),
    _random("normal", 3, "W ~ N(0, std²)", "Krizhevsky et al. 2012", "normal",
            lambda i, o, v: v["std"], (Parameter("std", 0.01, NOT_NEGATIVE),),
            sentence="One standard deviation for every layer, however many inputs its units have."),
    _named("lecun_uniform", 4, "W ~ U(−a, a), a = √(3 / n_in)", _LECUN, 1.0, "fan_in", "uniform",
           "The variance 1 / n_in in a uniform form, for tanh and sigmoid."),
    _named("lecun_normal", 5, "W ~ N(0, 1 / n_in)", _LECUN, 1.0, "fan_in", "normal",
           "Sums keep the variance of their inputs; the start of self-normalizing networks (SELU)."),
    _named("xavier_uniform", 6, "W ~ U(−a, a), a = √(6 / (n_in + n_out))", _GLOROT, 1.0, "fan_avg", "uniform",
           "A compromise that keeps both the signals and the gradients in size, for tanh and sigmoid."),
    _named("xavier_normal", 7, "W ~ N(0, 2 / (n_in + n_out))", _GLOROT, 1.0, "fan_avg", "normal",
           "The same compromise between signals and gradients, drawn from a normal distribution."),
    _named("he_uniform", 8, "W ~ U(−a, a), a = √(6 / n_in)", _HE, 2.0, "fan_in", "uniform",
           "Twice LeCun's variance, because ReLU cuts half of every signal away; in a uniform form."),
    _named("he_normal", 9, "W ~ N(0, 2 / n_in)", _HE, 2.0, "fan_in", "normal",
           "Twice LeCun's variance, because ReLU cuts half of every signal away."),
    Initializer("orthogonal", 10, "W = gain · Q,  Q orthonormal", _SAXE,
                (Parameter("gain", 1.0, NOT_NEGATIVE), _BY_ACTIVATION), _orthogonal, "orthogonal",
                _orthogonal_std,
                sentence="Keeps lengths and angles, so that very deep networks pass signals on."),
    Initializer("lsuv", 11, "W = Q,  Q orthonormal;  W ← W / std(z),  |std(z) − 1| ≥ 0.1", _MISHKIN, (),
                _orthogonal, "orthogonal", _orthogonal_std, looks_at_data=True,
                sentence="Measures each layer on a batch and rescales it until its variance is 1."),
    _random("truncated_normal", 12, "W ~ N(0, std²),  |W| ≤ 2 std", "Abadi et al. 2016 (TensorFlow)",
            "truncated_normal", lambda i, o, v: v["std"], (Parameter("std", 0.05, NOT_NEGATIVE),),
            sentence="A normal whose draws beyond 2 std are drawn again; 0.88 std is left of its deviation."),
    Initializer("variance_scaling", 13, "Var W = scale / n,  n = n_in, n_out or (n_in + n_out) / 2",
                "Glorot and Bengio 2010; He et al. 2015; Keras, JAX", _SCALING, _scaled, "truncated_normal",
                scaled_spread,
                sentence="The family of LeCun, Xavier and He, with scale, fan and distribution free."),
    Initializer("identity", 14, "W = gain · I", "Le, Jaitly and Hinton 2015",
                (Parameter("gain", 1.0, NOT_NEGATIVE),), _identity, "point", lambda i, o, v: v["gain"],
                lambda i, o, v: 1 - 1 / max(i, o),
                sentence="Each unit copies one input: a deep network starts as if it had no layers."),
    Initializer("sparse", 15, "W ~ N(0, std²) on so many links into each unit, else 0", "Martens 2010",
                _SPARSE, _sparse, "normal", lambda i, o, v: v["std"],
                lambda i, o, v: max(0.0, 1 - v["nonzero"] / i),
                sentence="Few strong links into each unit: its sum does not grow with the number of inputs."),
    Initializer("from_file", 16, "W, b = those of a layer in a file", "-", _FROM_FILE, shape="file",
                reads_file=True,
                sentence="Copies the weights and biases of another training from a safetensors file."),
)  # fmt: skip

BIAS_INITIALIZERS = family(
    _point("zeros", 0, "b = 0", "-", lambda i, o, v: 0.0,
           sentence="The usual start: random weights already tell the units apart."),
    _point("constant", 1, "b = value", "-", lambda i, o, v: v["value"], (Parameter("value", 0.1, Range()),),
           sentence="A small positive number starts most ReLU units in the half where they learn."),
    _random("uniform", 2, "b ~ U(−limit, limit)", "ESL II, section 11.5.1", "uniform",
            lambda i, o, v: v["limit"], (Parameter("limit", 0.7, NOT_NEGATIVE),),
            sentence="Spreads the places at which the units switch over the inputs."),
    _random("normal", 3, "b ~ N(0, std²)", "Poole et al. 2016", "normal",
            lambda i, o, v: v["std"], (Parameter("std", 0.3, NOT_NEGATIVE),),
            sentence="The random biases of mean field theory, which move a network between order and chaos."),
)  # fmt: skip
