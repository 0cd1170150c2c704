"""The fields of the inputs, opened in place beside their head: how they are scaled, and which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from engine.choices import SCALINGS
from engine.rules import dataset_of
from gui.canvas.popup import Popup
from gui.canvas.wording import column_name
from gui.i18n import tr
from gui.panels.features import FeaturePicker, feed, scale
from gui.panels.parameters import entry_hints
from gui.theme import px
from gui.widgets.basics import Label
from gui.widgets.combo import ChoiceBox
from gui.widgets.rows import Row

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from gui.canvas.canvas import NetworkCanvas

WIDTH, BOX = 340, 180


class InputsEditor(Popup):
    """Scaling and features, as in the section with the data.

    Attributes:
        scaling: the list of scalings.
        features: the features' chips, or a button that opens them.
    """

    def __init__(self, canvas: NetworkCanvas) -> None:
        super().__init__(canvas, -1, column_name(canvas.experiment, -1))
        self.setObjectName("inputs_editor")
        self.scaling = ChoiceBox("scalings")
        self.scaling.set_keys(SCALINGS, entry_hints(SCALINGS))
        self.scaling.picked.connect(self._scale)
        self.features = FeaturePicker()
        self.features.chosen.connect(self._feed)
        self._meaning = Label("", "small")
        self._meaning.setWordWrap(True)
        for line in (Row("Scaling", self.scaling, width=BOX), self._meaning, self.features):
            self.body.addWidget(line)
        self.show_experiment(canvas.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the inputs as they are now."""
        chosen = SCALINGS[experiment.data.scaling]
        self.scaling.set_key(chosen.key)
        self._meaning.setText("\n".join(tr(text) for text in (chosen.sentence, chosen.formula) if text))
        self.features.show_features(dataset_of(experiment), experiment.data.features or ())
        self.fit()

    def open_beside(self, head: QRectF, kind: str = "") -> None:
        """Show it beside the inputs' head; they have no marks of any kind."""
        self.open_at(head, self.scaling)

    def fit(self) -> None:
        """Take the height that the words and the chips need."""
        self.setFixedWidth(px(WIDTH))
        self.outer.activate()
        self.setFixedHeight(
            max(self.outer.totalHeightForWidth(px(WIDTH)), self.outer.totalMinimumSize().height())
        )

    def _scale(self, key: str) -> None:
        scale(self.controller, key)

    def _feed(self, chosen: tuple[str, ...]) -> None:
        feed(self.controller, chosen)
