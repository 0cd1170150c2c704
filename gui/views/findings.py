"""What can be seen in the network, in sentences."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from engine.analysis.detectors import GOOD, WARNING, Finding, findings
from gui.i18n import number, percent, tr
from gui.theme import font, px, theme
from gui.views import paint
from gui.views.base import Job, Table, View, paint_empty

if TYPE_CHECKING:
    from gui.frame import Frame

WRAPPED = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)


class Findings(View):
    """A list of findings, warnings first with a diamond, the others with a dot.

    Clicking one picks the layer or unit that it is about. What does not fit is counted in the last line
    and read in its tooltip.
    """

    key = "findings"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Finding] | None = None
        self._areas: list[QRectF] = []
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(px(236), px(170))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(80))

    def job(self, frame: "Frame") -> Job:
        curves = frame.curves
        return lambda: findings(
            frame.snapshot, frame.data, curves.epochs, curves.train_loss, curves.test_loss
        )

    def show_result(self, frame: "Frame", result: list[Finding]) -> None:
        if result != self._findings:
            self._findings = result
            self.say()
            self.update()

    def sentences(self) -> list[str]:
        """Return the findings in words."""
        return [sentence(finding) for finding in self._findings or []]

    def summary(self) -> str:
        return " ".join(self.sentences())

    def table(self) -> Table:
        levels = [finding.level for finding in self._findings or []]
        return [("level", "finding"), *zip(levels, self.sentences(), strict=True)]

    def at(self, y: float) -> int | None:
        """Return the index of the finding at a height."""
        return next(
            (index for index, area in enumerate(self._areas) if area.top() <= y <= area.bottom()), None
        )

    def hint(self, x: float, y: float) -> str:
        if self._areas and y > self._areas[-1].bottom():
            return "\n".join(self.sentences()[len(self._areas) :])
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.at(event.position().y())
        if index is not None and self._findings and self._findings[index].place is not None:
            self.picked.emit(self._findings[index].place)

    def paint(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        if self._findings is None:
            paint_empty(painter, area, tr("What the network does is said here in words."))
            return
        painter.setFont(font("small"))
        left, gap, line = px(18), px(10), painter.fontMetrics().height()
        y, self._areas = 0.0, []
        texts = self.sentences()
        for index, (finding, text) in enumerate(zip(self._findings, texts, strict=True)):
            room = QRectF(left, y, area.width() - left, 10_000)
            taken = painter.boundingRect(room, WRAPPED, text)
            reserve = line + gap if index < len(texts) - 1 else 0
            if index and y + taken.height() + reserve > area.height():
                more = tr("and {count} more", count=len(texts) - index)
                paint.paint_label(painter, left, y, more, Qt.AlignmentFlag.AlignLeft)
                return
            self._paint_marker(painter, finding, y + line / 2)
            painter.setPen(QColor(theme().text))
            painter.drawText(taken, WRAPPED, text)
            self._areas.append(QRectF(0, y, area.width(), taken.height()))
            y += taken.height() + gap

    def _paint_marker(self, painter: QPainter, finding: Finding, y: float) -> None:
        now = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        if finding.level == WARNING:
            painter.setBrush(QColor(now.warning))
            painter.drawPath(paint.shape(3, px(6), y, px(4)))
        else:
            painter.setBrush(QColor(now.accent if finding.level == GOOD else now.muted))
            painter.drawPath(paint.shape(1, px(6), y, px(3.5)))


def sentence(finding: Finding) -> str:
    """Return a finding in words of the current language."""
    layer = finding.place[1] + 1 if finding.place else 0
    values = finding.values
    units, of = int(values.get("units", 0)), int(values.get("of", 0))
    shown: dict[str, object] = {"layer": layer, **{key: number(value, 2) for key, value in values.items()}}
    match finding.kind:
        case "diverged":
            return tr("The loss is no longer a number since epoch {epoch}: the steps were too large. "
                      "Try a smaller learning rate.", **shown)  # fmt: skip
        case "identical" if units == of:
            return tr("Layer {layer}: all {units} units are identical and get the same gradient, so they "
                      "stay identical.", **shown)  # fmt: skip
        case "identical":
            return tr("Layer {layer}: {units} of {of} units are identical and stay so.", **shown)
        case "dead" if units == of:
            return tr("Layer {layer}: all {units} ReLUs are dead: 0 on every training row, so nothing "
                      "passes.", **shown)  # fmt: skip
        case "dead" if units == 1:
            return tr("Layer {layer}: 1 of {of} ReLUs is dead, 0 on every training row.", **shown)
        case "dead":
            return tr("Layer {layer}: {units} of {of} ReLUs are dead, 0 on every training row.",
                      **shown)  # fmt: skip
        case "saturated":
            return tr("Layer {layer}: {share} of its outputs are saturated and pass hardly any gradient.",
                      **{**shown, "share": percent(values["share"], 0)})  # fmt: skip
        case "vanished":
            return tr("The signal fades: the outputs of layer {layer} have a standard deviation of only "
                      "{std}.", **shown)  # fmt: skip
        case "exploded":
            return tr("The signal grows: the outputs of layer {layer} have a standard deviation of {std}.",
                      **shown)  # fmt: skip
        case "signal":
            return tr("The signal goes through: the outputs' standard deviation is {first} in layer 1 and "
                      "{last} in layer {layer}.", **shown)  # fmt: skip
        case "perceptron":
            return tr("The perceptron rule trains this layer: its weights change only where an answer is "
                      "wrong.")  # fmt: skip
        case "no_output_gradient":
            return tr("The step at the output has gradient 0, so nothing is learned. Alone and with SGD it "
                      "would follow the perceptron rule.")  # fmt: skip
        case "no_gradient":
            return tr("Layer {layer}: a step has gradient 0, so this layer and those before it do not learn.",
                      **shown)  # fmt: skip
        case "overfitting":
            return tr("Test loss stopped falling at epoch {epoch} ({best}) and is now {now}: overfitting.",
                      **shown)  # fmt: skip
    return tr("No unit is dead, saturated or identical to another.")
