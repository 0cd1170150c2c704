"""The menu of the right mouse button on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from gui.canvas.acts import clipboard_layers
from gui.canvas.scene import Item
from gui.canvas.training_rows import freeze_words
from gui.canvas.transfer import load_from_file, run_entries
from gui.canvas.wording import column_name
from gui.i18n import tr

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas

Entry = tuple[str, "Callable[[], object] | list[Entry]"]  # a text with what it does, or with a submenu


def open_menu(canvas: NetworkCanvas, item: Item | None, corner: QPoint) -> QMenu | None:
    """Open what can be done with an item; nothing when nothing can. Return the menu."""
    entries = entries_for(canvas, item)
    if not entries:
        return None
    menu = QMenu(canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    _fill(menu, entries)
    menu.popup(corner)
    return menu


def _fill(menu: QMenu, entries: list[Entry]) -> None:
    for text, action in entries:
        if isinstance(action, list):
            _fill(menu.addMenu(text), action)
        else:
            menu.addAction(text).triggered.connect(lambda _checked=False, act=action: act())


def entries_for(canvas: NetworkCanvas, item: Item | None) -> list[Entry]:
    """Return (text, action) of the menu for an item."""
    hands, acts = canvas.hands, canvas.hands.acts
    if item is None:
        paste: list[Entry] = [(tr("Paste layers"), acts.paste)] if clipboard_layers() else []
        return [*paste, (tr("Show the whole network"), canvas.fit)] if canvas.zoom > 1 else paste
    layer = int(item[1])
    if item[0] == "link":
        return [
            (tr("Type the weight…"), lambda: canvas.open_popup(item, typing=True)),
            (
                tr("Join this link again") if acts.is_cut(item) else tr("Cut this link"),
                lambda: acts.cut(item),
            ),
        ]
    if item[0] == "skip":
        return [(tr("Remove a skip"), lambda: acts.skip(None, layer))]
    if item[0] == "insert":
        return [(tr("Add a layer here"), lambda: acts.do(item))]
    last = len(canvas.experiment.network.layers) - 1
    found: list[Entry] = []
    if item[0] == "unit" and layer >= 0:
        found.append((tr("Type the bias…"), lambda: canvas.open_popup(item, typing=True)))
    if item[0] == "unit" and (layer, int(item[2])) not in hands.selected:
        hands.stand_on(item)
    name = column_name(canvas.experiment, layer)
    found.append((tr("Edit {name}", name=name), lambda: canvas.open_editor(layer)))
    if layer >= 0:
        frozen = not canvas.experiment.network.layers[layer].trainable
        found.append((freeze_words(not frozen), lambda: acts.freeze(layer, not frozen)))
    if 0 <= layer < last:
        count = len(hands.selected) if item[0] == "unit" else 1
        remove = tr("Remove a unit") if count <= 1 else tr("Remove {count} units", count=count)
        found += [
            (tr("Add a unit"), lambda: acts.do(("add", layer))),
            (remove, acts.delete if item[0] == "unit" else lambda: acts.do(("remove", layer))),
            (
                tr("Remove {name}", name=column_name(canvas.experiment, layer)),
                lambda: acts.do(("close", layer)),
            ),
        ]
    if layer >= 0:
        found.append((tr("Add a layer before"), lambda: acts.do(("insert", layer))))
    if item[0] in ("head", "block") and layer >= 0:
        if layer not in hands.layers:
            hands.stand_on(item)
        chosen = sorted(hands.chosen_layers() or {layer})
        found.append((tr("Weights from a file…"), partial(load_from_file, canvas, chosen)))
        runs: list[Entry] = list(run_entries(canvas, chosen))
        if runs:
            found.append((tr("Weights from a training before"), runs))
        found += [(tr("Copy"), acts.copy), (tr("Duplicate"), acts.duplicate)]
        if clipboard_layers():
            found.append((tr("Paste layers"), acts.paste))
    if layer < last:
        found.append((tr("Add a layer after"), lambda: acts.do(("insert", layer + 1))))
    return found
