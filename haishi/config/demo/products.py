"""Products and works of the edition: a kind of thing, made by a firm that makes such things, about
a theme.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from .names import SEED, Organisation, organisations
from .prose import table

KINDS = ("goods", "digital", "service", "licence")
ORGANISATIONS, EACH = 280, 4
# The largest exhibitors, who show eight works more.
LARGEST, MORE = (0, 17, 37, 57, 77, 97), 8
COUNT = ORGANISATIONS * EACH + len(LARGEST) * MORE


@dataclass(frozen=True)
class Category:
    """A branch (`parent` is None) or a leaf of the category tree."""

    key: str
    parent: str | None
    zh: str
    en: str


@dataclass(frozen=True)
class Tier:
    """From `minimum` pieces on, one piece costs `fen`."""

    minimum: int
    fen: int


@dataclass(frozen=True)
class Product:
    """One product. Price: `fen` (hundredths of a yuan), or None for a price on request; `tiers`
    lower it by quantity. `pictures` are motifs, one for each shot of `art.product_picture(seed,
    motif, shot)`.
    """

    key: str
    organisation: str
    kind: str
    category: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    description_zh: tuple[str, str, str]
    description_en: tuple[str, str, str]
    fen: int | None
    tiers: tuple[Tier, ...]
    tags: tuple[tuple[str, str], ...]
    brand: str
    pictures: tuple[str, ...]
    model: str
    seed: int


# Which model of `models3d` shows a work of a picture motif.
MODELS = {
    "vase": "vase", "plate": "plate", "kite": "kite", "pagoda": "pagoda", "lantern": "lantern", "cubes": "cubes",
    "ship": "ship", "scroll": "screen", "teapot": "teapot", "stele": "stele",
}  # fmt: skip
THEME_MOTIFS = {
    "海上月": "tide", "七十二泉": "springs", "齐烟九点": "mountains", "蓬莱雾": "pavilion", "岱顶云": "mountains", "渔灯": "lantern",
    "运河帆影": "ship", "牡丹时节": "lotus", "红荷": "lotus", "大河入海": "terraces", "潮间带": "terraces", "老灯塔": "tide",
    "盐田": "weave", "柳下泉声": "springs", "鲸歌": "waves", "汉石车马": "stele", "飞带": "ribbons", "藻井": "cave",
    "鸣沙": "terraces", "元宵灯": "lantern", "龙舟竞渡": "waves", "星汉": "halftone", "织女": "weave", "桃源": "mountains",
    "曲水": "springs", "双鱼": "fish", "百工图": "scroll", "石板巷": "gate", "编钟": "bells", "六博": "board",
    "齐长城": "mountains", "采莲船": "ribbons", "琴岛潮声": "waves", "风起鸢都": "kite", "黑陶之光": "vase", "琉璃火": "glass",
}  # fmt: skip
TITLES_ZH = ("《{t}》{w}", "{t}·{w}", "{t}{w}", "“{t}”{w}")
KIND_TAGS = {
    "goods": ("实物", "Goods"), "digital": ("数字作品", "Digital"), "service": ("服务", "Service"),
    "licence": ("授权", "Licence"),
}  # fmt: skip


def categories() -> list[Category]:
    """Nine branches, each followed by its four leaves."""
    out = []
    for key, zh, en, leaves in table("categories")["branches"]:
        out.append(Category(f"{key}-all", None, zh, en))
        out += [Category(leaf, f"{key}-all", leaf_zh, leaf_en) for leaf, leaf_zh, leaf_en in leaves]
    return out


@cache
def products(count: int = COUNT) -> tuple[Product, ...]:
    """`count` products shared out over all firms; each pair of thing and theme occurs once."""
    rng = Random(f"{SEED}:products")
    firms = organisations()
    decks: dict[str, Iterator[tuple[list[str | int], list[str]]]] = {}
    out = []
    for i in range(count):
        firm = firms[_maker(i)]
        leaves = table("fields")[firm.field]["leaves"]
        leaf = leaves[rng.random() < 0.38]
        if leaf not in decks:
            decks[leaf] = _deck(leaf)
        work, theme = next(decks[leaf])
        out.append(_product(i, firm, leaf, work, theme))
    return tuple(out)


def _maker(number: int) -> int:
    """Which firm made a work: four rounds of all, then the largest in turn."""
    if number < ORGANISATIONS * EACH:
        return number % ORGANISATIONS
    return LARGEST[number % len(LARGEST)]


def _deck(leaf: str) -> Iterator[tuple[list[str | int], list[str]]]:
    """Every pair of this leaf once, in an order that lets neither a thing nor a theme follow
    itself.
    """
    rng = Random(f"{SEED}:deck:{leaf}")
    works, themes = list(table("works")[leaf]), list(table("themes")["themes"])
    rng.shuffle(themes)
    for turn in range(len(works)):
        for i, theme in enumerate(themes):
            yield works[(i + turn) % len(works)], theme


def _product(
    index: int, firm: Organisation, leaf: str, work: list[str | int], theme: list[str]
) -> Product:
    rng = Random(f"{SEED}:product:{index}")
    thing_zh, thing_en, kind, motif = (str(cell) for cell in work[:4])
    making, use = (str(work[6]), str(work[7])), (str(work[8]), str(work[9]))
    title_zh = rng.choice(TITLES_ZH[:2] if kind == "service" else TITLES_ZH).format(
        t=theme[0], w=thing_zh
    )
    numbers: dict[str, object] = {
        "trips": rng.randint(3, 11), "series": rng.randint(2, 14), "checks": rng.choice((4, 5, 6, 7, 8, 9, 12)),
        "days": rng.randint(2, 9), "more": rng.choice((15, 20, 25, 30, 45, 60)),
    }  # fmt: skip
    sides = [
        numbers | {"theme": theme[s], "story": theme[s + 2], "making": making[s], "use": use[s],
                   "type": (thing_zh, thing_en)[s], "firm": (firm.short_zh, firm.short_en)[s],
                   "city": (firm.city_zh, firm.city_en)[s]}
        for s in (0, 1)
    ]  # fmt: skip
    joints = table("joints")
    summary = rng.choice(joints["summary"][kind])
    body = joints["body"]
    other = "" if kind == "goods" else "_other"
    rows = [rng.choice(body[part]) for part in ("first" + other, "second" + other, kind)]
    texts = [tuple(_sentence(row[s].format(**sides[s])) for row in rows) for s in (0, 1)]
    fen = _price(rng, int(work[4]), int(work[5]))
    return Product(
        f"work-{index + 1:04d}", firm.key, kind, leaf, title_zh, f"{theme[1]}: {thing_en}",
        *_summary(summary, sides),
        (texts[0][0], texts[0][1], texts[0][2]), (texts[1][0], texts[1][1], texts[1][2]),
        fen, _tiers(rng, kind, fen), _tags(kind, theme, leaf, firm), firm.brand if kind != "licence" else "",
        _pictures(rng, motif, theme[0]), MODELS.get(motif, "") if kind == "goods" and rng.random() < 0.35 else "",
        SEED * 10 + index,
    )  # fmt: skip


def _pictures(rng: Random, motif: str, theme: str) -> tuple[str, ...]:
    """Motifs of one to three shots: the thing itself, then sometimes its subject."""
    count = rng.choice((1, 2, 3, 3))
    subject = THEME_MOTIFS.get(theme, motif)
    return (motif, subject, motif)[:count]


def _summary(row: list[str], sides: list[dict[str, object]]) -> tuple[str, str]:
    """The row filled in; what it left out is added until the Chinese has fifty characters."""
    zh, en = row[0].format(**sides[0]), row[1].format(**sides[1])
    for part in ("use", "making", "story"):
        if len(zh) < 50 and str(sides[0][part]) not in zh:
            zh, en = f"{zh}{sides[0][part]}", f"{en} {sides[1][part]}"
    if len(zh) < 50:
        zh, en = f"{zh}{sides[0]['firm']}出品。", f"{en} By {sides[1]['firm']}."
    return _sentence(zh), _sentence(en)


def _sentence(text: str) -> str:
    """Join parts cleanly: a comma before a full clause stays, a doubled stop goes, English starts
    with a capital.
    """
    text = text.replace("。。", "。").replace("..", ".").strip()
    return text[0].upper() + text[1:]


def _price(rng: Random, low: int, high: int) -> int | None:
    """Fen between the bounds, skewed to the low end and rounded as shops do; None where both are
    zero.
    """
    if not high:
        return None
    yuan = low + (high - low) * rng.random() ** 2.2
    step = 1 if yuan < 100 else 10 if yuan < 1000 else 100 if yuan < 20_000 else 1000
    rounded = max(low, int(yuan / step) * step)
    if step in (1, 10) and rounded > 30:
        rounded -= rounded % 10 - 8 if rounded % 10 > 7 else rounded % 10 + 2
    return max(rounded, min(low, 12)) * 100


def _tiers(rng: Random, kind: str, fen: int | None) -> tuple[Tier, ...]:
    """Three steps with a minimum order, for about a third of the cheaper goods."""
    if kind != "goods" or fen is None or fen > 200_000 or rng.random() > 0.38:
        return ()
    start = rng.choice((10, 20, 30, 50))
    shares = ((start, 92), (start * 5, 84), (start * 20, 75))
    return tuple(Tier(minimum, fen * share // 100) for minimum, share in shares)


def _tags(
    kind: str, theme: list[str], leaf: str, firm: Organisation
) -> tuple[tuple[str, str], ...]:
    leaf_names = {c.key: (c.zh, c.en) for c in categories()}
    return (KIND_TAGS[kind], (theme[0], theme[1]), leaf_names[leaf], (firm.city_zh, firm.city_en))
