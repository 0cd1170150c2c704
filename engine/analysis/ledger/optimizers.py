"""What each optimizer does to one parameter in one update, step by step: the lines of a ledger.

One function an optimizer, in the table at the end; the formulas are :mod:`engine.choices.optimizers`'s. They
work on one number as on several parameters at once. ``←`` gives a symbol its value for this update; on its
right stand the values before.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.analysis.ledger.lines import Book, Term, term

LEAST_NORMAL = float(np.finfo(np.float32).tiny)  # state that fades below it is set to 0


class Update(NamedTuple):
    """What an update starts from; theta, grad and each slot are a number or arrays of one length.

    Attributes
    ----------
    values : the optimizer's parameters by name
    rate : this update's learning rate
    t : the number of this update since the optimizer started, from 1
    """

    values: dict[str, float]
    rate: float
    t: int
    theta: Any
    grad: Any
    slots: list[Any]


Rule = Callable[[Book, Update], Any]


def _faded(value: Any) -> Any:
    """Return state as it is kept: what is smaller than a normal float32 is 0."""
    return np.where(np.abs(value) < LEAST_NORMAL, 0.0, value)


def _step(book: Book, o: Update, direction: Term, rate: Term) -> Any:
    """Write the last line: theta goes against the direction."""
    return book.write("step", f"θ ← θ − {rate.name} · {direction.name}",
                      term("θ", o.theta - rate.value * direction.value), term("θ", o.theta), rate,
                      direction)  # fmt: skip


def _rate(o: Update) -> Term:
    return term("ηₜ", o.rate)


def _mean(book: Book, o: Update, symbol: str, decay: Term, old: Any) -> Any:
    """Write a running mean of the gradient."""
    value = _faded(decay.value * old + (1 - decay.value) * o.grad)
    return book.write("running_mean", f"{symbol} ← {decay.name} · {symbol} + (1 − {decay.name}) · g",
                      term(symbol, value), decay, term(symbol, old), term("g", o.grad))  # fmt: skip


def _mean_square(book: Book, o: Update, symbol: str, decay: Term, old: Any) -> Any:
    """Write a running mean of the gradient's square."""
    value = _faded(decay.value * old + (1 - decay.value) * o.grad * o.grad)
    return book.write("running_square", f"{symbol} ← {decay.name} · {symbol} + (1 − {decay.name}) · g²",
                      term(symbol, value), decay, term(symbol, old), term("g", o.grad))  # fmt: skip


def _sgd(book: Book, o: Update) -> Any:
    return _step(book, o, term("g", o.grad), _rate(o))


def _velocity(book: Book, o: Update) -> Any:
    mu, v = o.values["momentum"], o.slots[0]
    return book.write("velocity", "v ← μ · v + g", term("v", _faded(mu * v + o.grad)), term("μ", mu),
                      term("v", v), term("g", o.grad))  # fmt: skip


def _momentum(book: Book, o: Update) -> Any:
    return _step(book, o, term("v", _velocity(book, o)), _rate(o))


def _nesterov(book: Book, o: Update) -> Any:
    v, mu = _velocity(book, o), o.values["momentum"]
    ahead = book.write("look_ahead", "d = g + μ · v", term("d", o.grad + mu * v), term("g", o.grad),
                       term("μ", mu), term("v", v))  # fmt: skip
    return _step(book, o, term("d", ahead), _rate(o))


def _own_rate(book: Book, o: Update, symbol: str, square: Any) -> Term:
    """Write the rate that a parameter has for itself: the rate over the root of its squares."""
    epsilon = o.values["epsilon"]
    rate = book.write("own_rate", f"ηₚ = ηₜ / (√{symbol} + ε)",
                      term("ηₚ", o.rate / (np.sqrt(square) + epsilon)), _rate(o), term(symbol, square),
                      term("ε", epsilon))  # fmt: skip
    return term("ηₚ", rate)


def _adagrad(book: Book, o: Update) -> Any:
    s = book.write("squares", "s ← s + g²", term("s", o.slots[0] + o.grad * o.grad), term("s", o.slots[0]),
                   term("g", o.grad))  # fmt: skip
    return _step(book, o, term("g", o.grad), _own_rate(book, o, "s", s))


