"""Which passwords are guessed first: those that many have, and those made of one's own name.

NIST SP 800-63B asks for a list of common passwords and of words of the context, and for no rules of
composition. The list is zxcvbn's; of passwords with 12 characters and more it has few, because
people come there by adding a year or an exclamation mark. So what is added does not count.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

OUR_WORDS = (
    *("wesentra", "asiakasrekisteri", "kundregister"),
    *("salasana", "lösenord", "password"),
)
ADDED = 6
"""So many letters and digits beside a common word or a name are still no password of one's own."""
SHORTEST_NAME = 3
"""Parts of names that are shorter stand in other words as well."""
LOOKS_LIKE = tuple(str.maketrans("013457@$!", f"o{one}eastas{one}") for one in "il")
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
ROWS = (
    "abcdefghijklmnopqrstuvwxyzåäö",
    "0123456789",
    "qwertyuiopåasdfghjklöäzxcvbnm",
    "qwertyuiopasdfghjklzxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
)
"""What fingers and children say in a row."""


def guessable(password: str, names: Iterable[str]) -> bool:
    """Whether a password is common, or made of one of `names`, whatever its signs and capitals."""
    folded = unicodedata.normalize("NFKC", password).casefold()
    own = (part for name in names for part in re.split(r"[\W_]+", name.casefold()))
    words = sorted({*OUR_WORDS, *(one for one in own if len(one) >= SHORTEST_NAME)}, key=len)
    return _is_common(folded) or _is_common(_plain(folded)) or _made_of(folded, reversed(words))


def _is_common(text: str) -> bool:
    """Whether a text is common as it stands, or a common word with something around it."""
    if not text or text in _common() or _repeats(text) or _runs(text):
        return bool(text)
    inside = EDGES.sub("", text)
    words = {EDGES.sub("", spelt) for spelt in (text, *_spellings(text))} | _spellings(inside)
    return any(word in _common() and len(_plain(text)) - len(word) <= ADDED for word in words)


def _made_of(text: str, words: Iterable[str]) -> bool:
    """Whether little is left when the words are taken out, also where signs stand for letters."""
    left = text
    for word in words:
        while (at := _found(word, left)) >= 0:
            left = f"{left[:at]} {left[at + len(word) :]}"
    return left != text and len(_plain(left)) <= ADDED


def _found(word: str, text: str) -> int:
    """Where a word begins in a text, however it is spelt; -1 where it is not."""
    return max(spelt.find(word) for spelt in (text, *_spellings(text)))


def _spellings(text: str) -> set[str]:
    """What a text may say when digits and signs stand for letters."""
    return {text.translate(letters) for letters in LOOKS_LIKE}


def _plain(text: str) -> str:
    """The letters and digits alone."""
    return "".join(filter(str.isalnum, text))


def _repeats(text: str) -> bool:
    """Whether it is one piece of up to six characters again and again, or a common one twice."""
    at = (text + text).find(text, 1)
    return at < len(text) and (at <= ADDED or text[:at] in _common())


def _runs(text: str) -> bool:
    """Whether it follows a row of letters, digits or keys, forwards or backwards."""
    rows = [row * 2 for row in ROWS]
    return any(text in row or text[::-1] in row for row in rows)


@cache
def _common() -> frozenset[str]:
    lists = ("passwords", "female_names", "male_names")
    return frozenset(word for name in lists for word in FREQUENCY_LISTS[name])
