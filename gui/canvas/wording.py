"""What the canvas says: the heads of the columns, the cards on hover, and words for screen readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.i18n import name_of, number, tr
from gui.widgets.formula import formula_words

if TYPE_CHECKING:
    import numpy as np

    from engine.experiment import Experiment, Initializer, Layer

Lines = tuple[str, str]
_FAMILIES = {"xavier": "Xavier", "he": "He", "lecun": "LeCun"}


def head_lines(experiment: Experiment, layer: int) -> tuple[Lines, Lines, Lines]:
    """Return what a column's head says in three lengths, from long to short."""
    if layer < 0:
        return _inputs_head(experiment)
    chosen = experiment.network.layers[layer]
    name = name_of("activations", chosen.activation.name)
    short = _short_activation(chosen.activation.name)
    if layer == len(experiment.network.layers) - 1:
        long_loss, short_loss = loss_words(experiment.loss.name)
        return (name, long_loss), (name, short_loss), (short, short_loss)
    full = name_of("short_initializers", chosen.initializer.name)
    return (
        (name, full),
        (name, initializer_family(chosen.initializer.name)),
        (short, _shortest(chosen.initializer)),
    )


def _inputs_head(experiment: Experiment) -> tuple[Lines, Lines, Lines]:
    count = len(experiment.data.features or ())
    words = tr("1 input") if count == 1 else tr("{count} inputs", count=count)
    scaling = name_of("scalings", experiment.data.scaling)
    scaling = tr("not scaled") if experiment.data.scaling == "none" else scaling
    return (words, scaling), (words, scaling), (number(count), tr("inputs"))


def initializer_family(name: str) -> str:
    """Return who an initializer is named after, without the distribution: ``Xavier``."""
    if name == "from_file":
        return tr("taken over")
    return _FAMILIES.get(name.split("_")[0]) or name_of("short_initializers", name)


def loss_words(name: str) -> Lines:
    """Return a loss in few words, and in few letters."""
    long = {"binary_cross_entropy": tr("cross-entropy"), "categorical_cross_entropy": tr("cross-entropy"),
            "mse": tr("squared error"), "mae": tr("absolute error")}.get(name)  # fmt: skip
    short = {"binary_cross_entropy": tr("entropy"), "categorical_cross_entropy": tr("entropy"),
             "mse": tr("MSE"),
             "mae": tr("MAE")}.get(name)  # fmt: skip
    return long or name_of("losses", name), short or long or name_of("losses", name)


def _short_activation(name: str) -> str:
    return {"leaky_relu": "LReLU", "sigmoid": "sigm.", "softmax": "softm."}.get(name) or name_of(
        "activations", name
    )


def _shortest(initializer: Initializer) -> str:
    return {"orthogonal": "orth.", "constant": "const.", "uniform": "unif.", "normal": "norm."}.get(
        initializer.name
    ) or initializer_family(initializer.name)


def headline(experiment: Experiment) -> str:
    """Return the network in one line: ``2 – 8 – 8 – 1 · 105 parameters``."""
    sizes = [len(experiment.data.features or ()), *(layer.units for layer in experiment.network.layers)]
    count = sum(before * after + after for before, after in zip(sizes, sizes[1:], strict=False))
    count += sum(2 * layer.units for layer in experiment.network.layers if layer.batch_norm.name != "none")
    return " – ".join(number(size) for size in sizes) + " · " + tr("{count} parameters", count=number(count))


def column_name(experiment: Experiment, layer: int) -> str:
    """Return what a column is called: the inputs, layer 2, the output."""
    if layer < 0:
        return tr("Inputs")
    if layer == len(experiment.network.layers) - 1:
        return tr("Output")
    return tr("Layer {number}", number=layer + 1)


def units_words(count: int) -> str:
    """Return so many units in words."""
    return tr("1 unit") if count == 1 else tr("{count} units", count=number(count))


