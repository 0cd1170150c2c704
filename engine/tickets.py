"""Numbers that threads share: each operation is seen whole by all, and in order with what stands around it.

``tickets`` is an int64 array whose numbers stand APART, far enough that two processors do not fight over one
line of memory.
"""

import ctypes
import platform
import sys
from typing import Any

import llvmlite.binding as llvm
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

APART = 16
DONE = 2 * APART  # after the numbers of both halves
_GIVE_WAY = "relevo_give_way"
_HAS_PAUSE = platform.machine().lower() in ("x86_64", "amd64")


def _name_give_way() -> None:
    """Let compiled code find the system's function for it by a name of ours."""
    system: Any = ctypes.windll.kernel32 if sys.platform == "win32" else ctypes.CDLL(None)  # type: ignore[attr-defined,unused-ignore]
    function = system.SwitchToThread if sys.platform == "win32" else system.sched_yield
    llvm.add_symbol(_GIVE_WAY, ctypes.cast(function, ctypes.c_void_p).value)


_name_give_way()


def fresh() -> np.ndarray:
    """Return numbers that are all 0."""
    return np.zeros(DONE + APART, np.int64)


def _address(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, args[0])
    return builder.gep(array.data, [args[1]], inbounds=True)


@intrinsic
def look(typingctx, tickets, place):
    """Return the number at a place; what others wrote before they changed it can be read from now on."""

    def codegen(context, builder, signature, args):
        return builder.load_atomic(_address(context, builder, signature, args), "acquire", 8)

    return types.int64(tickets, types.intp), codegen


@intrinsic
def take(typingctx, tickets, place, number):
    """Raise the number at a place by 1 if it is still ``number``; return whether it was."""

    def codegen(context, builder, signature, args):
        address, one = _address(context, builder, signature, args), ir.Constant(ir.IntType(64), 1)
        result = builder.cmpxchg(address, args[2], builder.add(args[2], one), "acq_rel", "acquire")
        return builder.extract_value(result, 1)

    return types.boolean(tickets, types.intp, types.int64), codegen


@intrinsic
def count(typingctx, tickets, place):
    """Raise the number at a place by 1; whoever looks at it then can read what was written before."""

    def codegen(context, builder, signature, args):
        one = ir.Constant(ir.IntType(64), 1)
        builder.atomic_rmw("add", _address(context, builder, signature, args), one, "release")
        return context.get_dummy_value()

    return types.void(tickets, types.intp), codegen


@intrinsic
def breathe(typingctx):
    """Tell the processor that this is a loop that waits."""
    return _call("llvm.x86.sse2.pause" if _HAS_PAUSE else None)


@intrinsic
def give_way(typingctx):
    """Let the system run another thread in the place of this one."""
    return _call(_GIVE_WAY)


def _call(name: str | None) -> tuple[Any, Any]:
    """Return an intrinsic's signature and code: a call of a function without arguments."""

    def codegen(context, builder, signature, args):
        if name is not None:
            kind = ir.FunctionType(ir.VoidType(), [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [])
        return context.get_dummy_value()

    return types.void(), codegen
