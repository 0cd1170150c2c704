"""The window: layout and menus only. What is trained is the controller's, what is drawn is the views'."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QShowEvent,
)  # fmt: skip
from PySide6.QtWidgets import (
    QMainWindow,
    QWidget,
)  # fmt: skip

from gui import card_actions
from gui.actions import Actions
from gui.arrangement import SMALLEST
from gui.arranger import Arranger
from gui.cards import BottomCard, Enlarging, NetworkCard, ResultCard
from gui.files import Files
from gui.focus import enter_typed, used_by_focus
from gui.guard import guarded
from gui.i18n import language, tr
from gui.menus import entries
from gui.panels.side_column import SideColumn
from gui.panels.top_bar import TopBar
from gui.settings import recall, recall_bytes, remember
from gui.tables import is_table
from gui.theme import dress, themes
from gui.toast import Toast
from gui.widgets.basics import IconButton

if TYPE_CHECKING:
    from gui.controller import Controller
    from gui.examples import Example

PROJECTOR_SCALE = 2.0  # makes the smallest text 24 pixels high
NEED_TRAINING = (
    "step_batch", "step_epoch", "step_back", "go_to_start", "go_to_end", "reset", "slow_motion",
)  # fmt: skip


class MainWindow(QMainWindow):
    """Everything one sees, around one controller.

    Attributes:
        controller: who holds experiment and training.
        actions_by_key: every action, see gui/menus.py.
        network, result, bottom: the cards; arranger: gives them their places.
        projector: whether projector mode is on.

    Signals:
        painted: the window was drawn for the first time.
    """

    painted = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.installEventFilter(self)
        self.controller = controller
        self.files = Files(self, controller)
        self.side, self.top = SideColumn(controller), TopBar(controller)
        self.network, self.result = NetworkCard(controller), ResultCard(controller)
        self.bottom = BottomCard(controller)
        self._first_paint = True
        self.projector = False
        self._middle = QWidget()
        self.arranger = Arranger(self._middle, self.top, self.side, self.network, self.result, self.bottom)
        self._lay_out()
        dress(self)  # before anything asks how much room it takes
        self.toast = Toast(self._middle, self.network, self._pressed_places)
        self.actions_by_key = Actions(self, entries(self))
        self.top.menu.insertActions(self.top.menu.top, self.actions_by_key.menu_actions())
        for picture in self.pictures():
            controller.desk.add(picture)
            picture.picked.connect(controller.select)
            picture.more = partial(card_actions.add_to, self.arranger, picture)
            controller.selection_changed.connect(picture.point_out)
        self.result.points.toggled.connect(self.actions_by_key["draw_points"].setChecked)
        controller.message.connect(self.toast.say)
        controller.about_to_act.connect(enter_typed)
        self.arranger.said.connect(self._say_moved)
        controller.experiment_changed.connect(self.arranger.show_experiment)
        controller.experiment_changed.connect(self.toast.settle)
        controller.state_changed.connect(self._show_state)
        controller.path_changed.connect(self._show_title)
        controller.experiment_changed.connect(self._show_title)
        controller.undo_stack.indexChanged.connect(self._show_title)
        controller.undo_stack.indexChanged.connect(self._show_steps_back)
        language.changed.connect(self._take_language)
        themes.changed.connect(self._take_theme)
        self.bottom.pages.turned.connect(lambda key: remember("tab", key))
        self.bottom.pages.open(recall("tab", "loss_surface"))
        self.setAcceptDrops(True)
        self._show_title()
        self._show_steps_back()
        self._show_state(controller.state)
        self.arranger.share(self.size())
        self.arranger.show_experiment(controller.experiment)
        self.network.canvas.setFocus()  # it shows no frame until the keyboard stands on something

    def pictures(self) -> list:
        """Return every picture of the window."""
        return [*self.network.pictures(), *self.result.pictures(), *self.bottom.pictures()]

    def _lay_out(self) -> None:
        self._middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(*SMALLEST)
        self.setCentralWidget(self._middle)
        self.top.gallery.clicked.connect(lambda: self.open_gallery())
        self.top.projector.clicked.connect(lambda on: self.set_projector(on))

    def reset_layout(self) -> None:
        """Show every card where the design has it."""
        self.arranger.reset()

    # What the menus do

    def open_example(self, path: Path) -> None:
        """Begin one of the bundled experiments; saving it asks for a file of one's own."""
        from engine.experiment import Experiment

        if self.files.may_leave():
            self.controller.begin(Experiment.load(path))

    def open_gallery(self) -> None:
        """Show the gallery of experiments; the one that is picked plays at once."""
        from gui.panels.example_gallery import ExampleGallery

        gallery = ExampleGallery(self)
        gallery.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        gallery.picked.connect(self._play_example)
        gallery.open()

    def welcome(self) -> None:
        """Say what is shown at the first start and what there is to do, until it is done."""
        self.toast.say(tr("An example, trained part of the way: Play (Space) goes on. "
                          "There are others in the gallery (Ctrl+G)."), stays=True)  # fmt: skip

    def _play_example(self, example: Example) -> None:
        self.open_example(example.path)
        if self.controller.path is None and self.controller.is_saved:
            self.controller.play()

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or go back."""
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_only(self, card: Enlarging | None) -> None:
        """Give the whole window to one card below the top bar, or show all of them again."""
        self.arranger.show_only(card)

    def show_everything(self) -> None:
        """Close open fields, or end slow motion; else show all cards again; else leave projector mode."""
        if self.network.canvas.close_editor() is not None or self.network.canvas.motion.stop():
            return
        if self.arranger.only is not None:
            self.show_only(None)
        elif self.projector:
            self.set_projector(False)

    def set_projector(self, on: bool) -> None:
        """Make everything large enough for a room, without what is not looked at, or go back."""
        self._take_projector(on)
        self._scale()

    def show_projector(self, on: bool) -> None:
        """Do so as soon as the button shows that it was pressed."""
        self._take_projector(on)
        themes.soon(self._scale)

    def _take_projector(self, on: bool) -> None:
        self.projector = on
        self.actions_by_key["projector"].setChecked(on)
        self.top.projector.setChecked(on)

    def _scale(self) -> None:
        self.arranger.set_projector(self.projector)
        themes.set_scale(PROJECTOR_SCALE if self.projector else 1.0)

    def open_section(self, key: str) -> None:
        """Open a section of the column at the left, beside it or, where it is left out, over the rest."""
        self.side.open_by_key(key, self._middle if self.side.isHidden() else None, self.top.height())

    def open_menu(self) -> None:
        """Open the menu at the right of the top bar."""
        self.top.open_menu()

    def _pressed_places(self) -> list[QRect]:
        """Return where one presses on the network and in the bar above it: no sentence is to cover that."""
        canvas, bar, middle = self.network.canvas, self.top, self._middle
        found: list[tuple[QWidget, QRect]] = [(canvas, area) for area in canvas.pressed()]
        found += [(bar, one.geometry()) for one in (*bar.findChildren(IconButton), bar.play)]
        here = {part for part in (canvas, bar) if part.isVisible() and middle.isAncestorOf(part)}
        return [area.translated(part.mapTo(middle, QPoint())) for part, area in found if part in here]

    def _say_moved(self, sentence: str, back: Callable[[], None] | None) -> None:
        """Say where a card is now, with a way back."""
        self.toast.say(sentence, (tr("Undo"), back) if back else None)

    def _show_title(self) -> None:
        path = self.controller.path
        name = path.name if path else tr(self.controller.experiment.title or "New experiment")
        self.setWindowTitle(f"{name}[*] – Relevo")
        self.setWindowModified(not self.controller.is_saved)

    def _take_language(self) -> None:
        remember("language", language.code)
        self.actions_by_key[f"language_{language.code}"].setChecked(True)
        self._show_title()
        self._show_steps_back()

    def _take_theme(self) -> None:
        remember("theme", themes.chosen)
        self.actions_by_key[f"theme_{themes.chosen}"].setChecked(True)
        self.arranger.share()

    def _show_steps_back(self) -> None:
        """Say in the menu what would be undone and redone."""
        stack = self.controller.undo_stack
        back, forth = stack.undoText(), stack.redoText()
        undo, redo = self.actions_by_key["undo"], self.actions_by_key["redo"]
        undo.setText(tr("&Undo: {what}", what=back) if back else tr("&Undo"))
        redo.setText(tr("&Redo: {what}", what=forth) if forth else tr("&Redo"))
        undo.setEnabled(stack.canUndo())
        redo.setEnabled(stack.canRedo())

    def _show_state(self, state: str) -> None:
        ready = state != "preparing"
        if state == "playing":
            self.toast.settle()
        for key in NEED_TRAINING:
            self.actions_by_key[key].setEnabled(ready)
        for picture in self.pictures():
            picture.set_waiting(not ready)

    # What Qt asks of a window

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave a key to the control that has the focus and uses it, although an action has it too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(used_by_focus(event.key()))
            return event.isAccepted()
        return False

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.arranger.open_windows()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._first_paint:
            self._first_paint = False
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped(event)
        if path:
            event.acceptProposedAction()
            self.files.open_any(path, self.side.open_table)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        remember("geometry", self.saveGeometry())
        self.arranger.close_windows()
        self.toast.stop()
        self.controller.close()
        event.accept()

    def restore_place(self) -> None:
        """Go where the window was last time, else take most of the screen."""
        geometry = recall_bytes("geometry")
        if geometry is not None and self.restoreGeometry(geometry):
            return
        room = self.screen().availableGeometry()
        self.resize(min(1600, round(room.width() * 0.94)), min(960, round(room.height() * 0.92)))


def dropped(event: QDropEvent) -> str:
    """Return the experiment or the table that is being dropped, or an empty string."""
    urls = event.mimeData().urls()
    path = urls[0].toLocalFile() if len(urls) == 1 else ""
    return path if path.lower().endswith(".json") or is_table(path) else ""
