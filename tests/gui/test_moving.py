"""Cards are carried by their heads, moved by keys and menus, and come back."""

import json
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from gui.controller import Controller
from gui.dividers import Divider
from gui.landing import Landing
from gui.main_window import MainWindow
from gui.settings import recall, remember
from gui.tiles import Rect, Tree

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
ALT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
Settle = Callable[[Controller], None]


@pytest.fixture
def window(qtbot: QtBot, controller: Controller, settle: Settle) -> Iterator[MainWindow]:
    yield shown(qtbot, controller)
    settle(controller)


def shown(qtbot: QtBot, controller: Controller) -> MainWindow:
    made = MainWindow(controller)
    qtbot.addWidget(made, before_close_func=lambda _: controller.disk.give_up_changes())
    made.resize(1600, 1000)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    QCursor.setPos(made.mapToGlobal(QPoint(1, 1)))  # over no card: keys are for the one with the focus
    return made


def send(widget: QWidget, kind: QEvent.Type, at: QPointF, down: bool) -> None:
    buttons = LEFT if down else NONE
    none = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, widget.mapFromGlobal(at), at, LEFT, buttons, none))


def press(widget: QWidget, at: QPoint | None = None) -> None:
    point = widget.rect().center() if at is None else at
    send(widget, QEvent.Type.MouseButtonPress, QPointF(widget.mapToGlobal(point)), True)


def carry(window: MainWindow, widget: QWidget, to: tuple[float, float]) -> None:
    """Pull what was pressed to a point of the window, on a way of three moves."""
    goal = QPointF(window.centralWidget().mapToGlobal(QPoint(round(to[0]), round(to[1]))))
    start = QPointF(widget.mapToGlobal(widget.rect().center()))
    for share in (0.3, 0.7, 1.0):
        send(widget, QEvent.Type.MouseMove, start + (goal - start) * share, True)


def release(widget: QWidget) -> None:
    send(widget, QEvent.Type.MouseButtonRelease, QPointF(widget.mapToGlobal(QPoint())), False)


def at(rect: Rect, across: float, down: float) -> tuple[float, float]:
    return rect.x + across * rect.width, rect.y + down * rect.height


def test_a_card_dropped_on_another_changes_places_with_it(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    arranger, head = window.arranger, window.result.header.title
    before = dict(arranger.rects)
    controller.play()  # while it trains
    press(head)
    carry(window, head, at(before["network"], 0.5, 0.5))
    assert arranger.carrier.isVisible() and arranger.carrier.there == ("network", None)
    assert arranger.rects == before  # nothing moves before it is let go
    release(head)
    assert not arranger.carrier.isVisible()
    assert arranger.rects == {**before, "network": before["result"], "result": before["network"]}
    assert window.network.geometry().getRect() == tuple(before["result"])
    epoch = controller.frame.epoch
    qtbot.waitUntil(lambda: controller.frame.epoch > epoch)
    controller.pause()
    settle(controller)
    assert window.result.results[0].isVisible() and window.result.results[0].summary()
    again = shown(qtbot, controller)  # the next start
    assert again.arranger.rects == arranger.rects
    qtbot.mouseClick(window.toast.offer, LEFT)
    assert arranger.rects == before and recall("cards") == ""


def test_a_card_goes_beside_another_and_beside_all(qtbot: QtBot, window: MainWindow) -> None:
    arranger = window.arranger
    head = window.bottom.pages.bar
    bare = QPoint(head.width() - 3, head.height() // 2)  # beside the last tab
    press(head, bare)
    carry(window, head, at(arranger.rects["network"], 0.5, 0.1))
    release(head)
    rects = arranger.rects
    assert rects["bottom"].y < rects["network"].y and rects["bottom"].width == rects["network"].width
    assert rects["result"].height == arranger.room.height
    head = window.network.header.title
    press(head)
    carry(window, head, (arranger.room.x + arranger.room.width - 4, arranger.room.y + 200))
    assert arranger.carrier.there == (None, "right")
    release(head)
    rects = arranger.rects
    assert rects["network"].height == arranger.room.height and rects["network"].x > rects["result"].x
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_0, keys)
    assert arranger.order.tree is None and rects["network"] != arranger.rects["network"]


def test_escape_puts_a_card_back_and_a_click_moves_none(qtbot: QtBot, window: MainWindow) -> None:
    arranger, head = window.arranger, window.network.header.title
    before = dict(arranger.rects)
    press(head)
    carry(window, head, at(before["result"], 0.5, 0.5))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not arranger.carrier.isVisible()
    carry(window, head, at(before["bottom"], 0.5, 0.5))  # the button is still down
    assert not arranger.carrier.isVisible()
    release(head)
    assert arranger.rects == before and QApplication.overrideCursor() is None
    press(head)
    release(head)
    assert arranger.rects == before and arranger.order.tree is None


def test_a_card_moves_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    arranger = window.arranger
    window.result.curve.setFocus()
    before = dict(arranger.rects)
    qtbot.keyClick(window, Qt.Key.Key_Left, ALT)
    assert arranger.rects["result"] == before["network"]
    qtbot.keyClick(window, Qt.Key.Key_Left, ALT)  # at the border: beside all the others
    assert arranger.rects["result"].height == arranger.room.height
    stands = dict(arranger.rects)
    qtbot.keyClick(window, Qt.Key.Key_Left, ALT)
    assert arranger.rects == stands and "already" in window.toast.text()
    undo = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_Z, undo)
    assert arranger.rects == before


