"""The network that one draws: a widget that shows an experiment with its live weights, and edits it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from engine.changes import continues
from gui.canvas import cards, menu, motion_strip, motion_words, pictures, scene, wording
from gui.canvas.chosen import picked_by
from gui.canvas.control import Controller
from gui.canvas.editor import LayerEditor
from gui.canvas.hands import Hands
from gui.canvas.inputs_editor import InputsEditor
from gui.canvas.links import scale_of
from gui.canvas.motion import Motion
from gui.canvas.number_popups import NumberPopup, popup_of
from gui.canvas.painting import Painting
from gui.canvas.popup import Popup
from gui.canvas.scene import Item
from gui.canvas.touch import Touched
from gui.guard import guarded
from gui.i18n import tr

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.frame import Frame

SHORTEST_PAUSE = 0.03  # seconds between two redrawings of all links while it plays
MOST_TIME = 0.25  # the share of the window's time that these may take


class NetworkCanvas(Touched):
    """The network as columns of units with links, drawn and edited in place.

    Attributes:
        controller: the only one that changes the experiment.
        hands: the state of mouse and keyboard.
        motion: one batch in slow motion, when it is asked for.
        weights: by layer (before, units); None while there are none of this network.
        pointed: the layer or unit that a sentence or another picture points out, or None.

    Signals:
        headline_changed(str): the network in one line, for the card's title row.
    """

    key = "network"
    pause = 0.0  # what the eye is on
    zoomable = False  # as a picture: it has a zoom of its own
    headline_changed = Signal(str)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.experiment: Experiment = controller.experiment
        self.hands, self.motion = Hands(self), Motion(self)
        self.installEventFilter(self)
        self.weights: list[np.ndarray] | None = None
        self._biases: list[np.ndarray] = []
        self.pointed: tuple[Any, ...] | None = None
        self._painting = Painting(self)
        self._drawn = 0.0
        self._editor: Popup | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.hands.moved.connect(self._follow_hands)
        self.hands.picked.connect(self.picked)
        self.motion.changed.connect(self.update)
        self.motion.told.connect(self._tell_motion)
        controller.experiment_changed.connect(self.show_experiment)
        self.retranslate()
        if controller.frame is not None:
            self.show_frame(controller.frame)

    # What it shows

    def show_experiment(self, experiment: Experiment) -> None:
        """Show another experiment; its weights come with the next frame."""
        same = continues(self.experiment, experiment)  # then what is drawn stays until the next frame
        self.experiment = experiment
        self.motion.stop()
        if not same:
            self.weights, self._biases = None, []
            self._painting.show_pictures(pictures.Pictures())
        self._forget()
        self.hands.tidy()
        self.say()
        self.headline_changed.emit(self.headline())

    def headline(self) -> str:
        """Return the network in one line: ``2 – 8 – 8 – 1 · 105 parameters``."""
        return wording.headline(self.experiment)

    def show_frame(self, frame: Frame) -> None:
        """Take the weights of a frame; while it plays, not more often than one can see."""
        self.motion.follow(frame)
        now = time.monotonic()
        pause = max(SHORTEST_PAUSE, self._painting.cost / MOST_TIME)
        if not self._shows(frame) or (frame.state == "playing" and now - self._drawn < pause):
            return
        self._drawn = now
        pairs = frame.snapshot.weights()
        self.weights, self._biases = [w for w, _ in pairs], [b for _, b in pairs]
        self._painting.forget_links()
        self._refresh_popup()
        self.update()

    def job(self, frame: Frame) -> Callable[[], object] | None:
        """Return the computation of the units' pictures, with gradients while they are looked at."""
        snapshot, data, wanted = frame.snapshot, frame.data, self._wants_gradients()
        batch = self.motion.wanted and frame.state == "paused"
        return lambda: pictures.compute(snapshot, data, wanted, batch)

    def show_result(self, frame: Frame, result: Any) -> None:
        """Show the units' pictures."""
        if self._shows(frame):
            self._painting.show_pictures(result)
            if result.batch is not None:
                self.motion.take(frame, result.batch)
            self._refresh_popup()
            self.update()

    def summary(self) -> str:
        """Return the network in words, and what the keyboard stands on."""
        words = tr(
            "The network {sizes}. Arrows move, + adds a unit, Delete removes, Enter opens a layer, "
            "L goes to the links.", sizes=self.headline(),
        )  # fmt: skip
        if self.motion.batch is not None:
            return ". ".join(motion_words.told(self).lines)
        if self.hands.cursor is None:
            return words
        return wording.spoken(self.hands.cursor, self.experiment, self.weights)

    def point_out(self, place: Any) -> None:
        """Frame a layer or a unit that was picked elsewhere; what was picked here is seen already."""
        own = picked_by(self.hands.cursor)
        self.pointed = place if place is not None and place != own and place[0] != "epoch" else None
        self.update()

    def retranslate(self) -> None:
        """Show the texts in the current language."""
        self._forget()
        self.headline_changed.emit(self.headline())
        super().retranslate()

    def restyle(self) -> None:
        """Show the colours and sizes of the current theme."""
        self.close_editor()
        self._forget()
        super().restyle()

    def _shows(self, frame: Frame) -> bool:
        there, here = frame.experiment, self.experiment
        return there.network == here.network and there.data == here.data

    def _wants_gradients(self) -> bool:
        hovered = self.hands.hovered
        return isinstance(self._editor, NumberPopup) or (
            hovered is not None and hovered[0] in ("link", "unit")
        )

    def _refresh_popup(self) -> None:
        if isinstance(self._editor, NumberPopup):
            self._editor.show_numbers()

    def _forget(self) -> None:
        """Lay out and draw anew."""
        self._geometry, self.reserved = None, motion_strip.room_of(self)
        self._painting.forget()
        self.update()

    # Painting

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painting.paint(painter)
        painter.end()

    def forget_view(self) -> None:
        """Draw another part of the plane, or nearer."""
        self.close_editor()
        self._painting.forget_view(zoomed=self._geometry is None)
        self.update()

    def weight(self, layer: int, unit: int, later: int) -> float | None:
        """Return a link's weight; None as long as there is none."""
        return None if self.weights is None else float(self.weights[layer][unit, later])

    @property
    def draws_links(self) -> bool:
        """Whether any links are drawn one by one."""
        return any(self.geometry_now.has_links(layer) for layer in range(len(self.geometry_now.columns) - 1))

    @property
    def link_scale(self) -> float:
        """How wide links are drawn at the present size of units."""
        return scale_of(self.geometry_now)

    def bias(self, layer: int, unit: int) -> float | None:
        """Return a unit's bias; None as long as there is none, as for inputs."""
        return float(self._biases[layer][unit]) if layer >= 0 and self._biases else None

    def gradient(self, layer: int, unit: int, later: int) -> float | None:
        """Return what the loss over all training rows changes by with a link's weight, once computed."""
        slopes = self._painting.pictures.gradients
        return float(slopes[layer][0][unit, later]) if layer < len(slopes) else None

    def bias_gradient(self, layer: int, unit: int) -> float | None:
        """Return the same for a unit's bias."""
        slopes = self._painting.pictures.gradients
        return float(slopes[layer][1][unit]) if 0 <= layer < len(slopes) else None

    def card_lines(self) -> list[str]:
        """Return what the card says about the item under the mouse; nothing beside open fields."""
        item = self.hands.hovered
        if self.motion.batch is not None:
            return motion_words.told(self).lines
        return [] if item is None or self._editor is not None else cards.lines_of(self, item)

    def toggle(self) -> None:
        """Play or pause: one batch in slow motion while it is shown, else the training."""
        if self.motion.running:
            self.motion.toggle()
        else:
            self.controller.toggle()

    def _tell_motion(self) -> None:
        self.close_editor()
        if (self.motion.batch is not None) != (self.reserved > 0):  # it began or ended
            self._forget()
            self._look_at(self.offset)
        self.say()

    # What opens on top

    def _follow_hands(self) -> None:
        self.say()
        if self._wants_gradients() and not self._painting.pictures.gradients:
            self.stale.emit()
        self.update()

    def open_editor(self, layer: int, kind: str = "") -> None:
        """Open the fields of a layer beside its head, at that of a mark's kind; -1 is the inputs."""
        self.close_editor()
        self._editor = editor = LayerEditor(self, layer) if layer >= 0 else InputsEditor(self)
        editor.closed.connect(self._drop_editor)
        column, whole = self.geometry_now.column(layer), self.head_rect(layer)
        for mark in column.marks:
            whole = whole.united(mark)
        editor.open_beside(self.seen(whole), kind)
        self.update()

    def open_menu(self, item: Item | None, corner: QPoint) -> None:
        menu.open_menu(self, item, corner)

    def open_popup(self, item: Item, typing: bool = False) -> None:
        """Open the small card of a link or a unit; ``typing`` gives its number the keyboard."""
        self.close_editor()
        if self.motion.batch is not None:  # its card tells the numbers of what is picked
            self.update()
            return
        self._editor = popup = popup_of(self, item)
        if popup is not None:
            popup.closed.connect(self._drop_editor)
            popup.open_at(self.seen(scene.spot_of(self.geometry_now, item)), None)
            self._follow_hands()
            if typing:
                popup.field.setFocus()
                popup.field.selectAll()

    def close_editor(self) -> Item | None:
        """Close what is open and return what it was about, a layer by its head; None when nothing was."""
        if self._editor is None:
            return None
        editor = self._editor
        editor.close()
        return editor.item if isinstance(editor, NumberPopup) else ("head", editor.layer)

    def _drop_editor(self) -> None:
        focus, editor = QApplication.focusWidget(), self._editor
        self._editor = None
        if focus is None or (editor is not None and editor.isAncestorOf(focus)):
            self.setFocus()
        self.update()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._forget()
        self._look_at(self.offset)
