"""Starts the packaged program as users will, and says what came of it: `make try-package`.

From another folder than its own, without a Python of its own in sight: with an empty home; again, when
nothing may be compiled any more; from a path with accents and spaces; with a cache folder that cannot be
written or is damaged. What it trains must be what the source trains, bit for bit. The exit status is 1 if
anything failed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "dist" / "relevo"
EXE = ".exe" if sys.platform == "win32" else ""
DIGITS = ROOT / "resources" / "examples" / "digits.json"
LONGEST = 600  # seconds for one start
# Nothing of this process's own Python or settings reaches the program.
HANDED_ON = ("SYSTEMROOT", "WINDIR", "TEMP", "TMP", "COMSPEC", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")


class Failed(Exception):
    """What was tried and did not work."""


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a user whose home is a folder, without a display."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {key: os.environ[key] for key in HANDED_ON if key in os.environ}
    homes = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home))
    said = {"LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    return {**kept, **homes, **said, "PATH": os.defpath, **more}


def start(program: list[str], folder: Path, around: dict[str, str]) -> str:
    """Run a program to its end and return what it said; Failed with that if its exit status is not 0."""
    done = subprocess.run(program, cwd=folder, env=around, capture_output=True, text=True, encoding="utf-8",
                          timeout=LONGEST)  # fmt: skip
    if done.returncode:
        raise Failed(f"{' '.join(program)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def compiled(said: str) -> int:
    """How many kernels a check had to compile."""
    found = re.search(r"kernels\s+(\d+) compiled", said)
    if not found:
        raise Failed(f"the check says nothing of kernels:\n{said}")
    return int(found[1])


def tensors(file: Path) -> bytes:
    """The numbers of a safetensors file: what follows its header, whose entries come in any order."""
    content = file.read_bytes()
    return content[8 + int.from_bytes(content[:8], "little") :]


def try_empty_home(console: str, work: Path) -> str:
    home = environment(work / "home")
    first, second = (compiled(start([console, "check"], work, home)) for _ in range(2))
    if not first or second:
        raise Failed(f"{first} kernels were compiled in a new home, {second} at the second start")
    return f"check passes; {first} kernels compiled, none at the second start"


def try_odd_path(console: str, work: Path) -> str:
    """Called with a program that lies in a folder with accents and spaces, and the first home's cache."""
    again = compiled(start([console, "check"], Path(console).parent, environment(work / "home")))
    if again:
        raise Failed(f"{again} kernels were compiled again in another folder")
    home = environment(work / "Início de José é ã")
    start([console, "screenshot", str(DIGITS), "--epochs", "1", "--out", "janela ção.png"], work, home)
    return "check passes with the cache of the other folder; a new home with accents too"


def try_damaged_cache(console: str, work: Path) -> str:
    damaged = 0
    for path in (work / "home").rglob("*.nbc"):
        path.write_bytes(path.read_bytes()[: -1 - damaged % 3])
        damaged += 1
    again = compiled(start([console, "check"], work, environment(work / "home")))
    if not damaged or again < damaged:
        raise Failed(f"{damaged} damaged kernels, {again} compiled again")
    return f"{damaged} kernels cut short, check passes, {again} compiled again"


def try_no_cache(console: str, work: Path) -> str:
    """A folder below a file can be neither made nor written, whoever the user is."""
    (work / "file").touch()
    nowhere = environment(work / "other home", RELEVO_CACHE_DIR=str(work / "file" / "cache"))
    said = start([console, "check"], work, nowhere)
    if "cannot be written" not in said:
        raise Failed(f"the check does not say that the cache folder cannot be written:\n{said}")
    return "check passes and says so"


def try_same_weights(console: str, work: Path) -> str:
    home = environment(work / "home")
    start([console, "run", str(DIGITS), "--epochs", "3", "--out", "packaged"], work, home)
    source = [sys.executable, str(ROOT / "main.py"), "run", str(DIGITS), "--epochs", "3", "--out", "source"]
    start(source, work, environment(work / "source home"))
    packaged, wanted = (tensors(work / name / "final.safetensors") for name in ("packaged", "source"))
    if packaged != wanted:
        raise Failed("the packaged program trains other weights than the source")
    return f"{len(wanted)} bytes of weights after 3 epochs, the same as from source"


def try_screenshot(console: str, work: Path) -> str:
    look = ["--epochs", "5", "--size", "1280x720", "--language", "pt", "--theme", "light"]
    home = environment(work / "home")
    start([console, "screenshot", str(DIGITS), *look, "--out", "window.png"], work, home)
    size = (work / "window.png").stat().st_size
    if size < 50_000:
        raise Failed(f"a picture of {size} bytes can be no window")
    return f"a window of {size // 1024} KB"


def try_window(console: str, work: Path) -> str:
    """The windowed program: it says when it was painted and ready, and is then ended."""
    program = str(Path(console).with_name("relevo" + EXE))
    around = environment(work / "home", RELEVO_STARTUP="1")
    process = subprocess.Popen([program], cwd=work, env=around, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        lines = [process.stdout.readline().strip() for _ in range(2)]
    finally:
        process.terminate()
        process.wait(30)
    if "ready" not in lines[-1]:
        raise Failed(f"the window says {lines}")
    return "; ".join(lines)


def main() -> int:
    if not (BUILT / f"relevo-cli{EXE}").is_file():
        print("There is no dist/relevo: make package")
        return 1
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        here = str(BUILT / f"relevo-cli{EXE}")
        odd = work / "Área de trabalho" / "ç ã é"
        shutil.copytree(BUILT, odd, symlinks=True)
        there = str(odd / f"relevo-cli{EXE}")
        tries = [("empty home", try_empty_home, here), ("odd path", try_odd_path, there),
                 ("damaged cache", try_damaged_cache, here), ("no cache", try_no_cache, there),
                 ("same weights", try_same_weights, here), ("screenshot", try_screenshot, there)]  # fmt: skip
        if sys.platform.startswith("linux"):  # elsewhere a windowed program has nowhere to say it
            tries.append(("window", try_window, here))
        for name, attempt, console in tries:
            before = time.perf_counter()
            try:
                remark, word = attempt(console, work), "ok"
            except (Failed, OSError, subprocess.TimeoutExpired) as error:
                remark, word = str(error), "FAILED"
                failures += 1
            print(f"{word:<6}  {name:<14} {remark} ({time.perf_counter() - before:.1f} s)", flush=True)
    print(f"packaged: {len(tries) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
