"""Organisations and people who are nobody's: names composed from rare pairs, codes in a reserved
region.

A unified social credit code follows GB 32100-2015 (and its organisation part GB 11714-1997) with
both check digits right, but its region digits are 990000, which GB/T 2260 assigns to no place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from .prose import table

SEED = 20261123
SIDES = ("demand", "supply", "research", "production", "marketing")
HEADS = {
    "栖": "Qi", "澄": "Cheng", "照": "Zhao", "枕": "Zhen", "溯": "Su", "衔": "Xian", "漱": "Shu", "泛": "Fan",
    "簪": "Zan", "煦": "Xu", "邀": "Yao", "沐": "Mu", "攸": "You", "砺": "Li", "鹭": "Lu", "缀": "Zhui",
}  # fmt: skip
TAILS = {
    "潮": "chao", "砚": "yan", "霁": "ji", "岫": "xiu", "汀": "ting", "鸢": "yuan", "禾": "he", "澜": "lan",
    "笺": "jian", "藻": "zao", "埙": "xun", "茗": "ming", "桁": "heng", "屿": "yu", "楹": "ying", "杼": "zhu",
    "垣": "yuan", "榫": "sun",
}  # fmt: skip
ENDINGS = (
    ("有限公司", "Co., Ltd."), ("股份有限公司", "Inc."), ("工作室", "Studio"), ("有限公司", "Co., Ltd."),
    ("合作社", "Cooperative"), ("研究院", "Institute"), ("集团有限公司", "Group"),
)  # fmt: skip
SURNAMES = {
    "林": "Lin", "周": "Zhou", "陈": "Chen", "孟": "Meng", "孔": "Kong", "颜": "Yan", "滕": "Teng", "鲍": "Bao",
    "宋": "Song", "许": "Xu", "韩": "Han", "卢": "Lu", "邵": "Shao", "秦": "Qin", "姜": "Jiang", "于": "Yu",
    "赵": "Zhao", "孙": "Sun", "马": "Ma", "杨": "Yang", "苏": "Su", "郭": "Guo", "吕": "Lyu", "沈": "Shen",
    "戚": "Qi", "梁": "Liang", "温": "Wen", "纪": "Ji", "尹": "Yin",
}  # fmt: skip
GIVEN = {
    "汀": "ting", "禾": "he", "砚": "yan", "霁": "ji", "澄": "cheng", "舟": "zhou", "岚": "lan", "予": "yu",
    "明": "ming", "知": "zhi", "远": "yuan", "素": "su", "青": "qing", "川": "chuan", "芷": "zhi", "临": "lin",
    "修": "xiu", "安": "an", "恬": "tian", "望": "wang", "书": "shu", "宁": "ning", "鹤": "he", "溪": "xi",
    "若": "ruo", "启": "qi", "嘉": "jia", "棠": "tang", "令": "ling", "闻": "wen",
}  # fmt: skip
TITLES = (
    ("创始人", "Founder"), ("艺术总监", "Art Director"), ("首席制作人", "Lead Producer"),
    ("工艺美术师", "Master of Crafts"), ("研究员", "Research Fellow"), ("馆长", "Museum Director"),
    ("副教授", "Associate Professor"), ("投资合伙人", "Investment Partner"), ("总工程师", "Chief Engineer"),
    ("导演", "Director"), ("市场负责人", "Head of Marketing"), ("策展人", "Curator"),
    ("非遗传承人", "Bearer of Intangible Heritage"), ("版权律师", "Rights Lawyer"),
    ("产品经理", "Product Manager"), ("海外业务总监", "Director of Overseas Business"),
)  # fmt: skip
# Well-known names that must never come out of the generator.
REAL_NAMES = frozenset(
    [
        "腾讯",
        "阿里",
        "百度",
        "华为",
        "京东",
        "字节跳动",
        "抖音",
        "快手",
        "网易",
        "海尔",
        "海信",
        "青岛啤酒",
        "米哈游",
        "泡泡玛特",
        "荣宝斋",
        "故宫",
        "华强方特",
        "万达",
        "爱奇艺",
        "优酷",
        "哔哩哔哩",
        "小米",
        "科大讯飞",
        "商汤",
        "大疆",
        "联想",
        "浪潮",
        "歌尔",
        "人民网",
        "新华网",
        "中国移动",
        "中国电信",
        "中国联通",
        "Tencent",
        "Alibaba",
        "Baidu",
        "Huawei",
        "ByteDance",
        "TikTok",
        "NetEase",
        "Haier",
        "Hisense",
        "miHoYo",
        "Disney",
        "Netflix",
        "Sony",
        "Nintendo",
    ]
)

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Person:
    zh: str
    en: str
    title_zh: str
    title_en: str
    seed: int


@dataclass(frozen=True)
class Organisation:
    """One firm. `credit_code` is None abroad; `seed` feeds its pictures; `brand` is a regional
    brand or "".
    """

    key: str
    zh: str
    en: str
    short_zh: str
    short_en: str
    city_zh: str
    city_en: str
    region_zh: str
    region_en: str
    sides: tuple[str, ...]
    field: str
    line_zh: str
    line_en: str
    founded: int
    tagline_zh: str
    tagline_en: str
    headline_zh: str
    headline_en: str
    profile_zh: str
    profile_en: str
    credit_code: str | None
    brand: str
    motif: str
    staff: tuple[Person, ...]
    seed: int


def credit_code(rng: Random) -> str:
    """A valid 18-character code of an enterprise (91) in region 990000."""
    body = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(8))
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    # GB 11714 values letters by their place in the full alphabet: A = 10 … Z = 35.
    rest = 11 - sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 11
    code = "91990000" + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + _ALPHABET[(31 - total % 31) % 31]


def person(seed: int) -> Person:
    """A bilingual person with a title."""
    rng = Random(f"{SEED}:person:{seed}")
    surname = rng.choice(list(SURNAMES))
    given = rng.sample(list(GIVEN), rng.choice((1, 2, 2, 2)))
    title = rng.choice(TITLES)
    en = f"{''.join(GIVEN[c] for c in given).capitalize()} {SURNAMES[surname]}"
    return Person(surname + "".join(given), en, *title, seed)


def foreigner(seed: int) -> Person:
    """A person of a firm abroad."""
    rng = Random(f"{SEED}:person:{seed}")
    given, family = rng.choice(table("places")["given"]), rng.choice(table("places")["family"])
    title = rng.choice(TITLES[:6] + TITLES[9:12] + TITLES[14:])
    return Person(f"{given[0]}·{family[0]}", f"{given[1]} {family[1]}", *title, seed)


def people(count: int, start: int = 0) -> list[Person]:
    """`count` people with pairwise different Chinese names, from seeds `start` upwards."""
    found: dict[str, Person] = {}
    seed = start
    while len(found) < count:
        one = person(seed)
        found.setdefault(one.zh, one)
        seed += 1
    return list(found.values())


@cache
def organisations(count: int = 280) -> tuple[Organisation, ...]:
    """The firms of the edition, each with a word of its own; about one in fourteen sits abroad."""
    rng = Random(f"{SEED}:organisations")
    words = [(a + b, HEADS[a] + TAILS[b]) for a in HEADS for b in TAILS]
    rng.shuffle(words)
    fields = list(table("fields"))
    abroad = table("places")["abroad"]
    firms = []
    for i in range(count):
        if i % 13 == 12 and i // 13 < len(abroad):
            firms.append(_foreign(i, abroad[i // 13]))
        else:
            firms.append(_domestic(i, words[i], fields[i % len(fields)]))
    return tuple(firms)


def _domestic(index: int, word: tuple[str, str], field: str) -> Organisation:
    rng = Random(f"{SEED}:firm:{index}")
    places = table("places")["home"]
    place = rng.choices(places, [p[4] for p in places])[0]
    facts = table("fields")[field]
    kind = rng.randrange(len(facts["suffix"]))
    ending = rng.choice(ENDINGS)
    short_zh, short_en = word[0] + facts["suffix"][kind], f"{word[1]} {facts['english'][kind]}"
    return _firm(
        index, rng, field, (place[0] + short_zh + ending[0], f"{short_en} {ending[1]}"),
        (short_zh, short_en), tuple(place[:4]), word[0], credit_code(rng),
    )  # fmt: skip


def _foreign(index: int, row: list[str]) -> Organisation:
    zh, en, city_zh, city_en, country_zh, country_en, field = row
    rng = Random(f"{SEED}:firm:{index}")
    place = (city_zh, city_en, country_zh, country_en)
    return _firm(index, rng, field, (zh, en), (zh, en), place, zh[:2], None)


def _firm(
    index: int, rng: Random, field: str, name: tuple[str, str], short: tuple[str, str],
    place: tuple[str, ...], word: str, code: str | None,
) -> Organisation:  # fmt: skip
    facts = table("fields")[field]
    founded = rng.randint(1988, 2023)
    at_home = place[2] == "山东"
    tagline = rng.choice(table("profiles")["taglines"])
    english_line = facts["line"][1]
    tag_en = tagline[1].format(craft=english_line, city=place[1])
    headline = Random(f"{SEED}:headline:{index}").choice(table("profiles")["headlines"])
    slots = [
        {"craft": facts["line"][s], "city": place[s], "name": short[s], "years": 2026 - founded}
        for s in (0, 1)
    ]
    profile = _profile(rng, facts, short, place, word, founded)
    sides = list(facts["sides"])
    if rng.random() < 0.25:
        sides.append(rng.choice([s for s in SIDES if s not in sides]))
    return Organisation(
        f"org-{index + 1:03d}", name[0], name[1], short[0], short[1],
        place[0], place[1], place[2], place[3], tuple(sides), field, facts["line"][0], english_line,
        founded, tagline[0].format(craft=facts["line"][0], city=place[0]),
        tag_en[0].upper() + tag_en[1:],
        headline[0].format(**slots[0]), _capital(headline[1].format(**slots[1])), profile[0], profile[1], code,
        facts["brand"] if at_home else "", rng.choice(facts["motifs"]),
        _staff(index, code is not None), SEED + index,
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _staff(index: int, domestic: bool) -> tuple[Person, ...]:
    start = 10_000 + index * 50
    if domestic:
        return tuple(people(3, start))
    return tuple({one.zh: one for one in map(foreigner, range(start, start + 3))}.values())


def _profile(
    rng: Random,
    facts: dict[str, Any],
    short: tuple[str, str],
    place: tuple[str, ...],
    word: str,
    founded: int,
) -> tuple[str, str]:
    """120 to 250 characters of Chinese, and the same in English."""
    parts = table("profiles")
    team = rng.randint(9, 160)
    slots: dict[str, object] = {
        "year": founded, "team": team, "word": word,
        "area": rng.randint(3, 60) * 100, "orders": team * rng.randint(4, 19),
    }  # fmt: skip
    about = rng.sample(facts["about"], 3 if rng.random() < 0.6 else 2)
    rows = [
        rng.choice(parts["opening"]),
        *about,
        rng.choice(parts["figures"]),
        rng.choice(parts["wish"]),
    ]
    texts = []
    for side, glue in ((0, ""), (1, " ")):
        named = slots | {"name": short[side], "city": place[side], "line": facts["line"][side]}
        texts.append(glue.join(row[side].format(**named) for row in rows))
    while len(texts[0]) < 120:
        extra = next(row for row in parts["wish"] if row[0] not in texts[0])
        texts = [texts[0] + extra[0], f"{texts[1]} {extra[1]}"]
    return texts[0], texts[1]
