"""python -m benchmarks.extras: what batch normalization, dropout and the like cost a network without them.

Beside the engine as it is stands a copy from which all of it is cut out: every ``if extras is not None`` of
the kernels. Both compile the training of the same networks, and what comes out is compared instruction by
instruction. Where the instructions are the same, so is the time.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
KERNELS = ("kernels.py", "evaluation.py", "passes.py", "lanes.py", "matrices.py")

# In a process of its own: the instructions of trainings, without the names of functions and texts.
INSTRUCTIONS = """
import json, re, sys
from benchmarks.works import works
from engine import Session, kernels
found = {}
for work in works():
    if work.key in ("small", "digits"):
        session = Session(work.experiment)
        session.run(1)
        code = kernels.advance.inspect_asm(list(kernels.advance.overloads)[-1])
        lines = [re.sub(r"_ZN\\w+|#.*|[.]const[.]\\S+", "", line).strip() for line in code.splitlines()]
        found[work.title] = [line for line in lines if line and line[0] != "." and line[-1] != ":"]
print(json.dumps(found))
"""


class WithoutExtras(ast.NodeTransformer):
    """Cuts out what is done only for networks with extras."""

    cut = 0

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:  # noqa: N802
        self.generic_visit(node)
        test = ast.unparse(node.test)
        if "extras is not None" in test:
            self.cut += 1
            return node.orelse
        return node.body if test in ("extras is None", "layout.extras is None") else node


def cut_out(folder: Path) -> int:
    """Copy the engine to a folder, without the code for extras; return how many places that were."""
    for part in ("engine", "benchmarks", "resources"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    transformer = WithoutExtras()
    for name in KERNELS:
        path = folder / "engine" / name
        path.write_text(ast.unparse(transformer.visit(ast.parse(path.read_text(encoding="utf-8")))))
    return transformer.cut


def instructions(folder: Path) -> dict[str, list[str]]:
    """Return the instructions of the training of some networks by the engine in a folder, compiled anew."""
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, "-c", INSTRUCTIONS], cwd=folder, text=True, capture_output=True, check=True,
            env={**os.environ, "RELEVO_CACHE_DIR": cache, "PYTHONPATH": str(folder)},
        )  # fmt: skip
    return dict(json.loads(done.stdout))


def report() -> str:
    """Return in words how both differ."""
    with tempfile.TemporaryDirectory() as name:
        places = cut_out(Path(name))
        without, own = instructions(Path(name)), instructions(ROOT)
    lines = [f"Training compiled by the engine, and with the code for extras cut out at {places} places:"]
    for title, code in own.items():
        other = without[title]
        apart = len(set(code) ^ set(other)) if code != other else 0
        verdict = "the same, one by one" if code == other else f"{len(other)} without, {apart} that differ"
        lines.append(f"  {title}: {len(code)} instructions, {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(report())
