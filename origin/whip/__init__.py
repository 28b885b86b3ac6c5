"""WHIP (RFC 9725): publish from a browser. A process of its own, and an optional extra.

Pictures pass undecoded, sound becomes AAC, and both go to the origin's RTMP port as from any
publisher: the origin itself needs none of this.
"""
