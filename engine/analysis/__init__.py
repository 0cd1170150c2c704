"""Pure functions of a snapshot and its data: what a picture shows, as numbers.

Nothing here draws, keeps state or changes what it is given, so any of it may run on any thread.
"""
