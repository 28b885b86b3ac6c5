"""Pictures of the demonstration edition, drawn as a series of woodcuts: flat inks, tapered cuts,
one horizon.

Everything is a pure function of a seed. `product_picture(seed, motif, shot)` and its siblings
return SVG; `encode` turns it into WebP, JPEG or PNG.
"""

from .compose import MOTIFS, SCENES, SUBJECTS
from .pictures import (
    BANNER,
    HALL,
    MARK,
    PORTRAIT,
    PRODUCT,
    SPEAKER,
    booth_banner,
    booth_portrait,
    hall_header,
    organisation_mark,
    product_picture,
    speaker_portrait,
)
from .raster import encode, rasterise

__all__ = [
    "BANNER",
    "HALL",
    "MARK",
    "MOTIFS",
    "PORTRAIT",
    "PRODUCT",
    "SCENES",
    "SPEAKER",
    "SUBJECTS",
    "booth_banner",
    "booth_portrait",
    "encode",
    "hall_header",
    "organisation_mark",
    "product_picture",
    "rasterise",
    "speaker_portrait",
]
