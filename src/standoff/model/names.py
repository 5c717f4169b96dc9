"""Names compared as a reader sees them: without regard to case, white space, accents' encoding and look-alike letters."""

from __future__ import annotations

import unicodedata

# Cyrillic and Greek letters that look like Latin ones (Unicode confusables.txt, the single letters of it).
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝꙅьνοαρυικхτ",
    "aeopcyxijshdqwsbvoapyikxt",
)


def name_key(name: str) -> str:
    """Return what two names that look the same have in common.

    Compatibility forms and case are folded (NFKC, full case folding), format characters such as zero-width spaces are
    left out, white space is one blank, and in a name with Latin letters look-alike letters of other scripts count as
    Latin.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    words = " ".join(visible.split())
    return words.translate(_LOOK_ALIKE) if any("a" <= char <= "z" for char in words) else words
