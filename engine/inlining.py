"""Functions that only ever run as copies inside kernels: compiled to LLVM's own words, and no further.

Numba optimises every function as if it were called by itself and turns it into machine code, also one that is
copied into all its callers. That code never runs; and where functions call each other, the innermost one is
optimised again for each one around it. Left alone until they stand in their kernel, kernels compile in half
the time.
"""

from typing import Any

import llvmlite.binding as llvm
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder


class InlineLibrary(JITCodeLibrary):
    """The code of one inlined function and of what it calls, from which others take their copies."""

    def _optimize_final_module(self) -> None:
        """Do nothing: the kernel that takes a copy is optimised as a whole."""

    def _finalize_final_module(self) -> None:
        """Make no machine code; only the places are made in which Numba keeps a function's environment."""
        self._finalize_dynamic_globals()
        variables = [each.name for each in self._final_module.global_variables]
        places = [f'@"{name}" = common global ptr null' for name in variables if "NumbaEnv" in name]
        module = llvm.parse_assembly("\n".join(places))
        module.data_layout = self._codegen._data_layout
        self._codegen._add_module(module)
        self._codegen._engine.finalize_object()
        self._finalized = True


class InlineCompiler(CompilerBase):
    """Numba's usual steps, into an :class:`InlineLibrary`."""

    def define_pipelines(self) -> list[Any]:
        """Return Numba's steps for a function without Python objects."""
        state = self.state
        state.library = InlineLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return [DefaultPassBuilder.define_nopython_pipeline(state)]
