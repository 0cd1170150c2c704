"""The licences of what the packaged program contains, in one file."""

import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from typing import Any

_RULE = "=" * 100
HERE = Path(__file__).resolve().parent / "licences"
# Texts that packages name without bringing them. LGPL-3.0 adds to GPL-3.0: Qt and PySide are used under it,
# as libraries in files of their own, which anyone may replace.
MISSING = {"LGPL-3.0": "LGPL-3.0.txt", "GPL-3.0": "GPL-3.0.txt"}


def written(analysis: Any, work: Path) -> str:
    """Write the licence of Python and of every package in an analysis; return the file's path."""
    modules = {name.partition(".")[0] for name, *_ in (*analysis.pure, *analysis.binaries, *analysis.datas)}
    modules |= {name.replace("\\", "/").partition("/")[0] for name in modules}
    owners = metadata.packages_distributions()
    names = sorted({owner for module in modules for owner in owners.get(module, ())}, key=str.lower)
    packages = [part for name in names for part in _package(name)]
    parts = [f"Python {sys.version.split()[0]}", _python(), *packages]
    file = work / "LICENCES.txt"
    file.write_text(f"\n\n{_RULE}\n\n".join(parts) + "\n", encoding="utf-8")
    return str(file)


def _python() -> str:
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        for name in ("LICENSE.txt", "LICENSE"):
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
    return "Python Software Foundation License Version 2"


def _package(name: str) -> list[str]:
    """Return a package's name, version and declared licence, then its licence files."""
    found = metadata.distribution(name)
    about = found.metadata
    said = about["License-Expression"] or (about["License"] or "").partition("\n")[0] or "see below"
    files = [file for file in found.files or () if _is_licence(file.name) and ".dist-info" in str(file)]
    paths = [Path(str(found.locate_file(file))) for file in files]
    paths = paths or [HERE / name for key, name in MISSING.items() if key in said]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    return [f"{about['Name']} {found.version}: {said}", *texts]


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"))
