"""Everybody may search; what each finds is the index's to say."""

from haishi.foundation.tests.access import Row

ROWS = [
    Row("search:suggest", "200"),
    Row("api:search", "200"),
]
