"""Triangles, and how they are packed into a GLB.

Source: Khronos glTF 2.0 specification, sections 3.6 (buffers), 3.7 (meshes), 3.9 (materials), 4 (GLB).
"""

from __future__ import annotations

import json
import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import atan2, cos, hypot, pi, sin
from typing import Any

Vector = tuple[float, float, float]
Step = tuple[float, float]
GLB_MAGIC, JSON_CHUNK, BIN_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
_PIGMENTS = {
    "celadon": (0.46, 0.62, 0.56), "black": (0.05, 0.05, 0.055), "vermilion": (0.55, 0.10, 0.05), "wood": (0.30, 0.15, 0.07),
    "paper": (0.86, 0.82, 0.70), "gold": (0.72, 0.50, 0.16), "indigo": (0.06, 0.12, 0.32), "stone": (0.34, 0.35, 0.36),
    "jade": (0.12, 0.40, 0.34), "glaze": (0.80, 0.84, 0.82),
}  # fmt: skip
_METAL = frozenset({"gold"})
_SHINE = {"celadon": 0.18, "black": 0.32, "gold": 0.3, "glaze": 0.14, "jade": 0.3}


@dataclass
class Mesh:
    """Triangles of one pigment; `normals` are unit vectors, one for each position."""

    pigment: str
    positions: list[Vector] = field(default_factory=list)
    normals: list[Vector] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)

    def quad(self, a: Vector, b: Vector, c: Vector, d: Vector) -> None:
        """A flat face, counter-clockwise from its front."""
        u = tuple(q - p for p, q in zip(a, b, strict=True))
        v = tuple(q - p for p, q in zip(a, d, strict=True))
        n = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        size = hypot(*n) or 1.0
        start = len(self.positions)
        self.positions += [a, b, c, d]
        self.normals += [(n[0] / size, n[1] / size, n[2] / size)] * 4
        self.indices += [start, start + 1, start + 2, start, start + 2, start + 3]

    def sheet(self, a: Vector, b: Vector, c: Vector, d: Vector) -> None:
        """A face seen from both sides."""
        self.quad(a, b, c, d)
        self.quad(d, c, b, a)

    def block(self, x: float, y: float, z: float, w: float, h: float, d: float) -> None:
        """A box centred on (x, z) and standing on `y`."""
        x0, x1, z0, z1, y1 = x - w / 2, x + w / 2, z - d / 2, z + d / 2, y + h
        self.quad((x0, y, z1), (x1, y, z1), (x1, y1, z1), (x0, y1, z1))
        self.quad((x1, y, z0), (x0, y, z0), (x0, y1, z0), (x1, y1, z0))
        self.quad((x0, y, z0), (x0, y, z1), (x0, y1, z1), (x0, y1, z0))
        self.quad((x1, y, z1), (x1, y, z0), (x1, y1, z0), (x1, y1, z1))
        self.quad((x0, y1, z1), (x1, y1, z1), (x1, y1, z0), (x0, y1, z0))
        self.quad((x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1))

    def triangle(self, a: Vector, b: Vector, c: Vector, normal: Vector) -> None:
        """A flat face, counter-clockwise from its front, with its unit normal given."""
        start = len(self.positions)
        self.positions += [a, b, c]
        self.normals += [normal] * 3
        self.indices += [start, start + 1, start + 2]

    def lathe(
        self, profile: Sequence[Step], sides: int, centre: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Turn (radius, y) round an upright axis; going up the profile puts the front outside.

        Corners sharper than 45 degrees stay sharp: the surface on each side keeps its own normals.
        """
        run = [profile[0]]
        for before, here, after in zip(profile, profile[1:], profile[2:], strict=False):
            run.append(here)
            turn = atan2(here[1] - before[1], here[0] - before[0])
            turn -= atan2(after[1] - here[1], after[0] - here[0])
            if cos(turn) < 0.7:
                self._turn(run, sides, centre)
                run = [here]
        self._turn([*run, profile[-1]], sides, centre)

    def _turn(self, profile: Sequence[Step], sides: int, centre: tuple[float, float]) -> None:
        start = len(self.positions)
        count = len(profile)
        for i, (r, y) in enumerate(profile):
            (r0, y0), (r1, y1) = profile[max(i - 1, 0)], profile[min(i + 1, count - 1)]
            dr, dy = r1 - r0, y1 - y0
            size = hypot(dr, dy)
            for k in range(sides + 1):
                t = 2 * pi * k / sides
                self.positions.append((centre[0] + r * cos(t), y, centre[1] - r * sin(t)))
                self.normals.append((dy / size * cos(t), -dr / size, -dy / size * sin(t)))
        for i in range(count - 1):
            for k in range(sides):
                a = start + i * (sides + 1) + k
                b = a + sides + 1
                self.indices += [a, a + 1, b + 1, a, b + 1, b]

    def rod(self, a: Vector, b: Vector, r: float) -> None:
        """A thin six-sided bar between two points."""
        axis = tuple(q - p for p, q in zip(a, b, strict=True))
        size = hypot(*axis)
        w = (axis[0] / size, axis[1] / size, axis[2] / size)
        side = (0.0, 0.0, 1.0) if abs(w[2]) < 0.9 else (1.0, 0.0, 0.0)
        u = (
            w[1] * side[2] - w[2] * side[1],
            w[2] * side[0] - w[0] * side[2],
            w[0] * side[1] - w[1] * side[0],
        )
        scale = hypot(*u)
        u = (u[0] / scale, u[1] / scale, u[2] / scale)
        v = (w[1] * u[2] - w[2] * u[1], w[2] * u[0] - w[0] * u[2], w[0] * u[1] - w[1] * u[0])
        start = len(self.positions)
        for end in (a, b):
            for k in range(7):
                c, s = cos(pi * k / 3), sin(pi * k / 3)
                n = (u[0] * c + v[0] * s, u[1] * c + v[1] * s, u[2] * c + v[2] * s)
                self.positions.append((end[0] + r * n[0], end[1] + r * n[1], end[2] + r * n[2]))
                self.normals.append(n)
        for k in range(6):
            self.indices += [
                start + k,
                start + k + 1,
                start + k + 8,
                start + k,
                start + k + 8,
                start + k + 7,
            ]


def curve(points: Sequence[tuple[float, float]], steps: int) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through (radius, y) points."""
    padded = [points[0], *points, points[-1]]
    out = []
    for i in range(len(points) - 1):
        p0, p1, p2, p3 = padded[i : i + 4]
        for k in range(steps):
            t = k / steps
            row = [
                0.5
                * (
                    2 * b
                    + (c - a) * t
                    + (2 * a - 5 * b + 4 * c - d) * t * t
                    + (3 * b - a - 3 * c + d) * t**3
                )
                for a, b, c, d in zip(p0, p1, p2, p3, strict=True)
            ]
            out.append((max(row[0], 0.0005), row[1]))
    return [*out, points[-1]]


def glb(meshes: Sequence[Mesh], name: str) -> bytes:
    """Pack meshes into a GLB: one node, one primitive and one PBR material for each mesh."""
    store = _Store()
    primitives = []
    for number, mesh in enumerate(meshes):
        places, normals, order = store.add_mesh(mesh)
        primitives.append(
            {
                "attributes": {"POSITION": places, "NORMAL": normals},
                "indices": order,
                "material": number,
                "mode": 4,
            }
        )
    document = {
        "asset": {"version": "2.0", "generator": "haishi"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": name}],
        "meshes": [{"name": name, "primitives": primitives}],
        "materials": [_material(mesh.pigment) for mesh in meshes],
        "accessors": store.accessors,
        "bufferViews": store.views,
        "buffers": [{"byteLength": len(store.body)}],
    }
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    size = 12 + 8 + len(text) + 8 + len(store.body)
    head = struct.pack("<III", GLB_MAGIC, 2, size) + struct.pack("<II", len(text), JSON_CHUNK)
    return head + text + struct.pack("<II", len(store.body), BIN_CHUNK) + bytes(store.body)


class _Store:
    """The binary chunk as it grows, with the views and accessors that describe it."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.views: list[dict[str, int]] = []
        self.accessors: list[dict[str, Any]] = []

    def add_mesh(self, mesh: Mesh) -> tuple[int, int, int]:
        """Accessor numbers of a mesh's positions, normals and indices."""
        count = len(mesh.positions)
        columns = list(zip(*mesh.positions, strict=True))
        bounds = {
            "min": [_single(min(column)) for column in columns],
            "max": [_single(max(column)) for column in columns],
        }
        vectors = {"componentType": 5126, "count": count, "type": "VEC3"}
        places = self._add(_floats(mesh.positions), 34962, {**vectors, **bounds})
        normals = self._add(_floats(mesh.normals), 34962, vectors)
        size = len(mesh.indices)
        order = self._add(
            struct.pack(f"<{size}H", *mesh.indices),
            34963,
            {"componentType": 5123, "count": size, "type": "SCALAR"},
        )
        return places, normals, order

    def _add(self, raw: bytes, target: int, spec: dict[str, Any]) -> int:
        view = {"buffer": 0, "byteOffset": len(self.body), "byteLength": len(raw)}
        self.views.append({**view, "target": target})
        self.body.extend(raw + b"\0" * (-len(raw) % 4))
        self.accessors.append({"bufferView": len(self.views) - 1, "byteOffset": 0, **spec})
        return len(self.accessors) - 1


def _material(pigment: str) -> dict[str, Any]:
    return {
        "name": pigment,
        "pbrMetallicRoughness": {
            "baseColorFactor": [*_PIGMENTS[pigment], 1.0],
            "metallicFactor": 1.0 if pigment in _METAL else 0.0,
            "roughnessFactor": _SHINE.get(pigment, 0.7),
        },
    }


def _floats(rows: Sequence[Vector]) -> bytes:
    flat = array("f", [value for row in rows for value in row])
    return struct.pack(f"<{len(flat)}f", *flat)


def _single(value: float) -> float:
    """The value as a 32-bit float holds it, so that bounds match the stored positions."""
    return float(array("f", [value])[0])
