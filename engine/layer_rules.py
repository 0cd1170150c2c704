"""What may stand in a layer, and where: batch normalization, dropout, skips, cut links, typed numbers."""

import math

import numpy as np

from engine.errors import ExperimentError, shown
from engine.experiment import Experiment, Layer

LARGEST_SINGLE = float(np.finfo(np.float32).max)


def check_layers(experiment: Experiment) -> None:
    """Raise ExperimentError for the first layer that does not fit the others."""
    layers = experiment.network.layers
    sizes = [len(experiment.data.features or ()), *(layer.units for layer in layers)]
    for index, layer in enumerate(layers):
        place = f"network.layers[{index}]"
        if index < len(layers) - 1:
            if layer.activation.name == "softmax":
                raise ExperimentError(f"{place}.activation", "softmax stands only in the last layer")
        else:
            _check_output_layer(place, layer)
        if layer.initializer.settings.get("path") == "":
            raise ExperimentError(f"{place}.initializer.path", "a weights file has to be named")
        if layer.skip_from is not None:
            _check_skip(f"{place}.skip_from", layer.skip_from, index, layers)
        _check_links(place, layer, sizes[index], experiment.training.precision)


def _check_output_layer(place: str, layer: Layer) -> None:
    if layer.dropout:
        raise ExperimentError(f"{place}.dropout", "the output layer leaves no unit out: dropout must be 0")
    if layer.batch_norm.name == "after":
        reason = "an output layer can be normalized only before its activation"
        raise ExperimentError(f"{place}.batch_norm", reason)


def _check_skip(place: str, source: int, index: int, layers: tuple[Layer, ...]) -> None:
    if source >= index:
        raise ExperimentError(place, "{value} is not an earlier layer", value=source)
    if layers[source].units != layers[index].units:
        raise ExperimentError(
            place, "layer {value} has {found} units and this one {wanted}: a skip joins layers of one width",
            value=source, found=layers[source].units, wanted=layers[index].units,
        )  # fmt: skip


def _check_links(place: str, layer: Layer, inputs: int, precision: str) -> None:
    """Check that what is cut or typed exists, once each."""
    cut: set[tuple[int, int]] = set()
    for number, link in enumerate(layer.cut):
        if link in cut or not _is_link(*link, inputs, layer.units):
            where = f"{place}.cut[{number}]"  # written only where it is needed: there may be many links
            _check_link(where, *link, inputs, layer.units)
            raise ExperimentError(where, "this link is cut twice")
        cut.add(link)
    links, units = set(), set()
    for number, (before, after, value) in enumerate(layer.typed_weights):
        where = f"{place}.typed_weights[{number}]"
        _check_link(where, before, after, inputs, layer.units)
        _check_typed(where, value, precision)
        if (before, after) in cut:
            raise ExperimentError(where, "this link is cut, and its weight stays 0")
        if (before, after) in links:
            raise ExperimentError(where, "this weight is typed twice")
        links.add((before, after))
    for number, (unit, value) in enumerate(layer.typed_biases):
        where = f"{place}.typed_biases[{number}]"
        _check_link(where, 0, unit, inputs, layer.units)
        _check_typed(where, value, precision)
        if unit in units:
            raise ExperimentError(where, "this bias is typed twice")
        units.add(unit)


def _is_link(before: int, after: int, inputs: int, units: int) -> bool:
    return 0 <= before < inputs and 0 <= after < units


def _check_link(place: str, before: int, after: int, inputs: int, units: int) -> None:
    if not 0 <= before < inputs:
        raise ExperimentError(place, "there is no unit {value} before: they are 0 to {last}",
                              value=before, last=inputs - 1)  # fmt: skip
    if not 0 <= after < units:
        raise ExperimentError(place, "there is no unit {value} in this layer: they are 0 to {last}",
                              value=after, last=units - 1)  # fmt: skip


def _check_typed(place: str, value: float, precision: str) -> None:
    if not math.isfinite(value):
        raise ExperimentError(place, "{value} is not a number", value=shown(value))
    if precision == "float32" and abs(value) > LARGEST_SINGLE:
        raise ExperimentError(place, "{value} is too large a number for {precision}",
                              value=shown(value), precision=precision)  # fmt: skip


def check_class_weights(experiment: Experiment, classes: int) -> None:
    """Raise ExperimentError unless the class weights fit a data set of so many classes (0: numbers)."""
    weights, place = experiment.regularization.class_weights, "regularization.class_weights"
    if weights is None:
        return
    if not classes:
        raise ExperimentError(place, "class weights need classes, and {name} has numbers",
                              name=experiment.data.name)  # fmt: skip
    if isinstance(weights, str):
        if weights != "balanced":
            raise ExperimentError(place, "{value} is neither balanced nor a list of numbers", value=weights)
        return
    if len(weights) != classes:
        raise ExperimentError(place, "{value} weights do not fit {classes} classes",
                              value=len(weights), classes=classes)  # fmt: skip
    for index, weight in enumerate(weights):
        if not 0 <= weight < math.inf:
            raise ExperimentError(f"{place}[{index}]", "{value} is not a number of at least 0",
                                  value=shown(weight))  # fmt: skip
