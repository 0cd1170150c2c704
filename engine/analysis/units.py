"""What every unit answers over the input domain: the small pictures on the network itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Activation
    from engine.snapshot import Snapshot

ZERO_TO_ONE = ("sigmoid", "softmax", "step")
FAINTEST = 0.05  # an unbounded unit is scaled by its own maximum, but not below this share of its layer's


def unit_maps(
    snapshot: Snapshot, data: Data, resolution: int = 32, most: int | None = None
) -> list[np.ndarray | None] | None:
    """Return every unit's value over the domain of the raw inputs, for a diverging colour table.

    Parameters
    ----------
    snapshot : the network
    data : its data; ``data.domain`` (n_raw, 2) is the domain
    resolution : points along each raw input
    most : leave out the pictures of layers with more units than this

    Returns
    -------
    One float32 array in [-1, 1] for the inputs and then for each layer: (units, resolution, resolution)
    for two raw inputs, row 0 at the top (the highest second input); (units, resolution) for one raw
    input. None in the place of a layer with more than ``most`` units. None in all for more raw inputs.
    NaN stays NaN.
    """
    raw = domain_points(data.domain, resolution)
    if raw is None:
        return None
    shape = (resolution,) * len(data.domain)
    x = np.ascontiguousarray(data.transform(raw))
    layers = snapshot.experiment.network.layers
    maps: list[np.ndarray | None] = [_scaled(x) if most is None or x.shape[1] <= most else None]
    for layer, values in zip(layers, snapshot.forward(x), strict=True):
        shown = most is None or layer.units <= most
        maps.append(normalised(layer.activation, values) if shown else None)
    return [None if part is None else np.ascontiguousarray(part.T).reshape(-1, *shape) for part in maps]


def domain_points(domain: np.ndarray, resolution: int) -> np.ndarray | None:
    """Return the raw points at the pixels' centres, (resolution ** n_raw, n_raw) float64.

    Row by row from the top for two raw inputs, from low to high for one, None for more.
    """
    steps = (np.arange(resolution) + 0.5) / resolution
    axes = [low + (high - low) * steps for low, high in np.asarray(domain, dtype=np.float64)]
    if len(axes) == 1:
        return np.ascontiguousarray(axes[0][:, np.newaxis])
    if len(axes) != 2:
        return None
    across, down = np.meshgrid(axes[0], axes[1][::-1])
    return np.column_stack([across.ravel(), down.ravel()])


def normalised(activation: Activation, values: np.ndarray) -> np.ndarray:
    """Return a layer's activations (n, units) brought to [-1, 1], float32.

    What lies between 0 and 1 (sigmoid, softmax, step) becomes 2 a - 1, tanh stays as it is, and a unit
    without bounds is divided by its largest magnitude, so that 0 keeps the middle colour.
    """
    if activation.name in ZERO_TO_ONE:
        return (2 * values - 1).astype(np.float32)
    if activation.name == "tanh":
        return values.astype(np.float32)
    return _scaled(values)


def _scaled(values: np.ndarray) -> np.ndarray:
    """Divide each column by its largest magnitude; NaN and infinities stay visible as NaN."""
    finite = np.where(np.isfinite(values), np.abs(values), 0.0)
    largest = finite.max(axis=0, initial=0.0)
    floor = max(FAINTEST * float(largest.max(initial=0.0)), float(np.finfo(np.float32).tiny))
    scaled = values / np.maximum(largest, floor)
    return np.where(np.isfinite(values), scaled, np.nan).astype(np.float32)


def class_means(snapshot: Snapshot, data: Data, rows: int = 512) -> list[np.ndarray]:
    """Return what each unit answers to each class on average, for data with more than two raw inputs.

    Parameters
    ----------
    rows : how many of the first training rows to look at

    Returns
    -------
    For the inputs and then each layer (units, classes) float32 in [-1, 1]: what lies between 0 and 1 as
    it is, the rest as :func:`normalised` brings it there; NaN for a class without a row. An empty list
    for regression.
    """
    labels = data.labels_train[:rows]
    if not len(labels):
        return []
    member = labels[:, np.newaxis] == np.arange(len(data.classes))
    counts = member.sum(axis=0)[:, np.newaxis]
    x = data.x_train[:rows]
    columns = [_scaled(x)]
    for layer, values in zip(snapshot.experiment.network.layers, snapshot.forward(x), strict=True):
        columns.append(
            values if layer.activation.name in ZERO_TO_ONE else normalised(layer.activation, values)
        )
    with np.errstate(invalid="ignore", divide="ignore"):
        means = [member.T.astype(np.float32) @ values.astype(np.float32) / counts for values in columns]
    return [np.ascontiguousarray(part.T, dtype=np.float32) for part in means]
