"""A table of the user's own: what was read of it, what its columns are used as, a button to train on it."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.csv_columns import ROWS_NAMED
from engine.data.csv_report import CsvReport
from engine.data.csv_table import columns_of, prepare
from engine.edits import change_data, choose_data
from engine.experiment import Data, Experiment
from gui.i18n import language, name_of, percent, tr
from gui.panels import csv_words
from gui.panels.base import Controller
from gui.panels.csv_table import Preview
from gui.sentences import of_failure
from gui.theme import SPACING, px
from gui.widgets.basics import Button, Header, Label
from gui.widgets.combo import ChoiceBox
from gui.widgets.rows import Cells, captioned
from gui.widgets.slider import ProgressLine

OPTIONS = ("target", "task", "columns", "header", "decimal")


class CsvPage(QWidget):
    """Reads a file in the background, shows it, and proposes it as the experiment's data.

    Attributes:
        path: the file
        options: how it is read, as fields of the experiment's data
        report: what was read last; None before, and while the file cannot be read
        preview: the table
        use: the button that takes the file

    Signals:
        finished(): the file was taken, or reading it was given up
        other_wanted(): another file is to be picked
    """

    finished = Signal()
    other_wanted = Signal()

    def __init__(self, controller: Controller, path: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.controller, self.path = controller, path
        self.report: CsvReport | None = None
        self.options: dict[str, Any] = {}
        data = controller.experiment.data
        if data.name == "csv" and data.path == path:
            self.options = {field: getattr(data, field) for field in OPTIONS}
            self.options["columns"] = columns_of(data)
        self._errand: Any = None
        self._error: Exception | None = None
        self.header = Header("Table")
        self.other, self.stop = Button("Another file…"), Button("Cancel")
        self.progress, self.words, self.wrong = ProgressLine(), Label(""), Label("", "warning")
        self.notes = Label("", "small")
        self.preview = Preview()
        self.names, self.decimal = ChoiceBox("csv_header"), ChoiceBox("csv_decimal")
        self.task = ChoiceBox("csv_task")
        self.use = Button("Use these data", "primary")
        self._lay_out()
        self._connect()
        self.retranslate()
        self.read()

    def _lay_out(self) -> None:
        self.names.set_keys(("found", "yes", "no"))
        self.decimal.set_keys(("found", "point", "comma"))
        self.task.set_keys(("found", "classes", "regression"))
        self._choices = Cells()
        self._choices.fill([captioned("First row", self.names), captioned("Decimal mark", self.decimal),
                            captioned("Predicts", self.task)])  # fmt: skip
        for text in (self.words, self.wrong, self.notes):
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(px(SPACING * 2.5))
        reading, last = QHBoxLayout(), QHBoxLayout()
        reading.addWidget(self.progress, 1)
        reading.addWidget(self.stop)
        last.addWidget(self.notes, 1)
        last.addWidget(self.use)
        self.header.row.addWidget(self.other)
        lines.addWidget(self.header)
        lines.addLayout(reading)
        for widget in (self.wrong, self.words, self.preview, self._choices):
            lines.addWidget(widget)
        lines.addLayout(last)

    def _connect(self) -> None:
        self.stop.clicked.connect(self.cancel)
        self.other.clicked.connect(self.other_wanted)
        self.use.clicked.connect(self.take)
        self.use.setAutoDefault(True)  # Enter presses it, too
        self.preview.chosen.connect(self.set_role)
        self.names.picked.connect(lambda key: self._read_with(header=_HEADERS[key]))
        self.decimal.picked.connect(lambda key: self._read_with(decimal=_DECIMALS[key]))
        self.task.picked.connect(lambda key: self._read_with(task=None if key == "found" else key))
        language.changed.connect(self.retranslate)

    def read(self) -> None:
        """Read the file as it is wanted now, in the background; the newest wish counts."""
        self.cancel_reading()
        wanted = Data(name="csv", path=self.path, **self.options)
        self._errand = self.controller.errands.start(partial(prepare, wanted))
        self._errand.progressed.connect(self._show_progress)
        self._errand.done.connect(self._take_report)
        self._errand.failed.connect(self._fail)
        self._show_state()

    def _read_with(self, **changes: object) -> None:
        self.options |= changes
        self.read()

    def set_role(self, column: str, choice: str) -> None:
        """Use a column as the target, as an input of some kind, or not at all; read the file so."""
        roles = dict(self.options.get("columns") or ())
        if choice == "input" and self._names_rows(column):
            choice = "category"  # by itself it would be left out again
        if choice in ("number", "category", "left_out"):
            roles[column] = choice
        else:
            roles.pop(column, None)
        changes: dict[str, object] = {"columns": tuple(roles.items())}
        if choice == "target":
            changes |= {"target": column, "task": None}
        elif self.options.get("target") is None and self.report is not None:
            # Which column is predicted must not change because another one is left out.
            changes["target"] = next(one.name for one in self.report.columns if one.role == "target")
        self._read_with(**changes)

    def _names_rows(self, column: str) -> bool:
        found = self.report.columns if self.report is not None else ()
        return any(one.why is ROWS_NAMED for one in found if one.name == column)

    def cancel(self) -> None:
        """Give the reading up; without anything read before there is nothing left to show."""
        self.cancel_reading()
        self._show_state()
        if self.report is None:
            self.finished.emit()

    def cancel_reading(self) -> None:
        """Give the reading up, if the file is being read."""
        if self._errand is not None:
            self._errand.cancel()
            self._errand = None

    def take(self) -> None:
        """Propose the file with these columns as the experiment's data."""
        text = tr("Data: {name}", name=Path(self.path).name)
        before = self.controller.experiment
        self.controller.attempt(partial(self._with_file, before), text)
        self.finished.emit()

    def _with_file(self, experiment: Experiment) -> Experiment:
        """Return the experiment on this file; on the same file as before, what still fits stays."""
        if experiment.data.name == "csv" and experiment.data.path == self.path:
            return change_data(experiment, **self.options)
        # Nobody expects the wrong labels of an example among the rows of one's own.
        return choose_data(experiment, "csv", path=self.path, label_noise=0.0, **self.options)

    def _show_progress(self, share: float) -> None:
        self.progress.set_share(share)
        self.progress.setAccessibleName(tr("Reading the file: {share}", share=percent(share, 0)))

    def _take_report(self, report: CsvReport) -> None:
        first = self.report is None
        self._errand, self._error, self.report = None, None, report
        self.preview.show_report(report)
        self._show_state()
        if first:
            self.use.setFocus()

    def _fail(self, error: Exception) -> None:
        self._errand, self._error = None, error
        self._show_state()

    def _show_state(self) -> None:
        """Show what there is: progress, what is wrong, or what was read."""
        reading, there = self._errand is not None, self.report is not None
        self.progress.setVisible(reading)
        self.stop.setVisible(reading)
        self._show_progress(0.0 if not reading else self._errand.share)
        self.wrong.setVisible(self._error is not None and not reading)
        for widget in (self.words, self.preview, self._choices, self.use):
            widget.setVisible(there)
        self.use.setEnabled(there and not reading and self._error is None)
        options = self.options
        self.names.set_key(_key(_HEADERS, options.get("header")))
        self.decimal.set_key(_key(_DECIMALS, options.get("decimal")))
        self.task.set_key(options.get("task") or "found")
        self._say()

    def _say(self) -> None:
        self.header.remark.setText(Path(self.path).name)
        self.header.remark.setToolTip(self.path)
        if self._error is not None:
            self.wrong.setText(of_failure(self._error))
        if self.report is not None:
            self._say_found(self.report)
            self.words.setText("\n".join(csv_words.summary(self.report)))
            self.notes.setText("\n".join(csv_words.notes(self.report)))

    def _say_found(self, report: CsvReport) -> None:
        """Say at each choice that is left to the program what it has come to."""
        found = {self.names: _key(_HEADERS, report.header), self.decimal: _key(_DECIMALS, report.decimal),
                 self.task: "regression" if report.task == "regression" else "classes"}  # fmt: skip
        for box, key in found.items():
            automatic = name_of(box.family, "found")
            if box.key() == "found":
                automatic = f"{automatic} ({name_of(box.family, key).lower()})"
            box.setItemText(0, automatic)
            box.setToolTip(automatic)

    def retranslate(self) -> None:
        """Say everything in the current language."""
        self.preview.setAccessibleName(tr("The first rows of the file, and what its columns are used as"))
        hint = tr("Click on what a column is used as to change it.")
        self.preview.setToolTip(hint)
        self._show_state()


_HEADERS = {"found": None, "yes": True, "no": False}
_DECIMALS = {"found": None, "point": ".", "comma": ","}


def _key(table: dict[str, Any], value: object) -> str:
    return next(key for key, meaning in table.items() if meaning is value or meaning == value)
