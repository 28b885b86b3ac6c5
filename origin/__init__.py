"""Live media: RTMP, SRT and WHIP in; LL-HLS, HLS and HTTP-FLV out; recorder, director, restream.

Never imports Django or the house: the house arms sessions through `origin.control`, in the words of
`wire.live`.
"""
