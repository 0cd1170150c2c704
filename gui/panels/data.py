"""The section "Data": which rows, how many, how noisy, how they are split, scaled and fed in."""

from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.choices import DATASETS, SCALINGS
from engine.choices.base import Range
from engine.choices.datasets import CLASSES, Dataset
from engine.drawing import draw_points
from engine.edits import change_data, choose_data
from engine.experiment import SEED, Experiment, ranges_of
from engine.experiment import Data as DataChoices
from engine.rules import dataset_of
from gui.i18n import name_of, number, tr
from gui.panels import words
from gui.panels.base import Controller, Panel
from gui.panels.class_numbers import ClassNumbers
from gui.panels.data_stages import DataStages
from gui.panels.features import FeaturePicker, feed, scale
from gui.panels.gallery import FAVOURITES, Gallery, ThumbnailGrid
from gui.panels.parameters import entry_hints
from gui.widgets.basics import IconButton
from gui.widgets.combo import ChoiceBox
from gui.widgets.flyout import Flyout, room_beside
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, Row, SliderField, captioned
from gui.widgets.thumbnail import Thumbnail

NOISE = Range(0, 1)
SLIDER = 144  # the width of a slider with its number
TRAINING_PERCENT, VALIDATION_PERCENT, LABELS_PERCENT = Range(5, 100), Range(0, 95), Range(0, 100)


