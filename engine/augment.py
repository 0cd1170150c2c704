"""The training rows of one epoch, changed a little at random: what a network cannot learn by heart.

Every draw comes from a stream of ``seeds.order`` that is keyed by the epoch, so any epoch's rows can be had
without those before it, and a replay sees the same ones. Noise is drawn in float64 for both precisions.
"""

import numpy as np

from engine.data import Data
from engine.experiment import Experiment
from engine.streams import stream

ROWS_AT_ONCE = 1024


def is_on(experiment: Experiment) -> bool:
    """Whether the training rows differ from epoch to epoch."""
    chosen = experiment.training.augmentation
    return bool(chosen.input_noise or chosen.shift or chosen.jitter)


def augmented(data: Data, experiment: Experiment, epoch: int) -> np.ndarray:
    """Return the inputs (n_train, n_in) of the training rows as epoch 0, 1, ... is shown them.

    First images are shifted, then raw columns jittered (categories of a file's columns are left as they
    are), features made of them and scaled as the training rows were, and at last noise is added to the
    scaled inputs. A fresh array in the precision of ``data.x_train``.
    """
    chosen, seed = experiment.training.augmentation, experiment.seeds.order
    raw = data.raw_train
    if chosen.shift:
        assert data.image is not None  # the rules see to it
        offsets = stream(seed, "shift", epoch).integers(-chosen.shift, chosen.shift + 1, (len(raw), 2))
        raw = shifted(raw, data.image, offsets, data.domain[:, 0])
    if chosen.jitter:
        noise = chosen.jitter * stream(seed, "jitter", epoch).standard_normal(raw.shape)
        categories = set(data.categories)
        raw = raw + (noise * [name not in categories for name in data.input_names] if categories else noise)
    x = np.array(data.x_train) if raw is data.raw_train else data.transform(raw)
    if chosen.input_noise:
        numbers = stream(seed, "input noise", epoch)
        for first in range(0, len(x), ROWS_AT_ONCE):  # the same draws as all at once, in little memory
            part = x[first : first + ROWS_AT_ONCE]
            part += chosen.input_noise * numbers.standard_normal(part.shape)
    return x


def shifted(images: np.ndarray, size: tuple[int, int], offsets: np.ndarray,
            background: np.ndarray) -> np.ndarray:  # fmt: skip
    """Return images moved by whole pixels, each by its own offset.

    Parameters
    ----------
    images : (n, height · width)
    size : (height, width)
    offsets : (n, 2) int, how far each moves down and to the right
    background : (height · width,) what a pixel is that nothing moves onto
    """
    height, width = size
    source = images.reshape(-1, height, width)
    result = np.tile(background.reshape(1, height, width), (len(images), 1, 1))
    for down, right in np.unique(offsets, axis=0):
        moved = np.flatnonzero((offsets[:, 0] == down) & (offsets[:, 1] == right))
        to_y, from_y = _overlap(down, height)
        to_x, from_x = _overlap(right, width)
        result[moved, to_y, to_x] = source[moved, from_y, from_x]
    return result.reshape(images.shape)


def _overlap(offset: int, length: int) -> tuple[slice, slice]:
    """Return where along an axis the moved pixels come to lie, and where they come from."""
    kept = max(length - abs(offset), 0)
    first, last = max(offset, 0), max(-offset, 0)
    return slice(first, first + kept), slice(last, last + kept)
