"""The engine knows no window: it imports and trains where Qt cannot be imported, and never names it."""

import re
import subprocess
import sys

import engine
from engine.jit import ENGINE
from tests.engine.reference.build import experiment

WITHOUT_QT = """
import importlib, pkgutil, re, sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "PyQt5", "PyQt6", "shiboken6", "pyqtgraph", "gui"}:
            raise ImportError(name + " is blocked")

sys.meta_path.insert(0, NoQt())
try:
    import PySide6
except ImportError:
    pass
else:
    raise AssertionError("Qt is not blocked")

import engine
names = [module.name for module in pkgutil.walk_packages(engine.__path__, "engine.")]
for name in names:
    importlib.import_module(name)
session = engine.Session(engine.Experiment.from_json(sys.stdin.read()))
before = session.metrics()["train_loss"]
session.run(20)
session.predict(session.data.x_test)
assert session.metrics()["train_loss"] < before
loaded = [name for name in sys.modules if re.match("PySide|PyQt|shiboken|pyqtgraph|gui", name)]
assert not loaded, loaded
print(len(names), "modules")
"""


def test_it_imports_and_trains_without_qt() -> None:
    text = experiment((8, 8)).to_json()
    done = subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_QT], input=text, capture_output=True,
                          text=True, timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 30


def test_no_file_names_it() -> None:
    named = re.compile(r"(?i:pyside|pyqt|shiboken)|\bQt|\bQ[A-Z][a-z]+|\bfrom gui|\bimport gui")
    for path in ENGINE.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            found = named.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.name} names {found}"


def test_the_face_is_all_there() -> None:
    assert set(engine.__all__) == {"Experiment", "ExperimentError", "Session", "Snapshot"}
    assert all(hasattr(engine, name) for name in engine.__all__)
    assert not hasattr(engine, "nothing")
