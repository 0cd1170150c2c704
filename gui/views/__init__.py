"""Pictures: each shows a frame of the training and may say what was picked in it."""

from gui.views.base import Picture, View
from gui.views.boundary import Boundary
from gui.views.confusion import ConfusionMatrix
from gui.views.findings import Findings
from gui.views.first_layer import FirstLayer
from gui.views.fitted_curve import FittedCurve
from gui.views.histograms import Histograms
from gui.views.loss_curve import LossCurve
from gui.views.loss_surface import LossSurface
from gui.views.metrics import Metrics

__all__ = [
    "Boundary", "ConfusionMatrix", "Findings", "FirstLayer", "FittedCurve", "Histograms", "LossCurve",
    "LossSurface", "Metrics", "Picture", "View",
]  # fmt: skip
