"""GLB models: the container and every index in it, checked before a viewer trusts it.

Source: glTF 2.0 specification, Khronos Group, sections 3.6 (buffers, accessors), 3.7 (meshes) and
4.4 (GLB). Geometry is never decompressed: compressed extensions are refused.
"""

import json
import struct
from pathlib import Path
from typing import Any, Literal

import pyvips

from haishi.media.workbench.refusal import Refusal

MAX_TRIANGLES = 500_000
MAX_JSON = 4_000_000
MAX_PARTS = 20_000
MAX_TEXTURE_SIDE = 4096
MAX_TEXTURE_PIXELS = 64_000_000
COMPONENT = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
INDEX_FORMAT: dict[int, Literal["B", "H", "I"]] = {5121: "B", 5123: "H", 5125: "I"}
WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
REFUSED = {
    "EXT_mesh_gpu_instancing",
    "KHR_draco_mesh_compression",
    "EXT_meshopt_compression",
    "KHR_texture_basisu",
    "MSFT_lod",
}
UNDERSTOOD = {
    "KHR_texture_transform",
    "KHR_mesh_quantization",
    "KHR_lights_punctual",
    "EXT_texture_webp",
}
Json = dict[str, Any]


def examine(source: Path, folder: Path, extension: str) -> dict[str, Any]:
    """Facts of a model; it is served as it is. Raises Refusal: damaged, glb_*."""
    content = source.read_bytes()
    try:
        document, blob = _chunks(content)
        model = _Model(document, blob)
        model.check()
    except (KeyError, TypeError, ValueError, AttributeError, struct.error, RecursionError):
        raise Refusal("damaged") from None
    except IndexError:
        raise Refusal("glb_bounds") from None
    return {"facts": {"triangles": model.triangles}, "files": []}


def _chunks(content: bytes) -> tuple[Json, memoryview]:
    """The JSON chunk and the binary one. Raises Refusal, ValueError, struct.error."""
    magic, version, length = struct.unpack_from("<4sII", content)
    if (magic, version, length) != (b"glTF", 2, len(content)):
        raise Refusal("damaged")
    found: list[tuple[bytes, memoryview]] = []
    at = 12
    while at < length:
        size, name = struct.unpack_from("<I4s", content, at)
        if size % 4 or at + 8 + size > length or len(found) >= 2:
            raise Refusal("damaged")
        found.append((name, memoryview(content)[at + 8 : at + 8 + size]))
        at += 8 + size
    if not found or found[0][0] != b"JSON" or len(found[0][1]) > MAX_JSON:
        raise Refusal("damaged")
    if len(found) == 2 and found[1][0] != b"BIN\0":
        raise Refusal("damaged")
    document = json.loads(bytes(found[0][1]).decode("utf-8"))
    if not isinstance(document, dict):
        raise Refusal("damaged")
    return document, found[1][1] if len(found) == 2 else memoryview(b"")


def _whole(value: Any, low: int = 0) -> int:
    """A whole number of at least `low`. Raises Refusal for anything else, true and 1.0 included."""
    if type(value) is not int or value < low:
        raise Refusal("glb_bounds")
    return value


def _triangles(corners: int, mode: Any) -> int:
    """What a viewer draws: lists by threes, strips and fans, points and lines counted as drawn."""
    if mode == 4:
        return corners // 3
    return max(0, corners - 2) if mode in (5, 6) else corners


