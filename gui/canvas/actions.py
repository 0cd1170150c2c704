"""The canvas's entries of the window's menus: the palette and the sheet of shortcuts list them too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gui.actions import Entry
from gui.canvas import transfer
from gui.canvas.motion import TEMPOS
from gui.canvas.surface import STEP

if TYPE_CHECKING:
    from gui.canvas.canvas import NetworkCanvas


def edit_entries(canvas: NetworkCanvas) -> list[Entry]:
    """Return what the Edit menu does with what is chosen on the canvas."""
    acts, menu = canvas.hands.acts, "&Edit"
    return [
        Entry("copy_layers", menu, "&Copy the chosen layers", acts.copy, ("Ctrl+C",), gap=True),
        Entry("paste_layers", menu, "&Paste layers", acts.paste, ("Ctrl+V",)),
        Entry("duplicate_layers", menu, "Duplicat&e the chosen layers", acts.duplicate, ("Ctrl+D",)),
        Entry("delete_chosen", menu, "&Delete what is chosen", acts.delete, ("Del",)),
        Entry("choose_all", menu, "Choose &all layers", canvas.hands.choose_all, ("Ctrl+A",)),
        Entry("freeze_layers", menu, "&Freeze or unfreeze the chosen layers", acts.freeze_chosen,
              ("Ctrl+F",), gap=True),
        Entry("weights_from_file", menu, "We&ights for the chosen layers from a file…",
              partial(transfer.choose_file, canvas), ("Ctrl+Shift+L",)),
        Entry("weights_from_run", menu, "Weights for the chosen layers from a &training before…",
              partial(transfer.choose_run, canvas), ("Ctrl+Shift+T",)),
    ]  # fmt: skip


def view_entries(canvas: NetworkCanvas) -> list[Entry]:
    """Return how the View menu goes nearer to the network and farther away."""
    menu = "&View/&Zoom"
    return [
        Entry("zoom_in", menu, "Zoom &in", partial(canvas.zoom_by, STEP), ("Ctrl++", "Ctrl+=")),
        Entry("zoom_out", menu, "Zoom &out", partial(canvas.zoom_by, 1 / STEP), ("Ctrl+-",)),
        Entry("fit_network", menu, "Show the &whole network", canvas.fit, ("F",)),
    ]


def motion_entry(canvas: NetworkCanvas) -> Entry:
    """Return what plays one batch slowly."""
    return Entry("slow_motion", "&Training", "Slow &motion: one batch", canvas.motion.start, ("M",), gap=True)


def tempo_entries(canvas: NetworkCanvas) -> list[Entry]:
    """Return how fast one batch is played slowly."""
    texts = ("&Half as fast", "&As usual: one batch in 3 s", "&Twice as fast")
    motion = canvas.motion

    def choose(tempo: float, _checked: bool) -> None:
        motion.set_tempo(tempo)

    return [
        Entry(f"tempo_{tempo}", "&Training/Tempo o&f slow motion", text, partial(choose, tempo),
              (f"Alt+{index}",), checked=motion.tempo == tempo, group="tempo")
        for index, (tempo, text) in enumerate(zip(TEMPOS, texts, strict=True), start=1)
    ]  # fmt: skip
