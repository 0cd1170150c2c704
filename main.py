"""Relevo: without an argument the window opens; with a command it works without a display."""

import argparse
import os
import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.screenshot import Look

DONE, FAULT, WRONG = 0, 1, 2
PROGRAM = "relevo-cli" if getattr(sys, "frozen", False) else "main.py"  # packed, or from source
HEADLESS_FOLDER = "relevo-out"
LARGEST = 8192  # pixels of a picture's side
OPENED = (
    "gallery", "commands", "shortcuts", "slow_motion", "draw_points", "only_network", "only_result",
    "only_bottom", "section_data", "section_start", "section_descent", "section_generalize", "about",
    "licences",
)  # fmt: skip
PAGES = ("weights", "first_layer", "gradients", "activations", "loss_surface", "signal", "compare")


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        from engine.cli import InputError

        raise InputError(message)


def parser() -> Parser:
    made = Parser(prog=PROGRAM, description=__doc__)
    made.add_argument("--version", action="store_true", help="print the version")
    made.epilog = "With a FILE.json in place of a command, the window opens with it."
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    run = commands.add_parser("run", help="train an experiment; write numbers, weights and pictures")
    run.add_argument("file", metavar="FILE.json", type=name)
    run.add_argument("--epochs", type=count, help="instead of the experiment's own number")
    run.add_argument("--out", required=True, type=name, metavar="DIR", help="the folder for the results")
    listed = commands.add_parser("list", help="show what can be chosen, with parameters and formulas")
    listed.add_argument("family", nargs="?", metavar="FAMILY")
    shot = commands.add_parser("screenshot", help="draw the window without a display")
    shot.add_argument("file", metavar="FILE.json", type=name)
    shot.add_argument("--epochs", type=count, default=0)
    shot.add_argument("--size", type=size, default=(1920, 1080), metavar="WIDTHxHEIGHT")
    shot.add_argument("--theme", choices=("dark", "light", "contrast"), default="dark")
    shot.add_argument("--language", choices=("pt", "en"), default="en")
    shot.add_argument("--projector", action="store_true", help="large, for a room")
    shot.add_argument("--page", choices=PAGES, default="loss_surface",
                      help="the picture at the bottom")  # fmt: skip
    shot.add_argument("--first", action="store_true", help="as at the very first start, half-way")
    shot.add_argument("--open", choices=OPENED, default="", dest="opened", metavar="ACTION",
                      help="what stands open over it, or alone: " + ", ".join(OPENED))  # fmt: skip
    shot.add_argument("--out", required=True, type=name, metavar="FILE.png")
    commands.add_parser("check", help="compile, train and draw once; say what works here")
    return made


def name(text: str) -> str:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a name is needed")
    return text


def count(text: str) -> int:
    if not text.isdecimal() or int(text) > 10_000_000:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number from 0 to 10000000")
    return int(text)


def size(text: str) -> tuple[int, int]:
    """Return a size of the window, which is never smaller than what its cards need."""
    from gui.arrangement import SMALLEST

    found = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    sides = (int(found[1]), int(found[2])) if found else (0, 0)
    if any(not least <= side <= LARGEST for side, least in zip(sides, SMALLEST, strict=True)):
        least = "x".join(map(str, SMALLEST))
        raise argparse.ArgumentTypeError(f"{text} is not a size from {least} to {LARGEST}x{LARGEST}")
    return sides


def open_window(path: str = "") -> int:
    from gui import display

    problem = display.problem()
    if not problem:
        from gui import app

        return app.run(path or None)
    from engine.cli import make_folder, read
    from engine.resources import resource

    example = Path("examples", "spiral.json")
    file = Path(path) if path else resource(*example.parts)
    experiment = read(file)  # what is wrong with it is said before anything is promised
    shown = path or f"resources/{example.as_posix()}"
    print(f"{problem} Training {shown} instead, results in {HEADLESS_FOLDER}/.", flush=True)
    folder = make_folder(HEADLESS_FOLDER)
    train(str(file), None, str(folder))
    from gui import screenshot

    look = screenshot.Look(size=(1600, 900))
    screenshot.take(experiment, experiment.training.epochs, folder / "window.png", look)
    return DONE


def train(file: str, epochs: int | None, out: str) -> int:
    from engine import cli

    experiment, folder = cli.read(file), cli.make_folder(out)
    without_display()
    from gui import pictures

    watcher = pictures.Watcher()
    print(f"{file}: {cli.train(experiment, epochs, folder, watcher)}", flush=True)
    with cli.writing(folder):
        paths = [] if watcher.empty else pictures.write(watcher.frame(), folder)
    files = ["history.csv", "initial.safetensors", "final.safetensors", "experiment.json"]
    print(f"{folder}: {', '.join([*files, *(path.name for path in paths)])}")
    return DONE


def take_screenshot(options: argparse.Namespace) -> int:
    from engine import cli

    experiment, out = cli.read(options.file), Path(options.out)
    if out.suffix.lower() != ".png":
        raise cli.InputError(f"{out}: the picture's name must end in .png")
    if out.is_dir():
        raise cli.InputError(f"{out}: this is a folder")
    cli.make_folder(out.parent)
    without_display()
    from gui import screenshot

    with cli.writing(out):
        screenshot.take(experiment, options.epochs, out, look_of(options))
    print(out)
    return DONE


def look_of(options: argparse.Namespace) -> "Look":
    """Return how the window is to be drawn by the arguments of `screenshot`."""
    from gui.screenshot import Look

    return Look(options.size, options.theme, options.language, options.projector, options.page,
                options.opened, options.first)  # fmt: skip


def without_display() -> None:
    """Have Qt draw into memory; before it is imported."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(pass_on)


def pass_on(kind: object, context: object, text: str) -> None:
    """Print what Qt has to say, but not that memory has no window manager and no keyboard."""
    if "This plugin does not support" not in text:
        print(text, file=sys.stderr)


def obey(options: argparse.Namespace) -> int:
    if options.version:
        from engine import __version__

        print(f"Relevo {__version__}")
        return DONE
    if options.command == "run":
        return train(options.file, options.epochs, options.out)
    if options.command == "list":
        from engine.cli import listing

        print(listing(options.family))
        return DONE
    if options.command == "screenshot":
        return take_screenshot(options)
    if options.command == "check":
        without_display()
        from gui.check import check

        return DONE if check() else FAULT
    return open_window()


def answer(arguments: list[str]) -> int:
    from engine.cli import InputError
    from engine.experiment import ExperimentError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plainly")  # formulas are Unicode, some consoles are not
    try:
        if len(arguments) <= 1 and all(one.lower().endswith(".json") for one in arguments):
            return open_window(*arguments)
        return obey(parser().parse_args(arguments))
    except (InputError, ExperimentError) as error:
        print(f"{PROGRAM}:", " ".join(str(error).splitlines()), file=sys.stderr)
        return WRONG


def main(arguments: list[str]) -> int:
    try:
        return answer(arguments)
    except BrokenPipeError:  # the reader had enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print(f"\n{PROGRAM}: interrupted", file=sys.stderr)
        return FAULT
    except Exception:
        traceback.print_exc()
        return FAULT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
