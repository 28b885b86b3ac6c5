"""RTMP, for publishing alone: Adobe, RTMP Specification 1.0 (2012).

`server` listens, `session` speaks with one publisher, `chunks` and `amf` are what they speak in,
`publisher` is the other side.
"""
