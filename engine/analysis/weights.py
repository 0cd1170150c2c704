"""The weights themselves: how they are distributed by layer, and what the first layer looks like."""

import numpy as np
from numpy.typing import NDArray

from engine.analysis.distributions import Histogram, histograms
from engine.snapshot import Snapshot


def weight_histograms(snapshot: Snapshot, initial: Snapshot, bins: int = 30) -> list[Histogram]:
    """Count the weights of each layer now and at the start, in bins that both share."""
    now, start = ([w.ravel() for w, _ in one.weights()] for one in (snapshot, initial))
    return histograms(now, start, bins)


def first_layer_images(snapshot: Snapshot, image: tuple[int, int]) -> NDArray[np.floating]:
    """Return the incoming weights of each unit of the first layer as a picture, (units, h, w).

    Pixels lie as in the data: row 0 is the top. Raises ValueError when the inputs are not that image.
    """
    weight, _ = snapshot.weights()[0]
    height, width = image
    if weight.shape[0] != height * width:
        raise ValueError(f"{weight.shape[0]} inputs are not an image of {height} x {width}")
    return np.ascontiguousarray(weight.T).reshape(-1, height, width)