def test_a_place_is_chosen_with_the_arrows(qtbot: QtBot, window: MainWindow, controller: Controller) -> None:
    arranger = window.arranger
    window.result.curve.setFocus()
    before, epoch = dict(arranger.rects), controller.frame.epoch
    qtbot.keyClick(window, Qt.Key.Key_Return, ALT)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(window, key)
    assert arranger.carrier.there == ("bottom", None)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert arranger.rects == before and controller.frame.epoch == epoch
    qtbot.keyClick(window, Qt.Key.Key_Return, ALT)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(window, key)
    assert arranger.carrier.there == ("network", "below")
    assert arranger.carrier.accessibleName() == "“Result” below “Network”"
    qtbot.keyClick(window, Qt.Key.Key_Return)
    rects = arranger.rects
    assert rects["network"].y < rects["result"].y < rects["bottom"].y
    assert rects["network"].width == arranger.room.width


def test_each_card_is_moved_from_its_menu(qtbot: QtBot, window: MainWindow) -> None:
    arranger = window.arranger
    for picture in (window.network.canvas, window.result.results[0], window.bottom.pages.surface):
        menu = picture.menu()
        inner = next(one for one in menu.findChildren(QMenu) if one.title() == "Move this card")
        ways = {action.text().replace("&", ""): action for action in inner.actions()}
        before = arranger.order
        ways["Move up" if picture is window.bottom.pages.surface else "Move down"].trigger()
        assert arranger.order != before
        menu.deleteLater()
        arranger.take_back()
        assert arranger.order == before


def own() -> str:
    column = {"column": [[0.4, "bottom"], [0.6, "result"]]}
    return json.dumps({"version": 1, "cards": {"row": [[0.5, column], [0.5, "network"]]}})


@pytest.mark.parametrize("projector", [False, True])
@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_moved_cards_have_room_or_stand_as_designed(
    qtbot: QtBot, controller: Controller, settle: Settle, size: tuple[int, int], projector: bool
) -> None:
    remember("cards", own())
    window = shown(qtbot, controller)
    window.resize(*size)
    window.set_projector(projector)
    cards = [window.network, window.result, window.bottom]
    areas = [card.geometry() for card in cards if card.isVisible()]
    assert all(window.centralWidget().rect().contains(area) for area in areas)
    assert not any(a.intersects(b) for a in areas for b in areas if a is not b)
    mine: Tree = window.arranger.order.tree  # type: ignore[assignment]
    assert (window.arranger.tree is mine) == (window.network.x() > window.result.x())
    assert not projector or not window.arranger.dividers
    if size == (1920, 1080) and not projector:
        assert window.network.x() > window.result.x()
    window.set_projector(False)


def test_gaps_between_moved_cards_are_pulled(qtbot: QtBot, controller: Controller, settle: Settle) -> None:
    remember("cards", own())
    window = shown(qtbot, controller)
    divider = next(one for one in window.arranger.dividers if one.axis == "row")
    width = window.network.width()
    divider.setFocus()
    qtbot.keyClick(divider, Qt.Key.Key_Right)
    assert window.network.width() == width - 24
    assert "Network" in divider.accessibleName() and "Result" in divider.accessibleName()
    qtbot.mouseDClick(divider, LEFT)
    assert abs(window.network.width() - window.result.width()) <= 1
    again = shown(qtbot, controller)
    assert abs(again.network.width() - window.network.width()) <= 1


