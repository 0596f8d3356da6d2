"""Looks an installation over: what is good, weak and wrong with it, and what mends it.

Each check decides from facts; who gathers them stands beside it. Nothing is changed by looking.
"""
