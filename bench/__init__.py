"""Measurements. Run one with `python -m bench.NAME` from the checkout."""
