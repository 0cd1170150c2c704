"""The rows of a layer's fields that say how it trains: normalization, dropout, penalties, skip, frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine import links
from engine.choices.base import Range
from engine.choices.normalizations import NORMALIZATIONS
from engine.experiment import Experiment, Layer, ranges_of, replace_at
from gui.canvas.choice_rows import LABEL_WIDTH, ChoiceRows
from gui.canvas.wording import column_name
from gui.i18n import name_of, number, tr
from gui.theme import px
from gui.widgets.basics import Label
from gui.widgets.combo import ComboBox
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, captioned, column
from gui.widgets.switch import Switch

if TYPE_CHECKING:
    from gui.canvas.canvas import Controller


class OwnNumber(NumberField):
    """A number that a layer may have of its own; empty for the network's, which shows faintly.

    Signals:
        cleared(): the field was emptied.
    """

    cleared = Signal()
    _is_own = False

    def show_own(self, own: float | None, common: float) -> None:
        """Show the layer's own number, or in faint letters the one that holds for the network."""
        self._is_own = own is not None
        self.setPlaceholderText(number(common))
        self.set_value(common if own is None else own)

    def _written(self) -> str:
        return super()._written() if self._is_own else ""

    def commit(self) -> bool:
        if not self.isModified() or self.text().strip():
            return super().commit()
        self.setModified(False)
        if self._is_own:
            self._is_own = False
            self.cleared.emit()
        return True

    def _give(self, value: float) -> None:
        if not self._is_own:  # the same number as the network's is still one of its own
            self._is_own, self.value = True, float("nan")
        super()._give(value)


PERCENT = Range(0, 100, high_open=True)  # of the units, as everywhere in the window


class TrainingRows(QWidget):
    """How one layer trains.

    Attributes:
        norm: batch normalization.
        dropout: the share of units that are left out; None for the output layer.
        penalties: the fields of the layer's own L1 and L2, by key.
        skip: from which earlier layer a skip comes.
        frozen: whether the layer keeps its weights.
    """

    def __init__(self, controller: Controller, layer: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.layer = controller, layer
        layers = controller.experiment.network.layers
        is_last = layer == len(layers) - 1
        keys = [key for key in NORMALIZATIONS if not (is_last and key == "after")]
        self.norm = ChoiceRows("batch_norm", "normalizations", layers[layer].batch_norm, keys)
        self.dropout = None if is_last else NumberField(PERCENT, "even", 5.0)
        self.penalties = {key: OwnNumber(ranges_of(Layer)[key]) for key in ("l1", "l2")}
        self.skip, self.frozen = ComboBox(), Switch()
        self._sources: list[int | None] = []
        self._lay_out()
        self.norm.changed.connect(lambda chosen: self._set("batch_norm", chosen, chosen.name))
        if self.dropout is not None:
            self.dropout.suffix = "%"
            self.dropout.committed.connect(lambda value: self._set("dropout", round(value / 100, 9)))
        for key, field in self.penalties.items():
            field.committed.connect(lambda value, key=key: self._set(key, value))
            field.cleared.connect(lambda key=key: self._set(key, None))
        self.skip.activated.connect(self._choose_skip)
        self.frozen.committed.connect(self._freeze)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show the layer as it is now."""
        here, common = experiment.network.layers[self.layer], experiment.regularization
        self.norm.show_choice(here.batch_norm)
        if self.dropout is not None:
            self.dropout.set_value(round(100 * here.dropout, 7))
        for key, field in self.penalties.items():
            field.show_own(getattr(here, key), getattr(common, key))
        self._show_skips(experiment)
        self.frozen.set_value(not here.trainable)

    def field(self, kind: str) -> QWidget:
        """Return the field that a mark below the head stands for."""
        return {"frozen": self.frozen, "batch_norm": self.norm.box, "dropout": self.dropout,
                "penalty": self.penalties["l2"], "skip": self.skip}.get(kind) or self.frozen  # fmt: skip

    def _lay_out(self) -> None:
        lines = column(self, 8)
        lines.addWidget(self.norm)
        cells = Cells()
        fields = [] if self.dropout is None else [captioned("Dropout", self.dropout)]
        fields += [
            captioned(key.upper(), field, f"Own {key.upper()}") for key, field in self.penalties.items()
        ]
        for _, control in fields:
            self._explain(control)
        lines.addWidget(cells)
        cells.fill(fields)
        self._skip_row = self._row("Skip from", self.skip)
        lines.addWidget(self._skip_row)
        lines.addWidget(self._row("Frozen", self.frozen))

    def _explain(self, control: QWidget) -> None:
        if control is self.dropout:
            control.setToolTip(tr("The share of this layer's units that is left out in each batch"))
        else:
            control.setToolTip(tr("This layer's own penalty; empty for the network's"))

    def _row(self, key: str, control: QWidget) -> QWidget:
        row, label = QWidget(), Label(key, "muted")
        label.setFixedWidth(px(LABEL_WIDTH))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        line.addWidget(label)
        line.addWidget(control, 1)
        control.setAccessibleName(tr(key))
        return row

    def _show_skips(self, experiment: Experiment) -> None:
        """Offer the earlier layers of the same width; without any, leave the row out."""
        layers = experiment.network.layers
        here = layers[self.layer]
        self._sources = [None, *(i for i in range(self.layer) if layers[i].units == here.units)]
        names = [tr("no skip"), *(column_name(experiment, i) for i in self._sources if i is not None)]
        self.skip.clear()
        self.skip.addItems(names)
        self.skip.setCurrentIndex(self._sources.index(here.skip_from))
        self._skip_row.setVisible(len(self._sources) > 1)

    # Edits

    def _set(self, field: str, value: object, parameter: str = "") -> None:
        place = f"network.layers[{self.layer}].{field}"
        name = name_of("field", field) if field not in self.penalties else field.upper()
        self.controller.attempt(
            lambda: replace_at(self.controller.experiment, place, value),
            tr("Set {name}", name=name), f"{place}.{parameter}",
        )  # fmt: skip

    def _choose_skip(self, index: int) -> None:
        source = self._sources[index]
        self.controller.attempt(
            lambda: links.skip(self.controller.experiment, source, self.layer), skip_words(source)
        )

    def _freeze(self, frozen: bool) -> None:
        self.controller.attempt(
            lambda: links.freeze(self.controller.experiment, self.layer, frozen), freeze_words(frozen)
        )


def skip_words(source: int | None) -> str:
    """Return what a change of a skip is called in the undo list."""
    return tr("Remove a skip") if source is None else tr("Add a skip")


def freeze_words(frozen: bool) -> str:
    """Return what freezing, or its end, is called in the undo list."""
    return tr("Freeze a layer") if frozen else tr("Unfreeze a layer")
