"""Filters for times and amounts; every template has them without loading."""

from typing import Any

from django import template

from haishi.foundation import bilingual, wording
from haishi.foundation.places import place_name

register = template.Library()
register.filter("money", wording.money)
register.filter("clock_time", wording.clock_time)
register.filter("day", wording.day)
register.filter("moment", wording.day_and_time)
register.simple_tag(wording.span, name="span_of")
register.filter("ago", wording.ago)


@register.filter
def place(name: str) -> str:
    """`{{ firm.city|place }}`: a city in the reader's language."""
    return place_name(name)


@register.filter
def said(row: Any, field: str) -> str:
    """`{{ product|said:"name" }}`: the field in the reader's language."""
    return bilingual.pick(row, field)
