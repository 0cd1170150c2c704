"""The same work by Relevo and by its peers, in turn, in one process: ``python -m benchmarks``.

What is measured, and how, is in docs/benchmarks.md. This is no test: times are printed, never asserted.
"""
