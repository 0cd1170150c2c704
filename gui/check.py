"""Says in plain lines what works on this machine, and what to do where something does not."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from engine import __version__
from gui import display

# A line: its name, whether what it is about works (None: one can do without), and what there is to say.
Line = tuple[str, bool | None, str]

MUCH_SLOWER = 5  # times the stored speed: another program computes, or the power is being saved


def check() -> bool:
    """Print one line for each thing that is tried; return whether all that is needed works."""
    kind = "packaged" if getattr(sys, "frozen", False) else "from source"
    print(f"Relevo {__version__} {kind}, Python {platform.python_version()} on {platform.platform()}, "
          f"{os.cpu_count()} processors")  # fmt: skip
    works = True
    for lines in (_folders, _kernels, _cache, _fonts, _languages, _drawing, _window):
        try:
            for line in lines():
                works &= _shown(*line) is not False
        except Exception as error:
            works = _shown(lines.__name__.strip("_"), False, f"{type(error).__name__}: {error}") is not False
    print("Relevo works here." if works else "Relevo does not work here as it should: see the lines with --.")
    return works


def _shown(name: str, works: bool | None, remark: str) -> bool | None:
    print(f"{'ok' if works else '--' if works is False else '..'}  {name:<22} {remark}", flush=True)
    return works


def _folders() -> Iterator[Line]:
    """Settings and the log survive only where they can be written."""
    from gui import settings

    for name, folder in (("settings folder", settings.folder()), ("log folder", settings.log_folder())):
        problem = _writing(folder)
        advice = f"{folder} cannot be written ({problem}): what is set is forgotten at the end"
        yield name, None if problem else True, advice if problem else str(folder)


def _writing(folder: Path) -> str:
    """Return why no file can be written to a folder; empty when one can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or str(error)


def _kernels() -> Iterator[Line]:
    """Compute with every kernel: the numbers are known, and how long it took where they were stored."""
    from engine import selfcheck

    for found in selfcheck.run():
        speed = f"{found.milliseconds:.3g} ms, {found.slower:.2g} times the stored time"
        if not found.right:
            yield (found.name, False, f"wrong by {found.difference:.1e} of the largest number: "
                   "delete the cache folder below and check again")  # fmt: skip
        elif found.slower > MUCH_SLOWER:
            yield found.name, None, f"right, but slow: {speed}; do others compute, or is power being saved?"
        else:
            yield found.name, True, f"right to {found.difference:.0e}, {speed}"


def _cache() -> Iterator[Line]:
    """Where compiled kernels are kept, and how many had to be compiled just now."""
    import numba

    from engine import cache, jit

    counts = f"{cache.counts.compiled} compiled, {cache.counts.loaded} loaded"
    advice = (f"{jit.FOLDER} cannot be written: kernels that are not there are compiled at every start. "
              "RELEVO_CACHE_DIR names another folder")  # fmt: skip
    yield "kernels", True, f"{counts if jit.CAN_CACHE else 'all compiled'} by Numba {numba.__version__}"
    yield "cache folder", True if jit.CAN_WRITE else None, str(jit.FOLDER) if jit.CAN_WRITE else advice


def _fonts() -> Iterator[Line]:
    from PySide6.QtGui import QFontDatabase

    from gui.app import application

    application()
    found = "Inter" in QFontDatabase.families()
    weights = len(QFontDatabase.styles("Inter"))
    yield "fonts", found, f"Inter in {weights} weights" if found else "Inter is missing: unpack Relevo again"


def _languages() -> Iterator[Line]:
    from gui.i18n import LOCALES, translations

    for code, locale in LOCALES.items():
        count = len(translations(code))
        there = count > 0 or code == "en"
        advice = f"{locale} has no texts: unpack Relevo again"
        texts = "the texts as they are in the program" if code == "en" else f"{count} texts translated"
        yield f"language {code}", there, (f"{locale}, {texts}" if there else advice)


def _drawing() -> Iterator[Line]:
    """Draw a trained network in the window, without a display; ask for OpenGL, which Relevo does not need."""
    from PySide6.QtCore import qVersion

    from gui import screenshot
    from gui.controller import first_experiment

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "window.png")
        screenshot.take(first_experiment(), 5, path, screenshot.Look((1280, 720)))
        yield "drawing", True, f"Qt {qVersion()}, a window of {path.stat().st_size // 1024} KB"
    yield "OpenGL", True, f"{_opengl() or 'none'} (Relevo draws without it)"


def _opengl() -> str:
    """Return the version of OpenGL that Qt gets here; empty without one."""
    from PySide6.QtGui import QOffscreenSurface, QOpenGLContext

    surface, context = QOffscreenSurface(), QOpenGLContext()
    surface.create()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    version = context.format().version()
    context.doneCurrent()
    return f"{version[0]}.{version[1]}"


def _window() -> Iterator[Line]:
    """Whether a window could be shown: not needed for commands, so no fault of the machine."""
    environment = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    problem = display.problem(environment)
    yield "window", None if problem else True, problem or f"can be shown here ({_platform(environment)})"
    if sys.platform.startswith("linux"):
        missing = display.missing_packages()
        yield ("libraries", None if missing else True,
               f"missing: apt-get install {' '.join(missing)}" if missing else "all there")  # fmt: skip


def _platform(environment: dict[str, str]) -> str:
    """Return which of Qt's platforms a window would use."""
    if sys.platform == "win32":
        return "windows"
    if sys.platform == "darwin":
        return "cocoa"
    return "wayland" if environment.get("WAYLAND_DISPLAY") else f"xcb, display {environment.get('DISPLAY')}"
