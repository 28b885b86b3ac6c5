"""Text becomes words, sounds and beginnings; the same way for what is kept and what is typed."""

from haishi.search.analysis.folding import fold, is_han
from haishi.search.analysis.pinyin import bigrams, readings, syllables
from haishi.search.analysis.typed import Group, read
from haishi.search.analysis.words import beginnings, index_words, sounds, stem

__all__ = [
    "Group",
    "beginnings",
    "bigrams",
    "fold",
    "index_words",
    "is_han",
    "read",
    "readings",
    "sounds",
    "stem",
    "syllables",
]
