"""The house's icons: drawn on a 24-unit square with one 1.5-unit stroke, round caps and joins.

Each entry is the inside of an ``<svg viewBox="0 0 24 24">``: paths without fill. They are written
into the page (about 150 bytes each), so that they print, need no request and take the colour of
the text beside them.
"""

from __future__ import annotations


def _strokes(*paths: str) -> str:
    return "".join(f'<path d="{path}"/>' for path in paths)


# A dot is a zero-length stroke: the round cap draws it.
ICONS: dict[str, str] = {
    "arrow-down": _strokes("M12 4v16m-6-6 6 6 6-6"),
    "arrow-left": _strokes("M20 12H4m6-6-6 6 6 6"),
    "arrow-right": _strokes("M4 12h16m-6-6 6 6-6 6"),
    "arrow-up": _strokes("M12 20V4m-6 6 6-6 6 6"),
    "bell": _strokes("M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7Z", "M10 20a2 2 0 0 0 4 0"),
    "booth": _strokes(
        "M4 10v10h16V10",
        "M3 10l2-6h14l2 6a3 3 0 0 1-6 0 3 3 0 0 1-6 0 3 3 0 0 1-6 0Z",
        "M10 20v-5h4v5",
    ),
    "calendar": _strokes("M4 6h16v14H4z", "M4 10.5h16M8 3.5v4m8-4v4"),
    "card": _strokes(
        "M3 6h18v12H3z",
        "M6.5 14.5c.4-1.6 1.2-2.3 2.5-2.3s2.1.7 2.5 2.3"
        "M9 12a1.6 1.6 0 1 0 0-3.2A1.6 1.6 0 0 0 9 12Z",
        "M14.5 10H18m-3.5 4H18",
    ),
    "cart": _strokes("M3 4h2.5l2.2 11h9.8l2-8H6.3", "M9 19.5h.01M17 19.5h.01"),
    "chart": _strokes("M4 4v16h16", "M8 16v-4m4 4V8m4 8v-6"),
    "chat": _strokes("M4 5h16v11h-8l-5 4v-4H4z", "M8 10.5h.01M12 10.5h.01M16 10.5h.01"),
    "check": _strokes("m5 12.5 4.5 4.5L19 7"),
    "clock": _strokes("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 7v5l3.5 2"),
    "close": _strokes("m6 6 12 12M18 6 6 18"),
    "copy": _strokes("M9 9h11v11H9z", "M15 9V4H4v11h5"),
    "cube": _strokes("m12 3 8 4.5v9L12 21l-8-4.5v-9L12 3Z", "m4 7.5 8 4.5 8-4.5M12 12v9"),
    "download": _strokes("M12 4v11m-5-4.5 5 5 5-5", "M4 19.5h16"),
    "edit": _strokes("M4 20l1-4.5L16.5 4 20 7.5 8.5 19 4 20Z", "m14 6.5 3.5 3.5"),
    "enquire": _strokes(
        "M4 5h16v11h-8l-5 4v-4H4z",
        "M10 9a2 2 0 1 1 2.6 1.9c-.4.2-.6.5-.6 1M12 13.6h.01",
    ),
    "external": _strokes("M10 5H5v14h14v-5", "M14 4h6v6M20 4l-9 9"),
    "eye": _strokes(
        "M2.5 12C5 7.7 8.2 5.5 12 5.5s7 2.2 9.5 6.5c-2.5 4.3-5.7 6.5-9.5 6.5S5 16.3 2.5 12Z",
        "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z",
    ),
    "eye-off": _strokes(
        "M6.3 7.2C4.8 8.3 3.6 9.9 2.5 12c2.5 4.3 5.7 6.5 9.5 6.5 1.7 0 3.3-.4 4.7-1.2"
        "M10 5.7c.6-.1 1.3-.2 2-.2 3.8 0 7 2.2 9.5 6.5-.7 1.3-1.5 2.3-2.3 3.2",
        "M9.9 9.9a3 3 0 0 0 4.2 4.2M4 4l16 16",
    ),
    "file": _strokes("M6 3h8l4 4v14H6z", "M14 3v4h4"),
    "film": _strokes(
        "M3 5h18v14H3z",
        "M7.5 5v14m9-14v14M3 12h18M3 8.5h4.5m9 0H21M3 15.5h4.5m9 0H21",
    ),
    "filter": _strokes("M4 7h16M7 12h10m-7 5h4"),
    "gavel": _strokes("m13 4 6 6M9 8l6 6M14.5 5.5l-4 4m7-1-4 4M11.5 11.5 4 19", "M13 20h8"),
    "globe": _strokes(
        "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z",
        "M3 12h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3Z",
    ),
    "hall": _strokes(
        "M3 9.5c3.5-.8 6.5-2.6 9-5.5 2.5 2.9 5.5 4.7 9 5.5",
        "M6 9.5V18m4-8.5V18m4-8.5V18m4-8.5V18M3.5 20.5h17",
    ),
    "heart": _strokes(
        "M12 20C6.5 16 3.5 12.7 3.5 9a4.3 4.3 0 0 1 8.5-1.2A4.3 4.3 0 0 1 20.5 9c0 3.7-3 7-8.5 11Z",
    ),
    "image": _strokes("M3 5h18v14H3z", "m3 16 5-5 4 4 3-2.5 6 5M15.5 9.5h.01"),
    "info": _strokes("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z", "M12 11v5.5M12 7.8h.01"),
    "key": _strokes("M8 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9Z", "M12.5 12H21v4m-4-4v3"),
    "link": _strokes(
        "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7",
        "M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
    ),
    "list": _strokes("M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"),
    "live": _strokes(
        "M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
        "M8 16a5.5 5.5 0 0 1 0-8m8 0a5.5 5.5 0 0 1 0 8M5 19a9.7 9.7 0 0 1 0-14"
        "m14 0a9.7 9.7 0 0 1 0 14",
    ),
    "lock": _strokes("M5 11h14v9H5z", "M8 11V8a4 4 0 0 1 8 0v3M12 14.5v2"),
    "mail": _strokes("M3 6h18v12H3z", "m3 7 9 6.5L21 7"),
    "map": _strokes("m3 6 6-2 6 2 6-2v14l-6 2-6-2-6 2z", "M9 4v14m6-12v14"),
    "menu": _strokes("M4 7h16M4 12h16M4 17h16"),
    "mic": _strokes(
        "M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15Z",
        "M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
    ),
    "minus": _strokes("M5 12h14"),
    "moon": _strokes("M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z"),
    "more": '<path stroke-width="2.5" d="M5.5 12h.01M12 12h.01M18.5 12h.01"/>',
    "org": _strokes("M5 20.5V4h9v16.5", "M14 9.5h5v11M3 20.5h18M8.5 8h2m-2 4h2m-2 4h2"),
    "pause": _strokes("M8 5v14m8-14v14"),
    "pin": _strokes(
        "M12 21c-4.7-4.8-7-8.3-7-11.2a7 7 0 0 1 14 0c0 2.9-2.3 6.4-7 11.2Z",
        "M12 12a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z",
    ),
    "play": _strokes("M7 4.5v15l12-7.5z"),
    "plus": _strokes("M12 5v14M5 12h14"),
    "print": _strokes("M7 9V4h10v5", "M7 17H4V9h16v8h-3M7 14h10v6H7z"),
    "qr": _strokes("M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4z", "M14 14h2v2m4-2v2h-2v4m-4-1v1m6 0h.01"),
    "refresh": _strokes(
        "M20 11.5A8 8 0 0 0 6 6.5L4 8.5M4 4v4.5h4.5",
        "M4 12.5a8 8 0 0 0 14 5l2-2M20 20v-4.5h-4.5",
    ),
    "seal": _strokes("M9 3.5h6l-1 6.5h4.5v4.5h-13V10H10z", "M5 19.5h14"),
    "search": _strokes("M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14Z", "m16 16 4.5 4.5"),
    "send": _strokes("M20.5 3.5 3.5 10l7 3.5 3.5 7z", "m10.5 13.5 4-4"),
    "settings": _strokes(
        "M4 7h9m5 0h2M4 17h2m5 0h9",
        "M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
        "M8.5 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    ),
    "share": _strokes("M12 15V4m-4 3.5L12 3.5l4 4", "M6 11H4.5v9.5h15V11H18"),
    "shield": _strokes(
        "M12 3l8 3v5.5c0 4.3-2.7 7.5-8 9.5-5.3-2-8-5.2-8-9.5V6z",
        "m8.5 12 2.5 2.5 4.5-5",
    ),
    "sign-out": _strokes("M14 4H5v16h9", "M10 12h11m-4-4 4 4-4 4"),
    "star": _strokes("m12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6-4.4-4.2 6-.8z"),
    "sun": _strokes(
        "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
        "M12 2.5v2m0 15v2M2.5 12h2m15 0h2M5.3 5.3l1.4 1.4m10.6 10.6 1.4 1.4"
        "m0-13.4-1.4 1.4M6.7 17.3l-1.4 1.4",
    ),
    "ticket": _strokes("M3 6h18v4a2 2 0 0 0 0 4v4H3v-4a2 2 0 0 0 0-4z", "M14.5 6v2m0 3v2m0 3v2"),
    "trash": _strokes("M4 6.5h16M9 6.5V4h6v2.5M6 6.5 7 20h10l1-13.5", "M10 10.5v6m4-6v6"),
    "upload": _strokes("M12 15.5v-11M7 9l5-5 5 5", "M4 19.5h16"),
    "user": _strokes(
        "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z",
        "M4.5 20.5c.6-4 3.2-6 7.5-6s6.9 2 7.5 6",
    ),
    "users": _strokes(
        "M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
        "M2.5 19.5c.5-3.5 2.7-5 6.5-5s6 1.5 6.5 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4"
        "M18 15c2 .7 3.1 2.2 3.5 4.5",
    ),
    "video": _strokes("M3 6h12v12H3z", "m15 11 6-3.5v9L15 13"),
    "volume": _strokes(
        "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z",
        "M15.5 9a4 4 0 0 1 0 6m2.5-8.5a7.5 7.5 0 0 1 0 11",
    ),
    "warn": _strokes("M12 4 2.5 20h19z", "M12 10v4.5M12 17.2h.01"),
}
