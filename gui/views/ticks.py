"""Round numbers for axes: pure arithmetic."""

import math

import numpy as np
from numpy.typing import NDArray


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most ``most`` round numbers (1, 2, 2.5 or 5 times a power of ten) from low to high.

    Where no two fit, the ends themselves are returned.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or most < 2:
        return [low] if low == high else [low, high]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for step in (1, 2, 2.5, 5, 10, 20, 25, 50):
        size = step * power
        first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
        if last - first + 1 <= most:
            return [index * size for index in range(first, last + 1)] if last > first else [low, high]
    return [low, high]


def log_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most ``most`` logarithms of round numbers from low to high, which are logarithms themselves.

    Whole powers of ten, every second or third of them where they are many; 1, 2 and 5 times a power of ten
    where fewer than two of those lie between the ends.
    """
    powers = list(range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1))
    if len(powers) < 2:
        marks = [math.log10(step) + power for power in range(math.floor(low), math.ceil(high) + 1)
                 for step in (1, 2, 5)]  # fmt: skip
        inside = [mark for mark in marks if low - 1e-9 <= mark <= high + 1e-9]
        return [float(mark) for mark in inside[:most]] or [low, high]
    step = max(1, math.ceil(len(powers) / most))
    return [float(power) for power in powers if power % step == 0] or [float(powers[0])]


def ceiling(value: float, most: int = 5) -> float:
    """Return the round number not below a positive value at which an axis from 0 can end on a tick."""
    if not (math.isfinite(value) and value > 0):
        return 1.0
    marks = ticks(0.0, value, most)
    step = marks[1] - marks[0]
    return float(f"{math.ceil(value / step - 1e-9) * step:.12g}")


def band_levels(values: NDArray[np.floating]) -> tuple[float, float]:
    """Return the smallest and largest finite value, a little apart even when they agree; 0 and 1 of none."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    return (low, high) if high > low else (low - 0.5e-3, high + 0.5e-3)


class Scale:
    """From losses to positions in [0, 1] of a colour bar: logarithmic where they span much, else linear.

    Attributes:
        low, high: the ends in losses.
        logarithmic: whether equal steps of colour are equal ratios.
    """

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high
        self.logarithmic = low > 0 and high / low > 8

    def position(self, value: NDArray[np.floating]) -> NDArray[np.floating]:
        """Return where values stand, 0 at low and 1 at high; beyond the ends they are clipped."""
        if self.logarithmic:
            with np.errstate(divide="ignore", invalid="ignore"):
                share = np.log(value / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return np.clip(share, 0.0, 1.0)

    def value(self, position: float) -> float:
        """Return the loss at a position."""
        if self.logarithmic:
            return float(self.low * (self.high / self.low) ** position)
        return self.low + position * (self.high - self.low)
