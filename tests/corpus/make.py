"""Writes the made-up documents of this corpus: every character that makes offsets hard, spelled out.

Run it after changing a text, then correct the hashes that `standoff check` reports.
"""

from pathlib import Path

SEEDS = Path(__file__).parent / "seeds"

# CRLF line ends, an emoji with a skin tone and a joiner, a flag, combining accents, Arabic words with their
# direction, curly quotes, a repeated clause, and two events in one sentence.
EMBASSY = "\r\n".join(
    [
        "date 2023-05-02 (Ostrov Wire) — Boreland\u2019s foreign minister, Zoe\u0308 Ånström, met her counterpart from Australis in Puerto Frío on Monday \U0001f91d\U0001f3fd.",
        "",
        "\u201cWe will answer every raid,\u201d she warned Australis; hours later Boreland\u2019s army shelled the border post at \u0645\u0639\u0628\u0631, according to the Ostrov Wire\u2019s correspondent. \U0001f1e7\U0001f1fb",
        "",
        "Australis denied that its troops had fired first. Australis could close the strait, analysts say. \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "",
        "Delegates from Boreland, Australis and Ostrov talked in the capital over the weekend. The talks ended.",
        "",
    ]
)

RAID = "\n".join(
    [
        "Raiders from the north attacked a convoy of Australis at least seven times in April, officials said.",
        "",
        "Boreland\u2019s army shelled the border post again, the officials said. It was not clear who fired back \U0001d54f.",
        "",
        "If the raids go on, Australis will close its ports, its president Íñigo Vale said on 4 May.",
        "",
    ]
)

if __name__ == "__main__":
    (SEEDS / "900_embassy.txt").write_bytes(EMBASSY.encode())
    (SEEDS / "901_raid.txt").write_bytes(RAID.encode())
