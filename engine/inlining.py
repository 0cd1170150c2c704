"""How Numba compiles kernels, and functions that only ever run as copies inside kernels.

Numba optimises every function as if it were called by itself and turns it into machine code, also one that is
copied into all its callers. That code never runs; and where functions call each other, the innermost one is
optimised again for each one around it. Left in LLVM's own words until they stand in their kernel, kernels
compile in half the time.
"""

import gc
from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from numba.core import typed_passes, untyped_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase
from numba.core.compiler_machinery import PassManager

from engine.subnormals import KernelLowering

# Numba's own steps for a function without Python objects, in its order, but for those that our functions have
# nothing for: with blocks, closures, comprehensions, unrolled loops over tuples, expressions of arrays.
STEPS = (
    untyped_passes.TranslateByteCode, untyped_passes.FixupArgs, untyped_passes.IRProcessing,
    untyped_passes.RewriteSemanticConstants, untyped_passes.DeadBranchPrune, untyped_passes.GenericRewrites,
    untyped_passes.ReconstructSSA, typed_passes.NopythonTypeInference, typed_passes.PreLowerStripPhis,
    typed_passes.IRLegalization, KernelLowering, typed_passes.NoPythonBackend,
)  # fmt: skip


class KernelLibrary(JITCodeLibrary):
    """The code of one kernel, with copies of all that it calls, optimised once and as a whole.

    Numba would go over it three times. Loops become loops over vectors, but are not written out several times
    in a row: measured, that only takes a third longer to compile.
    """

    def _optimize_functions(self, ll_module: Any) -> None:
        """Do nothing before everything is in one place."""
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """Optimise the kernel with all that it calls."""
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        options.loop_vectorization, options.slp_vectorization = True, False
        options.loop_unrolling = options.loop_interleaving = False
        builder = llvm.create_pass_builder(self._codegen._tm, options)
        builder.getModulePassManager().run(self._final_module, builder)


class InlineLibrary(KernelLibrary):
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


class _Compiler(CompilerBase):
    """Compiles by STEPS into a library of its own kind."""

    library: type[KernelLibrary]

    def define_pipelines(self) -> list[Any]:
        """Return the steps of compiling."""
        state = self.state
        state.library = self.library(state.targetctx.codegen(), state.func_id.func_qualname)
        steps = PassManager("nopython")
        for step in STEPS:
            steps.add_pass(step, step.__name__)
        steps.finalize()
        return [steps]


class InlineCompiler(_Compiler):
    """Compiles what kernels call."""

    library = InlineLibrary


class KernelCompiler(_Compiler):
    """Compiles kernels, and meanwhile what they call, without a break.

    Looking for garbage takes a tenth of the time, and there is none before the end.
    """

    library = KernelLibrary

    def define_pipelines(self) -> list[Any]:
        """Return the steps of compiling."""
        pipelines = super().define_pipelines()
        self.state.library.enable_object_caching()  # the machine code goes into the cache
        return pipelines

    def compile_extra(self, func: Callable[..., Any]) -> Any:
        """Compile a function."""
        was_on = gc.isenabled()
        gc.disable()
        try:
            return super().compile_extra(func)
        finally:
            if was_on:
                gc.enable()
