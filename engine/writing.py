"""Writing files so that nothing is lost: the old content stays until the new one is there whole."""

import contextlib
import os
from pathlib import Path


def write_whole(path: str | Path, content: bytes) -> None:
    """Write a file, or leave the one that is there as it was. Raises OSError.

    The content goes into a new file beside it first, which then takes its name. Where the folder allows no
    new file, or the path is no ordinary file, it is written in place.
    """
    path = Path(os.path.realpath(path))  # a link goes on being one
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    beside = path.with_name(f".relevo-{os.getpid()}.part")
    try:
        beside.touch()
    except OSError:
        path.write_bytes(content)
        return
    try:
        beside.write_bytes(content)
        if path.exists():
            if not os.access(path, os.W_OK):
                path.open("ab").close()  # raises what is wrong
            beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
