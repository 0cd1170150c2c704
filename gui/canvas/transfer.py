"""Layers that start with the weights of a file, or of a training that was left: asked for, and said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from engine.transfer import start_from_file
from gui.canvas.wording import column_name
from gui.dialogs import ask_file, noted
from gui.i18n import tr
from gui.sentences import of_file_error
from gui.settings import recall

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas
    from gui.runs import Run


def load_from_file(canvas: NetworkCanvas, layers: Sequence[int]) -> None:
    """Ask for a weights file and have the layers start with it."""
    start, kinds = recall("folder", str(Path.home())), tr("Weights (*.safetensors)")
    path = noted(ask_file(canvas.window(), tr("Load weights"), start, kinds))
    if path:
        load(canvas, layers, path)


def load_from_run(canvas: NetworkCanvas, layers: Sequence[int], run: Run) -> None:
    """Have the layers start with a training that was left."""
    try:
        path = run.write()
    except OSError as error:
        canvas.controller.message.emit(of_file_error(error, error.filename or ""))
        return
    load(canvas, layers, path)


def load(canvas: NetworkCanvas, layers: Sequence[int], path: str | Path) -> None:
    """Have the layers start with the weights of a file."""
    now = canvas.experiment
    canvas.hands.acts.attempt(lambda: start_from_file(now, layers, path), load_words(canvas, layers))


def load_words(canvas: NetworkCanvas, layers: Sequence[int]) -> str:
    """Return what the transfer is called in the undo list."""
    if len(layers) == 1:
        return tr("Load weights into {name}", name=column_name(canvas.experiment, layers[0]))
    return tr("Load weights into {count} layers", count=len(layers))


def run_entries(canvas: NetworkCanvas, layers: Sequence[int]) -> list[tuple[str, Callable[[], object]]]:
    """Return a menu entry for each training that was left."""
    return [(run.name(), partial(load_from_run, canvas, layers, run)) for run in canvas.controller.runs.kept]


def choose_run(canvas: NetworkCanvas) -> QMenu | None:
    """Open the list of the trainings that were left, for the chosen layers; say it when there are none."""
    layers = sorted(canvas.hands.chosen_layers())
    if not layers:
        canvas.controller.message.emit(tr("Choose a layer first: click its head, or go there with Tab."))
        return None
    if not canvas.controller.runs.kept:
        canvas.controller.message.emit(
            tr("There is no earlier training yet: one is kept when a change makes it start anew.")
        )
        return None
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, act in run_entries(canvas, layers):
        menu.addAction(text).triggered.connect(lambda _checked=False, act=act: act())
    corner = canvas.seen(canvas.head_rect(layers[0])).bottomLeft()
    menu.popup(canvas.mapToGlobal(corner.toPoint()) if canvas.isVisible() else QPoint())
    return menu


def choose_file(canvas: NetworkCanvas) -> None:
    """Ask for the file that the chosen layers start with."""
    layers = sorted(canvas.hands.chosen_layers())
    if layers:
        load_from_file(canvas, layers)
    else:
        canvas.controller.message.emit(tr("Choose a layer first: click its head, or go there with Tab."))
