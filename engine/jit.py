"""The only place with Numba's flags, and what surrounds compiled code: its cache folder and its BLAS.

The cache folder is keyed by the sources of the engine, because Numba does not see an edit in a module
that a cached function calls. What is damaged in it is compiled anew (:mod:`engine.cache`).
"""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

import numba
import platformdirs
from numba.extending import register_jitable

from engine.cache import install
from engine.inlining import InlineCompiler, KernelCompiler

ENGINE = Path(__file__).parent
KEPT_CACHES = 3


def _source_key() -> str:
    """Return a short digest of all sources of the engine."""
    digest = hashlib.sha256()
    for path in sorted(ENGINE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True


def _forget_old(caches: Path) -> None:
    """Remove all but the newest few cache folders: each edit of the sources makes another one."""
    folders = sorted(caches.glob("kernels-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[KEPT_CACHES:]:
        shutil.rmtree(folder, ignore_errors=True)


CACHE = Path(os.environ.get("RELEVO_CACHE_DIR") or platformdirs.user_cache_dir("relevo", appauthor=False))
FOLDER = CACHE / f"kernels-{_source_key()}"
CAN_WRITE = _usable(FOLDER)
# What an administrator or an earlier start has put there can be read, even where nothing can be added.
CAN_CACHE = CAN_WRITE or FOLDER.is_dir()
if CAN_WRITE:
    _forget_old(CACHE)
if CAN_CACHE:
    numba.config.CACHE_DIR = str(FOLDER)
    install()

# Reordering sums is allowed, forgetting about NaN and infinity is not: divergence has to stay visible.
FASTMATH = {"reassoc", "contract", "arcp", "nsz"}

# nogil: other threads run on while a kernel computes. Never parallel=True: Numba's workqueue aborts the
# process when two threads enter it. No kernel is passed about as a C function. _nrt: as kernels allocate
# nothing, nothing counts references, which took half the time of a small net.
_OPTIONS = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
jit = numba.njit(cache=CAN_CACHE, fastmath=FASTMATH, pipeline_class=KernelCompiler, **_OPTIONS)
# For all that kernels call. A function that is not inlined exists twice, in its own library and in its
# caller's, optimised differently, and which one runs depends on what else the process has loaded: last bits
# would depend on it too. Inlined, each kernel is one piece, and the cache holds nothing but kernels.
INLINE = {"forceinline": True, "no_cpython_wrapper": True, "pipeline_class": InlineCompiler, **_OPTIONS}
jit_inline = numba.njit(fastmath=FASTMATH, **INLINE)
# The same for what Python calls too, as the window does for its small curves: there it stays what it is.
jit_in_both = register_jitable(fastmath=FASTMATH, **INLINE)


@cache
def set_blas_threads() -> int:
    """Fix the number of BLAS threads for the whole process, once, and return it.

    One by default, RELEVO_BLAS_THREADS for another: changing it later would change bits.
    """
    import scipy.linalg.cython_blas  # noqa: F401  SciPy's own BLAS: loaded first, so that it is limited too
    import threadpoolctl

    wanted = os.environ.get("RELEVO_BLAS_THREADS", "1")
    threads = int(wanted) if wanted.isdecimal() and int(wanted) > 0 else 1
    threadpoolctl.threadpool_limits(limits=threads, user_api="blas")
    return threads
