"""Draws relevo.svg into the icon files of Windows and macOS, and a picture for the window.

Both kinds of file are a few header bytes and PNG pictures; they are drawn again when the drawing changes.
"""

import os
import struct
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QBuffer, QByteArray, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
WINDOWS = (16, 24, 32, 48, 64, 128, 256)
MAC = {"icp4": 16, "icp5": 32, "ic07": 128, "ic08": 256, "ic09": 512}


def png(size: int) -> bytes:
    """The drawing as a PNG file of so many pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(HERE / "relevo.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return content.data()


def windows_icon() -> bytes:
    """An .ico file: 6 bytes, 16 for each picture (0 stands for 256 pixels), the pictures."""
    pictures = [png(size) for size in WINDOWS]
    start = 6 + 16 * len(pictures)
    entries = b""
    for size, picture in zip(WINDOWS, pictures, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), start)
        start += len(picture)
    return struct.pack("<HHH", 0, 1, len(pictures)) + entries + b"".join(pictures)


def mac_icon() -> bytes:
    """An .icns file: its length, and each picture after its kind and length."""
    pictures = [(kind, png(size)) for kind, size in MAC.items()]
    parts = b"".join(kind.encode() + struct.pack(">I", 8 + len(data)) + data for kind, data in pictures)
    return b"icns" + struct.pack(">I", 8 + len(parts)) + parts


if __name__ == "__main__":
    application = QGuiApplication([])
    (HERE / "relevo.ico").write_bytes(windows_icon())
    (HERE / "relevo.icns").write_bytes(mac_icon())
    (HERE.parent / "resources" / "icons" / "relevo.png").write_bytes(png(256))
