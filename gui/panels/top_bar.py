"""The bar at the top: start again, step, play, how far it is, how fast it goes."""

import html
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from engine.experiment import Experiment
from gui.frame import Mark, Timeline
from gui.guard import guarded
from gui.i18n import LOCALES, language, number, tr
from gui.panels.base import Controller
from gui.panels.mark_words import of_mark
from gui.panels.speed import SpeedControl
from gui.theme import GAP, SPACING, air, px, theme, themes
from gui.widgets.basics import Button, IconButton
from gui.widgets.time_line import TimeLine

THEME_NAMES = {"system": "Same as the system", "dark": "Dark", "light": "Light", "contrast": "High contrast"}
# Each in its own words, whatever language is on.
LEAST_LINE = 112  # pixels of the design for the time line, below which nobody finds an epoch on it
LANGUAGE_NAMES = {"pt": "Português", "en": "English"} | {
    code: QLocale(locale).nativeLanguageName().capitalize()
    for code, locale in LOCALES.items() if code not in ("pt", "en")
}  # fmt: skip


class TopBar(QFrame):
    """Wordmark, buttons, epoch, progress, speed and a menu.

    Attributes:
        play: the large button
        menu: the menu at the right; the window may put its own actions before the theme and the language
        projector: the button of projector mode
    """

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller = controller
        self.setProperty("card", True)
        self._form = (px(72), False)
        self._marks: tuple[Mark, ...] = ()
        self._counted = 0  # the room that the epoch needed last
        self._wordmark = QLabel()
        self._wordmark.setProperty("role", "wordmark")
        self.reset = IconButton("reset", "Reset to the same initial weights", "R", size=40)
        self.dice = IconButton("dice", "Roll the dice: new initial weights", "D", size=40)
        self.back = IconButton("step_back", "Step back one epoch", "←", size=40)
        self.batch = IconButton("step_batch", "Step one batch", "Shift+→", size=40)
        self.epoch = IconButton("step_epoch", "Step one epoch", "→", size=40)
        self.play = Button("Play", "primary", "play")
        self.counter = EpochCounter()
        self.progress = TimeLine()
        self.speed = SpeedControl(controller)
        self.gallery = IconButton("grid", "Gallery of experiments", "Ctrl+G", size=40)
        self.projector = IconButton("projector", "Projector mode", "P", size=40)
        self.projector.setCheckable(True)
        self.menu_button = IconButton("menu", "Menu", "F10", size=40)
        self.menu = LookMenu(self)
        moves = (self.reset, self.dice, self.back, self.batch, self.epoch)
        self._buttons = (*moves, self.gallery, self.projector, self.menu_button)
        self._lay_out()
        self._connect()
        self.retranslate()
        self._restyle()
        self.show_frame(controller.frame)
        self.show_state(controller.state)

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._wordmark)
        self._row.addSpacing(px(SPACING * 2))
        for widget in (self.reset, self.dice, self.back, self.play, self.batch, self.epoch):
            self._row.addWidget(widget)
        self._row.addSpacing(px(SPACING * 3))
        self._row.addWidget(self.counter)
        self._row.addSpacing(px(SPACING * 2))
        self._row.addWidget(self.progress, 1)
        self._row.addSpacing(px(SPACING * 3))
        self._row.addWidget(self.speed)
        self._row.addStretch()
        self._row.addWidget(self.gallery)
        self._row.addWidget(self.projector)
        self._row.addWidget(self.menu_button)
        self.progress.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.menu_button.setMenu(self.menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _connect(self) -> None:
        controller = self.controller
        self.reset.clicked.connect(lambda: controller.reset())
        self.dice.clicked.connect(lambda: controller.new_dice())
        self.batch.clicked.connect(lambda: controller.step_batch())
        self.back.clicked.connect(lambda: controller.step_back())
        self.progress.wanted.connect(lambda epoch: controller.go_to(epoch))
        self.epoch.clicked.connect(lambda: controller.step_epoch())
        self.play.clicked.connect(lambda: controller.toggle())
        controller.frame_changed.connect(self.show_frame)
        controller.state_changed.connect(self.show_state)
        controller.experiment_changed.connect(self.show_experiment)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self._restyle)

    def _restyle(self) -> None:
        now = theme()
        self._wordmark.setText(f'Rel<span style="color: {html.escape(now.accent)}">e</span>vo')
        self._wordmark.setAccessibleName("Relevo")
        self._row.setContentsMargins(air(GAP + SPACING), 0, air(GAP + SPACING), 0)
        self._row.setSpacing(air(SPACING * 2))
        self.progress.setMinimumWidth(air(LEAST_LINE))
        self._take_form()

    def set_form(self, height: int, sparse: bool) -> None:
        """Take a height in pixels; a sparse bar has neither name nor menu."""
        if (height, sparse) != self._form:
            self._form = (height, sparse)
            self._take_form()

    def _take_form(self) -> None:
        height, sparse = self._form
        self.setFixedHeight(height)
        side = 32 if sparse else 40
        for button in self._buttons:
            button.set_side(side)
        self.play.setFixedHeight(px(side))
        self._fit_play()
        self._leave_out()

    def open_menu(self) -> None:
        """Open the menu, below its button or, where that is left out, in the bar's corner."""
        if self.menu_button.isVisible():
            self.menu_button.showMenu()
        else:
            self.menu.popup(self.mapToGlobal(self.rect().bottomRight()))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # it leaves things out where it is narrow

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._leave_out()

    def _leave_out(self) -> None:
        """Leave out what can be missed where the bar is narrow, as in projector mode on a small screen.

        The time line stays: one goes along it instead of stepping back.
        """
        self._counted = self.counter.minimumWidth()
        optional: tuple[QWidget, ...] = (self.speed, self.batch, self.dice, self.back)
        for widget in optional:
            widget.show()
        for widget in (self._wordmark, self.gallery, self.menu_button):
            widget.setVisible(not self._form[1])
        self.speed.set_narrow(False)
        shorter: list[Callable[[], object]] = [self._wordmark.hide, partial(self.speed.set_narrow, True)]
        shorter += [one.hide for one in optional]
        for shorten in shorter:
            self._row.invalidate()
            if self._row.minimumSize().width() <= self.width():
                break
            shorten()

    def _fit_play(self) -> None:
        """Keep the large button at one width, whatever it says: nothing beside it jumps."""
        metrics = self.play.fontMetrics()
        beside = px(16 + 8)  # of an icon, which it has none of while it waits
        texts = ((tr("Play"), beside), (tr("Pause"), beside), (tr("Preparing…"), 0))
        widest = max(metrics.horizontalAdvance(text) * 1.1 + more for text, more in texts)
        self.play.setFixedWidth(round(widest) + px(2 * 16))

    def show_state(self, state: str) -> None:
        """Show whether it can be played, plays or gets ready."""
        playing, preparing = state == "playing", state == "preparing"
        self.play.setEnabled(not preparing)
        self.progress.show_waiting(preparing)
        if preparing:
            self.play.show_as("Preparing…", "")
        else:
            self.play.show_as("Pause" if playing else "Play", "pause" if playing else "play")
        waiting = tr("The kernels compile; this takes a few seconds the first time.")
        self.play.setToolTip(waiting if preparing else f"{tr(self.play.key)}  ({tr('Space')})")
        for button in (self.batch, self.epoch):
            button.setEnabled(not preparing)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show how many epochs are planned."""
        self.show_frame(self.controller.frame)

    def show_frame(self, frame: Any) -> None:
        """Show how far the training is."""
        epoch, planned = (frame.epoch if frame is not None else 0), self.controller.experiment.training.epochs
        standing = frame is not None and frame.state == "paused"
        self.counter.show_epoch(epoch, planned, frame.snapshot.batch if standing else 0)
        if self.counter.minimumWidth() != self._counted:
            self._leave_out()
        line = frame.timeline if frame is not None else Timeline()
        self.progress.show_moment(line.first, line.now, line.end, planned)
        self.back.setEnabled(line.now > line.first)
        if line.marks != self._marks:
            self._marks = line.marks
            self._name_marks()
        self.speed.show_measured(frame)

    def _name_marks(self) -> None:
        self.progress.show_marks([(mark.epoch, of_mark(mark)) for mark in self._marks])

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self.show_state(self.controller.state)
        self.progress.setAccessibleName(tr("Time line: go back and forth through the training"))
        self.progress.setToolTip(
            tr("Drag to go back to an earlier epoch; playing on from there repeats the same training.")
        )
        self._name_marks()
        self._fit_play()


class EpochCounter(QWidget):
    """ "Epoch 160 of 200", the number large."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._epoch, self._planned, self._batch = 0, 0, 0
        self._before, self._number, self._after = QLabel(), QLabel(), QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        for label, role in ((self._before, "muted"), (self._number, "large"), (self._after, "muted")):
            label.setProperty("role", role)
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        language.changed.connect(self.retranslate)
        themes.changed.connect(self.retranslate)
        self.retranslate()

    def show_epoch(self, epoch: int, planned: int, batch: int = 0) -> None:
        """Show another epoch, how many are planned, and the batches done of the one begun."""
        if (epoch, planned, batch) != (self._epoch, self._planned, self._batch):
            self._epoch, self._planned, self._batch = epoch, planned, batch
            self.retranslate()

    def retranslate(self) -> None:
        """Say it in the current language; there is room for more digits, so that nothing beside it jumps."""
        self._before.setText(tr("Epoch"))
        self._number.setText(number(self._epoch))
        planned, over = number(self._planned), self._epoch > self._planned
        after = tr("({count} planned)", count=planned) if over else tr("of {count}", count=planned)
        batch = tr("batch {count}", count=number(self._batch))
        self._after.setText(f"{after} · {batch}" if self._batch else after)
        widest = max(len(number(self._planned)), len(number(self._epoch)), 3)
        labels, digits = (self._before, self._number, self._after), self._number.fontMetrics()
        room = digits.horizontalAdvance("8" * widest) - digits.horizontalAdvance(self._number.text())
        self.setMinimumWidth(sum(label.sizeHint().width() for label in labels) + room + 2 * px(6))
        self.setAccessibleName(" ".join(label.text() for label in (self._before, self._number, self._after)))


class LookMenu(QMenu):
    """Theme and language, and whatever the window adds above them.

    Attributes:
        top: put actions of the window before this separator
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top = self.addSeparator()
        self._themes = self._group(THEME_NAMES, themes.set_soon)
        self.addSeparator()
        self._languages = self._group(LANGUAGE_NAMES, language.set_soon)
        self.aboutToShow.connect(self._check)
        language.changed.connect(self.retranslate)
        self.retranslate()

    def _group(self, labels: dict[str, str], choose: Any) -> dict[str, QAction]:
        group = QActionGroup(self)
        made = {}
        for key in labels:
            made[key] = self.addAction("")
            made[key].setCheckable(True)
            made[key].triggered.connect(lambda checked=False, key=key: choose(key))
            group.addAction(made[key])
        return made

    def _check(self) -> None:
        self._themes[themes.chosen].setChecked(True)
        self._languages[language.code].setChecked(True)

    def retranslate(self) -> None:
        """Say everything in the current language."""
        for key, action in self._themes.items():
            action.setText(tr(THEME_NAMES[key]))
        for key, action in self._languages.items():
            action.setText(LANGUAGE_NAMES[key])