def _rmsprop(book: Book, o: Update) -> Any:
    s = _mean_square(book, o, "s", term("ρ", o.values["rho"]), o.slots[0])
    return _step(book, o, term("g", o.grad), _own_rate(book, o, "s", s))


def _adadelta(book: Book, o: Update) -> Any:
    rho, epsilon, u = term("ρ", o.values["rho"]), o.values["epsilon"], o.slots[1]
    s = _mean_square(book, o, "s", rho, o.slots[0])
    d = book.write("measured_step", "d = g · √(u + ε) / √(s + ε)",
                   term("d", o.grad * (np.sqrt(u + epsilon) / np.sqrt(s + epsilon))), term("g", o.grad),
                   term("u", u), term("s", s), term("ε", epsilon))  # fmt: skip
    kept = term("u", _faded(rho.value * u + (1 - rho.value) * d * d))
    book.write("running_square_step", "u ← ρ · u + (1 − ρ) · d²", kept, rho, term("u", u), term("d", d))
    return _step(book, o, term("d", d), _rate(o))


def _corrected(book: Book, o: Update, kind: str, symbol: str, hat: str, beta: str, value: Any) -> Term:
    """Write a mean's bias correction; where that is switched off, the mean is used as it is."""
    if not o.values.get("bias_correction", 1):
        return term(symbol, value)
    key = {"β₁": "beta1", "β₂": "beta2"}[beta]
    share = 1 - o.values[key] ** o.t
    right = book.write(kind, f"{hat} = {symbol} / (1 − {beta}ᵗ)", term(hat, value / share),
                       term(symbol, value), term(beta, o.values[key]), term("t", o.t))  # fmt: skip
    return term(hat, right)


def _first_mean(book: Book, o: Update) -> Any:
    return _mean(book, o, "m", term("β₁", o.values["beta1"]), o.slots[0])


def _corrected_means(book: Book, o: Update) -> tuple[Term, Term]:
    """Write Adam's two means and their corrections."""
    m = _first_mean(book, o)
    v = _mean_square(book, o, "v", term("β₂", o.values["beta2"]), o.slots[1])
    first = _corrected(book, o, "corrected_mean", "m", "m̂", "β₁", m)
    return first, _corrected(book, o, "corrected_square", "v", "v̂", "β₂", v)


def _adam(book: Book, o: Update) -> Any:
    m, v = _corrected_means(book, o)
    return _step(book, o, m, _own_rate(book, o, v.name, v.value))


def _decayed(book: Book, o: Update) -> Update:
    """Write how the parameter shrinks by itself, before its step."""
    decay = o.values["weight_decay"]
    theta = book.write("weight_decay", "θ ← (1 − ηₜ · λ) · θ", term("θ", (1 - o.rate * decay) * o.theta),
                       _rate(o), term("λ", decay), term("θ", o.theta))  # fmt: skip
    return o._replace(theta=theta)


def _adamw(book: Book, o: Update) -> Any:
    m, v = _corrected_means(book, o)
    rate = _own_rate(book, o, v.name, v.value)
    return _step(book, _decayed(book, o), m, rate)


def _amsgrad(book: Book, o: Update) -> Any:
    m, v = _corrected_means(book, o)
    w = book.write("largest_square", f"w ← max(w, {v.name})", term("w", np.maximum(o.slots[2], v.value)),
                   term("w", o.slots[2]), v)  # fmt: skip
    return _step(book, o, m, _own_rate(book, o, "w", w))


