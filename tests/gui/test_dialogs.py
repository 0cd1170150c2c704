"""What opens over the window: the sheet of shortcuts, the dialog for files, the icons that Qt asks for."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPushButton,
    QScrollArea,
    QStyle,
    QToolButton,
    QTreeView,
)
from pytestqt.qtbot import QtBot

from gui import gestures, shortcuts
from gui.actions import plain
from gui.dialogs import ask_file
from gui.i18n import language, translations
from gui.main_window import MainWindow
from gui.style import Style
from gui.theme import THEMES, apply, themes
from gui.widgets.basics import Button
from tests.gui import painted

Standard = QStyle.StandardPixmap


@pytest.fixture
def window(show_window: Callable[..., MainWindow], qapp: QApplication) -> MainWindow:
    apply(qapp)
    return show_window(1280, 720)


def opened(qtbot: QtBot, window: MainWindow) -> shortcuts.Sheet:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, shortcuts.Sheet)
    QApplication.processEvents()
    return sheet


@pytest.mark.parametrize("code", ["en", "pt"])
def test_the_sheet_has_everything_and_fits_a_small_screen(
    qtbot: QtBot, window: MainWindow, code: str
) -> None:
    language.set(code)
    sheet = opened(qtbot, window)
    rows = [row for topic in sheet.shown for row in topic.rows]
    others = [name for topic in sheet.shown for names in topic.others.values() for name in names]
    names = [name for _, name in rows] + others
    actions = window.actions_by_key.by_key.values()
    for action in actions:
        assert names.count(plain(action.text())) >= 1
        assert not action.shortcuts() or (shortcuts.written(action), plain(action.text())) in rows
    known = translations("pt")
    for gesture in (*gestures.GESTURES, *gestures.PICTURE_GESTURES, *gestures.CARD_GESTURES):
        said = tuple(known[text] for text in gesture) if code == "pt" else gesture
        assert said in rows
    assert "&" not in "".join(topic.title for topic in sheet.shown)
    assert sheet.findChild(QScrollArea).verticalScrollBar().maximum() == 0
    boxes = [box for box in sheet.findChildren(shortcuts.TopicBox) if box.isVisible()]
    assert [box.accessibleName() for box in boxes] == [topic.title for topic in sheet.shown]
    assert len({box.x() for box in boxes}) == 3
    with painted.recorded() as found:
        sheet.grab()
    assert len(found) > 150 and painted.cut(found) + painted.on_each_other(found) == []
    sheet.close()


def test_typing_finds_keys_and_words(qtbot: QtBot, window: MainWindow) -> None:
    sheet = opened(qtbot, window)
    qtbot.keyClicks(sheet.field, "CTRL+E")
    assert [row for topic in sheet.shown for row in topic.rows] == [("Ctrl+E", "Draw points")]
    sheet.field.clear()
    qtbot.keyClicks(sheet.field, "examples iris")
    assert [topic.rows for topic in sheet.shown] == [[]] and "Iris" in str(sheet.shown[0].others)
    qtbot.keyClicks(sheet.field, "qqq")
    assert sheet.shown == []
    with painted.recorded() as found:
        sheet.grab()
    assert [one.text for one in found] == ["Nothing found"]
    qtbot.mouseClick(sheet.findChild(Button), Qt.MouseButton.LeftButton)
    assert QApplication.activeModalWidget() is None


def test_an_open_sheet_takes_another_language_theme_and_size(
    qtbot: QtBot, window: MainWindow, qapp: QApplication
) -> None:
    sheet = opened(qtbot, window)
    language.set("pt")
    themes.set("light")
    themes.set_scale(1.5)
    apply(qapp)
    QApplication.processEvents()
    assert sheet.windowTitle() == "Atalhos e gestos"
    boxes = [box for box in sheet.findChildren(shortcuts.TopicBox) if box.isVisible()]
    room = sheet.findChild(QScrollArea).viewport()
    assert room.width() < room.parentWidget().width()  # there is a scroll bar now
    assert all(box.geometry().right() < room.width() for box in boxes)
    assert sheet.field.placeholderText() == sheet.field.accessibleName() == translations("pt")[
        "Type a key, or a part of what you want to do"]  # fmt: skip
    with painted.recorded() as found:
        image = sheet.grab().toImage()
    assert {"Arquivo", "Abrir…"} <= {one.text for one in found}
    assert painted.cut(found) + painted.on_each_other(found) == []
    seen = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(60, 300)}
    light, dark = THEMES["light"], THEMES["dark"]
    assert {light.text, light.accent} <= seen and not {dark.text, dark.accent} & seen
    qtbot.keyClicks(sheet.field, "abrir uma tabela")
    assert [row for topic in sheet.shown for row in topic.rows][0][0] == "Ctrl+Shift+O"
    sheet.close()


def test_the_arrows_scroll_where_it_does_not_fit(qtbot: QtBot, window: MainWindow) -> None:
    window.set_projector(True)
    sheet = opened(qtbot, window)
    bar = sheet.findChild(QScrollArea).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qtbot.keyClick(sheet.field, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    sheet.close()


def colours(icon_of: object) -> set[str]:
    image = icon_of.pixmap(24).toImage()  # type: ignore[attr-defined]
    seen = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {colour.name() for colour in seen if colour.alpha() == 255}


@pytest.mark.parametrize("name", THEMES)
def test_qts_icons_are_ours_in_the_colours_of_the_theme(qtbot: QtBot, name: str) -> None:
    themes.set(name)
    style, now = Style(), THEMES[name]
    plain_ones = (Standard.SP_DialogCloseButton, Standard.SP_LineEditClearButton, Standard.SP_DirIcon,
                  Standard.SP_TitleBarCloseButton, Standard.SP_FileDialogBack)  # fmt: skip
    for standard in plain_ones:
        assert colours(style.standardIcon(standard)) == {now.text}
    assert colours(style.standardIcon(Standard.SP_MessageBoxWarning)) == {now.warning}
    assert colours(style.standardIcon(Standard.SP_MessageBoxQuestion)) == {now.accent}
    assert not style.standardPixmap(Standard.SP_MessageBoxCritical).isNull()


def test_the_dialog_for_files_cuts_no_column(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "spiral.json").write_text("{}", encoding="utf-8")
    seen: list[bool] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        header = dialog.findChild(QTreeView, "treeView").header()
        seen.extend(header.sectionSize(place) >= header.sectionSizeHint(place) for place in range(4))
        seen.append(header.length() <= header.width())
        seen.append(all(button.iconSize().width() == 18 for button in dialog.findChildren(QToolButton)))
        seen.append(all(button.icon().isNull() for button in dialog.findChildren(QPushButton)))
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    QTimer.singleShot(200, look)
    assert ask_file(window, "Open", str(tmp_path), "Experiments (*.json)") == ""
    assert len(seen) == 7 and all(seen)