class _Model:
    """A parsed document beside its binary chunk."""

    def __init__(self, document: Json, blob: memoryview) -> None:
        self.document = document
        self.blob = blob
        self.triangles = 0

    def part(self, name: str) -> list[Json]:
        rows = self.document.get(name, [])
        if not isinstance(rows, list) or len(rows) > MAX_PARTS:
            raise Refusal("damaged")
        return rows

    def check(self) -> None:
        self._extensions()
        self._buffers()
        for accessor in self.part("accessors"):
            self._accessor(accessor)
        self._count(self._meshes())
        self._textures()

    def _extensions(self) -> None:
        required = self.document.get("extensionsRequired", [])
        used = self.document.get("extensionsUsed", [])
        for name in [*required, *used]:
            known = name in UNDERSTOOD or str(name).startswith("KHR_materials_")
            if name in REFUSED or (name in required and not known):
                raise Refusal("glb_extension", name=str(name)[:60])

    def _buffers(self) -> None:
        buffers = self.part("buffers")
        if any("uri" in row for row in [*buffers, *self.part("images")]):
            raise Refusal("glb_external")
        if len(buffers) > 1:
            raise Refusal("damaged")
        room = _whole(buffers[0]["byteLength"]) if buffers else 0
        if room > len(self.blob):
            raise Refusal("glb_bounds")
        for view in self.part("bufferViews"):
            start = _whole(view.get("byteOffset", 0))
            stride = _whole(view.get("byteStride", 4), 4)
            if _whole(view["buffer"]) != 0 or stride > 252:
                raise Refusal("glb_bounds")
            if start + _whole(view["byteLength"], 1) > room:
                raise Refusal("glb_bounds")

    def view(self, index: Any) -> Json:
        return self.part("bufferViews")[_whole(index)]

    def bytes_of(self, index: Any) -> memoryview:
        view = self.view(index)
        start = view.get("byteOffset", 0)
        return self.blob[start : start + view["byteLength"]]

    def _accessor(self, accessor: Json) -> None:
        size = COMPONENT[accessor["componentType"]] * WIDTH[accessor["type"]]
        count = _whole(accessor["count"], 1)
        if "bufferView" in accessor:
            self._inside(accessor, accessor["bufferView"], size, count)
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            few = _whole(sparse["count"], 1)
            if few > count:
                raise Refusal("glb_bounds")
            indices, values = sparse["indices"], sparse["values"]
            self._inside(indices, indices["bufferView"], COMPONENT[indices["componentType"]], few)
            self._inside(values, values["bufferView"], size, few)
        elif "bufferView" not in accessor and count > 3 * MAX_TRIANGLES:
            raise Refusal("glb_bounds")  # zeros that cost nothing to write and much to show

    def _inside(self, row: Json, index: Any, size: int, count: int) -> None:
        view = self.view(index)
        stride = view.get("byteStride", size)
        if _whole(row.get("byteOffset", 0)) + stride * (count - 1) + size > view["byteLength"]:
            raise Refusal("glb_bounds")

    def _meshes(self) -> list[int]:
        """Triangles of each mesh."""
        accessors = self.part("accessors")
        totals = []
        for mesh in self.part("meshes"):
            total = 0
            for primitive in mesh["primitives"]:
                vertices = accessors[_whole(primitive["attributes"]["POSITION"])]["count"]
                corners = vertices
                if "indices" in primitive:
                    corners = self._indices(accessors[_whole(primitive["indices"])], vertices)
                mode = primitive.get("mode", 4)
                total += _triangles(corners, mode)
                for number in primitive["attributes"].values():
                    if accessors[_whole(number)]["count"] != vertices:
                        raise Refusal("glb_bounds")
            totals.append(total)
        return totals

    def _indices(self, accessor: Json, vertices: int) -> int:
        """How many indices there are; every one points at a vertex."""
        form = INDEX_FORMAT[accessor["componentType"]]
        count = int(accessor["count"])
        if count > 3 * MAX_TRIANGLES:
            raise Refusal("glb_triangles", given=f"{count // 3:,}", limit=f"{MAX_TRIANGLES:,}")
        start = accessor.get("byteOffset", 0)
        end = start + count * struct.calcsize(form)
        content = self.bytes_of(accessor["bufferView"])[start:end]
        if max(content.cast(form)) >= vertices:
            raise Refusal("glb_bounds")
        return count

    def _count(self, meshes: list[int]) -> None:
        """Triangles as shown: a mesh counts once per node; nodes form trees."""
        parents: set[int] = set()
        nodes = self.part("nodes")
        for node in nodes:
            if "mesh" in node:
                self.triangles += meshes[_whole(node["mesh"])]
            for child in node.get("children", []):
                if _whole(child) >= len(nodes) or child in parents:
                    raise Refusal("glb_bounds")
                parents.add(child)
        reached = 0
        waiting = [index for index in range(len(nodes)) if index not in parents]
        while waiting:
            reached += 1
            waiting.extend(nodes[waiting.pop()].get("children", []))
        if reached != len(nodes):  # what no root reaches is a circle
            raise Refusal("glb_bounds")
        self.triangles = max(self.triangles, sum(meshes))
        if self.triangles > MAX_TRIANGLES:
            raise Refusal("glb_triangles", given=f"{self.triangles:,}", limit=f"{MAX_TRIANGLES:,}")

    def _textures(self) -> None:
        total = 0
        for image in self.part("images"):
            content = bytes(self.bytes_of(image["bufferView"]))
            try:
                header = pyvips.Image.new_from_buffer(content, "", access="sequential")
            except pyvips.Error:
                raise Refusal("damaged") from None
            total += header.width * header.height
            if max(header.width, header.height) > MAX_TEXTURE_SIDE or total > MAX_TEXTURE_PIXELS:
                raise Refusal("glb_texture")
