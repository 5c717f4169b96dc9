"""Names compared as a reader sees them: without regard to case, white space, accents' encoding and look-alike letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Cyrillic and Greek letters that look like Latin ones (Unicode confusables.txt, the single letters of it).
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝꙅьνοαρυικхτ",
    "aeopcyxijshdqwsbvoapyikxt",
)
_LOOK_ALIKE_CAPITALS = str.maketrans("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX")
_LATIN = re.compile("[A-Za-z]")


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return what two names that look the same have in common.

    Compatibility forms and case are folded (NFKC, full case folding), format characters such as zero-width spaces are
    left out, white space is one blank, and in a name with Latin letters look-alike letters of other scripts count as
    Latin.
    """
    if name.isascii():
        return " ".join(name.lower().split())  # the same, in a tenth of the time
    composed = unicodedata.normalize("NFKC", name)
    if _LATIN.search(composed):
        composed = composed.translate(_LOOK_ALIKE_CAPITALS)
    folded = unicodedata.normalize("NFKC", composed.casefold())
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    words = " ".join(visible.split())
    return words.translate(_LOOK_ALIKE) if any("a" <= char <= "z" for char in words) else words
