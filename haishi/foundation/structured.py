"""schema.org descriptions as JSON-LD (https://schema.org, https://www.w3.org/TR/json-ld11/)."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# What would end the element or start another, as JSON escapes (the set of json_script).
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_ld(kind: str, **content: Any) -> SafeString:
    """A script element of data, which never runs; empty values are left out."""
    full = {"@context": "https://schema.org", "@type": kind}
    full |= {key: value for key, value in content.items() if value not in (None, "", [], {})}
    text = json.dumps(full, ensure_ascii=False, default=str).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above
