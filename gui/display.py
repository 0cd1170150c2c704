"""Whether a window can be shown at all, found out before Qt, which ends the process when it cannot."""

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

# What Qt's plugin for X11 loads and slim systems lack, with Debian's package for it.
LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
}


def problem(environment: Mapping[str, str] = os.environ) -> str:
    """Return why no window can be shown, as a sentence; empty when one can."""
    if not sys.platform.startswith("linux") or environment.get("QT_QPA_PLATFORM"):
        return ""
    if environment.get("WAYLAND_DISPLAY") and _wayland_answers(environment):
        return ""
    display = environment.get("DISPLAY")
    if not display:
        return "There is no display."
    if not _x_answers(display):
        return f"The display {display} does not answer."
    missing = missing_packages()
    if missing:
        return f"The window needs system libraries that are missing: apt-get install {' '.join(missing)}."
    return ""


def missing_packages() -> list[str]:
    """Return Debian's packages for the libraries that a window on X11 needs and that are not there."""
    return [package for library, package in LIBRARIES.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _x_answers(display: str) -> bool:
    """Whether an X server lets us in: asked with libxcb, which knows about hosts and permissions."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return _x_socket_answers(display)
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def _x_socket_answers(display: str) -> bool:
    number = display.rpartition(":")[2].partition(".")[0]
    return _answers(f"/tmp/.X11-unix/X{number}") or _answers(f"\0/tmp/.X11-unix/X{number}")


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    return _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/"), environment["WAYLAND_DISPLAY"])))


def _answers(address: str) -> bool:
    """Whether something listens at a local address."""
    with socket.socket(socket.AF_UNIX) as made:
        made.settimeout(2)
        try:
            made.connect(address)
        except OSError:
            return False
    return True
