"""The pictures of the read-me and of these pages: `make screenshots` draws them all.

Each is what `python main.py screenshot` makes of its arguments. ``python -m docs.pictures states`` draws
every state of the window at both sizes into build/pictures/ instead, to be looked at after a change to it.
"""

import sys
from pathlib import Path

import main

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "resources" / "examples"
SIZES = ("1280x720", "1920x1080")

# The states in which the window must look right: their names, experiments and further arguments.
STATES = {
    "first-start": ("spiral.json", "--first --language pt"),
    "spiral": ("spiral.json", "--epochs 120 --language pt"),
    "digits": ("digits.json", "--epochs 20 --language pt --page first_layer"),
    "deep": ("pairs/norm_on.json", "--epochs 40 --language pt --page signal"),
    "projector": ("spiral.json", "--epochs 120 --language pt --projector"),
    "light": ("spiral.json", "--epochs 120 --language pt --theme light --page weights"),
    "contrast": ("spiral.json", "--epochs 120 --language pt --theme contrast --page gradients"),
    "english": ("spiral.json", "--epochs 120 --language en --page activations"),
}  # fmt: skip

# What the pages show; each about 200 KB, so there are few.
PICTURES = {
    "window": ("spiral.json", "--epochs 60 --size 1920x1080"),
    "digits": ("digits.json", "--epochs 20 --size 1280x720 --theme light --page first_layer"),
    "slow-motion": ("spiral.json", "--epochs 20 --size 1280x720 --open slow_motion"),
    "gallery": ("spiral.json", "--size 1280x720 --open gallery"),
    "projector": ("spiral.json", "--epochs 60 --size 1280x720 --theme light --language pt --projector"),
}  # fmt: skip


def draw(experiment: str, words: str, out: Path) -> None:
    """Have main.py draw one picture."""
    arguments = ["screenshot", str(EXAMPLES / experiment), *words.split(), "--out", str(out)]
    if main.main(arguments) != main.DONE:
        sys.exit(1)


def draw_pages() -> None:
    """Draw the pictures of the pages into docs/."""
    for name, (experiment, words) in PICTURES.items():
        draw(experiment, words, ROOT / "docs" / f"{name}.png")


def draw_states() -> None:
    """Draw every state at every size into build/pictures/."""
    for name, (experiment, words) in STATES.items():
        for size in SIZES:
            path = ROOT / "build" / "pictures" / f"{name}-{size}.png"
            draw(experiment, f"{words} --size {size}", path)


if __name__ == "__main__":
    main.without_display()
    draw_states() if sys.argv[1:] == ["states"] else draw_pages()
