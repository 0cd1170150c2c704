"""The window: PySide6 and pyqtgraph. May import engine, never the other way round."""
