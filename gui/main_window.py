"""The window: layout and menus only. What is trained is the controller's, what is drawn is the views'."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)  # fmt: skip
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QGridLayout,
    QMainWindow,
    QTabBar,
    QWidget,
)  # fmt: skip

from gui.actions import Actions
from gui.arrangement import arrange, pulled
from gui.cards import MOST, BottomCard, NetworkCard, ResultCard
from gui.dividers import Divider, Shares
from gui.files import Files
from gui.i18n import language, tr
from gui.menus import entries
from gui.panels.side_column import SideColumn
from gui.panels.top_bar import TopBar
from gui.settings import recall, remember, settings
from gui.tables import is_table
from gui.theme import themes
from gui.toast import Toast
from gui.widgets.basics import Card

if TYPE_CHECKING:
    from gui.controller import Controller
    from gui.examples import Example

SMALLEST = (1080, 640)
PROJECTOR_SCALE = 2.0  # makes the smallest text 24 pixels high
NEED_TRAINING = (
    "step_batch", "step_epoch", "step_back", "go_to_start", "go_to_end", "reset", "slow_motion",
)  # fmt: skip
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class MainWindow(QMainWindow):
    """Everything one sees, around one controller.

    Attributes:
        controller: who holds experiment and training.
        actions_by_key: every action, see gui/menus.py.
        network, result, bottom: the cards.
        projector: whether projector mode is on.

    Signals:
        painted: the window was drawn for the first time.
    """

    painted = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.files = Files(self, controller)
        self.side, self.top = SideColumn(controller), TopBar(controller)
        self.network, self.result = NetworkCard(controller), ResultCard(controller)
        self.bottom = BottomCard(controller)
        self._first_paint = True
        self._only: Card | None = None
        self.projector = False
        self._shares = Shares.read(recall("layout"))
        self._middle = QWidget()
        self._lay_out()
        self.toast = Toast(self._middle, self.network)
        self.actions_by_key = Actions(self, entries(self))
        self.top.menu.insertActions(self.top.menu.top, self.actions_by_key.menu_actions())
        for picture in self.pictures():
            controller.desk.add(picture)
            picture.picked.connect(controller.select)
            controller.selection_changed.connect(picture.point_out)
        self.result.points.toggled.connect(self.actions_by_key["draw_points"].setChecked)
        controller.message.connect(self.toast.say)
        controller.state_changed.connect(self._show_state)
        controller.path_changed.connect(self._show_title)
        controller.undo_stack.cleanChanged.connect(self._show_title)
        controller.undo_stack.indexChanged.connect(self._show_steps_back)
        language.changed.connect(self._take_language)
        themes.changed.connect(self._take_theme)
        self.bottom.pages.turned.connect(lambda key: remember("tab", key))
        self.bottom.pages.open(recall("tab", "loss_surface"))
        self.setAcceptDrops(True)
        self._name_dividers()
        self._show_title()
        self._show_steps_back()
        self._show_state(controller.state)
        self._share()
        self.network.canvas.setFocus()  # it shows no frame until the keyboard stands on something

    def pictures(self) -> list:
        """Return every picture of the window."""
        return [*self.network.pictures(), *self.result.pictures(), *self.bottom.pictures()]

    def _lay_out(self) -> None:
        self._grid = QGridLayout(self._middle)
        self._grid.addWidget(self.top, 0, 0, 1, 3)
        self._grid.addWidget(self.side, 1, 0, 2, 1)
        self._grid.addWidget(self.network, 1, 1)
        self._grid.addWidget(self.result, 1, 2)
        self._grid.addWidget(self.bottom, 2, 1, 1, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(1, 1)
        self._middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMinimumSize(*SMALLEST)
        self.setCentralWidget(self._middle)
        self._add_dividers()
        self.top.gallery.clicked.connect(lambda: self.open_gallery())
        self.top.projector.clicked.connect(lambda on: self.set_projector(on))
        for card in (self.network, self.result, self.bottom):
            card.enlarged.connect(lambda card=card: self.show_only(None if self._only is card else card))

    def _add_dividers(self) -> None:
        """Let the gaps beside the result and above the pictures be dragged."""
        self.beside = Divider(True, self._gap_beside, self._middle)
        self.above = Divider(False, self._gap_above, self._middle)
        self.beside.moved.connect(lambda pixels: self._pull(self.result.width() + pixels, None))
        self.above.moved.connect(lambda pixels: self._pull(None, self.bottom.height() + pixels))
        self.beside.left.connect(lambda: self._take_shares(replace(self._shares, result=None)))
        self.above.left.connect(lambda: self._take_shares(replace(self._shares, bottom=None)))
        for divider in (self.beside, self.above):
            divider.follow(self.network, self.result, self.bottom)

    def _gap_beside(self) -> QRect:
        card, gap = self.result.geometry(), self._grid.spacing()
        return QRect(card.x() - gap, card.y(), gap, card.height())

    def _gap_above(self) -> QRect:
        card, gap = self.bottom.geometry(), self._grid.spacing()
        return QRect(card.x(), card.y() - gap, card.width(), gap)

    def _pull(self, width: int | None, height: int | None) -> None:
        """Give the result a width, or the pictures below a height, in pixels."""
        if width is not None:
            self._take_shares(replace(self._shares, result=min(max(width / self.width(), 0.01), 0.99)))
        if height is not None:
            self._take_shares(replace(self._shares, bottom=min(max(height / self.height(), 0.01), 0.99)))

    def _take_shares(self, shares: Shares) -> None:
        self._shares = shares
        remember("layout", shares.text())
        self._share()

    def reset_layout(self) -> None:
        """Show every card where the design has it."""
        self._only = None
        self._take_shares(Shares())

    def _share(self) -> None:
        """Give every card its place and size."""
        size, only = (self.width(), self.height(), themes.scale), self._only
        now = pulled(arrange(*size, self.projector), *size, self._shares)
        cards = {self.side: now.side, self.network: True, self.result: True, self.bottom: now.pages}
        gone = [card for card, shown in cards.items() if not (shown if only is None else card is only)]
        focus = QApplication.focusWidget()
        if focus is not None and any(card.isAncestorOf(focus) for card in gone):
            self._middle.setFocus()  # else Qt would frame the first button of the top bar
        for card in cards:
            card.setVisible(card not in gone)
        for divider in (self.beside, self.above):
            divider.setVisible(only is None and not self.projector)
        self.top.set_form(now.bar, sparse=self.projector)
        self._grid.setContentsMargins(now.gap, now.gap, now.gap, now.gap)
        self._grid.setSpacing(now.gap)
        # An empty column would keep its spacing: where nothing stands at the left, the others begin there.
        left = 1 if now.side and only is None else 0
        self._grid.addWidget(self.network, 1, left, 1, 2 - left)
        first = 0 if only is self.result else 2
        self._grid.addWidget(self.result, 1, first, 2 if now.tall else 1, 3 - first)
        self._grid.addWidget(self.bottom, 2, left, 1, (2 if now.tall and only is None else 3) - left)
        for place in (1, 2):
            self._grid.setRowStretch(place, int((place == 2) == (only is self.bottom)))
            self._grid.setColumnStretch(place, int((place == 2) == (only is self.result)))
        self.result.setMinimumWidth(now.result)
        self.result.setMaximumWidth(MOST if only is self.result else now.result)
        self.bottom.setMinimumHeight(now.bottom)
        self.bottom.setMaximumHeight(MOST if only is self.bottom else now.bottom)
        self.bottom.set_words_width(now.words)
        for titled in (self.network, self.result):
            titled.show_title(now.titles)

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
        """Say what there is to do."""
        self.toast.say(tr("This network is half-way to its goal: press Play (Space) to see the rest, or "
                          "choose another experiment in the gallery (Ctrl+G)."))  # fmt: skip

    def _play_example(self, example: Example) -> None:
        self.open_example(example.path)
        if self.controller.path is None and self.controller.undo_stack.isClean():
            self.controller.play()

    def toggle(self) -> None:
        """Play or pause: one batch in slow motion while it is shown, else the training."""
        motion = self.network.canvas.motion
        if motion.running:
            motion.toggle()
        else:
            self.controller.toggle()

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or go back."""
        if on != self.isFullScreen():
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_only(self, card: Card | None) -> None:
        """Give the whole window to one card below the top bar, or show all of them again."""
        self._only = card
        self._share()

    def show_everything(self) -> None:
        """Close open fields, or end slow motion; else show all cards again; else leave projector mode."""
        if self.network.canvas.close_editor() is not None or self.network.canvas.motion.stop():
            return
        if self._only is not None:
            self.show_only(None)
        elif self.projector:
            self.set_projector(False)

    def set_projector(self, on: bool) -> None:
        """Make everything large enough for a room, without what is not looked at, or go back."""
        self.projector = on
        self.actions_by_key["projector"].setChecked(on)
        self.top.projector.setChecked(on)
        themes.set_scale(PROJECTOR_SCALE if on else 1.0)

    def open_section(self, key: str) -> None:
        """Open a section of the column at the left, beside it or, where it is left out, over the rest."""
        self.side.open_by_key(key, self._middle if self.side.isHidden() else None, self.top.height())

    def open_menu(self) -> None:
        """Open the menu at the right of the top bar."""
        self.top.open_menu()

    def _show_title(self) -> None:
        path = self.controller.path
        name = path.name if path else tr(self.controller.experiment.title or "New experiment")
        self.setWindowTitle(f"{name}[*] – Relevo")
        self.setWindowModified(not self.controller.undo_stack.isClean())

    def _name_dividers(self) -> None:
        self.beside.setAccessibleName(tr("Width of the result"))
        self.above.setAccessibleName(tr("Height of the pictures below"))
        for divider in (self.beside, self.above):
            divider.setToolTip(tr("Drag to share the room differently; two clicks put it back."))

    def _take_language(self) -> None:
        self._name_dividers()
        remember("language", language.code)
        self.actions_by_key[f"language_{language.code}"].setChecked(True)
        self._show_title()
        self._show_steps_back()

    def _take_theme(self) -> None:
        remember("theme", themes.chosen)
        self.actions_by_key[f"theme_{themes.chosen}"].setChecked(True)
        self._share()

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
        for key in NEED_TRAINING:
            self.actions_by_key[key].setEnabled(ready)

    # What Qt asks of a window

    def event(self, event: QEvent) -> bool:
        """Leave a key to the control that has the focus and uses it, although an action has it too."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(self._used_by_focus(event.key()))
            return event.isAccepted()
        return super().event(event)

    def _used_by_focus(self, key: int) -> bool:
        focus = QApplication.focusWidget()
        if isinstance(focus, QAbstractButton):
            return key == Qt.Key.Key_Space
        if isinstance(focus, QAbstractSlider | QTabBar | Divider):
            return key in (*_ARROWS, Qt.Key.Key_Home, Qt.Key.Key_End)
        return isinstance(focus, QComboBox | QAbstractItemView) and key in (*_ARROWS, Qt.Key.Key_Space)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

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
        self.toast.stop()
        self.controller.close()
        event.accept()

    def restore_place(self) -> None:
        """Go where the window was last time, else take most of the screen."""
        geometry = settings().value("geometry")
        if isinstance(geometry, QByteArray) and self.restoreGeometry(geometry):
            return
        room = self.screen().availableGeometry()
        self.resize(min(1600, round(room.width() * 0.94)), min(960, round(room.height() * 0.92)))


def dropped(event: QDropEvent) -> str:
    """Return the experiment or the table that is being dropped, or an empty string."""
    urls = event.mimeData().urls()
    path = urls[0].toLocalFile() if len(urls) == 1 else ""
    return path if path.lower().endswith(".json") or is_table(path) else ""
