"""Pictures: each shows a frame of the training and may say what was picked in it."""

from gui.views.activation_cloud import ActivationCloud
from gui.views.activation_histograms import ActivationHistograms
from gui.views.base import Picture, View
from gui.views.boundary import Boundary
from gui.views.compare import Compare
from gui.views.confusion import ConfusionMatrix
from gui.views.findings import Findings
from gui.views.first_layer import FirstLayer
from gui.views.fitted_curve import FittedCurve
from gui.views.gradient_histograms import GradientHistograms
from gui.views.histograms import Histograms
from gui.views.loss_curve import LossCurve
from gui.views.loss_surface import LossSurface
from gui.views.metrics import Metrics
from gui.views.signal_by_layer import SignalByLayer
from gui.views.update_ratio import UpdateRatio

__all__ = [
    "ActivationCloud", "ActivationHistograms", "Boundary", "Compare", "ConfusionMatrix",
    "Findings", "FirstLayer", "FittedCurve",
    "GradientHistograms", "Histograms", "LossCurve", "LossSurface", "Metrics", "Picture", "SignalByLayer",
    "UpdateRatio", "View",
]  # fmt: skip
