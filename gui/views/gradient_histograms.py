"""The gradients of every layer's weights as bars, with the outline of those at the start."""

from engine.analysis.distributions import TAIL, Histogram, gradients_of
from gui.i18n import number, tr
from gui.views.layer_histograms import LayerHistograms


class GradientHistograms(LayerHistograms):
    """∂L/∂w of the mean loss over all training rows."""

    key = "gradients"
    counted = "gradients"
    quantity = staticmethod(gradients_of)
    tail = TAIL

    def axis(self) -> str:
        return tr("gradient")

    def words(self, layer: int, shown: Histogram) -> str:
        return tr("Layer {number}: gradients of standard deviation {std}, from {low} to {high}.",
                  number=layer + 1, std=number(shown.std), low=number(shown.low),
                  high=number(shown.high))  # fmt: skip

    def empty(self) -> str:
        return tr("Press Play: the gradients of each layer's weights appear here.")
