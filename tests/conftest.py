"""What every test relies on, set before Qt or JAX is imported: no display, no GPU."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