def test_a_tab_pulled_out_of_its_row_is_a_card_until_the_layout_is_reset(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    arranger, pages = window.arranger, window.bottom.pages
    pages.open("weights")
    tab = pages.bar.tabRect(0).center()
    press(pages.bar, tab)
    carry(window, pages.bar, at(arranger.rects["network"], 0.5, 0.4))
    assert arranger.carrier.there == ("network", "above")  # what is no card yet cannot change places
    release(pages.bar)
    assert not pages.bar.isTabVisible(0) and pages.surface.isVisible()
    assert arranger.rects["weights"].y < arranger.rects["network"].y
    controller.step_epoch()
    settle(controller)
    assert pages.histograms.isVisible() and pages.histograms.summary()
    again = shown(qtbot, controller)
    assert again.bottom.pages.histograms.window() is again and again.arranger.rects == arranger.rects
    head = arranger.cards["weights"].header.title  # carried back onto the card with the tabs
    press(head)
    carry(window, head, at(arranger.rects["bottom"], 0.5, 0.5))
    assert arranger.carrier.accessibleName() == "“Weights” back on “Pictures”"
    release(head)
    assert pages.bar.isTabVisible(0) and not arranger.cards["weights"].isVisible()
    assert window.bottom.isAncestorOf(pages.histograms) and pages.histograms.isVisible()


def test_parts_leave_and_come_back_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    arranger, result = window.arranger, window.result
    for part in (result.curve, window.bottom.findings):
        part.setFocus()
        for out in (True, False):
            qtbot.keyClick(window, Qt.Key.Key_C, ALT)
            assert part.isVisible() and window.arranger.cards[part.key].isVisible() == out
            assert (result.isAncestorOf(part) or window.bottom.isAncestorOf(part)) != out
            part.setFocus()
    before = [page for page in arranger.parts if window.bottom.pages.can_lend(page)]
    for name in list(arranger.parts):
        arranger.part_with(name)
    assert window.bottom.pages.bar.isTabVisible(window.bottom.pages.bar.currentIndex())
    assert before and "stays" in window.toast.text()
    arranger.reset()
    assert not arranger.windows and arranger.rects.keys() == {"network", "result", "bottom"}


def test_a_card_in_a_window_of_its_own(
    qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle
) -> None:
    arranger, head = window.arranger, window.result.header.title
    before = dict(arranger.rects)
    press(head)
    carry(window, head, (-300, 50))
    assert arranger.carrier.there == (None, None)
    release(head)
    own = arranger.windows["result"]
    assert window.result.window() is own and own.isVisible() and own.windowTitle() == "Result – Relevo"
    assert arranger.rects.keys() == {"network", "bottom"}
    assert arranger.rects["network"].width > before["network"].width
    own.activateWindow()
    qtbot.keyClick(own, Qt.Key.Key_Right)  # the program's shortcuts work there
    settle(controller)
    assert controller.frame.epoch == 1 and window.result.results[0].summary()
    qtbot.mouseDClick(head, LEFT)
    assert own.isFullScreen()
    qtbot.keyClick(own, Qt.Key.Key_Escape)
    assert not own.isFullScreen() and own.isVisible()
    again = shown(qtbot, controller)  # the next start
    assert again.result.window() is again.arranger.windows["result"]
    own.close()
    assert window.result.window() is window and arranger.rects == before and not arranger.windows
    arranger.take_back()
    assert window.result.window() is arranger.windows["result"]
    for name in ("network", "bottom"):
        arranger.part_with(name)
    assert len(arranger.rects) == 1 and "stays" in window.toast.text()


def test_the_same_keys_bring_a_card_back_wherever_the_mouse_is(qtbot: QtBot, window: MainWindow) -> None:
    arranger = window.arranger
    on_bottom = window.bottom.mapToGlobal(QPoint(60, 8))
    QCursor.setPos(window.network.mapToGlobal(QPoint(60, 8)))
    qtbot.keyClick(window, Qt.Key.Key_W, ALT)
    assert set(arranger.windows) == {"network"}
    qtbot.keyClick(window, Qt.Key.Key_W, ALT)  # the mouse rests where it was, over another card now
    assert not arranger.windows
    qtbot.keyClick(window, Qt.Key.Key_W, ALT)
    QCursor.setPos(on_bottom)
    own = arranger.windows["network"]
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    qtbot.keyClick(own, Qt.Key.Key_W, ALT)  # the window that is active counts for more than the mouse
    assert not arranger.windows
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QCursor.setPos(on_bottom + QPoint(1, 0))
    qtbot.keyClick(window, Qt.Key.Key_W, ALT)
    assert set(arranger.windows) == {"bottom"}
    arranger.reset()


def test_a_hidden_part_costs_nothing(qtbot: QtBot, window: MainWindow, controller: Controller, settle: Settle,
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    asked: list[str] = []
    for picture in window.pictures():
        inner = picture.job
        monkeypatch.setattr(picture, "job", lambda f, key=picture.key, of=inner: asked.append(key) or of(f))
    window.arranger.part_with("signal")
    window.arranger.take_out("loss_curve")
    window.show_only(window.network)
    asked.clear()
    controller.step_epoch()
    settle(controller)
    assert {"network", "signal"} <= {*asked} and not {*asked} & {"boundary", "loss_surface", "findings"}


def test_a_part_comes_out_beside_no_card_that_the_projector_leaves_out(window: MainWindow) -> None:
    arranger = window.arranger
    window.resize(1280, 720)
    window.set_projector(True)
    window.show_only(window.bottom)  # else the projector has no room for it here
    for part in [name for name in arranger.parts if arranger.home(name) == "bottom"]:
        assert arranger.try_landing(part, Landing("bottom", "right")) is None


def test_no_gap_is_left_over_when_a_card_comes_back_from_its_window(window: MainWindow) -> None:
    for _ in range(3):
        window.arranger.part_with("result")
        QApplication.processEvents()
        window.reset_layout()
        QApplication.processEvents()
    seen = {divider for divider in window.findChildren(Divider) if divider.isVisible()}
    assert seen == set(window.arranger.dividers)
