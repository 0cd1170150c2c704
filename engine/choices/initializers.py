"""Where the weights of a layer start, from the simplest rule to the ones that look at the data.

``W`` is (fan_in, fan_out). He, Xavier and LeCun are one family: variance = scale / fan, drawn from a
normal or from a uniform distribution of that variance, never truncated.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.choices.base import NOT_NEGATIVE, Entry, Parameter, Range, family

Values = Mapping[str, float]
Draw = Callable[[np.random.Generator, int, int, Values], np.ndarray]
Spread = Callable[[int, int, Values], float]


@dataclass(frozen=True)
class Initializer(Entry):
    """A way to draw first weights.

    Attributes
    ----------
    draw : (generator, fan_in, fan_out, parameters) -> float64 array (fan_in, fan_out)
    shape : "point", "uniform", "normal" or "orthogonal": the distribution of one weight
    spread : (fan_in, fan_out, parameters) -> the value of a point, the limit a of a uniform [-a, a], the
        standard deviation of a normal (for orthogonal and batch-based starts the one to be expected)
    looks_at_data : whether the draw is then rescaled on a batch (see :mod:`engine.start`)
    """

    draw: Draw = lambda rng, fan_in, fan_out, values: np.zeros((fan_in, fan_out))
    shape: str = "point"
    spread: Spread = lambda fan_in, fan_out, values: 0.0
    looks_at_data: bool = False


def _point(key: str, code: int, formula: str, reference: str, spread: Spread,
           parameters: tuple[Parameter, ...] = ()) -> Initializer:  # fmt: skip
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
        return np.full((fan_in, fan_out), spread(fan_in, fan_out, values))

    return Initializer(key, code, formula, reference, parameters, draw, "point", spread)


def _uniform(key: str, code: int, formula: str, reference: str, limit: Spread,
             parameters: tuple[Parameter, ...] = ()) -> Initializer:  # fmt: skip
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
        a = limit(fan_in, fan_out, values)
        return rng.uniform(-1.0, 1.0, (fan_in, fan_out)) * a

    return Initializer(key, code, formula, reference, parameters, draw, "uniform", limit)


def _normal(key: str, code: int, formula: str, reference: str, std: Spread,
            parameters: tuple[Parameter, ...] = ()) -> Initializer:  # fmt: skip
    def draw(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
        return rng.standard_normal((fan_in, fan_out)) * std(fan_in, fan_out, values)

    return Initializer(key, code, formula, reference, parameters, draw, "normal", std)


def _orthogonal(rng: np.random.Generator, fan_in: int, fan_out: int, values: Values) -> np.ndarray:
    """Draw orthonormal rows or columns, whichever are fewer, uniformly over all of them (Haar)."""
    tall = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(tall)
    q = q * np.where(np.diag(r) < 0, -1.0, 1.0)  # without these signs QR alone would not be uniform
    return values.get("gain", 1.0) * (q if fan_in >= fan_out else q.T)


def _orthogonal_std(fan_in: int, fan_out: int, values: Values) -> float:
    return values.get("gain", 1.0) / math.sqrt(max(fan_in, fan_out))


_GLOROT, _HE = "Glorot and Bengio 2010", "He et al. 2015"
_LECUN, _SAXE, _MISHKIN = "LeCun et al. 1998", "Saxe et al. 2014", "Mishkin and Matas 2016"

INITIALIZERS = family(
    _point("zeros", 0, "W = 0", "Hastie, Tibshirani and Friedman, ESL II ch. 11", lambda i, o, v: 0.0),
    _point("constant", 1, "W = value", "-", lambda i, o, v: v["value"], (Parameter("value", 0.5),)),
    _uniform("uniform", 2, "W ~ U(−limit, limit)", "ESL II, section 11.5.1",
             lambda i, o, v: v["limit"], (Parameter("limit", 0.7, NOT_NEGATIVE),)),
    _normal("normal", 3, "W ~ N(0, std²)", "Krizhevsky et al. 2012",
            lambda i, o, v: v["std"], (Parameter("std", 0.01, NOT_NEGATIVE),)),
    _uniform("lecun_uniform", 4, "W ~ U(−a, a), a = √(3 / n_in)", _LECUN,
             lambda i, o, v: math.sqrt(3 / i)),
    _normal("lecun_normal", 5, "W ~ N(0, 1 / n_in)", _LECUN, lambda i, o, v: math.sqrt(1 / i)),
    _uniform("xavier_uniform", 6, "W ~ U(−a, a), a = √(6 / (n_in + n_out))", _GLOROT,
             lambda i, o, v: math.sqrt(6 / (i + o))),
    _normal("xavier_normal", 7, "W ~ N(0, 2 / (n_in + n_out))", _GLOROT,
            lambda i, o, v: math.sqrt(2 / (i + o))),
    _uniform("he_uniform", 8, "W ~ U(−a, a), a = √(6 / n_in)", _HE, lambda i, o, v: math.sqrt(6 / i)),
    _normal("he_normal", 9, "W ~ N(0, 2 / n_in)", _HE, lambda i, o, v: math.sqrt(2 / i)),
    Initializer("orthogonal", 10, "W = gain · Q,  Q orthonormal", _SAXE,
                (Parameter("gain", 1.0, NOT_NEGATIVE),), _orthogonal, "orthogonal", _orthogonal_std),
    Initializer("lsuv", 11, "W = Q,  Q orthonormal;  W ← W / std(z),  |std(z) − 1| ≥ 0.1", _MISHKIN, (),
                _orthogonal, "orthogonal", _orthogonal_std, looks_at_data=True),
)  # fmt: skip

BIAS_INITIALIZERS = family(
    _point("zeros", 0, "b = 0", "-", lambda i, o, v: 0.0),
    _point("constant", 1, "b = value", "-", lambda i, o, v: v["value"], (Parameter("value", 0.1, Range()),)),
)  # fmt: skip
