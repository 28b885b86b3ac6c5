"""Colourways: twelve families named after pigments, each printed on four grounds."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Inks:
    """Five inks of one print, as `#RRGGBB`. `ink` is always the strongest contrast on `ground`."""

    ground: str
    ink: str
    body: str
    tint: str
    spark: str

    def reversed(self) -> Inks:
        """The same inks with figure and ground exchanged, for the second half of a diptych."""
        return Inks(self.body, self.ground, self.ink, self.tint, self.spark)


# paper, deep, mid, soft, accent
PIGMENTS: dict[str, tuple[str, str, str, str, str]] = {
    "空青": ("#F2F1E8", "#12343B", "#2F6F73", "#9CC3BC", "#B5472A"),
    "绛": ("#F6EEE3", "#3B1A16", "#A23A1C", "#E3A587", "#1F5F63"),
    "沙": ("#F5EDD9", "#3A2E17", "#9A7420", "#DDBF7A", "#28616B"),
    "黛蓝": ("#EEF0EE", "#17233F", "#38548A", "#A3B5D3", "#C4622D"),
    "茶褐": ("#EFE6D8", "#2B211C", "#7A5A41", "#C9A98A", "#3C7A6B"),
    "藕荷": ("#F3ECEB", "#332238", "#7A5280", "#C9A9C6", "#B8892B"),
    "松花": ("#F0F1E2", "#1F3326", "#4F7A48", "#B3C994", "#B4482F"),
    "黑陶": ("#E9E6E0", "#161617", "#4A4A4C", "#A8A49C", "#A23A1C"),
    "海棠": ("#F8EDE8", "#47202A", "#B44A5A", "#EBB4B0", "#2F6E73"),
    "月白": ("#DDE7EA", "#0D2430", "#24566B", "#7FB0BC", "#E0A23C"),
    "柿": ("#F7ECDC", "#40220F", "#C2621F", "#F0BE86", "#235A5E"),
    "石绿": ("#EAF1EA", "#0F3A33", "#1F7A66", "#8CC5AE", "#C8952F"),
}
NAMES = tuple(PIGMENTS)


def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from `first` to `second`, both `#RRGGBB`."""
    pairs = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def colourway(rng: Random, family: str | None = None) -> Inks:
    """Choose a family (unless named) and one of its four grounds: paper, night, wash or full."""
    paper, deep, mid, soft, accent = PIGMENTS[family or rng.choice(NAMES)]
    ground = rng.choice(("paper", "paper", "night", "wash", "wash", "full"))
    if ground == "paper":
        return Inks(paper, deep, mid, soft, accent)
    if ground == "night":
        return Inks(
            deep, paper, mix(mid, soft, 0.45), mix(deep, mid, 0.7), mix(accent, paper, 0.25)
        )
    if ground == "wash":
        return Inks(mix(soft, paper, 0.35), deep, mid, mix(paper, soft, 0.12), accent)
    return Inks(mid, paper, deep, mix(mid, soft, 0.42), mix(accent, paper, 0.3))
