"""The network that one draws."""

from gui.canvas.canvas import NetworkCanvas

__all__ = ["NetworkCanvas"]
