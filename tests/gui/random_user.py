"""A user who does anything in any order: the vocabulary of what a hand can do to the window."""

import math
from collections.abc import Callable
from random import Random

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QWidget,
)

from engine.experiment import Experiment
from gui.canvas import scene
from gui.canvas.scene import Item
from gui.controller import FIRST_SPEED
from gui.i18n import language
from gui.main_window import MainWindow
from gui.menus import SECTIONS
from gui.theme import themes
from gui.views.base import View
from tests.gui.person import Button, Key, Modifier, Person

NUMBERS = ("0", "1", "2", "3", "20", "64", "0.5", "0,5", ".01", "-1", "1E9", "X", "", "NAN", "100000")
CANVAS_KEYS = (
    Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down, Key.Key_Plus, Key.Key_Minus, Key.Key_Return,
    Key.Key_Delete, Key.Key_Escape, Key.Key_L, Key.Key_Tab, Key.Key_Menu, Key.Key_Insert,
)  # fmt: skip
SIZES = ((1080, 640), (1280, 720), (1600, 900), (1920, 1080))
NOT_ASKED = ("quit",)  # it would end the session, not the program's fault


class RandomUser:
    """Does one event at a time; each is decided by a seed.

    Attributes:
        person: the hands.
        done: the names of the events done, in order.
    """

    def __init__(self, window: MainWindow, person: Person) -> None:
        self.window, self.person = window, person
        self.canvas = window.network.canvas
        self.dice = Random(0)
        self.done: list[str] = []
        for key in NOT_ASKED:
            window.actions_by_key[key].setEnabled(False)

    def do(self, event: str, seed: int) -> None:
        """Do an event of the vocabulary, or deal with the dialog that is in front."""
        self.dice = self.person.dice = Random(seed)
        dialog = QApplication.activeModalWidget() is not None and QApplication.activePopupWidget() is None
        if not dialog and self.dice.random() < 0.5:
            self.play()
        self.done.append("dialog" if dialog else event)
        (self.dialog if dialog else EVENTS[event].__get__(self))()

    def go_home(self, experiment: Experiment) -> None:
        """Put everything away and begin an experiment, as at the start."""
        window, controller = self.window, self.window.controller
        self.person.put_away()
        controller.pause()
        self.canvas.motion.stop()
        window.result.points.set_on(False)
        window.set_full_screen(False)
        window.set_projector(False)
        window.reset_layout()
        language.set("en")
        themes.set("dark")
        window.resize(*SIZES[1])
        window.toast.stop()
        controller.set_speed(FIRST_SPEED)
        controller.begin(experiment)
        self.canvas.fit()
        window.bottom.pages.open("loss_surface")

    # The whole window

    def shortcut(self) -> None:
        actions = [action for key, action in self.window.actions_by_key.by_key.items() if action.shortcuts()]
        self.person.keys(self.dice.choice(self.dice.choice(actions).shortcuts()))

    def action(self) -> None:
        """Choose anything from a menu bar as some desktops have it."""
        actions = [action for action in self.window.actions_by_key.by_key.values() if action.isEnabled()]
        self.person.act(self.dice.choice(actions).trigger)

    def menu(self) -> None:
        """Go through the menu with the keyboard."""
        self.person.keys(QKeySequence("F10"))
        self.popup()

    def palette(self) -> None:
        self.person.keys(QKeySequence("Ctrl+Shift+P"))
        self.dialog()

    def play(self) -> None:
        if self.window.controller.state != "playing":
            self.person.click(self.window.top.play)

    def speed(self) -> None:
        self.person.act(lambda: self.window.controller.set_speed(self.dice.choice([1, 20, math.inf])))

    def look(self) -> None:
        """Another theme, language or projector mode."""
        actions = self.window.actions_by_key
        keys = [key for key in actions.by_key if key.startswith(("theme_", "language_", "projector"))]
        self.person.act(actions[self.dice.choice(keys)].trigger)

    def resize(self) -> None:
        self.person.act(lambda: self.window.resize(*self.dice.choice(SIZES)))

    def divider(self) -> None:
        gaps = self.window.arranger.dividers  # none in a room
        if gaps:
            gap = self.dice.choice(gaps)
            middle = QRectF(gap.rect()).center()
            self.person.drag(gap, middle, middle + QPointF(self.around(), self.around()))

    def card(self) -> None:
        """Carry a card by its head to anywhere in the window."""
        heads = [card.header.title for card in self.window.arranger.cards.values()]
        heads = [head for head in heads if head.isVisible()]
        if heads:
            head, goal = self.dice.choice(heads), self.in_it(self.window)
            self.person.drag(head, self.in_it(head), QPointF(head.mapFrom(self.window, goal)))

    def gallery(self) -> None:
        self.person.keys(QKeySequence("Ctrl+G"))
        self.dialog()

    def drop(self) -> None:
        """Drop a file from the desktop."""
        path = self.dice.choice([path for path in self.person.folder.iterdir() if path.is_file()])
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, left, none = Qt.DropAction.CopyAction, Button.LeftButton, Modifier.NoModifier
        enters = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)  # Qt drops only on what it entered
        drops = QDropEvent(QPointF(300, 300), copy, data, left, none)
        self.person.act(lambda: [QApplication.sendEvent(self.window, event) for event in (enters, drops)])

    def watch(self) -> None:
        self.person.rest(self.dice.choice([1, 20, 60]))

    def time_line(self) -> None:
        line = self.window.top.progress
        if line.isVisible():
            self.person.drag(line, self.in_it(line), self.in_it(line))

    # What is in front: controls, popups, dialogs

    def button(self) -> None:
        self.press_one_of(self.person.controls(QAbstractButton))

    def tab(self) -> None:
        bar = self.window.bottom.pages.bar
        place = self.dice.randrange(bar.count())
        if bar.isVisible() and bar.isTabVisible(place):
            self.person.click(bar, QPointF(bar.tabRect(place).center()))

    def section(self) -> None:
        """Open a section of the column and use what is there."""
        self.person.keys(QKeySequence(self.dice.choice(SECTIONS)[2]))
        for _ in range(self.dice.randrange(3)):
            self.dice.choice([self.field, self.button, self.combo, self.slider])()

    def field(self) -> None:
        fields = self.person.controls(QLineEdit)
        if fields:
            self.person.click(self.dice.choice(fields))
            self.person.keys(QKeySequence("Ctrl+A"))
            self.person.write(self.dice.choice(NUMBERS))
            self.person.key(self.dice.choice([Key.Key_Return, Key.Key_Tab, Key.Key_Up, Key.Key_Escape]))

    def combo(self) -> None:
        boxes = self.person.controls(QComboBox)
        if boxes:
            self.person.click(self.dice.choice(boxes))
            for _ in range(self.dice.randrange(1, 5)):
                self.person.key(self.dice.choice([Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_End]))
            self.person.key(self.dice.choice([Key.Key_Return, Key.Key_Return, Key.Key_Escape]))

    def slider(self) -> None:
        sliders = self.person.controls(QAbstractSlider)
        if sliders:
            chosen = self.dice.choice(sliders)
            self.person.drag(chosen, self.in_it(chosen), self.in_it(chosen))

    def tab_key(self) -> None:
        for _ in range(self.dice.randrange(1, 6)):
            self.person.key(self.dice.choice([Key.Key_Tab, Key.Key_Tab, Key.Key_Backtab]))
        self.person.key(self.dice.choice([Key.Key_Space, Key.Key_Return, Key.Key_Up, Key.Key_Escape]))

    def popup(self) -> None:
        """Go through an open menu or list, or leave it by a click beside it."""
        if self.dice.random() < 0.2:
            self.person.click(self.person.front(), QPointF(1, 1))
        for _ in range(self.dice.randrange(1, 8)):
            if isinstance(self.person.front(), QMenu | QComboBox):
                self.person.key(self.dice.choice([Key.Key_Down, Key.Key_Down, Key.Key_Up, Key.Key_Right]))
        if self.person.front() is not self.window:
            self.person.key(self.dice.choice([Key.Key_Return, Key.Key_Escape]))

    def dialog(self) -> None:
        """Use a dialog: type, press a button, accept or leave it."""
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            return
        if isinstance(dialog, QDialog) and dialog.findChild(QLineEdit) is not None:
            self.person.write(self.dice.choice(["", "PA", "ZO", "RED", "QQ"]))
        way = self.dice.random()
        if way < 0.5:
            self.press_one_of(self.person.controls(QAbstractButton))
        self.person.key(self.dice.choice([Key.Key_Return, Key.Key_Down, Key.Key_Escape, Key.Key_Escape]))

    def press_one_of(self, buttons: list[QWidget]) -> None:
        if buttons:
            self.person.click(self.dice.choice(buttons))

    # The network

    def canvas_click(self) -> None:
        more = Modifier.ControlModifier if self.dice.random() < 0.2 else Modifier.NoModifier
        button = Button.RightButton if self.dice.random() < 0.2 else Button.LeftButton
        self.person.click(self.canvas, self.at_item(), button, more)

    def canvas_hover(self) -> None:
        for _ in range(3):
            self.person.hover(self.canvas, self.at_item())

    def canvas_drag(self) -> None:
        """Connect, choose with a rubber band, or move the plane."""
        start = self.at_item() if self.dice.random() < 0.6 else self.in_it(self.canvas)
        end = self.at_item() if self.dice.random() < 0.6 else self.in_it(self.canvas)
        buttons = [Button.LeftButton] * 3 + [Button.MiddleButton]
        self.person.drag(self.canvas, start, end, self.dice.choice(buttons))

    def canvas_wheel(self) -> None:
        held = self.dice.choice([Modifier.ControlModifier, Modifier.NoModifier, Modifier.ShiftModifier])
        self.person.wheel(self.canvas, self.in_it(self.canvas), self.dice.choice([-1, 1]), held)

    def canvas_keys(self) -> None:
        self.person.click(self.canvas, self.at_item())
        for _ in range(self.dice.randrange(1, 5)):
            held = Modifier.ControlModifier if self.dice.random() < 0.15 else Modifier.NoModifier
            self.person.key(self.dice.choice(CANVAS_KEYS), held)

    def canvas_number(self) -> None:
        """Type a weight or a bias."""
        items = [item for item in self.items() if item[0] == "unit" or item[0] == "link"]
        if items:
            self.person.click(self.canvas, self.place_of(self.dice.choice(items)))
            self.person.write(self.dice.choice(NUMBERS))
            self.person.key(Key.Key_Return)

    def canvas_cut(self) -> None:
        links = [item for item in self.items() if item[0] == "link"]
        if links:
            self.person.click(self.canvas, self.place_of(self.dice.choice(links)))
            self.person.key(Key.Key_Escape)
            self.person.key(Key.Key_Delete)

    def canvas_copy(self) -> None:
        """Copy layers and paste them, or double them, while there are few."""
        few = len(self.canvas.experiment.network.layers) < 6
        heads = [item for item in self.items() if item[0] == "head"]
        if few and heads:
            self.person.click(self.canvas, self.place_of(self.dice.choice(heads)))
            self.person.key(Key.Key_Escape)
            for keys in self.dice.choice([("Ctrl+C", "Ctrl+V"), ("Ctrl+D",), ("Ctrl+X", "Ctrl+V")]):
                self.person.keys(QKeySequence(keys))

    def canvas_menu(self) -> None:
        self.person.click(self.canvas, self.at_item(), Button.RightButton)
        self.popup()

    # The pictures

    def view(self) -> None:
        """Look closer at a picture, pick in it, move it, show it whole."""
        view = self.a_view()
        here, there = self.in_it(view), self.in_it(view)
        self.dice.choice([
            lambda: self.person.wheel(view, here, self.dice.choice([-2, 1, 2])),
            lambda: self.person.drag(view, here, there),
            lambda: self.person.click(view, here),
            lambda: self.person.click(view, here, twice=True),
            lambda: self.person.hover(view, here),
        ])()  # fmt: skip

    def view_menu(self) -> None:
        self.person.click(self.a_view(), button=Button.RightButton)
        self.popup()

    def points(self) -> None:
        """Draw data, erase and move them."""
        tools = self.window.result.points
        if not tools.on:
            self.person.keys(QKeySequence("Ctrl+E"))
        picture = tools.boundary
        if tools.on and picture.isVisible():
            square = picture.square()
            for _ in range(2):
                x, y = self.dice.random(), self.dice.random()
                here = square.topLeft() + QPointF(x * square.width(), y * square.height())
                self.person.click(picture, here)
            self.person.drag(picture, here, square.center())
            self.person.key(self.dice.choice([Key.Key_1, Key.Key_2, Key.Key_E, Key.Key_Delete]))
        if self.dice.random() < 0.7:
            self.person.keys(QKeySequence("Ctrl+E"))

    # Where things are

    def a_view(self) -> View:
        views = [view for view in self.window.pictures() if view.isVisible() and view is not self.canvas]
        return self.dice.choice(views or [self.canvas])

    def in_it(self, widget: QWidget) -> QPointF:
        return QPointF(self.dice.randrange(widget.width()), self.dice.randrange(widget.height()))

    def around(self) -> float:
        return float(self.dice.randrange(-120, 120))

    def items(self) -> list[Item]:
        """Return what can be clicked on the network, of many units and links a few."""
        geometry, found = self.canvas.geometry_now, []
        for column in geometry.columns:
            layer = column.layer
            found += [(kind, layer) for kind in ("head", "add", "remove", "close", "block")]
            found += [("unit", layer, unit) for unit in range(min(len(column.units), 4))]
            found += [("mark", layer, mark) for mark in range(len(column.marks))]
            if 0 <= layer and geometry.has_links(layer):
                found += [("link", layer, 0, 0), ("link", layer, 0, column.count - 1)]
        found += [("insert", index) for index in range(len(geometry.inserts))]
        return [item for item in found if scene.exists(geometry, item)]

    def place_of(self, item: Item) -> QPointF:
        return self.canvas.seen(scene.spot_of(self.canvas.geometry_now, item)).center()

    def at_item(self) -> QPointF:
        items = self.items()
        return self.place_of(self.dice.choice(items)) if items else self.in_it(self.canvas)


EVENTS: dict[str, Callable] = {
    name: getattr(RandomUser, name)
    for name in (
        "play", "shortcut", "action", "menu", "palette", "speed", "look", "resize", "divider", "card",
        "gallery", "drop", "watch", "time_line", "button", "tab", "section", "field", "combo", "slider",
        "tab_key", "popup", "canvas_click", "canvas_hover", "canvas_drag", "canvas_wheel", "canvas_keys",
        "canvas_number", "canvas_cut", "canvas_copy", "canvas_menu", "view", "view_menu", "points",
    )
}  # fmt: skip
