"""Marking of texts in layers that cannot translate them."""


def mark(sentence: str) -> str:
    """Return `sentence` as it is; its being written here lets the catalogues find it."""
    return sentence
