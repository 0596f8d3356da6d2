"""Spellings for machines, as values know them; the way out (`erasure`) asks for the same."""

from wesentra.fold import fold, sort_key, words

__all__ = ["fold", "sort_key", "words"]
