"""Which classes are taken for which: a table of counts."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.analysis.confusion import Confusion, Mistake, confusion
from engine.rules import dataset_of
from gui.colours import contrast_ratio
from gui.i18n import name_of, percent, tr
from gui.theme import Theme, font, mix, px, theme
from gui.views import paint
from gui.views.base import Job, Table, View
from gui.views.mistakes import Mistakes
from gui.views.switch import Switch

if TYPE_CHECKING:
    from engine.data import Data
    from engine.experiment import Experiment
    from gui.frame import Frame

Align = Qt.AlignmentFlag
WIDEST, TALLEST = 1.7, 1.25  # a cell's width over its height, and the other way round, at most
SMALLEST = 150  # pixels of height that the matrix keeps above the mistakes
STEP = 0.04  # of the strengths of a cell's colour that are tried
FEW = 5  # classes up to which the zeros are written too


class ConfusionMatrix(View):
    """True classes down, predicted ones across, the number of rows in each cell.

    Right answers lie on the diagonal. Two buttons change between test and training rows. Below, the worst
    mistakes; clicking a cell shows those of that pair of classes alone, clicking it again all of them.

    Attributes:
        training: whether the training rows are shown; else, where there are any, the test rows.
        chosen: the true and the predicted class whose mistakes are shown alone, or None.
    """

    key = "confusion_matrix"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.training = False
        self.chosen: tuple[int, int] | None = None
        self._confusion: Confusion | None = None
        self._data: Data | None = None
        self._strip = Mistakes()
        self._keys: tuple[str, ...] = ()
        self.switch = Switch(("test", "train"), self)
        self.switch.switched.connect(self.show_training)
        self.retranslate()

    def forget(self) -> None:
        self._confusion, self._data, self._keys, self.chosen = None, None, (), None
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(290), px(330))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(150), px(170))

    def fits(self, experiment: "Experiment") -> bool:
        return bool(dataset_of(experiment).classes)

    def job(self, frame: "Frame") -> Job | None:
        return (lambda: confusion(frame.snapshot, frame.data)) if frame.data.classes else None

    def show_result(self, frame: "Frame", result: Confusion) -> None:
        if self._keys != frame.data.classes:
            self.chosen = None
        self._confusion, self._keys, self._data = result, frame.data.classes, frame.data
        tested = bool(result.test.sum())
        self.switch.buttons[0].setVisible(tested)
        self.switch.choose(int(self.training or not tested))
        self.say_of(frame)
        self.update()

    @property
    def _classes(self) -> list[str]:
        """The names of the classes in the current language."""
        return [name_of("class", key) for key in self._keys]

    @property
    def counts(self) -> list[list[int]]:
        """The numbers shown, by true class and then by predicted class."""
        if self._confusion is None:
            return []
        shown = self._confusion.train if self._trains else self._confusion.test
        counts: list[list[int]] = shown.tolist()
        return counts

    @property
    def _trains(self) -> bool:
        """Whether training rows are counted: where none test, there are no others."""
        return self.training or self._confusion is None or not self._confusion.test.sum()

    def mistakes(self) -> list[Mistake]:
        """Return the mistakes to show, the worst first."""
        if self._confusion is None:
            return []
        found = self._confusion.worst_train if self._trains else self._confusion.worst_test
        return [one for one in found if self.chosen in (None, (one.true, one.said))]

    def click(self, x: float, y: float) -> None:
        cell = self.cell_at(x, y)
        wanted = cell if cell is not None and cell[0] != cell[1] and cell != self.chosen else None
        if wanted != self.chosen:
            self.chosen = wanted
            self.update()

    def summary(self) -> str:
        counts = self.counts
        total = sum(map(sum, counts))
        if not total:
            return ""
        right = sum(counts[index][index] for index in range(len(counts)))
        wrong, true, said = max(
            (count, row, column) for row, line in enumerate(counts) for column, count in enumerate(line)
            if row != column
        )  # fmt: skip
        text = tr("{right} of {total} rows are classified right ({share}).",
                  right=right, total=total, share=percent(right / total))  # fmt: skip
        if wrong:
            text += " " + tr(
                "The commonest mistake: {true} is taken for {predicted}, {count} times.",
                true=self._classes[true], predicted=self._classes[said], count=wrong,
            )  # fmt: skip
        return text

    def table(self) -> Table:
        if not self.counts:
            return []
        rows = [(name, *line) for name, line in zip(self._keys, self.counts, strict=True)]
        return [("true \\ predicted", *self._keys), *rows]

    def show_training(self, shown: bool) -> None:
        """Count the training rows, or the test rows again."""
        self.training = bool(shown)
        self.retranslate()

    def _cells(self, painter: QPainter | None = None) -> tuple[QRectF, bool]:
        """Return where the cells stand, and whether the names of the columns are written upwards."""
        metrics = painter.fontMetrics() if painter else self.fontMetrics()
        names = [metrics.horizontalAdvance(name) for name in self._classes] or [0]
        line, count = metrics.height(), max(1, len(self._classes))
        left = line + px(8) + max(names) + px(6)
        upwards = max(names) + px(4) > (self.width() - left) / count
        top = px(24) + (max(names) if upwards else line) + px(4)
        room = QRectF(left, top, self.width() - left, self.height() - top - self._strip_height())
        high = int(min(TALLEST * room.width(), room.height()) / count)
        wide = min(int(room.width() / count), int(WIDEST * high))
        return QRectF(left + int((room.width() - wide * count) / 2), top, wide * count, high * count), upwards

    def pane(self) -> QRectF | None:
        return self._cells()[0] if self._confusion is not None else None

    def _strip_height(self) -> int:
        """Return the room below the matrix for the worst mistakes: none where it would get too small."""
        if self._data is None or self._confusion is None:
            return 0
        count = len(self._confusion.worst_train if self._trains else self._confusion.worst_test)
        height = self._strip.height(self._data, count)
        return height if self.height() - height >= px(SMALLEST) else 0

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the true and the predicted class of the cell at a point."""
        area, _ = self._cells()
        if not self.counts or not area.contains(x, y):
            return None
        wide, high = area.width() / len(self._classes), area.height() / len(self._classes)
        last = len(self._classes) - 1
        return min(last, int((y - area.top()) / high)), min(last, int((x - area.left()) / wide))

    def hint(self, x: float, y: float) -> str:
        cell = self.cell_at(x, y)
        if cell is None:
            if self._data is None or not self._strip_height():
                return ""
            return self._strip.hint(x, y, self._data, self._trains, self._classes)
        true, said = cell
        count = self.counts[true][said]
        if true == said:
            return tr("{true} recognised: {count}", true=self._classes[true], count=count)
        return tr("{true} taken for {predicted}: {count}",
                  true=self._classes[true], predicted=self._classes[said], count=count)  # fmt: skip

    def paint(self, painter: QPainter) -> None:
        counts = self.counts
        if not counts:
            self.invite(
                painter, QRectF(self.rect()), tr("Press Play: right and wrong answers are counted here.")
            )
            return
        self.setFont(font("small"))
        area, upwards = self._cells(painter)
        pane, area = area, self.lens.seen_rect(area)
        self._paint_names(painter, pane, area, upwards)
        painter.save()
        painter.setClipRect(pane)
        self._paint_cells(painter, area, counts)
        painter.restore()
        self._paint_mistakes(painter)

    def _paint_cells(self, painter: QPainter, area: QRectF, counts: list[list[int]]) -> None:
        wide, high = area.width() / len(counts), area.height() / len(counts)
        widest = str(max(count for line in counts for count in line))  # figures are of equal width
        paint.small_font(painter, [widest], wide - px(3), "body" if high > px(30) else "small", least=0.7)
        for row, line in enumerate(counts):
            for column, count in enumerate(line):
                cell = QRectF(area.left() + column * wide, area.top() + row * high, wide, high)
                self._paint_cell(painter, cell, count, sum(line), row == column)
                if (row, column) == self.chosen:
                    painter.setPen(QPen(QColor(theme().accent), px(2)))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawRect(cell.adjusted(1, 1, -1, -1))

    def _paint_mistakes(self, painter: QPainter) -> None:
        high = self._strip_height()
        if not high or self._data is None:
            return
        title = tr("Worst mistakes")
        if self.chosen is not None:
            true, said = (self._classes[index] for index in self.chosen)
            title = tr("Worst mistakes: {true} taken for {predicted}", true=true, predicted=said)
        area = QRectF(0, self.height() - high + px(4), self.width(), high - px(4))
        self._strip.paint(painter, area, self._data, self.mistakes(), self._trains, self._classes, title)

    def _paint_cell(self, painter: QPainter, cell: QRectF, count: int, total: int, right: bool) -> None:
        now, share = theme(), count / total if total else 0.0
        strength = share**0.5 if count else 0.0
        colour = shade(now, now.positive if right else now.negative, 0.85 * strength)
        painter.fillPath(paint.rounded(cell.adjusted(0.5, 0.5, -0.5, -0.5), px(2)), QColor(colour))
        if count or right or len(self._keys) <= FEW:
            painter.setPen(QColor(readable_on(colour) if count else now.muted))
            painter.drawText(cell, int(Align.AlignCenter), str(count))

    def _paint_names(self, painter: QPainter, pane: QRectF, area: QRectF, upwards: bool) -> None:
        """Name the cells, which fill an area of which a pane is seen, along the pane's edges."""
        count, line = len(self._classes), painter.fontMetrics().height()
        wide, high, widest = (
            area.width() / count,
            area.height() / count,
            paint.text_width(painter, self._classes),
        )
        for index, name in enumerate(self._classes):
            middle = area.left() + (index + 0.5) * wide
            if upwards:
                tall = QRectF(middle - wide / 2, pane.top() - px(4) - widest, wide, widest)
                if pane.left() <= middle <= pane.right():
                    paint.paint_sideways(painter, tall, name)
            elif pane.left() <= middle <= pane.right():
                paint.paint_label(
                    painter, middle, pane.top() - px(4), name, Align.AlignHCenter | Align.AlignBottom
                )
            beside = area.top() + (index + 0.5) * high
            if pane.top() <= beside <= pane.bottom():
                paint.paint_label(painter, pane.left() - px(6), beside, name,
                                  Align.AlignRight | Align.AlignVCenter)  # fmt: skip
        room = self.width() - self.switch.sizeHint().width() - px(12)
        across = [tr("predicted across"), tr("predicted")]
        for text in [text for text in across if paint.text_width(painter, [text]) < room][:1]:
            paint.paint_label(painter, self.width(), px(2), text, Align.AlignRight)
        left = pane.left() - px(14) - widest - line
        paint.paint_sideways(painter, QRectF(left, pane.top(), line, pane.height()), tr("true class"))


def shade(now: Theme, colour: str, strength: float) -> str:
    """Return a cell's colour, of this strength or the nearest on which its number can be read.

    At half the brightness neither black nor white can.
    """
    least = 7.0 if now.name == "contrast" else 4.5
    tried = [strength, *(index * STEP for index in range(round(1 / STEP) + 1))]
    tried.sort(key=lambda one: abs(one - strength))
    mixed = (mix(now.raised, colour, one) for one in tried)
    return next(one for one in mixed if contrast_ratio(one, readable_on(one)) >= least)


def readable_on(colour: str) -> str:
    """Return black or white, whichever reads better on a colour."""
    return max("#101418", "#ffffff", key=lambda ink: contrast_ratio(colour, ink))