def without_gradient(experiment: Experiment, layer: int) -> str:
    """Return why a hidden step layer stops the learning; empty where it does not."""
    layers = experiment.network.layers
    if layer < 0 or layer == len(layers) - 1 or layers[layer].activation.name != "step":
        return ""
    return tr(
        "The step's derivative is zero everywhere: no gradient passes, so this layer and those before it "
        "do not learn."
    )


def parameters_words(values: dict[str, float]) -> str:
    """Return a choice's parameters: ``slope 0.01``; of a switch that is on its name."""
    words = []
    for key, value in values.items():
        name = name_of("parameter", key).lower()
        if value is True:
            words.append(name)
        elif value is not False:
            words.append(f"{name} {number(value)}")
    return ", ".join(words)


def head_card(experiment: Experiment, layer: int) -> list[str]:
    """Return the lines of the card for a column's head."""
    if layer < 0:
        return _inputs_card(experiment)
    chosen: Layer = experiment.network.layers[layer]
    title = f"{column_name(experiment, layer)} · {units_words(chosen.units)}"
    lines = [title, _choice("activations", chosen.activation), _choice("initializers", chosen.initializer)]
    if layer == len(experiment.network.layers) - 1:
        lines.append(
            f"{name_of('losses', experiment.loss.name)}:  {formula_words(tr(experiment.loss.entry.formula))}"
        )
    warning = without_gradient(experiment, layer)
    return [*lines, warning] if warning else lines


def _choice(family: str, chosen: object) -> str:
    name = name_of(family, chosen.name)  # type: ignore[attr-defined]
    values = parameters_words(chosen.parameters)  # type: ignore[attr-defined]
    formula = formula_words(tr(chosen.entry.formula))  # type: ignore[attr-defined]
    return f"{name}{f' ({values})' if values else ''}:  {formula}"


def _inputs_card(experiment: Experiment) -> list[str]:
    features = experiment.data.features or ()
    names = [name_of("feature", feature) for feature in features[:8]]
    more = ", …" if len(features) > 8 else ""
    scaling = head_lines(experiment, -1)[0][1]
    return [
        f"{head_lines(experiment, -1)[0][0]}: {', '.join(names)}{more}",
        tr("Scaling: {name}", name=scaling),
    ]


def skip_card(experiment: Experiment, layer: int) -> str:
    """Return what a skip into a layer does."""
    source = experiment.network.layers[layer].skip_from
    return tr("Skip: the output of {source} is added to the weighted sums of {name}.",
              source=column_name(experiment, source if source is not None else -1),
              name=column_name(experiment, layer))  # fmt: skip


def signed(value: float, digits: int = 3) -> str:
    """Return a live number with its sign, which so is never told by colour alone."""
    return ("+" if value > 0 else "") + number(float(value), digits)


def spoken(
    item: tuple[str | int, ...], experiment: Experiment, weights: list[np.ndarray] | None = None
) -> str:
    """Return in words what the keyboard stands on, for screen readers."""
    kind, where = str(item[0]), int(item[1])
    if kind == "insert":
        return tr("Add a layer before {name}", name=column_name(experiment, where))
    if kind == "add":
        return tr("Add a unit to {name}", name=column_name(experiment, where))
    if kind == "remove":
        return tr("Remove a unit from {name}", name=column_name(experiment, where))
    if kind == "close":
        return tr("Remove {name}", name=column_name(experiment, where))
    if kind == "unit":
        return f"{column_name(experiment, where)}, " + tr("unit {number}", number=int(item[2]) + 1)
    if kind == "skip":
        return skip_card(experiment, where)
    if kind == "link":
        value = signed(float(weights[where][int(item[2]), int(item[3])])) if weights is not None else ""
        return tr("Link from unit {first} to unit {second} of {name}: {value}", first=int(item[2]) + 1,
                  second=int(item[3]) + 1, name=column_name(experiment, where), value=value)  # fmt: skip
    return ". ".join(head_card(experiment, where))
