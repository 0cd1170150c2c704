"""The menus of the window, as one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from engine.resources import resource
from gui import about, card_actions, palette, picture_actions, shortcuts
from gui.actions import Entry
from gui.canvas.actions import edit_entries, motion_entry, tempo_entries, view_entries
from gui.i18n import language
from gui.panels.top_bar import LANGUAGE_NAMES, THEME_NAMES
from gui.theme import themes

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def entries(window: MainWindow) -> list[Entry]:
    """Return every action of a window, in the order of its menus."""
    return [
        *_file(window), *_edit(window), *_training(window), *_view(window), *_picture(window), *_help(window),
    ]  # fmt: skip


def _file(window: MainWindow) -> list[Entry]:
    files = window.files
    return [
        Entry("new", "&File", "&New", files.new, ("Ctrl+N",)),
        Entry("open", "&File", "&Open…", files.open, ("Ctrl+O",)),
        Entry("open_table", "&File", "Open a &table (CSV)…", window.side.open_table, ("Ctrl+Shift+O",)),
        Entry("gallery", "&File", "&Gallery of experiments…", window.open_gallery, ("Ctrl+G",), gap=True),
        *_examples(window),
        Entry("save", "&File", "&Save", files.save, ("Ctrl+S",), gap=True),
        Entry("save_as", "&File", "Save &as…", files.save_as, ("Ctrl+Shift+S",)),
        Entry("load_weights", "&File", "&Load weights…", files.load_weights, ("Ctrl+L",), gap=True),
        Entry("save_weights", "&File", "Save &weights…", files.save_weights, ("Ctrl+Shift+W",)),
        Entry("quit", "&File", "&Quit", window.close, ("Ctrl+Q",), gap=True),
    ]


def _examples(window: MainWindow) -> list[Entry]:
    """Return an entry for every bundled experiment; the titles alone are read."""
    found = []
    for path in sorted(resource("examples").glob("*.json")):
        title = json.loads(path.read_text(encoding="utf-8")).get("title") or path.stem
        open_it = partial(window.open_example, path)
        found.append(Entry(f"example_{path.stem}", "&File/&Examples", title, open_it))
    return found


def _edit(window: MainWindow) -> list[Entry]:
    stack = window.controller.undo_stack
    return [
        Entry("undo", "&Edit", "&Undo", stack.undo, ("Ctrl+Z",)),
        Entry("redo", "&Edit", "&Redo", stack.redo, ("Ctrl+Shift+Z", "Ctrl+Y")),
        Entry(
            "draw_points",
            "&Edit",
            "Dra&w points",
            window.result.points.set_on,
            ("Ctrl+E",),
            checked=False,
            gap=True,
        ),
        *edit_entries(window.network.canvas),
    ]


def _training(window: MainWindow) -> list[Entry]:
    controller = window.controller
    return [
        Entry("play", "&Training", "&Play or pause", window.network.canvas.toggle, ("Space",)),
        Entry("step_epoch", "&Training", "Step one &epoch", controller.step_epoch, ("Right", "PgDown")),
        Entry("step_batch", "&Training", "Step one &batch", controller.step_batch, ("Shift+Right",)),
        Entry(
            "step_back", "&Training", "Step bac&k one epoch", controller.step_back, ("Left", "PgUp"), gap=True
        ),
        Entry("go_to_start", "&Training", "Go to the be&ginning", controller.go_to_start, ("Home",)),
        Entry("go_to_end", "&Training", "Go on to the en&d", controller.go_to_end, ("End",)),
        motion_entry(window.network.canvas),
        *tempo_entries(window.network.canvas),
        Entry("reset", "&Training", "Back to the &same initial weights", controller.reset, ("R",), gap=True),
        Entry("new_dice", "&Training", "&New initial weights", controller.new_dice, ("D",)),
    ]


# The sections at the left; in projector mode this is the way to them.
SECTIONS = (
    ("data", "&Data", "Ctrl+4"), ("start", "&Start", "Ctrl+5"), ("descent", "Des&cent", "Ctrl+6"),
    ("generalize", "&Generalize", "Ctrl+7"),
)  # fmt: skip


def _view(window: MainWindow) -> list[Entry]:
    pages, only = window.bottom.pages, window.show_only
    return [
        *(
            Entry(f"theme_{name}", "&View/&Colours", text, partial(_ignoring_check, themes.set_soon, name),
                  checked=themes.chosen == name, group="theme", listed=False)
            for name, text in THEME_NAMES.items()
        ),
        *(
            Entry(f"language_{code}", "&View/&Language", text,
                  partial(_ignoring_check, language.set_soon, code), checked=language.code == code,
                  group="language", translated=False, listed=False)
            for code, text in LANGUAGE_NAMES.items()
        ),
        Entry("menu", "&View", "Open the &menu", window.open_menu, ("F10",), listed=False),
        Entry("next_page", "&View", "&Next picture below", partial(pages.step, 1), ("Ctrl+PgDown",)),
        Entry("previous_page", "&View", "Pre&vious picture below", partial(pages.step, -1), ("Ctrl+PgUp",)),
        *(
            Entry(f"section_{key}", "&View", text, partial(window.open_section, key), (shortcut,),
                  gap=key == "data")
            for key, text, shortcut in SECTIONS
        ),
        *view_entries(window.network.canvas),
        Entry("only_network", "&View", "Only the net&work", partial(only, window.network), ("Ctrl+1",),
              gap=True),
        Entry("only_result", "&View", "Only the &result", partial(only, window.result), ("Ctrl+2",)),
        Entry("only_bottom", "&View", "Only the pictures &below", partial(only, window.bottom), ("Ctrl+3",)),
        Entry("everything", "&View", "&Everything", window.show_everything, ("Ctrl+0", "Esc")),
        *card_actions.entries(window.arranger),
        Entry("reset_layout", "&View", "Reset the la&yout", window.reset_layout, ("Ctrl+Shift+0",)),
        Entry("projector", "&View", "&Projector", window.show_projector, ("P", "F5"), checked=False,
              gap=True),
        Entry("full_screen", "&View", "&Full screen", window.set_full_screen, ("F11",), checked=False),
    ]  # fmt: skip


def _picture(window: MainWindow) -> list[Entry]:
    """Return what can be done with the picture under the mouse, or with the one that has the focus."""
    menu = "&View/P&icture"
    return [
        Entry(key, menu, text, partial(function, window), (shortcut,) if shortcut else (), gap=gap)
        for key, text, function, shortcut, gap in (
            ("copy_picture", "&Copy the picture", picture_actions.copy_picture, "Ctrl+Shift+C", False),
            ("save_picture", "&Save the picture…", picture_actions.save_picture, "", False),
            ("copy_data", "Copy its &data as CSV", picture_actions.copy_data, "", False),
            ("save_data", "Save its da&ta as CSV…", picture_actions.save_data, "", False),
            ("picture_options", "&Ways to show it…", picture_actions.open_options, "Ctrl+Shift+M", True),
            ("closer", "Look c&loser", picture_actions.closer, "Alt++", True),
            ("farther", "Look at &more", picture_actions.farther, "Alt+-", False),
            ("whole", "The w&hole picture", picture_actions.whole, "Alt+0", False),
        )
    ]


def _ignoring_check(function: Callable[[str], None], name: str, checked: bool) -> None:
    function(name)


def _help(window: MainWindow) -> list[Entry]:
    return [
        Entry("commands", "&Help", "&Find a command…", partial(palette.show, window), ("Ctrl+Shift+P",)),
        Entry("shortcuts", "&Help", "&Shortcuts and gestures…", partial(shortcuts.show, window), ("F1",)),
        Entry("licences", "&Help", "&Licences", partial(about.show_licences, window), gap=True),
        Entry("about", "&Help", "&About Relevo", partial(about.show_about, window)),
    ]
