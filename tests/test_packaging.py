"""What the packaged program is made of, as far as it shows without building it."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


def script(name: str) -> ModuleType:
    """A file of packaging/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "packaging" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("name", "stays"),
    [
        ("PySide6/Qt/translations/qtbase_pt_BR.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6\\\\opengl32sw.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/lib/libQt6Network.so.6", False),
        ("libQt6Widgets.so.6", True),
        ("libpython3.11.so.1.0", True),
        ("libcairo.so.2", False),
        ("resources/fonts/Inter-Bold.otf", True),
        ("resources/translations/pt_BR/canvas.json", True),
        ("llvmlite/binding/libllvmlite.so", True),
        ("scipy/linalg/cython_blas.cpython-311-x86_64-linux-gnu.so", True),
    ],
)
def test_what_is_packed_and_what_not(name: str, stays: bool) -> None:
    entry = (name, "/from/somewhere", "BINARY")
    assert script("pruning").kept([entry]) == ([entry] if stays else [])


BLOCKED = """
import importlib.abc, sys
sys.path.insert(0, {root!r})
sys.path.insert(0, {packaging!r})
import pruning

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if any(name == left_out or name.startswith(left_out + ".") for left_out in pruning.MODULES):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
import gui.app, gui.main_window, gui.screenshot, gui.check, engine.ensemble, engine.selfcheck
from scipy.optimize import line_search
from scipy.special import ndtr
import scipy.linalg.cython_blas
"""


def test_nothing_that_is_left_out_is_imported() -> None:
    code = BLOCKED.format(root=str(ROOT), packaging=str(ROOT / "packaging"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
