"""Parametric objects as glTF 2.0 binaries, to be turned in the page. Metres, Y up, about 0.3 m tall."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from . import objects
from .mesh import Mesh, glb

BUILDERS: dict[str, Callable[[Random], list[Mesh]]] = {
    "vase": objects.vase,
    "plate": objects.plate,
    "teapot": objects.teapot,
    "kite": objects.kite,
    "pagoda": objects.pagoda,
    "lantern": objects.lantern,
    "cubes": objects.cubes,
    "ship": objects.ship,
    "screen": objects.screen,
    "stele": objects.stele,
}
MODELS = tuple(BUILDERS)


def model(name: str, seed: int) -> bytes:
    """A GLB of one object. Raises KeyError for an unknown name."""
    return glb(BUILDERS[name](Random(f"{seed}:{name}")), name)


__all__ = ["BUILDERS", "MODELS", "Mesh", "glb", "model"]
