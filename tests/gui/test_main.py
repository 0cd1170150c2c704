"""The command line: results, exit status, one line for wrong input, and what happens without a display."""

import csv
import io
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from safetensors.numpy import load_file

import main
from engine import cli, edits
from engine.experiment import Experiment, Initializer
from gui import app, display

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
        (
            ("screenshot", "small.json", "--size", "1024x768", "--out", "a.png"),
            "1024x768 is not a size from 1080x640",
        ),
        (("screenshot", "small.json", "--out", "a.jpeg"), ".png"),
        (("dance",), "dance"),
        (("run", "", "--out", "x"), "FILE.json: a name is needed"),
        (("run", "small.json", "--out", ""), "--out: a name is needed"),
        (("run", "small.json", "--epochs", "²", "--out", "x"), "--epochs"),
        (("run", ".", "--out", "x"), "it cannot be read"),
        (("screenshot", "small.json", "--out", "folder.png"), "folder.png: this is a folder"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(small: Path, capsys: pytest.CaptureFixture[str],
                                              monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...],
                                              words: str) -> None:  # fmt: skip
    monkeypatch.chdir(small.parent)
    text = small.read_text().replace('"dropout": 0.0', '"dropout": 1.5', 1)
    Path("bad.json").write_text(text)
    Path("folder.png").mkdir()
    before = {path.name for path in small.parent.iterdir()}
    assert main.main(list(arguments)) == main.WRONG
    said = capsys.readouterr()
    assert words in said.err and said.err.count("\n") == 1 and not said.out
    assert {path.name for path in small.parent.iterdir()} == before


def test_without_a_display_nothing_is_promised_of_a_file_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gui.display.problem", lambda: "There is no display.")
    assert main.main(["nofile.json"]) == main.WRONG
    said = capsys.readouterr()
    assert said.err.strip().endswith("nofile.json: there is no such file") and not said.out
    assert not list(tmp_path.iterdir())


def test_list_shows_parameters_and_formulas(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["list"]) == main.DONE
    whole = capsys.readouterr().out
    assert all(name in whole for name in ("he_normal", "spiral", "adam", "leaky_relu", "learning_rate"))
    assert main.main(["list", "optimizers"]) == main.DONE
    assert "he_normal" not in capsys.readouterr().out


def test_the_version_is_the_same_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--version"]) == main.DONE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert capsys.readouterr().out == f"Relevo {project['version']}\n"


def test_a_default_stands_first_and_formulas_in_a_column() -> None:
    lines = cli.listing(None).splitlines()
    assert "first value is its default" in lines[0]
    switches = [line.split()[:2] for line in lines if line.endswith(("true", "false"))]
    assert ["bias_correction", "true,"] in switches and ["gain_by_activation", "false,"] in switches
    losses = [line for line in cli.listing("losses").splitlines() if line[:2] == "  " and line[2] != " "]
    assert all(line[28] == " " and line[29] != " " for line in losses)


def test_screenshot_draws_the_window(small: Path, tmp_path: Path) -> None:
    look = ("--size", "1280x720", "--theme", "light", "--language", "pt")
    done = run("screenshot", small, "--epochs", 4, *look, "--out", "shot.png", folder=tmp_path)
    assert done.returncode == 0 and not done.stderr, done.stderr
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


def test_an_experiment_in_place_of_a_command_is_opened(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str | None] = []
    monkeypatch.setattr(display, "problem", lambda: "")
    monkeypatch.setattr(app, "run", lambda path=None: opened.append(path) or 0)
    assert main.main([str(small)]) == main.main([]) == 0
    assert opened == [str(small), None]
    monkeypatch.setattr(display, "problem", lambda: "There is no display.")
    monkeypatch.chdir(tmp_path)
    assert main.main([str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only X11 and Wayland are probed")
def test_a_display_that_does_not_answer_is_found_out() -> None:
    assert "does not answer" in display.problem({"DISPLAY": ":987"})
    nowhere = {"WAYLAND_DISPLAY": "none-987", "XDG_RUNTIME_DIR": "/nowhere"}
    assert display.problem(nowhere) == "There is no display."
    assert display.problem({"QT_QPA_PLATFORM": "offscreen"}) == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk is played by a device of Linux")
def test_a_full_disk_is_one_line(small: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "history.csv").symlink_to("/dev/full")
    done = run("run", small, "--epochs", 2, "--out", "out", folder=tmp_path)
    assert done.returncode == main.WRONG and "No space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_consoles_without_formulas_get_words(tmp_path: Path) -> None:
    done = run("list", folder=tmp_path, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "1 / (1 + e^-z)" in done.stdout and "?" not in done.stdout


# Runs main.py and presses Ctrl+C as soon as the session is told to train.
INTERRUPTED = """
import os, signal, sys, threading
import main
from engine.session import Session

method, *arguments = sys.argv[1:]
train, trains = getattr(Session, method), threading.Event()

def noted(*arguments, **named):
    trains.set()
    return train(*arguments, **named)

def interrupt():
    trains.wait()
    os.kill(os.getpid(), signal.SIGINT)

setattr(Session, method, noted)
threading.Thread(target=interrupt, daemon=True).start()
sys.exit(main.main(arguments))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there, a process cannot be sent Ctrl+C alone")
@pytest.mark.parametrize(
    ("command", "method", "out"), [("run", "step_epoch", "x"), ("screenshot", "run", "x.png")]
)
def test_interrupting_ends_it_in_one_line(small: Path, tmp_path: Path, command: str, method: str,
                                          out: str) -> None:  # fmt: skip
    arguments = [method, command, str(small), "--epochs", "10000000", "--out", out]
    done = subprocess.run([sys.executable, "-c", INTERRUPTED, *arguments], cwd=tmp_path, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(ROOT)},
                          capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    assert done.returncode == main.FAULT, done.stderr
    assert done.stderr.splitlines()[-1] == "main.py: interrupted" and "Traceback" not in done.stderr


def test_a_start_that_is_not_finite_is_said(tmp_path: Path, experiment: Experiment) -> None:
    enormous = edits.choose_initializer(experiment, Initializer("constant", value=1e300))
    enormous.save(tmp_path / "big.json")
    done = run("run", "big.json", "--epochs", 2, "--out", "x", folder=tmp_path)
    assert done.returncode == 0 and "not a finite number at the start" in done.stdout


def test_a_bar_fits_its_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("COLUMNS", "40")
    bar = cli.Progress(10, Terminal())
    bar.show(10, {"train_loss": 0.5, "test_loss": 0.5})
    assert len(bar._stream.getvalue().removeprefix("\r").removesuffix("\x1b[K")) < 40
