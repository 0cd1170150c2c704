"""Kernels take subnormal numbers for 0, and leave the thread that calls them as it was."""

import ctypes
import ctypes.util
import importlib
import pkgutil
import platform
import sys
from concurrent.futures import ThreadPoolExecutor

import llvmlite.binding as llvm
import numpy as np
import pytest
from llvmlite import ir
from numba.core.registry import CPUDispatcher

import engine
from engine import Session
from engine.inlining import KernelCompiler
from engine.jit import jit
from engine.subnormals import STATES, flushing
from tests.engine.reference.build import PATHS, PRECISIONS, experiment, force_path

PROCESSOR = llvm.get_process_triple().split("-")[0]
pytestmark = pytest.mark.skipif(PROCESSOR not in STATES, reason="this processor computes with them")


@jit
def multiply(a: np.ndarray, b: np.ndarray, out: np.ndarray) -> None:
    """Multiply numbers as kernels do."""
    for i in range(out.size):
        out[i] = a[i] * b[i]


def subnormal(numbers: np.ndarray) -> np.ndarray:
    return (numbers != 0) & (np.abs(numbers) < np.finfo(numbers.dtype).tiny)


def bits(numbers: np.ndarray) -> bytes:
    return numbers.tobytes()


@pytest.mark.parametrize("precision", PRECISIONS)
def test_only_what_is_below_the_smallest_normal_number_is_0(precision: str) -> None:
    """Every product of numbers around the ends of the range, by NumPy and then without subnormal numbers."""
    kind = np.finfo(precision)
    ends = [kind.smallest_subnormal, kind.tiny / 2, np.nextafter(kind.tiny, kind.dtype.type(0)), kind.tiny,
            kind.tiny * 1.5, np.sqrt(kind.tiny), kind.eps, 1, 1.5, 2, kind.max, np.inf, 0]  # fmt: skip
    numbers = np.array([sign * end for end in ends for sign in (1, -1)] + [np.nan], precision)
    a, b = (each.reshape(-1) for each in np.meshgrid(numbers, numbers))
    with np.errstate(all="ignore"):
        usual = a * b
        a_flushed, b_flushed = (np.where(subnormal(each), 0 * each, each) for each in (a, b))
        expected = a_flushed * b_flushed
        expected = np.where(subnormal(expected), 0 * expected, expected)
        found = np.empty_like(a)
        multiply(a, b, found)
        after = a * b
    assert np.array_equal(found, expected, equal_nan=True)
    assert np.array_equal(np.signbit(found) | np.isnan(found), np.signbit(expected) | np.isnan(expected))
    assert subnormal(usual).sum() > 20 and not subnormal(found).any()
    assert bits(after) == bits(usual), "this thread still has them"


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="its C library's codes")
def test_a_thread_keeps_its_own_state_and_no_bit_depends_on_it() -> None:
    """In a thread that rounds upward, a kernel gives the usual bits and the thread still rounds upward."""
    library, upward = ctypes.CDLL(ctypes.util.find_library("m")), 0x800
    a = np.random.default_rng(0).standard_normal(100).astype(np.float32)
    usual = np.empty_like(a)
    multiply(a, a, usual)

    def other() -> tuple[np.ndarray, np.ndarray, int]:
        assert library.fesetround(upward) == 0
        found = np.empty_like(a)
        multiply(a, a, found)
        return found, a * a, library.fegetround()

    with ThreadPoolExecutor(1) as pool:
        found, by_numpy, rounding = pool.submit(other).result()
    assert bits(found) == bits(usual)
    assert bits(by_numpy) != bits(usual), "nothing was rounded"
    assert rounding == upward


@pytest.mark.parametrize("path", PATHS)
def test_gradients_are_exact_or_0(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of 1e-20, so that a path through two of them is subnormal; beside float64, where it is not."""
    force_path(monkeypatch, path)
    found = []
    for precision in PRECISIONS:
        session = Session(experiment(initializer={"name": "normal", "std": 1e-20}, precision=precision))
        parts = session.gradients(session.data.x_train[:1], session.data.y_train[:1])
        found.append(np.concatenate([part.reshape(-1) for part in parts.values()]))
    gradient, exact = found
    rounded = exact.astype(np.float32)
    assert subnormal(rounded).sum() > 10
    assert not subnormal(gradient).any()
    tiny = np.finfo(np.float32).tiny
    np.testing.assert_allclose(gradient, np.where(subnormal(rounded), 0, rounded), rtol=1e-4, atol=tiny)


def test_a_team_has_the_bits_of_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a network whose first layers learn nothing but subnormal numbers."""
    chosen = experiment((300, 200), data="digits", output="softmax", activation="relu", batch_size=287,
                        optimizer="sgd", initializer={"name": "normal", "std": 1e-19})  # fmt: skip
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("RELEVO_THREADS", threads)
        session = Session(chosen)
        session.run(2)
        found.append(session.snapshot().theta)
    assert bits(found[0]) == bits(found[1])
    assert not subnormal(found[0]).any()


def test_every_kernel_that_python_calls_does_so() -> None:
    kernels = set()
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, CPUDispatcher) and not value.targetoptions.get("no_cpython_wrapper"):
                kernels.add(value)
    assert len(kernels) > 10
    assert {each._compiler.pipeline_class for each in kernels} == {KernelCompiler}


@pytest.mark.parametrize(
    ("machine", "expected"),
    [("x86_64-unknown-linux-gnu", ("stmxcsr", "ldmxcsr", "callq", "ldmxcsr")),
     ("x86_64-pc-windows-msvc", ("stmxcsr", "ldmxcsr", "callq", "ldmxcsr")),
     ("aarch64-unknown-linux-gnu", ("mrs", "msr", "bl", "msr")),
     ("arm64-apple-darwin", ("mrs", "msr", "blr", "msr"))],
)  # fmt: skip
def test_the_state_is_set_before_the_call_and_put_back_behind_it(
    machine: str, expected: tuple[str, ...]
) -> None:
    """The machine code for processors that are not at hand, in LLVM's own words for it."""
    module = ir.Module()
    kernel = ir.Function(module, ir.FunctionType(ir.IntType(32), [ir.IntType(32)]), "kernel")
    around = flushing(kernel, machine.split("-")[0])
    around.linkage = "external"  # what nobody calls would be left out
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(machine).create_target_machine(opt=3)
    code = target.emit_assembly(llvm.parse_assembly(str(module)))
    names = ("stmxcsr", "ldmxcsr", "mrs", "msr", "callq", "bl", "blr")
    steps = [words[0] for words in map(str.split, code.splitlines()) if words and words[0] in names]
    assert steps == list(expected)


def test_another_processor_calls_the_kernel_itself() -> None:
    kernel = ir.Function(ir.Module(), ir.FunctionType(ir.IntType(32), []), "kernel")
    assert flushing(kernel, "riscv64") is kernel
