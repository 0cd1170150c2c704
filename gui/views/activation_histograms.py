"""The activations of every layer over the training rows as bars, with the outline of those at the start."""

from engine.analysis.distributions import Histogram, activations_of
from gui.i18n import number, percent, tr
from gui.views.layer_histograms import LayerHistograms


class ActivationHistograms(LayerHistograms):
    """What the units answer, over all units of a layer and up to 512 training rows."""

    key = "activations"
    counted = "activations"
    ways = (*LayerHistograms.ways, "on the function")
    quantity = staticmethod(activations_of)

    def axis(self) -> str:
        return tr("activation")

    def words(self, layer: int, shown: Histogram) -> str:
        return tr(
            "Layer {number}: activations of mean {mean} and standard deviation {std}; {share} are exactly 0.",
            number=layer + 1, mean=number(shown.mean), std=number(shown.std), share=percent(shown.zeros, 0),
        )  # fmt: skip

    def empty(self) -> str:
        return tr("Press Play: what the units of each layer answer appears here.")
