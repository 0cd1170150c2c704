"""The weights of every layer as bars, with the outline of where they started."""

from engine.analysis.distributions import Histogram, weights_of
from gui.i18n import number, tr
from gui.views.layer_histograms import LayerHistograms


class Histograms(LayerHistograms):
    """The weights, biases left out."""

    key = "histograms"
    counted = "weights"
    quantity = staticmethod(weights_of)

    def axis(self) -> str:
        return tr("weight")

    def words(self, layer: int, shown: Histogram) -> str:
        return tr(
            "Layer {number}: weights of mean {mean} and standard deviation {std}, from {low} to {high}.",
            number=layer + 1, mean=number(shown.mean), std=number(shown.std),
            low=number(shown.low), high=number(shown.high),
        )  # fmt: skip

    def empty(self) -> str:
        return tr("Press Play: each layer's weights appear here.")
