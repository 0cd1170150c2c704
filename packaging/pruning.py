"""What is left out of the packaged program, each with its reason. The spec file asks; nothing else does."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

# Modules that PyInstaller finds on the way and nobody calls.
MODULES = [
    # Tools and peers of the developers, where they are installed beside.
    "pytest", "hypothesis", "jax", "jaxlib", "optax", "sklearn", "torch", "mypy", "ruff", "PyInstaller",
    "setuptools", "distutils", "pip", "pkg_resources", "wheel", "_distutils_hack", "Cython",
    # What libraries show in consoles and notebooks, or plot with.
    "IPython", "pygments", "matplotlib", "tkinter", "_tkinter", "curses", "lib2to3", "pydoc_data", "idlelib",
    # Qt for other kinds of programs. pyqtgraph does without those that it looks for.
    "PySide6.QtNetwork", "PySide6.QtTest", "PySide6.QtDBus",
    "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtDesigner", "PySide6.QtUiTools", "PySide6.QtSql",
    "PySide6.QtPrintSupport", "PySide6.QtXml", "PySide6.QtConcurrent", "PySide6.QtHelp",
    "pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.console", "pyqtgraph.jupyter", "pyqtgraph.canvas",
    "pyqtgraph.flowchart", "pyqtgraph.dockarea",
    # Of SciPy, the line search of L-BFGS and one special function are used.
    "scipy.stats", "scipy.signal", "scipy.ndimage", "scipy.interpolate", "scipy.integrate", "scipy.io",
    "scipy.cluster", "scipy.datasets", "scipy.odr", "scipy.misc", "scipy.fftpack", "scipy.differentiate",
    # Compilers for other processors, and tests.
    "numba.cuda", "numba.tests", "numba.testing", "numpy.distutils", "scipy.conftest",
    # Of the standard library: a server's and a notebook's share, and all that is for a network. OpenSSL goes
    # with it; the digests that are used have code of Python's own.
    "ssl", "_ssl", "_hashlib", "xmlrpc", "smtplib", "ftplib", "sqlite3", "_sqlite3", "test", "turtle",
    "turtledemo", "ensurepip", "venv",
]  # fmt: skip

# Files by their path below the folder.
FILES = [
    r"(^|/)tests?/",
    # Of Qt's own translations, those of the two languages stay.
    r"Qt.*/translations/(?!qt(base)?_(en|pt_BR)\.qm$)",
    # Drawing without a window system, on a remote screen or in the style of GTK (which brings GTK along).
    r"plugins/(egldeviceintegrations|generic|networkinformation|tls|wayland-graphics-integration-client)/",
    r"plugins/platforms/.*(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc)",
    r"plugins/platformthemes/libqgtk3",
    r"plugins/imageformats/.*(gif|icns|tga|tiff|wbmp|webp|pdf)",
    r"Qt6(Network|Test|EglFSDeviceIntegration|EglFsKmsSupport|Qml\w*|Quick\w*|Pdf\w*|VirtualKeyboard)"
    r"(\.so|\.dll|$)",
    # Numba's ways to run loops in parallel: kernels run in threads of the engine.
    r"numba/np/ufunc/(tbb|omp)pool",
    # Only what leads into the GTK theme and into Kerberos needs these.
    r"^lib(gtk|gdk|atk|pango|cairo|gdk_pixbuf|gio|gobject|gmodule|harfbuzz|fribidi|thai|datrie|pixman|jpeg|tiff)[-_.0-9a-z]*\.so",
    r"^lib(krb5|k5crypto|gssapi|krb5support|keyutils|com_err|mount|blkid|selinux|readline|tinfo)[-_.0-9a-z]*\.so",
    # Codecs of other scripts: files are UTF-8 or Latin-1.
    r"lib-dynload/_codecs_(cn|hk|iso2022|jp|kr|tw)",
    r"lib-dynload/(_test\w*|_curses\w*|readline|_sqlite3|_tkinter)",
]  # fmt: skip
_LEFT_OUT = re.compile("|".join(FILES))

# Libraries whose tables of local names are large: Python's own, where it was built here, and LLVM's.
_WITH_SYMBOLS = re.compile(r"^(libpython3|llvmlite/binding/libllvmlite)")

Entry = tuple[str, str, str]


def kept(entries: list[Entry]) -> list[Entry]:
    """Return the files (name below the folder, source, kind) that belong into it."""
    return [entry for entry in entries if not _LEFT_OUT.search(entry[0].replace("\\", "/"))]


def without_symbols(entries: list[Entry], work: Path) -> list[Entry]:
    """Put copies without the names that only a debugger reads in the place of large libraries, on Linux.

    PyInstaller's own `strip` takes every library, and breaks those that NumPy's wheels have patched.
    """
    if not sys.platform.startswith("linux") or shutil.which("strip") is None:
        return entries
    return [_stripped(entry, work) if _WITH_SYMBOLS.match(entry[0]) else entry for entry in entries]


def _stripped(entry: Entry, work: Path) -> Entry:
    name, source, kind = entry
    copy = work / Path(name).name
    shutil.copyfile(source, copy)
    subprocess.run(["strip", "--strip-unneeded", str(copy)], check=True)
    return name, str(copy), kind
