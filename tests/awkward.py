"""Texts in which naive code counts wrongly, for laws that hold in any text."""

from hypothesis import strategies as st

from standoff.model.spans import Span

# What breaks naive offset code, more often than chance would bring it: astral and combining characters,
# joined emoji, flags, right-to-left letters and marks, line ends, typography, repeats.
AWKWARD = "aab  .\n\r\t\u00a0é\u0301\u0308ß’'“\"–-…😀👩\u200d👧🇱🇧🇮🇷בשלاي\u202e\u2069क\u094dष한\u1112\u1161𝒜"
texts = st.text(st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def texts_with_spans(draw):
    text = draw(texts.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))
