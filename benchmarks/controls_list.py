"""Everything in the window that can be pressed, typed into, chosen, dragged or resized, as things to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from benchmarks.watch import let_run
from gui.canvas import scene
from gui.canvas.scene import Item
from gui.panels.side_column import SECTIONS
from tests.gui.person import Button, Key

if TYPE_CHECKING:
    from benchmarks.controls import Bench

NOT_DONE = ("quit", "full_screen")  # the first ends the bench, the second is for the desktop to answer
KINDS = (QLineEdit, QComboBox, QAbstractButton, QAbstractSlider)
SIZES = ((1280, 720), (1600, 900), (1920, 1080))
PROJECTOR_ROOM = (1280, 720)
LOOK = 0.3  # seconds until everything has another look


def nothing(bench: Bench) -> None:
    """Do nothing."""


@dataclass(frozen=True)
class Act:
    """Something a user does.

    Attributes
    ----------
    name : what it is called in the table
    do : does it with mouse and keys; the slowest of its events counts
    before : brings the window there; does not count
    """

    name: str
    do: Callable[[Bench], object]
    before: Callable[[Bench], object] = nothing


def acts(bench: Bench) -> list[Act]:
    """Return everything that can be done in the window as it stands."""
    return [
        *_looks(), *_sizes(), *_actions(bench), *_top(bench), *_sections(bench), *_canvas(bench),
        *_pictures(bench), *_cards(bench), *_dialogs(),
    ]  # fmt: skip


# The whole window


def _looks() -> list[Act]:
    """Other themes, languages and projector mode, each there and back."""
    ways = {"theme": ("dark", "light", "contrast", "dark"), "language": ("en", "pt", "en")}
    found = []
    for kind, names in ways.items():
        for before, after in zip(names, names[1:], strict=False):
            found.append(Act(f"{kind} {before} to {after}", partial(_trigger, f"{kind}_{after}"),
                             partial(_look, f"{kind}_{before}")))  # fmt: skip
    keys = partial(_keys, "F5")
    found += [Act("projector on", keys), Act("projector off", keys, keys)]
    small = partial(_resize, PROJECTOR_ROOM)
    both: Callable[[Bench], object] = lambda bench: (small(bench), keys(bench))  # noqa: E731
    return [
        *found, Act("projector on, 1280 x 720", keys, small), Act("projector off, 1280 x 720", keys, both),
    ]  # fmt: skip


def _look(key: str, bench: Bench) -> None:
    """Have a look at first, and time for it."""
    _trigger(key, bench)
    let_run(LOOK)


def _sizes() -> list[Act]:
    return [
        Act(f"resize {old[0]} to {new[0]}", partial(_resize, new), partial(_resize, old))
        for old in SIZES for new in SIZES if old != new
    ]  # fmt: skip


def _actions(bench: Bench) -> list[Act]:
    """Every action by its keys, or as from a menu where it has none."""
    found = []
    for key, action in bench.window.actions_by_key.by_key.items():
        if key not in NOT_DONE and not key.startswith(("theme_", "language_", "projector")):
            do = partial(_keys, action.shortcuts()[0]) if action.shortcuts() else partial(_trigger, key)
            before: Callable[[Bench], object] = nothing
            if key in ("undo", "redo"):
                before = partial(_edit_first, key == "redo")
            found.append(Act(f"action {key}", do, before))
    return found


def _edit_first(undone: bool, bench: Bench) -> None:
    _keys("D", bench)
    if undone:
        _keys("Ctrl+Z", bench)


def _keys(keys: str | QKeySequence, bench: Bench) -> None:
    bench.person.keys(QKeySequence(keys))


def _trigger(key: str, bench: Bench) -> None:
    bench.person.act(bench.window.actions_by_key[key].trigger)


def _resize(size: tuple[int, int], bench: Bench) -> None:
    bench.person.act(lambda: bench.window.resize(*size))


# Controls


def _top(bench: Bench) -> list[Act]:
    return _controls(bench.window.top, "top bar", nothing, bench)


def _sections(bench: Bench) -> list[Act]:
    """The sections in the column, and opened beside it with all that they have."""
    found = _controls(bench.window.side, "column", nothing, bench)
    for index, (_, title, _) in enumerate(SECTIONS):
        opens = partial(_open_section, index)
        found.append(Act(f"open section {title}", opens))
        bench.go_home()
        opens(bench)
        flyout = bench.window.side.flyout
        if flyout is not None:
            found += _controls(flyout, title, opens, bench)
    bench.go_home()
    return found


def _open_section(index: int, bench: Bench) -> None:
    side = bench.window.side
    dots = side._dots[index] if side._dots[index].isVisible() else side.panels[index].summary
    bench.person.click(dots)


def _controls(parent: QWidget, where: str, before: Callable[[Bench], object], bench: Bench) -> list[Act]:
    """Return an act for each control in a widget; it is looked up anew by kind and number each time."""
    found = []
    for kind in KINDS:
        for number, control in enumerate(_usable(parent, kind)):
            name = control.accessibleName() or getattr(control, "text", str)() or str(number)
            use = partial(_use, where, kind, number)
            what = kind.__name__[1:].replace("Abstract", "")
            found.append(Act(f"{where}: {name[:22]} ({what})", use, before))
    return found


def _usable(parent: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [
        each for each in parent.findChildren(kind)
        if each.isEnabled() and each.isVisible() and not each.visibleRegion().isEmpty()
        and not isinstance(each.parentWidget(), QComboBox | QSpinBox)
    ]  # fmt: skip


def _use(where: str, kind: type[QWidget], number: int, bench: Bench) -> None:
    """Use a control as a hand would."""
    window = bench.window
    parent = {"top bar": window.top, "column": window.side}.get(where, window.side.flyout)
    found = _usable(parent, kind) if parent is not None else []
    if number >= len(found):
        return
    control, person = found[number], bench.person
    if kind is QAbstractSlider:
        middle = QRectF(control.rect()).center()
        person.drag(control, middle, middle + QPointF(0.3 * control.width(), 0))
        return
    person.click(control)
    if kind is QLineEdit:
        person.keys(QKeySequence("Ctrl+A"))
        person.write("3")
        person.key(Key.Key_Return)
    elif kind is QComboBox:
        person.key(Key.Key_Down)
        person.key(Key.Key_Return)


# The network


def _canvas(bench: Bench) -> list[Act]:
    """A click on each kind of thing, dragging, hovering, the wheel, and numbers typed."""
    layers = len(bench.first.network.layers)
    things: dict[str, Item] = {
        "unit": ("unit", 0, 3), "input": ("unit", -1, 0), "head": ("head", 0), "head of inputs": ("head", -1),
        "head of outputs": ("head", layers - 1), "link": ("link", 1, 3, 2), "add a unit": ("add", 0),
        "remove a unit": ("remove", 0), "insert a layer": ("insert", 1), "remove a layer": ("close", 0),
    }  # fmt: skip
    found = [Act(f"canvas: click {name}", partial(_click_item, item)) for name, item in things.items()]
    found += [Act(f"canvas: hover {name}", partial(_hover_item, item)) for name, item in things.items()]
    found += [Act(f"canvas: menu of {name}", partial(_menu_item, item)) for name, item in things.items()]
    unit, other = things["unit"], things["link"]
    return [
        *found,
        Act("canvas: type a bias", _type_number, partial(_click_item, unit)),
        Act("canvas: type a weight", _type_number, partial(_click_item, other)),
        Act("canvas: cut a link", lambda bench: bench.person.key(Key.Key_Delete), partial(_leave, other)),
        Act("canvas: remove chosen", lambda bench: bench.person.key(Key.Key_Delete), partial(_leave, unit)),
        Act("canvas: Tab", lambda bench: bench.person.key(Key.Key_Tab), partial(_leave, unit)),
        Act("canvas: arrow", lambda bench: bench.person.key(Key.Key_Down), partial(_leave, unit)),
        Act("canvas: rubber band",
            lambda bench: _drag(bench.window.network.canvas, (0.02, 0.3), (0.6, 0.9), bench)),
        Act("canvas: wheel", lambda bench: _wheel(bench.window.network.canvas, bench)),
        *_editor_acts(bench, things["head"]),
    ]  # fmt: skip


def _editor_acts(bench: Bench, head: Item) -> list[Act]:
    """The fields of a layer, opened by its head."""
    opens = partial(_click_item, head)
    bench.go_home()
    opens(bench)
    canvas, found = bench.window.network.canvas, []
    for kind in KINDS:
        for number, control in enumerate(_usable(canvas, kind)):
            name = control.accessibleName() or str(number)
            found.append(Act(f"layer: {name[:24]}", partial(_use_in_editor, kind, number), opens))
    bench.go_home()
    return found


def _use_in_editor(kind: type[QWidget], number: int, bench: Bench) -> None:
    found = _usable(bench.window.network.canvas, kind)
    if number < len(found):
        bench.person.click(found[number])
        if kind is QComboBox:
            bench.person.key(Key.Key_Down)
            bench.person.key(Key.Key_Return)
        elif kind is QLineEdit:
            bench.person.keys(QKeySequence("Ctrl+A"))
            bench.person.write("3")
            bench.person.key(Key.Key_Return)


def _place(item: Item, bench: Bench) -> QPointF:
    canvas = bench.window.network.canvas
    return canvas.seen(scene.spot_of(canvas.geometry_now, item)).center()


def _click_item(item: Item, bench: Bench) -> None:
    bench.person.click(bench.window.network.canvas, _place(item, bench))


def _hover_item(item: Item, bench: Bench) -> None:
    bench.person.hover(bench.window.network.canvas, _place(item, bench))


def _menu_item(item: Item, bench: Bench) -> None:
    bench.person.click(bench.window.network.canvas, _place(item, bench), Button.RightButton)


def _leave(item: Item, bench: Bench) -> None:
    _click_item(item, bench)
    bench.person.key(Key.Key_Escape)


def _type_number(bench: Bench) -> None:
    bench.person.write("3")
    bench.person.key(Key.Key_Return)


# Pictures, cards, dialogs


def _pictures(bench: Bench) -> list[Act]:
    """The tabs, and in each picture the wheel, a double click and the menu."""
    pages, found = bench.window.bottom.pages, []
    for place in range(pages.bar.count()):
        if pages.bar.isTabVisible(place):
            name = pages.bar.tabText(place)
            found.append(Act(f"tab {name}", partial(_click_tab, place), partial(_click_tab, (place + 2) % 4)))
    for view in bench.window.pictures():
        if view.isVisible() and view is not bench.window.network.canvas:
            found += [
                Act(f"picture {view.key}: wheel", lambda bench, view=view: _wheel(view, bench)),
                Act(f"picture {view.key}: drag",
                    lambda bench, view=view: _drag(view, (0.4, 0.4), (0.6, 0.6), bench)),
                Act(f"picture {view.key}: click", lambda bench, view=view: bench.person.click(view)),
                Act(f"picture {view.key}: twice",
                    lambda bench, view=view: bench.person.click(view, twice=True)),
                Act(f"picture {view.key}: menu",
                    lambda bench, view=view: bench.person.click(view, button=Button.RightButton)),
            ]  # fmt: skip
    return found


def _click_tab(place: int, bench: Bench) -> None:
    bar = bench.window.bottom.pages.bar
    bench.person.click(bar, QPointF(bar.tabRect(place).center()))


def _cards(bench: Bench) -> list[Act]:
    """Dividers and heads of cards dragged, a head clicked twice."""
    found = []
    for number in range(len(bench.window.arranger.dividers)):
        found.append(Act(f"divider {number}", partial(_drag_divider, number)))
    for name in bench.window.arranger.cards:
        found += [Act(f"card {name}: carry", partial(_carry, name)),
                  Act(f"card {name}: head twice", partial(_head_twice, name))]  # fmt: skip
    return found


def _drag_divider(number: int, bench: Bench) -> None:
    gap = bench.window.arranger.dividers[number]
    middle = QRectF(gap.rect()).center()
    bench.person.drag(gap, middle, middle + QPointF(60, 60))


def _carry(name: str, bench: Bench) -> None:
    title = bench.window.arranger.cards[name].header.title
    if title.isVisible():
        goal = QPointF(title.mapFrom(bench.window, QPointF(bench.window.rect().center())))
        bench.person.drag(title, QPointF(4, 4), goal)


def _head_twice(name: str, bench: Bench) -> None:
    title = bench.window.arranger.cards[name].header.title
    if title.isVisible():
        bench.person.click(title, twice=True)


def _dialogs() -> list[Act]:
    """What is done in the palette, in the gallery and in the menu."""
    return [
        Act("palette: a letter", lambda bench: bench.person.write("R"), partial(_keys, "Ctrl+Shift+P")),
        Act("palette: down", lambda bench: bench.person.key(Key.Key_Down), partial(_keys, "Ctrl+Shift+P")),
        Act("gallery: begin one", _pick_example, partial(_keys, "Ctrl+G")),
        Act("gallery: wheel", lambda bench: _wheel(QApplication.activeModalWidget(), bench),
            partial(_keys, "Ctrl+G")),
        Act("F1: wheel", lambda bench: _wheel(QApplication.activeModalWidget(), bench), partial(_keys, "F1")),
        Act("menu: go down", lambda bench: bench.person.key(Key.Key_Down), _open_menu),
        Act("CSV page", _open_table),
    ]  # fmt: skip


def _open_menu(bench: Bench) -> None:
    """Open the menu of the top bar; its button would wait for an answer in a loop of its own."""
    top = bench.window.top
    bench.person.act(lambda: top.menu.popup(top.mapToGlobal(top.rect().bottomLeft())))


def _pick_example(bench: Bench) -> None:
    from gui.panels.example_gallery import ExampleButton

    dialog = QApplication.activeModalWidget()
    buttons = [] if dialog is None else dialog.findChildren(ExampleButton)
    if buttons:
        bench.person.click(buttons[1])


def _open_table(bench: Bench) -> None:
    path = bench.person.folder / "table.csv"
    path.write_text("a,b,kind\n" + "1.5,2,x\n2.5,1,y\n" * 200, encoding="utf-8")
    bench.person.act(lambda: bench.window.side.open_table(str(path)))
    QTest.qWait(50)


def _wheel(widget: QWidget | None, bench: Bench) -> None:
    if widget is not None:
        bench.person.wheel(widget, QRectF(widget.rect()).center(), -1)


def _drag(widget: QWidget, start: tuple[float, float], end: tuple[float, float], bench: Bench) -> None:
    size = widget.size()
    bench.person.drag(widget, QPointF(start[0] * size.width(), start[1] * size.height()),
                      QPointF(end[0] * size.width(), end[1] * size.height()))  # fmt: skip
