"""Papers: documents with a number, an embedded typeface and, where wanted, signatures.

See README.md beside this file.
"""

from haishi.foundation.papers.blocks import (
    QR,
    Block,
    Clause,
    Clauses,
    Facts,
    Heading,
    Paper,
    Paragraph,
    Place,
    Signatures,
    Slot,
    Table,
    Words,
    Written,
)
from haishi.foundation.papers.fonts import FontMissing
from haishi.foundation.papers.writing import compose

__all__ = [
    "QR",
    "Block",
    "Clause",
    "Clauses",
    "Facts",
    "FontMissing",
    "Heading",
    "Paper",
    "Paragraph",
    "Place",
    "Signatures",
    "Slot",
    "Table",
    "Words",
    "Written",
    "compose",
]
