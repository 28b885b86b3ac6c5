"""QR codes as inline SVG, readable in light and dark (always dark on light)."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(content: str, title: str, scale: int = 4) -> SafeString:
    """An SVG element of `content` with an accessible title. Error correction M."""
    out = io.BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(
        out,
        kind="svg",
        scale=scale,
        border=3,
        dark="#12262D",
        light="#FFFFFF",
        xmldecl=False,
        svgns=True,
        title=title,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308 - segno escapes the title itself
