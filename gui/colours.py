"""Mixtures and colour tables: pure functions of hex colours, with no state and no widget."""

from functools import lru_cache

import numpy as np


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of ``#rrggbb``, each from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=4096)
def mix(color_a: str, color_b: str, t: float) -> str:
    """Return the opaque mixture of two hex colours; ``t`` = 0 gives the first, 1 the second."""
    t = min(max(t, 0.0), 1.0)
    mixed = (round(a + (b - a) * t) for a, b in zip(channels(color_a), channels(color_b), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def contrast_ratio(color_a: str, color_b: str) -> float:
    """Return the contrast of two colours by WCAG 2.2: 1 (equal) to 21 (black on white)."""
    light, dark = sorted((_luminance(color_a), _luminance(color_b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
              for c in (channel / 255 for channel in channels(colour))]  # fmt: skip
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@lru_cache(maxsize=8)
def ramp(low: str, middle: str, high: str) -> np.ndarray:
    """Return a read-only (256, 4) uint8 table from ``low`` through ``middle`` to ``high``, all opaque."""
    position = np.linspace(-1.0, 1.0, 256)
    table = np.full((256, 4), 255, np.uint8)
    for column, stops in enumerate(zip(channels(low), channels(middle), channels(high), strict=True)):
        table[:, column] = np.round(np.interp(position, (-1.0, 0.0, 1.0), stops))
    table.flags.writeable = False
    return table


@lru_cache(maxsize=8)
def viridis_table(bands: int | None = None) -> np.ndarray:
    """Return viridis as a read-only (256, 4) uint8 table.

    With ``bands`` the table has that many flat steps, each closed by a slightly darker entry, so that an
    image drawn with it shows contour bands and lines without any contour being computed.
    """
    import pyqtgraph  # here, since most of the program starts without needing it

    smooth = pyqtgraph.colormap.get("viridis").getLookupTable(nPts=256, alpha=True).astype(np.uint8)
    if bands:
        band = np.minimum(np.arange(256) * bands // 256, bands - 1)
        middles = np.round((band + 0.5) * 255 / bands).astype(int)
        smooth = smooth[middles]
        edges = np.flatnonzero(np.diff(band))
        smooth[edges, :3] = smooth[edges, :3] * 0.68
    smooth.flags.writeable = False
    return smooth
