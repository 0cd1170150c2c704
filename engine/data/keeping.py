"""Keeping the last few results, as long as they are not large."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The last few results by key: the newest always, older ones while all together are small enough.

    Parameters
    ----------
    most : how many are kept
    largest : how many bytes they may take together, the newest aside

    May be used from any thread; what two threads ask for at once is made once.
    """

    def __init__(self, most: int, largest: int) -> None:
        self._most, self._largest = most, largest
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """Return what is kept under a key, else make it, keep it and let the oldest go."""
        with self._lock:
            if key not in self._values:
                value = make()
                self._values[key] = value, size(value)
            self._values.move_to_end(key)
            newest = self._values[key]
            while len(self._values) > self._most or self._too_large():
                self._values.popitem(last=False)
            return newest[0]

    def _too_large(self) -> bool:
        older = [size for _, size in self._values.values()][:-1]
        return sum(older) > self._largest

    def clear(self) -> None:
        """Let everything go."""
        with self._lock:
            self._values.clear()
