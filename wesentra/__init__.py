"""Wesentra: the customer register in which looking after people's data is part of the work."""

__version__ = "0.1.0"