def _nadam(book: Book, o: Update) -> Any:
    beta, t, g = o.values["beta1"], o.t, o.grad
    m = _first_mean(book, o)
    v = _mean_square(book, o, "v", term("β₂", o.values["beta2"]), o.slots[1])
    if o.values.get("bias_correction", 1):
        ahead = book.write(
            "corrected_look_ahead", "d = β₁ · m / (1 − β₁ᵗ⁺¹) + (1 − β₁) · g / (1 − β₁ᵗ)",
            term("d", beta * m / (1 - beta ** (t + 1)) + (1 - beta) * g / (1 - beta**t)), term("β₁", beta),
            term("m", m), term("g", g), term("t", t),
        )  # fmt: skip
    else:
        ahead = book.write(
            "look_ahead_mean", "d = β₁ · m + (1 − β₁) · g", term("d", beta * m + (1 - beta) * g),
            term("β₁", beta), term("m", m), term("g", g),
        )  # fmt: skip
    square = _corrected(book, o, "corrected_square", "v", "v̂", "β₂", v)
    return _step(book, o, term("d", ahead), _own_rate(book, o, square.name, square.value))


def _adamax(book: Book, o: Update) -> Any:
    beta, epsilon, g = o.values["beta2"], o.values["epsilon"], o.grad
    m = _corrected(book, o, "corrected_mean", "m", "m̂", "β₁", _first_mean(book, o))
    u = book.write("largest_gradient", "u ← max(β₂ · u, |g| + ε)",
                   term("u", np.maximum(beta * o.slots[1], np.abs(g) + epsilon)), term("β₂", beta),
                   term("u", o.slots[1]), term("g", g), term("ε", epsilon))  # fmt: skip
    rate = book.write("own_rate", "ηₚ = ηₜ / u", term("ηₚ", np.divide(o.rate, u)), _rate(o), term("u", u))
    return _step(book, o, m, term("ηₚ", rate))


def _lion(book: Book, o: Update) -> Any:
    first, m = o.values["beta1"], o.slots[0]
    c = book.write("mean_of_the_sign", "c = β₁ · m + (1 − β₁) · g",
                   term("c", first * m + (1 - first) * o.grad), term("β₁", first), term("m", m),
                   term("g", o.grad))  # fmt: skip
    sign = book.write("sign", "d = sgn(c)", term("d", np.sign(c) + 0 * c), term("c", c))
    theta = _step(book, _decayed(book, o), term("d", sign), _rate(o))
    _mean(book, o, "m", term("β₂", o.values["beta2"]), m)
    return theta


def _rprop(book: Book, o: Update) -> Any:
    planned, size, g = o.slots[0], o.slots[1], o.grad
    low, high = o.values["min_step"], o.values["max_step"]
    shrink, grow = o.values["eta_minus"], o.values["eta_plus"]
    agreement = book.write("agreement", "c = g · p", term("c", g * planned), term("g", g),
                           term("p", planned))  # fmt: skip
    changed = np.where(agreement > 0, grow * size, np.where(agreement < 0, shrink * size, size))
    kept = np.where(agreement == 0, size, np.clip(changed, low, high))
    size = book.write(
        "step_size", "Δ ← max(Δ₋, min(Δ₊, η₊ · Δ)) (c > 0),  max(Δ₋, min(Δ₊, η₋ · Δ)) (c < 0),  Δ (c = 0)",
        term("Δ", kept), term("Δ", size), term("c", agreement), term("η₊", grow), term("η₋", shrink),
        term("Δ₋", low), term("Δ₊", high),
    )  # fmt: skip
    turned = agreement < 0
    theta = book.write("planned_step", "θ ← θ − p (c ≥ 0),  θ (c < 0)",
                       term("θ", np.where(turned, o.theta, o.theta - (planned + 0 * g))), term("θ", o.theta),
                       term("p", planned), term("c", agreement))  # fmt: skip
    book.write("next_step", "p ← Δ · sgn(g) (c ≥ 0),  0 (c < 0)",
               term("p", np.where(turned, 0.0, size * np.sign(g))), term("Δ", size), term("g", g),
               term("c", agreement))  # fmt: skip
    return theta


RULES: dict[str, Rule] = {
    "sgd": _sgd, "momentum": _momentum, "nesterov": _nesterov, "adagrad": _adagrad, "rmsprop": _rmsprop,
    "adam": _adam, "adadelta": _adadelta, "adamw": _adamw, "amsgrad": _amsgrad, "nadam": _nadam,
    "adamax": _adamax, "lion": _lion, "rprop": _rprop,
}  # fmt: skip
