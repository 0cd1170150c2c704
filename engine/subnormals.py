"""Inside kernels, what is smaller than the smallest normal number counts as 0.

A floating-point number is ±1.f · 2ᵉ, and the smallest is 2^(1 − bias): 2⁻¹²⁶ ≈ 1.18e-38 in float32, 2⁻¹⁰²² ≈
2.23e-308 in float64. Below it stand the subnormal numbers ±0.f · 2^(1 − bias), with ever fewer digits, down
to 2⁻¹⁴⁹ and 2⁻¹⁰⁷⁴ (IEEE 754-2019, section 3.3). Processors compute with them by a detour that can take a
hundred times as long, and trainings come upon them: the softmax of a class that is ruled out, gradients of
rows that have long been learned, products of small weights. After 2,000 epochs of the digits they took three
quarters of the time, and nothing that is learned depends on 1e-38.

So the processor is told to take subnormal operands for 0, and to give 0 for subnormal results, as XLA tells
it for JAX. That is a state of the thread. It is set when Python calls a kernel and put back when the kernel
returns, so nothing else in the process notices; NaN and infinities pass as ever. Rounding to nearest is set
with it, so a kernel's bits do not depend on what else has run in the thread.

- x86-64: bits FTZ (15) and DAZ (6) of MXCSR (Intel 64 and IA-32 Architectures Software Developer's Manual,
  volume 1, section 10.2.3).
- AArch64: bit FZ (24) of FPCR (Arm Architecture Reference Manual for A-profile, FPCR). A test looks at its
  machine code, which has run in an emulator (Unicorn) and not yet on such a processor.
- Others compute with subnormal numbers, slowly.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba.core import cgutils
from numba.core.callwrapper import PyCallWrapper
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering, register_pass

# All exceptions masked, rounding to nearest, and subnormal numbers are 0.
MXCSR = 0x1F80 | 1 << 15 | 1 << 6
FPCR = 1 << 24

_NOTHING, _32, _64 = ir.VoidType(), ir.IntType(32), ir.IntType(64)


@contextmanager
def _mxcsr(builder: Any) -> Iterator[None]:
    """Write how the state is set on x86-64, whose instructions keep it in memory, and then put back."""
    before, ours = builder.alloca(_32), builder.alloca(_32)
    builder.store(ir.Constant(_32, MXCSR), ours)
    _call(builder, "llvm.x86.sse.stmxcsr", _NOTHING, before)
    _call(builder, "llvm.x86.sse.ldmxcsr", _NOTHING, ours)
    yield
    _call(builder, "llvm.x86.sse.ldmxcsr", _NOTHING, before)


@contextmanager
def _fpcr(builder: Any) -> Iterator[None]:
    """Write how the state is set on AArch64, and then put back."""
    before = _call(builder, "llvm.aarch64.get.fpcr", _64)
    _call(builder, "llvm.aarch64.set.fpcr", _NOTHING, ir.Constant(_64, FPCR))
    yield
    _call(builder, "llvm.aarch64.set.fpcr", _NOTHING, before)


def _call(builder: Any, name: str, result: Any, *values: Any) -> Any:
    kind = ir.FunctionType(result, [value.type for value in values])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), values)


STATES = {"x86_64": _mxcsr, "aarch64": _fpcr, "arm64": _fpcr}


def flushing(kernel: Any, processor: str) -> Any:
    """Return a function that calls a kernel with subnormal numbers as 0, and the thread's state put back.

    The kernel is not copied into it: LLVM does not know that arithmetic depends on that state, and might
    move some of it out from between.

    Parameters
    ----------
    kernel : the ``llvmlite.ir.Function`` to call
    processor : the first word of LLVM's name for a machine

    Returns
    -------
    The kernel itself for a processor whose state is not known here.
    """
    if processor not in STATES:
        return kernel
    around = ir.Function(kernel.module, kernel.function_type, f"{kernel.name}.flushing")
    around.linkage = "internal"
    builder = ir.IRBuilder(around.append_basic_block())
    with STATES[processor](builder):
        result = builder.call(kernel, around.args, attrs=("noinline",))
    builder.ret(result)
    return around


class _Lower(Lower):
    """Turns a kernel into LLVM's words as Numba does, but Python calls it with subnormal numbers as 0."""

    def create_cpython_wrapper(self, release_gil: bool = False) -> None:
        """Write what Python calls, which unpacks the arguments."""
        module = self.context.create_module("wrapper")
        kernel = ir.Function(module, self.function.function_type, self.fndesc.llvm_func_name)
        around = flushing(kernel, llvm.get_process_triple().split("-")[0])
        PyCallWrapper(self.context, module, around, self.fndesc, self.env, call_helper=self.call_helper,
                      release_gil=release_gil).build()  # fmt: skip
        self.library.add_ir_module(module)


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(NativeLowering):
    """The step of compiling in which a function is turned into LLVM's words."""

    _name = "kernel_lowering"

    @property
    def lowering_class(self) -> type[Lower]:
        """Return what does it."""
        return _Lower