class DataPanel(Panel):
    """Data set, noise, split, samples, scaling and features; beside the column also what is rarer.

    That is wrong labels, the number of classes and their shares, and what is predicted.

    Signals:
        table_wanted(str): the table at this path is to be looked at; one is to be picked where it is empty
    """

    table_wanted = Signal(str)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Data", parent)
        favourites = [key for key in FAVOURITES if key in DATASETS]
        self.thumbnails = ThumbnailGrid(favourites)
        self.more = IconButton("grid", "All data sets", size=Thumbnail.SIDE)
        self.thumbnails.add(self.more)
        self.noise = SliderField(NOISE, 0.01)
        self.training = SliderField(TRAINING_PERCENT, 1.0, "%")
        self.samples = NumberField(ranges_of(DataChoices)["samples"], whole=True)
        self.seed = NumberField(SEED, "even", whole=True)
        self.scaling = ChoiceBox("scalings")
        self.scaling.set_keys(SCALINGS, entry_hints(SCALINGS))
        self.scaling.setMinimumContentsLength(4)
        self.features = FeaturePicker()
        self.validation = SliderField(VALIDATION_PERCENT, 1.0, "%")
        self.labels = SliderField(LABELS_PERCENT, 1.0, "%")
        self.classes = NumberField(CLASSES, "even", whole=True)
        self.task = ChoiceBox("tasks", ("classes", "regression"))
        self.shares = ClassNumbers("Class shares", ("as_they_are", "own"))
        self.stages = DataStages(controller)
        self.gallery: Gallery | None = None
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        cells = Cells()
        cells.shares = (5, 7, 5)
        cells.fill([captioned("Samples", self.samples), captioned("Scaling", self.scaling),
                    captioned("Seed", self.seed, "Data seed")])  # fmt: skip
        self.noise_row = Row("Noise", self.noise, width=SLIDER)
        self.training_row = Row("Train", self.training, "Training share", SLIDER)
        self.validation_row = Row("Validation", self.validation, "Validation share", SLIDER)
        self.labels_row = Row("Wrong labels", self.labels, width=SLIDER)
        self.classes_row, self.task_row = Row("Classes", self.classes), Row("Predicts", self.task)
        self.add(self.thumbnails)
        self.add(self.noise_row)
        self.add(self.training_row)
        self.add(cells, wait=7, words=words.of_rows)
        self.add(self.features, wait=3, words=words.of_features)
        self.add(self.validation_row, rare=True, words=words.of_validation)
        self.add(self.labels_row, rare=True, words=words.of_labels)
        self.add(self.classes_row, rare=True, words=words.of_classes)
        self.add(self.task_row, rare=True, words=words.of_task)
        self.add(self.shares, rare=True, words=words.of_shares)
        self.add(self.stages, rare=True)

    def _connect(self) -> None:
        self.thumbnails.picked.connect(self.choose)
        self.thumbnails.looked_at.connect(self._name)
        self.controller.frame_changed.connect(self._show_rows)
        self.more.clicked.connect(self.open_gallery)
        self.noise.committed.connect(lambda value: self.edit("data.noise", value, "Noise"))
        self.training.committed.connect(self._share)
        self.samples.committed.connect(lambda value: self.edit("data.samples", int(value), "Samples"))
        self.seed.committed.connect(lambda value: self.edit("seeds.data", int(value), "Data seed"))
        self.scaling.picked.connect(partial(scale, self.controller))
        self.features.chosen.connect(partial(feed, self.controller))
        self.validation.committed.connect(self._validate)
        self.labels.committed.connect(self._mislabel)
        self.classes.committed.connect(self._count_classes)
        self.task.picked.connect(self._predict)
        self.shares.picked.connect(self._share_out)
        self.shares.given.connect(self._give_shares)

    def choose(self, key: str) -> None:
        """Propose another data set."""
        if self.gallery is not None:
            self.gallery.window().close()
        now = self.controller.experiment
        if key == "csv":  # a click alone gives it no file
            self.table_wanted.emit((now.data.path or "") if now.data.name == key else "")
        elif key == "points":
            self.controller.attempt(partial(draw_points, now), tr("Points of your own"))
            self.controller.message.emit(tr("The pencil above the result draws more of them (Ctrl+E)."))
        else:
            text = tr("Data: {name}", name=name_of("data", key))
            self.controller.attempt(partial(choose_data, now, key), text)

    def open_gallery(self) -> None:
        """Show all data sets beside the button."""
        self.gallery = Gallery(self.controller.experiment.data.name, room_beside(self.more))
        self.gallery.picked.connect(self.choose)
        flyout = Flyout(self.gallery, self)
        flyout.closed.connect(self._gallery_closed)
        flyout.open_beside(self.more, self.gallery.wanted)

    def _gallery_closed(self) -> None:
        self.gallery = None

    def _share(self, percent: float) -> None:
        text = tr("Training share: {value}%", value=number(percent, 9))
        self._change(text, test_fraction=round(1 - percent / 100, 6))

    def _change(self, text: str, **changes: object) -> None:
        """Propose other fields of the data, with the output and the loss fitted to them."""
        place = "data." + "+".join(changes)
        experiment = self.controller.experiment
        self.controller.attempt(partial(change_data, experiment, **changes), text, place)

    def _validate(self, percent: float) -> None:
        text = self.said("Validation share", percent, f"{number(percent, 9)}%")
        self._change(text, validation_fraction=round(percent / 100, 6))

    def _mislabel(self, percent: float) -> None:
        text = self.said("Wrong labels", percent, f"{number(percent, 9)}%")
        self._change(text, label_noise=round(percent / 100, 6))

    def _count_classes(self, count: float) -> None:
        self._change(self.said("Classes", count), classes=int(count))

    def _predict(self, task: str) -> None:
        self._change(self.said("Predicts", None, name_of("tasks", task)), task=task)

    def _share_out(self, way: str) -> None:
        classes = dataset_of(self.controller.experiment).classes
        own = self.controller.experiment.data.class_shares or (1.0,) * len(classes)
        self._give_shares(own if way == "own" else None)

    def _give_shares(self, shares: tuple[float, ...] | None) -> None:
        shown = " : ".join(map(number, shares)) if shares else name_of("class_numbers", "as_they_are")
        self._change(self.said("Class shares", None, shown), class_shares=shares)

    def show_experiment(self, experiment: Experiment) -> None:
        data, entry = experiment.data, dataset_of(experiment)
        self._show_thumbnails(data.name)
        self.noise.set_value(data.noise)
        self.training.set_value(round(100 * (1 - (data.test_fraction or 0.0)), 4))
        self.samples.set_value(data.samples or 0)
        self.seed.set_value(experiment.seeds.data)
        self.scaling.set_key(data.scaling)
        self.features.show_features(entry, data.features or ())
        self.validation.set_value(round(100 * data.validation_fraction, 4))
        self.labels.set_value(round(100 * data.label_noise, 4))
        self.classes.set_value(len(entry.classes))
        task = "classes" if entry.classes else "regression"
        self.task.set_key(task)
        own = data.class_shares or ()
        self.shares.show_numbers("own" if own else "as_they_are", own, entry.classes if entry.split else ())
        self._enable(entry)
        self._explain(entry, data.scaling)
        self._show_rows(self.controller.frame)

    def _show_thumbnails(self, chosen: str) -> None:
        """Mark the chosen set; one that is not among the favourites takes the last place.

        A set of the user's own leaves that place with its rows: it could not be chosen again by a click.
        """
        shown, last = [one.key for one in self.thumbnails.thumbnails], self.thumbnails.thumbnails[-1]
        if chosen not in shown:
            last.stand_for(chosen)
        elif chosen != last.key and DATASETS[last.key].origin == "own":
            last.stand_for(FAVOURITES[-1])
        self.thumbnails.show_chosen(chosen)
        self.header.remark.setText(name_of("data", chosen))

    def _name(self, looked_at: str) -> None:
        """Name at the head the data set under the mouse or the keyboard, else the chosen one."""
        chosen = self.controller.experiment.data.name
        self.header.remark.setText(name_of("data", looked_at or chosen))

    def _show_rows(self, frame: Any) -> None:
        """Show rows of the user's own as they are, once they have been read."""
        last = self.thumbnails.thumbnails[-1]
        own = DATASETS[last.key].origin == "own"
        if own and frame is not None and frame.experiment.data.name == last.key:
            last.show_rows(frame.data)

    def _enable(self, entry: Dataset) -> None:
        """Switch off what means nothing for a data set, and leave out what only few have."""
        self.noise_row.setEnabled(entry.noisy)
        for row in (self.training_row, self.validation_row):
            row.setEnabled(entry.split)
        self.samples.setEnabled(entry.split and entry.key != "points")
        self.seed.setEnabled(entry.split)
        self.labels_row.setEnabled(bool(entry.classes))
        self.classes_row.empty = not (entry.any_classes and entry.classes)
        self.task_row.empty = not entry.tasks

    def _explain(self, entry: Dataset, scaling: str) -> None:
        """Say in tooltips what the controls do, or why one is off."""
        none = tr("This data set takes no noise.")
        self.noise.setToolTip(tr("How far the rows are scattered.") if entry.noisy else none)
        all_rows = tr("This data set always trains and tests on all its rows.")
        of_split = {
            self.training: tr("The share of the rows that is trained on; the others test."),
            self.validation: tr("The share of the training rows that is set aside to watch the training by."),
            self.samples: "", self.seed: tr("Another seed draws other rows and another split."),
        }  # fmt: skip
        for control, sentence in of_split.items():
            control.setToolTip(sentence if entry.split else all_rows)
        self.labels.setToolTip(tr("The share of the training rows that get a wrong class on purpose."))
        self.classes.setToolTip(tr("How many classes are drawn: arms, rings, clouds, colours."))
        self.shares.box.setToolTip(tr("How many rows each class has, in proportion to these numbers."))
        self.task.setToolTip(tr("Whether the target is a class or a number."))
        chosen = SCALINGS[scaling]
        self.scaling.setToolTip("\n".join(tr(text) for text in (chosen.sentence, chosen.formula) if text))
