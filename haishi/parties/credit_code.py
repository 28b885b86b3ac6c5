"""The unified social credit code (统一社会信用代码) of a Chinese organisation.

Source: GB 32100-2015 《法人和其他组织统一社会信用代码编码规则》. Eighteen characters: one for the
registering authority, one for the kind of organisation, six for the administrative division
(GB/T 2260), nine for the organisation itself (GB 11714, with its own check digit), one check digit.
"""

import re

# GB 32100-2015, table 2: digits and capital letters without I, O, S, V, Z. The index is the value.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# GB 32100-2015, annex A: the weight of position i is 3^(i-1) mod 31.
WEIGHTS = tuple(pow(3, position, 31) for position in range(17))
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def normal(text: str) -> str:
    """Upper case, without the blanks and hyphens people type; full-width letters become plain."""
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text)
    return re.sub(r"[\s\-]", "", plain).upper()


def check_character(first: str) -> str:
    """The eighteenth character for the `first` seventeen.

    GB 32100-2015, annex A: C18 = 31 - (sum of value × weight) mod 31, where 31 counts as 0.
    """
    total = sum(ALPHABET.index(c) * w for c, w in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether `code`, already normal, has the shape and the check character.

    The organisation's own check digit (GB 11714) is not asked for: codes given to sole traders
    before 2015 were carried over with bodies that do not satisfy it.
    """
    return _SHAPE.fullmatch(code) is not None and code[17] == check_character(code[:17])
