"""Checks that pyproject.toml, the .in files and the locks agree, and that the locks name no package host.

The dependencies stand in pyproject.toml (for tools that read it) and in run.in (from which the lock is made):
this keeps the two from drifting apart. Prints one line for each fault; the exit status is 1 if there is any.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "packaging" / "requirements"
SETS = {"run": "", "test": "run", "bench": "test", "package": "run"}  # each, and which one it contains


def wanted(name: str) -> set[str]:
    """The requirements that an .in file names itself, without its comments and options."""
    lines = (REQUIREMENTS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith(("#", "-"))}


def normalized(requirement: str) -> str:
    """The bare name of a requirement, spelled as in a lock (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s=<>!~;\[]", requirement, maxsplit=1)[0]).lower()


def pins(name: str) -> dict[str, str]:
    """Package -> pinned version and marker of one lock."""
    text = (REQUIREMENTS / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][a-z0-9-]*)==(.+?) \\$", text, flags=re.MULTILINE))


def faults() -> list[str]:
    """Every disagreement, each as one line."""
    found = []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in sorted(wanted("run") ^ set(project["dependencies"])):
        found.append(f"{requirement}: stands only in one of pyproject.toml and run.in")
    for name, smaller in SETS.items():
        lock = REQUIREMENTS / f"{name}.txt"
        for number, line in enumerate(lock.read_text(encoding="utf-8").splitlines(), start=1):
            if "://" in line or re.match(r"\s*(-i|-f|--(index|extra-index|find|trusted)\S*)\b", line):
                found.append(f"{lock.name}:{number}: names a package host or folder: {line.strip()}")
        current = pins(name)
        for requirement in sorted(wanted(name)):
            if normalized(requirement) not in current:
                found.append(f"{requirement}: stands in {name}.in and not in {name}.txt; run `make lock`")
        for package, version in (pins(smaller) if smaller else {}).items():
            if current.get(package) != version:
                found.append(f"{package}: {version} in {smaller}.txt, {current.get(package)} in {name}.txt")
    return found


if __name__ == "__main__":
    problems = faults()
    print("\n".join(problems) or "The requirements and their locks agree.")
    sys.exit(1 if problems else 0)
