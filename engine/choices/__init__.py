"""Everything that a user can pick, one family a file, ordered from simple to complex."""

from engine.choices.activations import ACTIVATIONS
from engine.choices.base import Entry
from engine.choices.clipping import CLIPPINGS
from engine.choices.datasets import DATASETS
from engine.choices.initializers import BIAS_INITIALIZERS, INITIALIZERS
from engine.choices.losses import LOSSES
from engine.choices.normalizations import NORMALIZATIONS
from engine.choices.optimizers import OPTIMIZERS
from engine.choices.regularizers import REGULARIZERS
from engine.choices.scalings import SCALINGS
from engine.choices.schedules import SCHEDULES

FAMILIES: dict[str, dict[str, Entry]] = {
    "data": DATASETS,  # type: ignore[dict-item]
    "scalings": SCALINGS,
    "activations": ACTIVATIONS,
    "losses": LOSSES,
    "initializers": INITIALIZERS,
    "bias_initializers": BIAS_INITIALIZERS,
    "optimizers": OPTIMIZERS,
    "regularizers": REGULARIZERS,
    "normalizations": NORMALIZATIONS,
    "clippings": CLIPPINGS,
    "schedules": SCHEDULES,
}
