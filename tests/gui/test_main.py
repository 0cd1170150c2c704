"""The command line: results, exit status, one line for wrong input, and what happens without a display."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from safetensors.numpy import load_file

import main
from engine.experiment import Experiment
from gui import display

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "resources" / "examples"


def run(*arguments: object, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run main.py as a process of its own, without a display."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    kept.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "main.py"), *map(str, arguments)], cwd=folder,
        env={**kept, **environment}, capture_output=True, text=True, encoding="utf-8", timeout=240,
    )  # fmt: skip


@pytest.fixture
def small(tmp_path: Path, experiment: Experiment) -> Path:
    path = tmp_path / "small.json"
    experiment.save(path)
    return path


def test_run_writes_numbers_weights_and_pictures(small: Path, tmp_path: Path) -> None:
    done = run("run", small, "--epochs", 3, "--out", "results/here", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "results" / "here"
    with (folder / "history.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3"]
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    initial, final = (load_file(folder / f"{name}.safetensors") for name in ("initial", "final"))
    before, after = initial["layers.0.weight"], final["layers.0.weight"]
    assert before.shape == (2, 4) and not np.array_equal(before, after)
    assert Experiment.load(folder / "experiment.json") == Experiment.load(small)
    for name in ("network", "boundary", "confusion_matrix", "loss_curve", "histograms", "loss_surface"):
        assert not QImage(str(folder / f"{name}.png")).isNull(), name


def test_the_same_file_gives_the_same_numbers_twice(small: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run("run", small, "--epochs", 2, "--out", name, folder=tmp_path).returncode == 0
    assert (tmp_path / "one/history.csv").read_bytes() == (tmp_path / "two/history.csv").read_bytes()
    one, two = (load_file(tmp_path / name / "final.safetensors") for name in ("one", "two"))
    assert one.keys() == two.keys() and all(np.array_equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "none.json", "--out", "x"), "none.json: there is no such file"),
        (("run", "bad.json", "--out", "x"), "network.layers[0].dropout: 1.5 is not in [0, 1)"),
        (("run", "small.json", "--out", "small.json"), "no folder can be made there"),
        (("run", "small.json"), "--out"),
        (("run", "small.json", "--epochs", "-3", "--out", "x"), "--epochs"),
        (("list", "colours"), "colours is not a family"),
        (("screenshot", "small.json", "--size", "9x9", "--out", "a.png"), "--size"),
        (("screenshot", "small.json", "--out", "a.jpeg"), ".png"),
        (("dance",), "dance"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(small: Path, capsys: pytest.CaptureFixture[str],
                                              monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...],
                                              words: str) -> None:  # fmt: skip
    monkeypatch.chdir(small.parent)
    text = small.read_text().replace('"dropout": 0.0', '"dropout": 1.5', 1)
    Path("bad.json").write_text(text)
    before = {path.name for path in small.parent.iterdir()}
    assert main.main(list(arguments)) == main.WRONG
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and not said.out
    assert {path.name for path in small.parent.iterdir()} == before


def test_list_shows_parameters_and_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["list"]) == main.DONE
    whole = capsys.readouterr().out
    assert all(name in whole for name in ("he_normal", "spiral", "adam", "leaky_relu", "learning_rate"))
    assert main.main(["list", "optimizers"]) == main.DONE
    assert "he_normal" not in capsys.readouterr().out


def test_screenshot_draws_the_window(small: Path, tmp_path: Path) -> None:
    look = ("--size", "1280x720", "--theme", "light", "--language", "pt")
    done = run("screenshot", small, "--epochs", 4, *look, "--out", "shot.png", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    image = QImage(str(tmp_path / "shot.png"))
    assert (image.width(), image.height()) == (1280, 720)
    assert image.pixelColor(3, 300).lightness() > 200


def test_check_says_what_works(tmp_path: Path) -> None:
    done = run("check", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok ") >= 3 and "There is no display" in done.stdout


def test_without_a_display_the_example_is_trained(tmp_path: Path) -> None:
    done = run(folder=tmp_path)
    assert done.returncode == 0, done.stderr
    first, *_ = done.stdout.splitlines()
    assert first.startswith("There is no display.")
    names = {path.name for path in (tmp_path / "relevo-out").iterdir()}
    assert {"history.csv", "final.safetensors", "boundary.png", "window.png"} <= names


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland are probed")
def test_a_display_that_does_not_answer_is_found_out() -> None:
    assert "does not answer" in display.problem({"DISPLAY": ":987"})
    nowhere = {"WAYLAND_DISPLAY": "none-987", "XDG_RUNTIME_DIR": "/nowhere"}
    assert display.problem(nowhere) == "There is no display."
    assert display.problem({"QT_QPA_PLATFORM": "offscreen"}) == ""
