"""`{% load live %}`: lengths of time as players show them."""

from django import template

register = template.Library()


@register.filter
def duration(seconds: float) -> str:
    """`1:02:03` or `2:03`, for 3723 and 123 seconds; parts of a second are cut off."""
    whole = max(0, int(seconds or 0))
    hours, minutes = divmod(whole // 60, 60)
    tail = f"{whole % 60:02}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"
