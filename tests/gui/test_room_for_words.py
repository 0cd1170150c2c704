"""Room for every word: nothing is cut or overlaps, in both languages and in one that is 40 % longer.

Tried too: every state of the window that `make screenshots` can draw, and what opens over it. Words that are
painted and are no widgets are looked at on every page (`painted.py`).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.exceptions import TimeoutError as QtTimeoutError
from pytestqt.qtbot import QtBot

import main
from docs.pictures import EXAMPLES, SIZES, STATES
from engine.experiment import Experiment
from gui import i18n, theme
from gui.controller import Controller
from gui.dividers import Divider
from gui.i18n import language
from gui.main_window import MainWindow
from gui.screenshot import dress, opened
from gui.theme import themes
from gui.toast import Toast
from tests.gui import painted

LONGER, WORD = 0.4, 12  # how much longer, and how long the words are that are added
# Captions of one word that have room in both languages, and in the longer one not at every size.
TIGHT = ("accuracy", "Correction", "Epsilon")


class Pseudo:
    """A language made of the English texts, each 40 % longer; fields and marked letters stay."""

    def get(self, text: str, default: str = "") -> str:
        more = round(LONGER * len(re.sub(r"\{[^}]*\}", "", text)))
        return text + " ".join("ẽ" * min(WORD, more - first) for first in range(0, more, WORD))


@pytest.fixture(autouse=True)
def style(qapp: QApplication) -> None:
    """Give the application its style sheet and fonts, as when it is started."""
    theme.load_fonts()
    theme.apply(qapp)


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window()


def cut(window: QWidget, words: str) -> list[str]:
    """Return the texts for which there is not enough room."""
    found = []
    for widget in window.findChildren(QWidget):
        if (
            not widget.isVisibleTo(window)
            or not isinstance(widget, QLabel | QAbstractButton)
            or not widget.text()
        ):
            continue
        if isinstance(widget, Toast):
            continue
        if isinstance(widget, QLabel) and widget.wordWrap():
            short = widget.heightForWidth(widget.width()) > widget.height() + 1
        else:
            short = widget.sizeHint().width() > widget.width() + 1
        if short and not (words == "pseudo" and widget.text().startswith(TIGHT)):
            found.append(f"{type(widget.parentWidget()).__name__}: {widget.text()}")
    return found


def overlaps(window: MainWindow) -> list[str]:
    """Return neighbours in one layout that cover each other."""
    found = []
    for parent in (window.centralWidget(), *window.centralWidget().findChildren(QWidget)):
        layout = parent.layout()
        if layout is None or not parent.isVisibleTo(window):
            continue
        inside = [
            child for child in parent.children()
            if isinstance(child, QWidget) and child.isVisibleTo(window) and layout.indexOf(child) >= 0
            and not isinstance(child, Divider | Toast)
        ]  # fmt: skip
        found += [
            f"{one.accessibleName() or type(one).__name__} / {other.accessibleName() or type(other).__name__}"
            for one, other in combinations(inside, 2) if one.geometry().intersects(other.geometry())
        ]  # fmt: skip
    return found


def painted_wrongly(window: MainWindow) -> list[str]:
    """Return the painted texts that are cut or lie on each other, once all layouts have followed."""
    for _ in range(3):
        QApplication.processEvents()
    with painted.recorded() as found:
        window.grab()
    return painted.cut(found) + painted.on_each_other(found)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("projector", [False, True], ids=["desk", "room"])
@pytest.mark.parametrize("words", ["en", "pt", "pseudo"])
def test_every_word_has_room(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Callable[[Controller], None],
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], projector: bool, words: str,
) -> None:  # fmt: skip
    controller.run_to(3)
    if words == "pseudo":
        monkeypatch.setattr(i18n, "translations", lambda _code: Pseudo())
    window.resize(*size)
    window.set_projector(projector)
    language.set("pt" if words == "pt" else "en")
    language.changed.emit()
    try:
        with suppress(QtTimeoutError):
            qtbot.waitUntil(lambda: not cut(window, words) and not overlaps(window), timeout=2000)
        assert cut(window, words) == [] and overlaps(window) == []
        for page in ("loss_surface", "activations", "signal") if window.bottom.isVisible() else ("",):
            if page:
                window.bottom.pages.open(page)
            settle(controller)
            assert painted_wrongly(window) == []
    finally:
        monkeypatch.undo()
        language.changed.emit()


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_window_has_room(
    qtbot: QtBot, english: None, settle: Callable[[Controller], None], name: str
) -> None:
    """Train what `make screenshots` draws for a moment, and compare the layouts at both sizes."""
    file, arguments = STATES[name]
    controller = Controller(Experiment.load(EXAMPLES / file))
    window = MainWindow(controller)
    qtbot.addWidget(window, before_close_func=lambda _: controller.disk.give_up_changes())
    words = ["screenshot", file, *arguments.split(), "--out", "x.png"]
    looks = [main.look_of(main.parser().parse_args([*words, "--size", size])) for size in SIZES]
    language.set(looks[0].language)
    themes.set(looks[0].theme)
    dress(window, looks[0])
    window.show()
    controller.run_to(2)
    try:
        settle(controller)
        for look in looks:
            dress(window, look)
            if look.first:
                window.welcome()
            with suppress(QtTimeoutError):
                qtbot.waitUntil(lambda: not cut(window, "") and not overlaps(window), timeout=2000)
            assert (window.width(), window.height()) == look.size
            assert cut(window, "") == [] and overlaps(window) == [] and painted_wrongly(window) == []
    finally:
        settle(controller)
        window.toast.stop()


@pytest.mark.parametrize("words", ["pt", "pseudo"])
def test_what_opens_over_the_window_has_room(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    if words == "pseudo":
        monkeypatch.setattr(i18n, "translations", lambda _code: Pseudo())
    window.resize(1280, 720)
    language.set("pt" if words == "pt" else "en")
    language.changed.emit()
    seen, found = set(), []
    try:
        for key in main.OPENED:
            window.actions_by_key[key].trigger()
            for over in opened(window):
                seen.add(key)
                for _ in range(5):  # layouts follow each other
                    QApplication.processEvents()
                found += cut(over, words)
                over.close()
            window.show_everything()
        assert found == []
        assert seen == {key for key in main.OPENED if not key.startswith(("only", "slow", "draw"))}
    finally:
        monkeypatch.undo()
        language.changed.emit()
