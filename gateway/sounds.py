"""How a Chinese character sounds, without its tone."""

from functools import lru_cache


@lru_cache(maxsize=30_000)
def sound(char: str) -> str:
    """The commonest reading in letters a to z (ü is v); "" for a character without one."""
    if not "\u3400" <= char <= "\U0003ffff":
        return ""
    from pypinyin import lazy_pinyin  # 40 MB and half a second: only where there is a word list

    found = lazy_pinyin(char)[0]
    return found if found.isascii() and found.isalpha() else ""
