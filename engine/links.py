"""Single links, numbers and layers: cut, typed, frozen, skipped; and what becomes of them when layers change.

Each edit takes an experiment and returns another, as those of :mod:`engine.edits`.
"""

from typing import Any

from engine.experiment import Experiment, ExperimentError, from_plain, to_plain

Plain = dict[str, Any]


def cut_link(experiment: Experiment, layer: int, before: int, after: int, cut: bool = True) -> Experiment:
    """Cut the link from unit ``before`` to unit ``after`` of a layer, or join it again with weight 0."""
    plain, chosen = _opened(experiment, layer)
    chosen["cut"] = [link for link in chosen["cut"] if link != [before, after]]
    if cut:
        chosen["cut"].append([before, after])
        chosen["typed_weights"] = _without(chosen["typed_weights"], before, after)
    return from_plain(plain)


def type_weight(experiment: Experiment, layer: int, before: int, after: int, value: float) -> Experiment:
    """Set one weight by hand; a link that was cut is joined again."""
    plain, chosen = _opened(experiment, layer)
    chosen["cut"] = _without(chosen["cut"], before, after)
    chosen["typed_weights"] = [*_without(chosen["typed_weights"], before, after), [before, after, value]]
    return from_plain(plain)


def type_bias(experiment: Experiment, layer: int, unit: int, value: float) -> Experiment:
    """Set one bias by hand."""
    plain, chosen = _opened(experiment, layer)
    chosen["typed_biases"] = [*_without(chosen["typed_biases"], unit), [unit, value]]
    return from_plain(plain)


def freeze(experiment: Experiment, layer: int, frozen: bool = True) -> Experiment:
    """Keep a layer as it is from now on, or train it again."""
    plain, chosen = _opened(experiment, layer)
    chosen["trainable"] = not frozen
    return from_plain(plain)


def skip(experiment: Experiment, source: int | None, layer: int) -> Experiment:
    """Add the output of an earlier layer of the same width to a layer's pre-activations; None: no longer."""
    plain, chosen = _opened(experiment, layer)
    chosen["skip_from"] = source
    return from_plain(plain)


def _opened(experiment: Experiment, layer: int) -> tuple[Plain, Plain]:
    """Return the plain experiment, and the layer in it. Raises ExperimentError where there is none."""
    plain = to_plain(experiment)
    layers = plain["network"]["layers"]
    if not 0 <= layer < len(layers):
        raise ExperimentError(f"network.layers[{layer}]", "there is no such field")
    return plain, layers[layer]


def _without(entries: list[list[float]], *place: int) -> list[list[float]]:
    """Return the entries that do not begin with these indices."""
    return [entry for entry in entries if entry[: len(place)] != list(place)]


def layer_inserted(layers: list[Plain], index: int) -> None:
    """Have skips lead to the same layers as before, once a layer stands at ``index``; it has no links yet."""
    for layer in layers:
        source = layer.get("skip_from")
        if source is not None and source >= index:
            layer["skip_from"] = source + 1
    for layer in layers[index : index + 2]:  # the new one, and the one whose inputs it is
        forget(layer)
    layers[index].pop("skip_from", None)


def layer_removed(layers: list[Plain], index: int) -> None:
    """Have skips lead to the same layers as before, once the layer at ``index`` is gone."""
    for layer in layers:
        source = layer.get("skip_from")
        if source is not None and source >= index:
            layer["skip_from"] = None if source == index else source - 1
    if index < len(layers):
        forget(layers[index])


def forget(layer: Plain) -> None:
    """Forget which links into a layer are cut, and which of its weights were typed."""
    for field in ("cut", "typed_weights"):
        layer.pop(field, None)


def drop_what_is_gone(layers: list[Plain], inputs: int) -> None:
    """Take out cut links, typed numbers and skips that units or layers which are no longer there had."""
    before = inputs
    for index, layer in enumerate(layers):
        units, source = layer["units"], layer.get("skip_from")
        for field in ("cut", "typed_weights"):
            layer[field] = [entry for entry in layer.get(field, []) if entry[0] < before and entry[1] < units]
        layer["typed_biases"] = [entry for entry in layer.get("typed_biases", []) if entry[0] < units]
        if source is not None and (source >= index or layers[source]["units"] != units):
            layer["skip_from"] = None
        before = units
