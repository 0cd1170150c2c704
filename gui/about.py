"""What the program is, and under which licences its parts come."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from engine import __version__
from engine.resources import resource
from gui.i18n import tr
from gui.theme import GAP, font, px

# What is distributed with the program, and its licence's short name.
PARTS = (
    ("Python", "PSF-2.0"), ("Qt, PySide6, Shiboken", "LGPL-3.0"), ("pyqtgraph", "MIT"),
    ("NumPy", "BSD-3-Clause"), ("SciPy", "BSD-3-Clause"), ("Numba, llvmlite", "BSD-2-Clause"),
    ("safetensors", "Apache-2.0"), ("msgspec", "BSD-3-Clause"), ("platformdirs", "MIT"),
    ("threadpoolctl", "BSD-3-Clause"), ("Inter", "OFL-1.1"),
)  # fmt: skip


def show_about(window: QWidget) -> None:
    """Say what the program is."""
    versions = f"Python {platform.python_version()}, Qt {qVersion()}"
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(tr("About Relevo"))
    box.setText(f"Relevo {__version__}")
    box.setIconPixmap(QIcon(str(resource("icons", "relevo.png"))).pixmap(px(64), px(64)))
    box.setInformativeText(
        tr("A laboratory for neural networks: draw one, choose where its weights start and how they "
           "descend, and watch every epoch.") + f"\n\n{versions}"
    )  # fmt: skip
    box.open()


def show_licences(window: QWidget) -> None:
    """Show the licences of the program, its parts, fonts and data."""
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(tr("Licences"))
    text = QPlainTextEdit(licences())
    text.setReadOnly(True)
    text.setFont(font("small"))
    text.setAccessibleName(tr("Licences"))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.close)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(px(GAP), px(GAP), px(GAP), px(GAP))
    layout.addWidget(QLabel(tr("Relevo is free software under the MIT licence. It stands on these:")))
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.resize(px(680), px(520))
    dialog.open()


def licences() -> str:
    """Return the licences as text: a list of the parts, then the files that lie beside fonts and data."""
    lines = [f"{name}: {licence}" for name, licence in PARTS]
    for pattern in ("fonts/*", "datasets/*"):
        for path in sorted(resource().glob(pattern)):
            if path.suffix in (".md", ".txt"):
                text = path.read_text(encoding="utf-8").strip()
                lines += ["", f"— {path.parent.name}/{path.name}", "", text]
    return "\n".join(lines)
