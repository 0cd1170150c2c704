"""Compiled kernels on disk, with a digest at the end of every file.

Numba takes what it finds in its cache folder. Half a file, or one that a bad disk has changed, would end in
an exception, or in machine code that runs astray. With the digest, a file that is not what was written counts
as missing: its function is compiled once more and the file is replaced.
"""

import contextlib
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from numba.core import caching

_DIGEST = hashlib.sha256


class CheckedFile(caching.IndexDataCacheFile):
    """The index and the code of one function, read only when they are what was written."""

    def save(self, key: Any, data: Any) -> None:
        """Write code; where that fails (a full disk, the folder gone), the next start takes longer."""
        with contextlib.suppress(OSError):
            super().save(key, data)

    def _load_index(self) -> dict[Any, str]:
        return super()._load_index() if _sound(self._index_path) else {}

    def _load_data(self, name: str) -> Any:
        path = self._data_path(name)
        if not _sound(path):
            raise FileNotFoundError(path)  # which makes Numba compile
        return super()._load_data(name)

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


def install() -> None:
    """Have Numba keep its files like this, for every function compiled from now on."""
    caching.IndexDataCacheFile = CheckedFile
