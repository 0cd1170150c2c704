"""The section "Data": which rows, how many, how noisy, how they are split, scaled and fed in."""

from functools import partial

from PySide6.QtWidgets import QWidget

from engine.choices import DATASETS, SCALINGS
from engine.choices.base import Range
from engine.choices.datasets import Dataset
from engine.edits import choose_data, choose_features
from engine.experiment import SEED, Experiment, Training, ranges_of
from engine.experiment import Data as DataChoices
from engine.rules import dataset_of
from gui.i18n import name_of, number, tr
from gui.panels.base import Controller, Panel
from gui.panels.features import FeaturePicker
from gui.panels.gallery import FAVOURITES, Gallery, ThumbnailGrid
from gui.theme import px
from gui.widgets.basics import IconButton
from gui.widgets.combo import ChoiceBox
from gui.widgets.flyout import Flyout
from gui.widgets.number_field import NumberField
from gui.widgets.rows import Cells, Row, SliderField, captioned
from gui.widgets.thumbnail import Thumbnail

NOISE = Range(0, 1)
TRAINING_PERCENT = Range(5, 100)


class DataPanel(Panel):
    """Data set, noise, training share, samples, batch, scaling, features and the seed of the rows."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, "Data", parent)
        favourites = [key for key in FAVOURITES if key in DATASETS]
        self.thumbnails = ThumbnailGrid(favourites)
        self.more = IconButton("grid", "All data sets", size=Thumbnail.SIDE)
        self.thumbnails.add(self.more)
        self.noise = SliderField(NOISE, 0.01)
        self.training = SliderField(TRAINING_PERCENT, 1.0, "%")
        self.samples = NumberField(ranges_of(DataChoices)["samples"], whole=True)
        self.batch = NumberField(ranges_of(Training)["batch_size"], whole=True)
        self.seed = NumberField(SEED, "even", whole=True)
        self.scaling = ChoiceBox("scalings", SCALINGS)
        self.features = FeaturePicker()
        self.gallery: Gallery | None = None
        self._lay_out()
        self._connect()
        self.begin()

    def _lay_out(self) -> None:
        cells = Cells()
        cells.fill([captioned("Samples", self.samples), captioned("Batch", self.batch, "Batch size"),
                    captioned("Seed", self.seed, "Data seed")])  # fmt: skip
        self.noise_row = Row("Noise", self.noise)
        self.training_row = Row("Train", self.training, "Training share")
        scaling = Row("Scaling", self.scaling)
        for line in (self.thumbnails, self.noise_row, self.training_row, cells, scaling, self.features):
            self.rows.addWidget(line)
        self.can_wait = {scaling: 2, self.features: 3}

    def _connect(self) -> None:
        self.thumbnails.picked.connect(self.choose)
        self.more.clicked.connect(self.open_gallery)
        self.noise.committed.connect(lambda value: self.edit("data.noise", value, "Noise"))
        self.training.committed.connect(self._share)
        self.samples.committed.connect(lambda value: self.edit("data.samples", int(value), "Samples"))
        self.batch.committed.connect(lambda value: self.edit("training.batch_size", int(value), "Batch"))
        self.seed.committed.connect(lambda value: self.edit("seeds.data", int(value), "Data seed"))
        self.scaling.picked.connect(self._scale)
        self.features.chosen.connect(self._feed)

    def choose(self, key: str) -> None:
        """Propose another data set."""
        if self.gallery is not None:
            self.gallery.window().close()
        if key == self.controller.experiment.data.name and DATASETS[key].origin == "own":
            return  # it has what a click alone does not give it: its file or its points
        text = tr("Data: {name}", name=name_of("data", key))
        self.controller.attempt(partial(choose_data, self.controller.experiment, key), text)

    def open_gallery(self) -> None:
        """Show all data sets beside the button."""
        self.gallery = Gallery(self.controller.experiment.data.name)
        self.gallery.picked.connect(self.choose)
        flyout = Flyout(self.gallery, self)
        flyout.closed.connect(self._gallery_closed)
        flyout.open_beside(self.more, px(Thumbnail.SIDE * 4 + 8 * 3))

    def _gallery_closed(self) -> None:
        self.gallery = None

    def _share(self, percent: float) -> None:
        text = tr("Training share: {value}%", value=number(percent, 9))
        self.controller.edit("data.test_fraction", round(1 - percent / 100, 6), text)

    def _scale(self, key: str) -> None:
        self.controller.edit("data.scaling", key, tr("Scaling: {name}", name=name_of("scalings", key)))

    def _feed(self, chosen: tuple[str, ...]) -> None:
        experiment = self.controller.experiment
        self.controller.attempt(lambda: choose_features(experiment, chosen), tr("Features"), "data.features")

    def show_experiment(self, experiment: Experiment) -> None:
        data, entry = experiment.data, dataset_of(experiment)
        self._show_thumbnails(data.name)
        self.noise.set_value(data.noise)
        self.training.set_value(round(100 * (1 - (data.test_fraction or 0.0)), 4))
        self.samples.set_value(data.samples or 0)
        self.batch.set_value(experiment.training.batch_size)
        self.seed.set_value(experiment.seeds.data)
        self.scaling.set_key(data.scaling)
        self.features.show_features(entry, data.features or ())
        self._enable(entry)
        self._explain(experiment, entry)

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

    def _enable(self, entry: Dataset) -> None:
        self.noise_row.setEnabled(entry.noisy)
        self.training_row.setEnabled(entry.split)
        self.samples.setEnabled(entry.split and entry.key != "points")
        self.seed.setEnabled(entry.split)

    def _explain(self, experiment: Experiment, entry: Dataset) -> None:
        """Say in tooltips why a control is off, and what the batch size means here."""
        none = tr("This data set takes no noise.")
        self.noise.setToolTip("" if entry.noisy else none)
        all_rows = tr("This data set always trains and tests on all its rows.")
        for control in (self.training, self.samples, self.seed):
            control.setToolTip("" if entry.split else all_rows)
        data, size = experiment.data, experiment.data.samples or 0
        rows = round(size * (1 - (data.test_fraction or 0.0)) * (1 - data.validation_fraction))
        self.batch.setToolTip(
            tr("1: one row at a time. {rows}: the whole training set at once.", rows=number(rows))
        )
        self.scaling.setToolTip(tr(SCALINGS[experiment.data.scaling].formula))
