"""A table of one's own: read in the background, shown, its columns given roles, taken, undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.data import csv_table
from engine.data.csv_columns import Note
from engine.data.csv_table import prepare
from engine.data.loading import load
from engine.edits import choose_data
from engine.experiment import Data, ExperimentError, from_plain
from gui.controller import Controller
from gui.i18n import language, translations
from gui.main_window import MainWindow
from gui.panels import csv_words, data_pictures
from gui.panels.csv_page import CsvPage
from gui.panels.csv_table import CHOICES
from gui.panels.data import DataPanel
from tests.gui.fakes import FakeController

Settle = Callable[[Controller], None]
HOUSES = "district;area;rooms;note;price\n" + "".join(
    f"{'north' if i % 2 else 'south'};{20 + i},5;{i % 4};text {i};{100 + 3 * i}\n" for i in range(120)
)


@pytest.fixture
def houses(tmp_path: Path) -> str:
    path = tmp_path / "houses.csv"
    path.write_text(HOUSES + "north;;1;no area;3\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def page(qtbot: QtBot, houses: str) -> CsvPage:
    language.set("en")
    controller = FakeController()
    made = CsvPage(controller, houses)
    controller.setParent(made)
    qtbot.addWidget(made)
    made.resize(760, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


def choose(page: CsvPage, column: int, choice: str) -> None:
    """Pick what a column is used as with the mouse, and read the file so."""
    cell = page.preview.visualRect(page.preview.table.index(0, column))
    page.preview.scrollTo(page.preview.table.index(0, column))
    cell = page.preview.visualRect(page.preview.table.index(0, column))
    QTest.mouseClick(page.preview.viewport(), Qt.MouseButton.LeftButton, pos=cell.center())
    menu = page.preview.menu
    action = menu.actions()[list(CHOICES).index(choice)]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    page.controller.errands.run()


def roles(page: CsvPage) -> list[str]:
    return [column.role for column in page.report.columns]


def test_nothing_is_read_before_its_turn(page: CsvPage) -> None:
    assert page.report is None and page.progress.isVisible() and not page.use.isVisible()
    page.controller.errands.waiting[0]._watch(0.4)
    page.controller.errands.waiting[0].tell()
    assert page.progress.share == 0.4
    assert page.progress.accessibleName() == "Reading the file: 40%"
    page.controller.errands.run()
    assert page.use.isVisible() and not page.progress.isVisible()


def test_what_was_read_is_said_and_shown(page: CsvPage) -> None:
    page.controller.errands.run()
    choices = [box.currentText() for box in (page.names, page.decimal, page.task)]
    assert choices == ["automatic (names)", "automatic (comma)", "automatic (numbers)"]
    words = page.words.text().splitlines()
    assert words == [
        "121 rows, 5 columns; 120 rows are complete and make 4 inputs each.",
        "Predicted is the number price.",
        "Cells end at a semicolon, numbers have a decimal comma, text is UTF-8; "
        "the first row names the columns.",
    ]
    assert page.notes.text().splitlines() == [
        "1 row is left out: a value is missing in it",
        "The column note is left out: it has more than 100 different texts",
    ]
    table = page.preview.table
    assert [table.headerData(i, Qt.Orientation.Horizontal) for i in range(5)] == [
        "district", "area", "rooms", "note", "price"]  # fmt: skip
    shown = [table.index(0, i).data() for i in range(5)]
    assert shown == ["category  ▾", "number  ▾", "number  ▾", "left out  ▾", "target  ▾"]
    assert table.index(1, 1).data() == "20,5" and table.rowCount() == 6
    assert "more than 100 different texts" in table.index(0, 3).data(Qt.ItemDataRole.AccessibleTextRole)
    language.set("pt")
    assert page.words.text().startswith("121 linhas, 5 colunas; 120 linhas estão completas")


def test_columns_get_roles_with_the_mouse(page: CsvPage) -> None:
    page.controller.errands.run()
    choose(page, 0, "target")
    assert roles(page) == ["target", "input", "input", "left_out", "input"]
    assert "one of 2 classes: north, south" in page.words.text()
    choose(page, 1, "left_out")
    choose(page, 2, "category")
    assert roles(page) == ["target", "left_out", "input", "left_out", "input"]
    assert page.report.inputs == 5
    choose(page, 1, "input")
    assert roles(page)[1] == "input"
    before = page.controller.experiment
    QTest.mouseClick(page.use, Qt.MouseButton.LeftButton)
    data = page.controller.experiment.data
    assert (data.name, data.target, dict(data.columns)) == ("csv", "district", {"rooms": "category"})
    assert page.controller.undone[-1][1] == "Data: houses.csv"
    page.controller.undo()
    assert page.controller.experiment is before


def test_columns_get_roles_with_the_keyboard(page: CsvPage) -> None:
    page.controller.errands.run()
    page.preview.setFocus()
    QTest.keyClick(page.preview, Qt.Key.Key_Right)
    QTest.keyClick(page.preview, Qt.Key.Key_Return)
    menu = page.preview.menu
    for _ in range(5):
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    page.controller.errands.run()
    assert roles(page) == ["input", "left_out", "input", "left_out", "target"]
    assert page.preview.currentIndex().column() == 1


def test_the_target_stays_until_another_is_chosen(page: CsvPage) -> None:
    page.controller.errands.run()
    page.preview.open_menu(4)
    enabled = [action.isEnabled() for action in page.preview.menu.actions()]
    assert enabled == [True, False, True, True, False]
    page.preview.menu.close()


def test_how_it_is_written_can_be_said(page: CsvPage) -> None:
    page.controller.errands.run()
    page.names.activated.emit(page.names.keys().index("no"))
    page.controller.errands.run()
    assert page.wrong.text() == "File: row 1, column column_2: area is not a number"
    assert page.preview.isVisible(), "what was read before can still be seen"
    page.names.activated.emit(0)
    page.task.activated.emit(page.task.keys().index("classes"))
    page.controller.errands.run()
    assert "120 different numbers" in page.wrong.text() and not page.use.isEnabled()
    page.task.activated.emit(0)
    page.controller.errands.run()
    assert page.use.isEnabled() and not page.wrong.isVisible()


def test_names_of_the_rows_are_left_out_and_can_be_chosen_all_the_same(
    page: CsvPage, qtbot: QtBot, tmp_path: Path
) -> None:
    language.set("pt")
    path = tmp_path / "turma.csv"
    path.write_text("Nome,Nota,Passou\n" + "".join(f"Aluno {i},{i % 9},{'sn'[i % 2]}\n" for i in range(58)))
    page.controller.errands.run()
    page.path = str(path)
    page.read()
    page.controller.errands.run()
    assert roles(page) == ["left_out", "input", "target"] and page.report.inputs == 1
    assert page.notes.text() == (
        "A coluna Nome fica de fora: quase toda linha tem ali um texto só seu, que nada diz das outras linhas"
    )
    choose(page, 0, "input")
    assert roles(page)[0] == "input" and page.report.inputs == 59 and not page.notes.text()
    QTest.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert page.controller.experiment.data.columns == (("Nome", "category"),)
    again = CsvPage(page.controller, str(path))
    qtbot.addWidget(again)
    page.controller.errands.run()
    assert roles(again)[0] == "input"


def test_the_same_file_again_keeps_what_fits(page: CsvPage, qtbot: QtBot) -> None:
    page.controller.errands.run()
    page.take()
    controller = page.controller
    controller.edit("data.test_fraction", 0.4, "")
    again = CsvPage(controller, page.path)
    qtbot.addWidget(again)
    controller.errands.run()
    again.set_role("rooms", "left_out")
    controller.errands.run()
    again.take()
    assert controller.experiment.data.test_fraction == 0.4
    assert controller.experiment.data.columns == (("rooms", "left_out"),)
    assert controller.experiment.data.target == "price"


def test_what_is_no_table_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    language.set("pt")
    (tmp_path / "a.csv").write_text("<html></html>")
    controller = FakeController()
    page = CsvPage(controller, str(tmp_path / "a.csv"))
    qtbot.addWidget(page)
    page.show()
    controller.errands.run()
    assert "página HTML" in page.wrong.text() and page.wrong.isVisible()
    assert not page.use.isVisible() and page.other.isVisible()


def test_reading_can_be_given_up(page: CsvPage, qtbot: QtBot) -> None:
    errand = page.controller.errands.waiting[0]
    with qtbot.waitSignal(page.finished):
        QTest.mouseClick(page.stop, Qt.MouseButton.LeftButton)
    page.controller.errands.run()
    assert page.report is None and not errand.wanted


def test_only_the_newest_wish_counts(page: CsvPage) -> None:
    page.controller.errands.run()
    page.set_role("area", "left_out")
    page.set_role("area", "input")
    page.controller.errands.run()
    assert roles(page)[1] == "input"


def test_words_are_translated() -> None:
    known = translations("pt")
    assert {*csv_words.TEXTS, *CHOICES.values()} <= set(known)
    language.set("pt")
    nested = Note(
        "the column {column} is left out: {why}", (("column", "a"), ("why", Note("it has no values")))
    )
    assert csv_words.note_words(nested) == "A coluna a fica de fora: ela não tem valores"


def test_a_reading_that_is_watched_can_be_ended(houses: str, tmp_path: Path) -> None:
    long = tmp_path / "long.csv"
    long.write_text("a,b\n" + "1,2\n2,1\n" * 5000)
    shares: list[float] = []
    report = prepare(Data(name="csv", path=str(long)), shares.append)
    assert report.rows == 10_000
    assert shares == sorted(shares) and len(shares) == 4 and 0 < shares[0] < shares[-1] <= 1

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare(Data(name="csv", path=str(long), columns=(("a", "category"),)), stop)
    with pytest.raises(ExperimentError):
        prepare(Data(name="csv", path=str(tmp_path / "none.csv")))


def test_the_panel_asks_for_the_page(qtbot: QtBot, houses: str) -> None:
    controller = FakeController()
    panel = DataPanel(controller)
    controller.setParent(panel)
    qtbot.addWidget(panel)
    wanted: list[str] = []
    panel.table_wanted.connect(wanted.append)
    panel.choose("csv")
    prepare(Data(name="csv", path=houses))
    page = CsvPage(controller, houses, panel)
    controller.errands.run()
    page.take()
    shown = panel.thumbnails.thumbnails[-1]
    assert shown.isChecked() and shown.key == "csv"
    shown.click()
    assert wanted == ["", houses]


@pytest.mark.parametrize(("columns", "points"), [("k,a,b", 99), ("k,b", 99), ("k,m", 0)])
def test_the_tile_of_a_table_shows_its_numbers_not_its_categories(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, columns: str, points: int
) -> None:
    cells = {"k": "uv", "m": "pqr"}
    lines = [",".join(cells[c][i % len(cells[c])] if c in cells else f"{(i * 37) % 101 / 7:g}"
                      for c in columns.split(",")) + f",{'yn'[i % 2]}" for i in range(124)]  # fmt: skip
    path = tmp_path / "t.csv"
    path.write_text("\n".join([columns + ",passed", *lines]))
    layers = [{"units": 1, "activation": "sigmoid"}]
    data = load(from_plain({"data": {"name": "csv", "path": str(path)}, "network": {"layers": layers}}))
    places: list[tuple[float, float]] = []
    monkeypatch.setattr(data_pictures, "paint_mark", lambda _, at, *__: places.append((at.x(), at.y())))
    data_pictures.picture_of(data, 50, 1.0)
    assert len({x for x, _ in places}) >= 0.7 * points and bool(places) == bool(points)


@pytest.fixture
def window(show_window: Callable[..., MainWindow]) -> MainWindow:
    return show_window(1280, 720)


def drop(window: MainWindow, path: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path)])
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), Qt.DropAction.CopyAction, mime, buttons, modifiers)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(QPointF(400, 300), Qt.DropAction.CopyAction, mime, buttons, modifiers)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()


def test_a_dropped_table_is_read_shown_and_trained_on(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, houses: str
) -> None:
    drop(window, houses)
    page = window.side.flyout.content
    assert isinstance(page, CsvPage)
    qtbot.waitUntil(lambda: page.report is not None)
    assert window.side.flyout.geometry().right() <= window.mapToGlobal(window.rect().bottomRight()).x()
    QTest.mouseClick(page.use, Qt.MouseButton.LeftButton)
    assert window.side.flyout is None
    settle(controller)
    assert controller.frame.data.task == "regression" and controller.frame.data.x_train.shape[1] == 4
    controller.undo_stack.undo()
    settle(controller)
    assert controller.experiment.data.name == "gaussians"


def test_a_page_that_closes_gives_up(window: MainWindow, controller: Controller, houses: str,
                                     settle: Settle) -> None:  # fmt: skip
    window.side.open_table(houses)
    errand = window.side.flyout.content._errand
    QTest.keyClick(window.side.flyout, Qt.Key.Key_Escape)
    assert window.side.flyout is None and not errand.wanted
    settle(controller)


def test_the_menu_asks_for_a_file(window: MainWindow, houses: str, monkeypatch: pytest.MonkeyPatch,
                                  controller: Controller, settle: Settle) -> None:  # fmt: skip
    monkeypatch.setattr("gui.tables.ask_file", lambda *_: houses)
    window.actions_by_key["open_table"].trigger()
    assert window.side.flyout.content.path == houses
    window.side.flyout.close()
    monkeypatch.setattr("gui.tables.ask_file", lambda *_: "")
    window.actions_by_key["open_table"].trigger()
    assert window.side.flyout is None
    settle(controller)


def test_an_experiment_on_a_table_opens_when_it_is_read(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle, houses: str, tmp_path: Path
) -> None:
    whole = choose_data(controller.experiment, "csv", path=houses)
    file = tmp_path / "houses.json"
    whole.save(file)
    Path(houses).write_text(HOUSES.replace("20,5;", "99,5;"), encoding="utf-8")  # so it is to be read anew
    said: list[str] = []
    controller.message.connect(said.append)
    drop(window, str(file))
    assert said == ["Reading houses.csv…"] and controller.experiment.data.name == "gaussians"
    qtbot.waitUntil(lambda: controller.experiment.data.name == "csv")
    settle(controller)
    assert controller.frame.data.domain[2, 1] > 99 and controller.path == file
    Path(houses).unlink()
    csv_table._latest.clear()
    controller.disk.open_at_leisure(file)
    qtbot.waitUntil(lambda: "there is no such file" in said[-1])
    controller.disk.open_at_leisure(tmp_path / "none.json")
    assert "there is no such file" in said[-1] and controller.experiment.data.name == "csv"


def test_what_is_begun_meanwhile_stays(
    window: MainWindow, controller: Controller, settle: Settle, houses: str, tmp_path: Path
) -> None:
    file = tmp_path / "houses.json"
    choose_data(controller.experiment, "csv", path=houses).save(file)
    before = controller.experiment
    controller.disk.open_at_leisure(file)
    controller.begin(before)
    settle(controller)
    assert controller.experiment == before
