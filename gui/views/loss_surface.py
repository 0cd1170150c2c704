"""The loss around the current weights as a contour map, with the path walked on it."""

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.analysis.landscape import landscape
from engine.surface import Cancelled
from gui.i18n import number, percent, tr
from gui.theme import font, px, theme, viridis_table
from gui.views import paint
from gui.views.base import Job, Table, View
from gui.views.surface_image import SurfaceImage, render

if TYPE_CHECKING:
    from gui.frame import Frame

Align = Qt.AlignmentFlag
BANDS = 14
RESOLUTION = 64
PAUSED_WORK = 3e10  # multiplications: up to about a second, while nothing else needs the time
CAPTION = 200  # pixels of the words at the right, where there is room for them


class LossSurface(View):
    """A plane through the weights in viridis, the start and now marked, and how honest the plane is."""

    key = "loss_surface"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: SurfaceImage | None = None
        self._image = QImage()
        self._wanted: list[Frame] = []  # the one of the surface under way; emptied, that is given up
        self.retranslate()

    def forget(self) -> None:
        self._shown, self._image = None, QImage()
        super().forget()

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(220), px(110))

    def job(self, frame: "Frame") -> Job | None:
        if not np.isfinite(frame.snapshot.theta).all():
            return None
        area = self.map_area()
        ratio = self.devicePixelRatioF()
        width, height = max(16, int(area.width() * ratio)), max(16, int(area.height() * ratio))
        path = [theta for _, theta in frame.path] or [frame.initial.theta]
        work = partial(landscape, frame.snapshot, frame.data, path, RESOLUTION)
        self._wanted = wanted = [frame]
        # While it trains, one thread is enough: the other cores are the training's and the window's.
        ways = {"threads": 1} if frame.state == "playing" else {"work": PAUSED_WORK}

        def look() -> SurfaceImage | None:
            try:
                return render(work(cancelled=lambda: not wanted, **ways), width, height)
            except Cancelled:
                return None

        return look

    def show_frame(self, frame: "Frame") -> None:
        if frame.state == "playing" and any(one.state != "playing" for one in self._wanted):
            self._wanted.clear()  # it took its time while nothing else did

    def show_result(self, frame: "Frame", result: SurfaceImage | None) -> None:
        if result is None:
            return
        self._shown, self._image = result, QImage()
        self.say_of(frame)
        self.update()

    def restyle(self) -> None:
        self._image = QImage()
        super().restyle()

    def sentences(self) -> list[str]:
        """Return what is to be known about the plane, in words."""
        if self._shown is None:
            return []
        land = self._shown.landscape
        if math.isnan(land.explained):
            first = tr("No path yet: both directions are random.")
        elif not land.walked[1]:
            first = tr("The path is a straight line so far; the second direction is random.")
        else:
            first = tr("The plane shows {share} of the path.", share=percent(land.explained, 0))
        rows = tr("Mean over {used} of {all} training rows.", used=land.rows_used, all=land.rows_all)
        every = tr("Mean over all {all} training rows.", all=land.rows_all)
        return [
            first,
            tr("At the start the true loss is {true}, on the plane {plane}.",
               true=number(land.true_start), plane=number(land.plane_start)),
            every if land.rows_used == land.rows_all else rows,
        ]  # fmt: skip

    def summary(self) -> str:
        if self._shown is None:
            return ""
        now = tr("The loss is {loss} here and between {low} and {high} around.",
                 loss=number(self._shown.landscape.loss_now), low=number(self._shown.scale.low),
                 high=number(self._shown.scale.high))  # fmt: skip
        return " ".join([now, *self.sentences()])

    def table(self) -> Table:
        if self._shown is None:
            return []
        land = self._shown.landscape
        rows: list[tuple[object, ...]] = [("direction_1", "direction_2", "loss")]
        for beta, line in zip(land.betas.tolist(), land.losses.tolist(), strict=True):
            rows += [(alpha, beta, loss) for alpha, loss in zip(land.alphas.tolist(), line, strict=True)]
        return rows

    def map_area(self) -> QRectF:
        """Return where the map stands in the widget."""
        right = px(82) + (px(CAPTION) + px(8) if self._captioned() else 0)
        top = px(2) if self._captioned() else px(20)
        return QRectF(
            px(46), top, max(16, self.width() - px(46) - right), max(16, self.height() - top - px(20))
        )

    def pane(self) -> QRectF | None:
        return self.map_area() if self._shown is not None else None

    def _captioned(self) -> bool:
        return self.width() >= px(760)

    def place(self, alpha: float, beta: float, area: QRectF | None = None) -> QPointF:
        """Return where a point of the plane stands in the widget, or in another area."""
        assert self._shown is not None
        land, area = self._shown.landscape, area or self.map_area()
        across = (alpha - land.alphas[0]) / (land.alphas[-1] - land.alphas[0])
        up = (beta - land.betas[0]) / (land.betas[-1] - land.betas[0])
        return QPointF(area.left() + across * area.width(), area.bottom() - up * area.height())

    def hint(self, x: float, y: float) -> str:
        area = self.map_area()
        if self._shown is None or not area.contains(x, y):
            return ""
        land = self._shown.landscape
        across, up = (x - area.left()) / area.width(), (area.bottom() - y) / area.height()
        column, row = round(across * (len(land.alphas) - 1)), round(up * (len(land.betas) - 1))
        first, second = number(float(land.alphas[column])), number(float(land.betas[row]))
        loss = number(float(land.losses[row, column]))
        return tr("loss {loss} at {first}, {second}", loss=loss, first=first, second=second)

    def paint(self, painter: QPainter) -> None:
        if self._shown is None:
            self.invite(
                painter, QRectF(self.rect()), tr("Press Play: the loss around the weights appears here.")
            )
            return
        if self._image.isNull():
            self._image = self._coloured()
        area = self.map_area()
        painter.save()
        painter.setClipPath(paint.rounded(area, px(6)))
        self.lens.apply(painter)
        painter.drawImage(area, self._image)
        self._paint_path(painter)
        painter.restore()
        self._paint_axes(painter, area)
        self._paint_bar(painter, area)
        if self._captioned():
            self._paint_words(painter, area.top())
        else:
            self._paint_line(painter, area)

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        """Write above the map, in one line, what matters most of the sentences."""
        assert self._shown is not None
        land = self._shown.landscape
        text = self.sentences()[0]
        if land.walked[1]:
            text = tr(
                "{share} of the path; loss at the start: {true}, on the plane {plane}",
                share=percent(land.explained, 0),
                true=number(land.true_start), plane=number(land.plane_start),
            )  # fmt: skip
        room = int(self.width() - area.left())
        paint.small_font(painter, [text], room, least=0.75)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        paint.paint_label(painter, area.left(), 0, text, Align.AlignLeft, theme().text)
        painter.setFont(font("small"))

    def _paint_words(self, painter: QPainter, y: float) -> None:
        """Write the sentences at the right, the first one stronger."""
        flags = int(Align.AlignLeft | Qt.TextFlag.TextWordWrap)
        for index, text in enumerate(self.sentences()):
            room = QRectF(self.width() - px(CAPTION), y, px(CAPTION), 10_000)
            taken = painter.boundingRect(room, flags, text)
            painter.setPen(QColor(theme().muted if index else theme().text))
            painter.drawText(taken, flags, text)
            y += taken.height() + px(6)

    def _coloured(self) -> QImage:
        assert self._shown is not None
        image = paint.indexed_image(self._shown.indices, viridis_table(BANDS))
        if self._shown.broken.any():
            table = np.zeros((256, 4), np.uint8)
            grey = QColor(theme().muted)
            table[1] = grey.red(), grey.green(), grey.blue(), 255
            painter = QPainter(image)
            painter.drawImage(0, 0, paint.indexed_image(self._shown.broken.astype(np.uint8), table))
            painter.end()
        return image

    def _paint_path(self, painter: QPainter) -> None:
        assert self._shown is not None
        area = self.map_area()
        points = [self.place(alpha, beta, area) for alpha, beta in self._shown.landscape.path.tolist()]
        xs, ys = [point.x() for point in points], [point.y() for point in points]
        paint.paint_polyline(painter, xs, ys, "#1d2733", px(4))
        paint.paint_polyline(painter, xs, ys, "#ffffff", px(2))
        start, now = points[0], self.place(0.0, 0.0)
        apart = math.hypot(start.x() - now.x(), start.y() - now.y()) > px(14)
        if apart:
            self._mark(painter, start, "#ffffff", "#10151c", tr("start"), now)
        self._mark(painter, now, "#10151c", "#ffffff", tr("now"), start)

    def _mark(
        self, painter: QPainter, at: QPointF, inside: str, edge: str, word: str, other: QPointF
    ) -> None:
        """Paint a dot with its word on the side that looks away from the other end of the path."""
        painter.setPen(QPen(QColor(edge), px(2)))
        painter.setBrush(QColor(inside))
        painter.drawEllipse(at, px(5), px(5))
        painter.setFont(font("small", bold=True))
        side = Align.AlignRight if at.x() < other.x() else Align.AlignLeft
        x = at.x() + (-px(10) if side == Align.AlignRight else px(10))
        width = painter.fontMetrics().horizontalAdvance(word)
        area = self.map_area()
        if x - width < area.left() and side == Align.AlignRight:
            side, x = Align.AlignLeft, at.x() + px(10)
        elif x + width > area.right() and side == Align.AlignLeft:
            side, x = Align.AlignRight, at.x() - px(10)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            paint.paint_label(painter, x + dx, at.y() + dy, word, side | Align.AlignVCenter, "#10151c")
        paint.paint_label(painter, x, at.y(), word, side | Align.AlignVCenter, "#ffffff")
        painter.setFont(font("small"))

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        assert self._shown is not None
        land = self._shown.landscape
        painter.setFont(font("small"))
        below, beside = area.bottom() + px(3), area.left() - px(5)
        across, up = self._ends(area)
        low, high = (number(end, 2) for end in across)
        left = paint.paint_label(painter, area.left(), below, low, Align.AlignLeft)
        right = paint.paint_label(painter, area.right(), below, high, Align.AlignRight)
        room = right.left() - left.right() - px(12)
        names = self._axis_names(land.walked[0], 1)
        fitting = [name for name in names if paint.text_width(painter, [name]) < room]
        if fitting:
            paint.paint_label(
                painter, (left.right() + right.left()) / 2, below, fitting[0], Align.AlignHCenter
            )
        line = painter.fontMetrics().height()
        paint.paint_label(painter, beside, area.top(), number(up[1], 2), Align.AlignRight)
        paint.paint_label(
            painter, beside, area.bottom(), number(up[0], 2), Align.AlignRight | Align.AlignBottom
        )
        tall = QRectF(beside - line, area.top() + line, line, area.height() - 2 * line)
        names = self._axis_names(land.walked[1], 2)
        fitting = [name for name in names if paint.text_width(painter, [name]) < tall.height()]
        if fitting:
            paint.paint_sideways(painter, tall, fitting[0])

    def _ends(self, area: QRectF) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the lower and the upper end of both axes, of the part that is seen."""
        assert self._shown is not None
        land = self._shown.landscape
        first, last = self.lens.inside(area.bottomLeft()), self.lens.inside(area.topRight())
        across = [(x - area.left()) / area.width() for x in (first.x(), last.x())]
        up = [(area.bottom() - y) / area.height() for y in (first.y(), last.y())]
        (left, right), (low, high) = (
            [float(axis[0] + share * (axis[-1] - axis[0])) for share in shares]
            for axis, shares in ((land.alphas, across), (land.betas, up))
        )
        return (left, right), (low, high)

    def _axis_names(self, walked: bool, which: int) -> list[str]:
        """Return names of an axis, the longest first."""
        if not walked:
            return [tr("random direction, distance of the weights"), tr("random direction"), tr("random")]
        return [
            tr("principal direction {which} of the path, distance of the weights", which=which),
            tr("direction {which}, distance of the weights", which=which),
            tr("direction {which}", which=which),
        ]

    def _paint_bar(self, painter: QPainter, area: QRectF) -> None:
        assert self._shown is not None
        scale = self._shown.scale
        line, left = painter.fontMetrics().height(), area.right() + px(12)
        word = tr("loss (log)") if scale.logarithmic else tr("loss")
        paint.small_font(painter, [word], self.width() - left, least=0.7)
        paint.paint_label(painter, left, area.top(), word, Align.AlignLeft)
        painter.setFont(font("small"))
        bar = QRectF(left, area.top() + line + px(4), px(10), area.height() - line - px(4))
        paint.paint_bar(painter, bar, viridis_table(None), upright=True)
        beside = bar.right() + px(5)
        for share, align in ((1.0, Align.AlignLeft), (0.5, Align.AlignVCenter), (0.0, Align.AlignBottom)):
            y = bar.bottom() - share * bar.height()
            paint.paint_label(painter, beside, y, number(scale.value(share), 2), align)
