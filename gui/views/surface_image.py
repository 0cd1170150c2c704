"""A grid of losses as an image with contour bands; runs on the analysis thread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.analysis.landscape import Landscape
from gui.views.ticks import Scale, band_levels


@dataclass(frozen=True, eq=False)
class SurfaceImage:
    """What the loss surface shows: the numbers, their scale, and (h, w) indices of colours, top row first.

    ``broken`` (h, w) marks where the loss is no number.
    """

    landscape: Landscape
    scale: Scale
    indices: NDArray[np.uint8]
    broken: NDArray[np.bool_]


def render(landscape: Landscape, width: int, height: int) -> SurfaceImage:
    """Interpolate the losses to an image of that many pixels, so that the edges of the bands are smooth."""
    losses = landscape.losses[::-1]
    scale = Scale(*band_levels(losses))
    finite = np.isfinite(losses)
    position = np.where(finite, scale.position(np.where(finite, losses, scale.high)), 1.0)
    fine = stretch(len(position), height) @ position @ stretch(position.shape[1], width).T
    rows = np.arange(height) * len(losses) // height
    columns = np.arange(width) * losses.shape[1] // width
    return SurfaceImage(
        landscape, scale, np.round(fine * 255).clip(0, 255).astype(np.uint8), ~finite[np.ix_(rows, columns)]
    )


def stretch(count: int, pixels: int) -> NDArray[np.float64]:
    """Return the (pixels, count) matrix of linear interpolation whose ends are the first and last point."""
    place = np.linspace(0, count - 1, pixels)
    low = np.minimum(place.astype(np.int64), max(0, count - 2))
    share = place - low
    matrix = np.zeros((pixels, count))
    matrix[np.arange(pixels), low] = 1 - share
    if count > 1:
        matrix[np.arange(pixels), low + 1] += share
    return matrix
