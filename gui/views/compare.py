"""The training before against this one: what was changed, both curves, both ends, both boundaries."""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.analysis.boundary import Field, output_field
from gui.guard import guarded
from gui.i18n import language, number, tr
from gui.theme import font, px, theme
from gui.views import paint, scores
from gui.views.base import Job, Option, Table, paint_empty
from gui.views.compared import Row, measured, put_at_start, same_set
from gui.views.course_words import Said, told_differences
from gui.views.field_image import field_image
from gui.views.loss_curve import LossCurve
from gui.views.metrics import figure, score_figure
from gui.views.plot import PlotView

if TYPE_CHECKING:
    from gui.frame import Frame, Run

Align = Qt.AlignmentFlag
CELLS = 60  # a side of the small boundaries
HEAD, NUMBERS, PICTURE = 22, 236, 180  # pixels: the line above, the table, and room for one boundary
WIDEST = ("8.888", "88.8%")  # as wide as most figures are: while it trains, nothing moves
NAMED = 2  # changes that are named, where there is room
SMALLEST = 0.85  # of the size of small letters
TIGHT = 0.92  # of the height of letters: lines at least so far apart do not touch


class Compare(PlotView):
    """Curves of both trainings at the left, their numbers beside, and small boundaries where there is room.

    Attributes:
        curve: the curves, this training's and the one before.
    """

    key = "compare"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: Frame | None = None
        self._fields: tuple[Field | None, Field | None] = (None, None)
        self._told: tuple[object, list[Said]] = (None, [])
        self.curve = LossCurve(self)
        self.plot = self.curve.plot
        self._outer, row = QVBoxLayout(self), QHBoxLayout()
        self._outer.setContentsMargins(0, px(HEAD), 0, 0)
        self._outer.addLayout(row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.curve, 1)
        self._room = QWidget(self)
        self._room.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(self._room)
        self.curve.hide()
        self.retranslate()

    def forget(self) -> None:
        self._frame, self._fields, self.curve.before = None, (None, None), None
        self._told = (None, [])
        self.curve.hide()
        self.curve.forget()
        self._share()
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), px(110))

    @property
    def before(self) -> "Run | None":
        """The training before."""
        return None if self._frame is None else self._frame.before

    def show_frame(self, frame: "Frame") -> None:
        run = frame.before
        if self._frame is None or run is not self.before:
            self._fields = (None, None)
        self._frame = frame
        self.curve.before = None if run is None else run.curves
        self.curve.setVisible(run is not None)
        self.curve.show_frame(frame)
        self._share()
        self.say()
        self.update()

    def job(self, frame: "Frame") -> Job | None:
        run = frame.before
        if run is None or run.final is None or not self._pictures():
            return None
        final, data = run.final, run.data
        if len(data.domain) != 2 or not same_set(run, frame):
            return None
        known = self._fields[0] if self._frame is not None and self.before is run else None
        return lambda: (known or output_field(final, data, CELLS),
                        output_field(frame.snapshot, frame.data, CELLS))  # fmt: skip

    def show_result(self, frame: "Frame", result: tuple[Field, Field]) -> None:
        if frame.before is self.before:
            self._fields = result
            self.update()

    def options(self) -> list[Option]:
        return self.curve.options()

    def restyle(self) -> None:
        self._outer.setContentsMargins(0, px(HEAD), 0, 0)
        self._share()
        super().restyle()

    @guarded
    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._share()

    def _pictures(self) -> bool:
        """Whether there is room for two boundaries beside the numbers."""
        return self.width() > px(NUMBERS + 2 * PICTURE + 340)

    def _flat(self) -> bool:
        return self._frame is not None and len(self._frame.data.domain) == 2

    def _share(self) -> None:
        wide = px(NUMBERS) + (2 * px(PICTURE) + px(24) if self._pictures() and self._flat() else 0)
        self._room.setFixedWidth(wide if self._pictures() else min(wide, self.width() // 2))
        self._room.setVisible(self.before is None or self.same_set())

    # What is said

    def changes(self) -> list[Said]:
        """Return what differs between the trainings, at their starts or by hand on their ways."""
        if self._frame is None or self.before is None:
            return []
        run, frame = self.before, self._frame
        key = (run, frame.experiment, frame.timeline.past, language.code)
        if self._told[0] != key:  # many changes on the way take long to be compared, and frames come often
            said = told_differences(run.experiment, run.marks, frame.experiment, frame.timeline.past)
            self._told = key, said
        return self._told[1]

    def same_set(self) -> bool:
        """Whether both learn one data set: of others the numbers are no measure for each other."""
        return self._frame is not None and self.before is not None and same_set(self.before, self._frame)

    def same_start(self) -> bool:
        """Whether both began with the same weights, bit for bit, on the same rows."""
        run, frame = self.before, self._frame
        if run is None or frame is None or run.initial is None or put_at_start(run.marks, frame):
            return False
        same_rows = run.data is frame.data or (
            run.experiment.data == frame.experiment.data
            and run.experiment.seeds.data == frame.experiment.seeds.data
        )
        return same_rows and np.array_equal(run.initial.theta, frame.initial.theta)

    def headline(self, named: int = NAMED) -> str:
        """Return what was changed, in words: so many changes by name, and how many more there are."""
        changes = self.changes()
        words = [one.words for one in changes[:named]]
        if len(changes) > named:
            words.append(tr("and {count} more changes", count=len(changes) - named))
        same = tr("the same training again") if self.same_start() else tr("the same settings")
        return "; ".join(words) or same

    def _start_words(self) -> str:
        """Return whether both began alike, as far as that is known."""
        if not self.same_set():
            return tr("other data: only the shapes compare")
        if self.same_start():
            return tr("same start")
        return tr("another start") if self.before is not None and self.before.initial is not None else ""

    def rows(self) -> list[Row]:
        """Return what is measured: the losses, then every score that the task has, of both parts.

        Nothing where the data sets are other ones.
        """
        if self._frame is None or self.before is None or not self.same_set():
            return []
        return measured(self.before.curves, self._frame.curves, self._frame.data.task)

    def summary(self) -> str:
        rows = self.rows()
        if not rows:
            other = self._frame is not None and self.before is not None
            return tr("Changed: {changes} ({start}).", changes=self.headline(),
                      start=self._start_words()) if other else ""  # fmt: skip
        before, now = rows[0].before, rows[0].now
        return tr("Changed: {changes} ({start}). The training loss went from {first} to {last}; before, from "
                  "{first_before} to {last_before}.", changes=self.headline(), start=self._start_words(),
                  first=figure(now.start), last=figure(now.end), first_before=figure(before.start),
                  last_before=figure(before.end))  # fmt: skip

    def table(self) -> Table:
        if self._frame is None or self.before is None:
            return []
        measured = [f"{part}_{score}" for score in scores.fitting(self._frame.data.task)
                    for part in ("train", "test")]  # fmt: skip
        names = ("epochs", *measured)
        rows: list[tuple[object, ...]] = [("training", "epoch", *names[1:])]
        for which, curves in (("before", self.before.curves), ("now", self._frame.curves)):
            columns = [getattr(curves, name).tolist() for name in names]
            rows += [(which, *row) for row in zip(*columns, strict=True)]
        return rows

    # Painting

    def paint(self, painter: QPainter) -> None:
        if self._frame is None or self.before is None:
            paint_empty(painter, QRectF(self.rect()), tr("Train, then change one thing, go back to the "
                        "start or open another experiment: the training before stays here to be "
                        "compared."))  # fmt: skip
            return
        self._paint_headline(painter)
        if not self.same_set():
            return
        room = QRectF(self._room.geometry()).adjusted(px(12), px(2), 0, 0)
        table = QRectF(room.left(), room.top(), min(room.width(), px(NUMBERS - 12)), room.height())
        self._paint_table(painter, table)
        if self._fields[0] is not None and self._pictures():
            self._paint_boundaries(painter, QRectF(room).adjusted(px(NUMBERS), 0, 0, 0))

    def _paint_headline(self, painter: QPainter) -> None:
        area = QRectF(0, 0, self.width(), px(HEAD))
        start = self._start_words()
        painter.setFont(font("small"))
        room = area.width() - painter.fontMetrics().horizontalAdvance(start) - px(16)
        paint.paint_label(painter, area.right(), px(2), start, Align.AlignRight)
        if not self.same_set():  # no table says which curve is which
            room -= painter.fontMetrics().horizontalAdvance(tr("before")) + px(16)
            right = area.right() - painter.fontMetrics().horizontalAdvance(start) - px(16)
            paint.paint_label(painter, right, px(2), tr("before"), Align.AlignRight, theme().negative)
        for words in (self.headline(), self.headline(named=1)):
            paint.small_font(painter, [words], room, bold=True, least=SMALLEST)
            if paint.text_width(painter, [words]) <= room:
                break
        text = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room))
        paint.paint_label(painter, 0, px(2), text, Align.AlignLeft, theme().text)
        painter.setFont(font("small"))

    def _paint_table(self, painter: QPainter, area: QRectF) -> None:
        """Paint a line for each number: its name, before in the colour of those curves, and now."""
        now, rows = theme(), self.rows()
        line, shown = _lines(area.height(), painter.fontMetrics().height(), len(rows))
        painter.setFont(font("small", bold=True))
        figures = [_measured(row.score, end.end) for row in rows for end in (row.before, row.now)]
        wide = paint.text_width(painter, [*figures, *WIDEST, tr("before"), tr("now")])
        middle, y = area.right() - wide - px(14), area.top()
        painter.setFont(font("small"))
        for word, x, colour in ((tr("before"), middle, now.negative), (tr("now"), area.right(), now.text)):
            paint.paint_label(painter, x, y, word, Align.AlignRight, colour)
        names = [row.name for row in rows]
        for row in rows[:shown]:
            y += line
            paint.small_font(painter, names, middle - wide - px(10) - area.left(), least=0.6)
            paint.paint_label(painter, area.left(), y, row.name, Align.AlignLeft)
            painter.setFont(font("small", bold=True))
            for end, x, colour in ((row.before, middle, now.negative), (row.now, area.right(), now.text)):
                paint.paint_label(painter, x, y, _measured(row.score, end.end), Align.AlignRight, colour)
            painter.setFont(font("small"))
        if shown < len(rows):
            more = tr("and {count} more", count=number(len(rows) - shown))
            paint.paint_label(painter, area.left(), y + line, more, Align.AlignLeft)

    def _paint_boundaries(self, painter: QPainter, area: QRectF) -> None:
        assert self._frame is not None and self.before is not None
        line = painter.fontMetrics().height() + px(4)
        side = min(px(PICTURE), (area.width() - px(12)) / 2, area.height() - line)
        both = zip((tr("before"), tr("now")), self._fields, (self.before.data, self._frame.data), strict=True)
        for index, (word, field, data) in enumerate(both):
            if field is None:
                continue
            square = QRectF(area.left() + index * (side + px(12)), area.top() + line, side, side)
            paint.paint_label(painter, square.left(), area.top(), word, Align.AlignLeft)
            painter.save()
            painter.setClipPath(paint.rounded(square, px(6)))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(square, field_image(field, data))
            painter.restore()
            painter.setPen(QColor(theme().line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(paint.rounded(square, px(6)))


def _lines(room: float, height: float, rows: int) -> tuple[float, int]:
    """Return how far lines below a head are apart, and how many of so many rows are shown.

    They move together until the letters nearly touch; where not all fit even so, one line is left to say it.
    """
    line = min(height + px(4), room / (rows + 1))
    if line >= TIGHT * height:
        return line, rows
    return TIGHT * height, max(0, int(room / (TIGHT * height)) - 2)


def _measured(score: str, value: float) -> str:
    return "–" if math.isnan(value) else score_figure(score, value)
