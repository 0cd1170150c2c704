"""The gallery: experiments in pairs, a poor way beside a better one, drawn from what came of them."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.examples import SIDE, Example, Pair, Result, pairs, results
from gui.guard import guarded
from gui.i18n import tr
from gui.theme import GAP, RADIUS, SPACING, diverging_table, font, mix, px, theme, themes
from gui.views import paint
from gui.widgets.basics import Label

PICTURE, CURVE_HEIGHT, NARROWEST = 96, 26, 228  # pixels of the design; the last of a pair's card
LOW, SMALL_PICTURE = 720, 96  # a gallery lower than this has pictures of this size, so that all pairs show
HIGHEST_LOSS = 1.0  # at the top of every curve, so that two can be compared
ONE_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
TEXT = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@lru_cache(maxsize=256)
def _height_of(words: str, width: int, _scale: float) -> int:
    """Return how high a small text is at a width, for which a layout asks again and again."""
    return QFontMetrics(font("small")).boundingRect(QRect(0, 0, width, 10_000), int(TEXT), words).height()


class ExampleButton(QAbstractButton):
    """One experiment: its result, its loss, its name and what to look for.

    Attributes:
        example: the experiment
    """

    def __init__(self, example: Example, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.example = example
        self._most, self._role = 10_000, "body"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setText(tr(example.name))
        self.setAccessibleName(f"{tr(example.name)}. {tr(example.look)}")
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setHorizontalPolicy(QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    def set_most(self, side: int, low: bool) -> None:
        """Draw the picture at most so large, in pixels; where room is low, the name is smaller too."""
        if side != self._most:
            self._most, self._role = side, "small" if low else "body"
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        inner = width - 2 * px(SPACING)
        side = min(inner, self._most)
        return side + px(CURVE_HEIGHT) + self._name_height() + self._look_height(inner) + px(SPACING * 5)

    def sizeHint(self) -> QSize:
        return QSize(px(PICTURE), self.heightForWidth(px(PICTURE)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(80))

    def _name_height(self) -> int:
        self.setFont(font(self._role, bold=True))
        return self.fontMetrics().height()

    def _look_height(self, width: int) -> int:
        return _height_of(tr(self.example.look), width, themes.scale)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, inner = px(SPACING), self.width() - 2 * px(SPACING)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(QColor(mix(now.raised, now.text, 0.08)))
            painter.setPen(QPen(QColor(now.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(RADIUS), px(RADIUS))
        result = results()[self.example.key]
        side = min(inner, self._most)
        square = QRectF(edge, edge, side, side)
        _paint_result(painter, square, result)
        curve = QRectF(edge, square.bottom() + px(SPACING), side, px(CURVE_HEIGHT))
        _paint_losses(painter, curve, result)
        painter.setPen(QColor(now.text))
        name, top = tr(self.example.name), curve.bottom() + px(SPACING)
        paint.small_font(painter, [name], inner, self._role, bold=True)
        painter.drawText(QRectF(edge, top, inner, self._name_height()), int(ONE_LINE), name)
        painter.setPen(QColor(now.muted))
        painter.setFont(font("small"))
        top += self._name_height() + px(SPACING) / 2
        painter.drawText(QRectF(edge, top, inner, self.height() - top), int(TEXT), tr(self.example.look))


def _paint_result(painter: QPainter, square: QRectF, result: Result) -> None:
    """Draw the probability of class 1, and the points: round ones are class 1."""
    now, table = theme(), diverging_table()
    pixels = np.ascontiguousarray(table[result.field[::-1]])
    image = QImage(pixels.data, SIDE, SIDE, SIDE * 4, QImage.Format.Format_RGBA8888).copy()
    shape = QPainterPath()
    shape.addRoundedRect(square, px(RADIUS - 4), px(RADIUS - 4))
    painter.save()
    painter.setClipPath(shape)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(square, image)
    radius = max(1.6, square.width() / 70)
    painter.setPen(QPen(QColor(now.panel if now.dark else now.text), 0.8))
    colours = [QColor(mix(colour, "#ffffff", 0.35)) for colour in (now.negative, now.positive)]
    points = (result.points.astype(float) + 1) / 2
    across = square.left() + points[:, 0] * square.width()
    down = square.bottom() - points[:, 1] * square.height()
    for x, y, one in zip(across.tolist(), down.tolist(), result.classes.tolist(), strict=True):
        middle = QPointF(x, y)
        painter.setBrush(colours[bool(one)])
        if one:
            painter.drawEllipse(middle, radius, radius)
        else:
            painter.drawRect(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius))
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(now.line), 1))
    painter.drawPath(shape)


def _paint_losses(painter: QPainter, frame: QRectF, result: Result) -> None:
    """Draw the loss over the epochs; what is above the highest one runs along the top."""
    now = theme()
    painter.setPen(QPen(QColor(now.line), 1))
    painter.drawLine(frame.bottomLeft(), frame.bottomRight())
    heights = frame.bottom() - np.clip(result.losses / HIGHEST_LOSS, 0, 1) * (frame.height() - 3)
    across = np.linspace(frame.left(), frame.right(), len(heights))
    trained = np.isfinite(heights)  # up to where it was stopped
    points = zip(across[trained], heights[trained], strict=True)
    line = QPolygonF([QPointF(x, y) for x, y in points])
    painter.setPen(QPen(QColor(now.text), max(1.5, px(1.5))))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(line)


class PairCard(QFrame):
    """A pair under its title.

    Signals:
        picked(Example): one of the two was chosen
    """

    picked = Signal(object)

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        lines, both = QVBoxLayout(self), QHBoxLayout()
        lines.setContentsMargins(px(SPACING * 2), px(SPACING * 2), px(SPACING * 2), px(SPACING))
        lines.setSpacing(px(SPACING))
        title = Label(pair.title, "title")
        title.setWordWrap(True)
        title.setContentsMargins(px(SPACING), 0, 0, 0)
        lines.addWidget(title)
        lines.addLayout(both)
        lines.addStretch(1)
        both.setSpacing(px(SPACING))
        self.buttons = [ExampleButton(example) for example in pair.examples]
        for button in self.buttons:
            button.clicked.connect(partial(self.picked.emit, button.example))
            both.addWidget(button, 1, Qt.AlignmentFlag.AlignTop)


class ExampleGallery(QDialog):
    """All pairs, as many beside each other as fit. Escape or the choice closes it.

    Attributes:
        cards: the pairs

    Signals:
        picked(Example): an experiment was chosen
    """

    picked = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Gallery of experiments"))
        self._content, self._area = QWidget(), QScrollArea()
        self._grid = QGridLayout(self._content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.cards = [PairCard(pair) for pair in pairs()]
        for card in self.cards:
            card.picked.connect(self._take)
        self._columns = 0
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._content)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
        lines.setSpacing(px(SPACING * 2))
        words = Label("In each pair one thing differs. The square shows what was learned, the line below it "
                      "the loss from the first epoch to the last.", "muted")  # fmt: skip
        words.setWordWrap(True)
        lines.addWidget(words)
        lines.addWidget(self._area, 1)
        self.resize(min(window.width() - GAP * 2, px(1500)), min(window.height() - GAP * 2, px(740)))
        self._share()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Put as many pairs beside each other as fit, in lines of equal length."""
        fitting = max(1, (self.width() - px(GAP * 2)) // px(NARROWEST + GAP))
        low = self.height() < px(LOW)
        for button in (button for card in self.cards for button in card.buttons):
            button.set_most(px(SMALL_PICTURE) if low else px(LOW), low)
        self._grid.setSpacing(px(SPACING * 2) if low else px(GAP))
        columns = next(count for count in (5, 4, 2, 1) if count <= fitting)
        if columns != self._columns:
            for column in range(self._columns):
                self._grid.setColumnStretch(column, 0)
            self._columns = columns
            for place, card in enumerate(self.cards):
                self._grid.addWidget(card, place // columns, place % columns)
            for column in range(columns):
                self._grid.setColumnStretch(column, 1)

    def _take(self, example: Example) -> None:
        self.accept()
        self.picked.emit(example)
