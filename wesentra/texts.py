"""The languages of the register, and the marking of texts in layers that cannot translate them."""

LANGUAGES = ("fi", "sv", "en")
"""In the order in which names are written down in every one of them."""


def mark(sentence: str) -> str:
    """Return `sentence` as it is; its being written here lets the catalogues find it."""
    return sentence
