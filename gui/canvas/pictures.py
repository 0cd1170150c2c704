"""What the analysis thread computes for the canvas, and how its numbers become small images."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QColor, QImage

from engine.analysis.gradients import gradients
from engine.analysis.one_batch import one_batch
from engine.analysis.units import class_means, unit_maps
from gui.canvas.layout import DRAWN_UNITS
from gui.colours import ramp
from gui.theme import Theme, mix

if TYPE_CHECKING:
    from engine.analysis.one_batch import BatchPass
    from engine.data import Data
    from engine.snapshot import Snapshot

RESOLUTION = 32
MOST_PICTURES = 400  # units of a block that get a picture of their own weights
MOST_CELLS = 256  # rows and columns of the image of a block's weights
SAMPLE_ROWS = 24
NOT_A_NUMBER = 256  # the entry of the colour tables for it


@dataclass(frozen=True)
class Pictures:
    """What the units and blocks show, by column (0 is the inputs).

    Attributes:
        units: of a column drawn one by one: (units, h, w) images, (units, n) profiles, or (units, classes)
            means, all in [-1, 1]; by column, columns without anything are missing.
        means: the columns whose entry in ``units`` are means by class.
        blocks: of a block: (shown units, h, w), or (1, h, w) for one image of everything, in [-1, 1].
        grey: the columns whose block is a grey picture, from -1 (black) to 1.
        gradients: by layer, of its weights (before, units) and biases (units,); empty unless asked for.
        batch: the next update in all its numbers; None unless asked for.
    """

    units: dict[int, np.ndarray] = field(default_factory=dict)
    means: frozenset[int] = frozenset()
    blocks: dict[int, np.ndarray] = field(default_factory=dict)
    grey: frozenset[int] = frozenset()
    gradients: tuple[tuple[np.ndarray, np.ndarray], ...] = ()
    batch: BatchPass | None = None


def compute(snapshot: Snapshot, data: Data, with_gradients: bool, with_batch: bool = False) -> Pictures:
    """Return the pictures of a snapshot. Runs on the analysis thread."""
    weights = [w for w, _ in snapshot.weights()]
    units, means = _unit_pictures(snapshot, data, weights)
    blocks, grey = _input_block(data), frozenset([0] if data.image else [])
    for layer, w in enumerate(weights):
        if w.shape[1] > DRAWN_UNITS:
            blocks[layer + 1] = _weights_picture(w, data.image if layer == 0 else None)
    slopes = tuple(gradients(snapshot, data)) if with_gradients else ()
    return Pictures(units, means, blocks, grey, slopes, one_batch(snapshot, data) if with_batch else None)


def _unit_pictures(
    snapshot: Snapshot, data: Data, weights: list[np.ndarray]
) -> tuple[dict[int, np.ndarray], frozenset[int]]:
    maps = unit_maps(snapshot, data, RESOLUTION, most=DRAWN_UNITS)
    if maps is not None:
        return {column: values for column, values in enumerate(maps) if values is not None}, frozenset()
    drawn = {
        column: values
        for column, values in enumerate(class_means(snapshot, data))
        if values.shape[0] <= DRAWN_UNITS
    }
    means = set(drawn)
    if data.image is not None and weights[0].shape[1] <= DRAWN_UNITS:
        drawn[1] = _weights_picture(weights[0], data.image)
        means.discard(1)
    return drawn, frozenset(means)


def _weights_picture(w: np.ndarray, image: tuple[int, int] | None) -> np.ndarray:
    """Return each unit's incoming weights as an image, or all weights as one with a row for each unit."""
    if image is not None:
        return _signed(w.T[:MOST_PICTURES].reshape(-1, *image))
    rows, columns = (-(-size // MOST_CELLS) for size in (w.shape[1], w.shape[0]))
    return _signed(_pooled(w.T, rows, columns)[np.newaxis])


def _pooled(matrix: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return the means of blocks of a matrix; a last block that is not full is left out."""
    if rows == columns == 1:
        return matrix
    high, wide = matrix.shape[0] // rows, matrix.shape[1] // columns
    part = matrix[: high * rows, : wide * columns].reshape(high, rows, wide, columns)
    return part.mean(axis=(1, 3))


def _signed(values: np.ndarray) -> np.ndarray:
    """Divide by the largest finite magnitude."""
    largest = np.abs(np.where(np.isfinite(values), values, 0.0)).max(initial=0.0)
    return (values / (largest or 1.0)).astype(np.float32)


def _input_block(data: Data) -> dict[int, np.ndarray]:
    """Return what many inputs show: the first image, or the first rows with one line an input."""
    if len(data.features) <= DRAWN_UNITS or not len(data.raw_train):
        return {}
    if data.image is not None:
        pixels = data.raw_train[0].reshape(data.image)
        largest = float(np.abs(pixels).max()) or 1.0
        return {0: (2 * pixels / largest - 1).astype(np.float32)[np.newaxis]}
    return {0: np.clip(data.x_train[:SAMPLE_ROWS].T / 3, -1, 1)[np.newaxis].astype(np.float32)}


@lru_cache(maxsize=4)
def signed_colours(now: Theme) -> np.ndarray:
    """Return the (257,) uint32 table from negative to positive, and the colour of what is not a number."""
    return _packed(ramp(now.negative, now.panel, now.positive), now)


@lru_cache(maxsize=4)
def grey_colours(now: Theme) -> np.ndarray:
    """Return the (257,) uint32 table from black to white."""
    shades = np.repeat(np.arange(256, dtype=np.uint8)[:, np.newaxis], 4, axis=1)
    return _packed(shades, now)


def _packed(table: np.ndarray, now: Theme) -> np.ndarray:
    red, green, blue = (table[:, channel].astype(np.uint32) for channel in range(3))
    missing = QColor(mix(now.panel, now.warning, 0.5)).rgb()
    packed = np.append(np.uint32(0xFF000000) | red << 16 | green << 8 | blue, np.uint32(missing))
    packed.flags.writeable = False
    return packed


def images_of(values: np.ndarray, colours: np.ndarray) -> list[QImage]:
    """Return one QImage for each (h, w) of (n, h, w) values in [-1, 1]; NaN is drawn as such."""
    with np.errstate(invalid="ignore"):
        index = np.rint((np.clip(values, -1, 1) + 1) * 127.5).astype(np.int16)
    index[~np.isfinite(values)] = NOT_A_NUMBER
    pixels = np.ascontiguousarray(np.take(colours, index))
    high, wide = values.shape[1:]
    # A QImage does not keep the memory alive that it is given: copied, once and small.
    return [QImage(part.data, wide, high, 4 * wide, QImage.Format.Format_RGB32).copy() for part in pixels]
