"""Compiled kernels on disk, with a digest at the end of every file.

Numba takes what it finds in its cache folder. Half a file, or one that a bad disk has changed, would end in
an exception, or in machine code that runs astray. With the digest, a file that is not what was written counts
as missing: its function is compiled once more and the file is replaced.

Numba also looks where a function's source lies, and when it was written. That would tie the cache to the
folder in which the program is installed, and, once packed, to the one from which it was started. Here the
folder of the cache is what says which sources its code is of (:mod:`engine.jit`).
"""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numba.core import caching, config

_DIGEST = hashlib.sha256


@dataclass
class Counts:
    """How many functions this process has loaded from files, and how many it has compiled for want of one."""

    loaded: int = 0
    compiled: int = 0


counts = Counts()


class CheckedFile(caching.IndexDataCacheFile):
    """The index and the code of one function, read only when they are what was written."""

    def save(self, key: Any, data: Any) -> None:
        """Write code; where that fails (a full disk, the folder gone), the next start takes longer."""
        counts.compiled += 1
        with contextlib.suppress(OSError):
            super().save(key, data)

    def _load_index(self) -> dict[Any, str]:
        return super()._load_index() if _sound(self._index_path) else {}

    def _load_data(self, name: str) -> Any:
        path = self._data_path(name)
        if not _sound(path):
            raise FileNotFoundError(path)  # which makes Numba compile
        data = super()._load_data(name)
        counts.loaded += 1
        return data

    @contextlib.contextmanager
    def _open_for_write(self, path: str) -> Iterator[io.BytesIO]:
        written = io.BytesIO()
        yield written
        content = written.getvalue()
        with super()._open_for_write(path) as file:
            # What Numba reads ends by itself: it does not look at what follows.
            file.write(content + _DIGEST(content).digest())


def _sound(path: str) -> bool:
    """Whether a file is there and ends in the digest of the rest."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return False
    size = _DIGEST().digest_size
    return content[-size:] == _DIGEST(content[:-size]).digest()


class Place(caching._CacheLocator):
    """Where the code of one function is kept: one folder for all, named by module, function and line."""

    def __init__(self, function: Any) -> None:
        self._name = f"{function.__module__}-{function.__code__.co_firstlineno}"

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> "Place | None":
        """Return the place of a function of the engine, wherever its source is; others are Numba's affair."""
        return cls(py_func) if py_func.__module__.startswith("engine.") else None

    def ensure_cache_path(self) -> None:
        """Do nothing: the folder is there, and what cannot be written to it is compiled again."""

    def get_cache_path(self) -> str:
        """Return the folder of all functions."""
        return config.CACHE_DIR

    def get_source_stamp(self) -> str:
        """Return what changes with the source: nothing, as another source has another folder."""
        return ""

    def get_disambiguator(self) -> str:
        """Return what tells functions of one name apart."""
        return self._name


def install() -> None:
    """Have Numba keep its files like this, for every function compiled from now on."""
    caching.IndexDataCacheFile = CheckedFile
    caching.CacheImpl._locator_classes = [Place, *caching.CacheImpl._locator_classes]
