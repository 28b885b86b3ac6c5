"""The demonstration edition: the same every time, complete in two languages, nobody's."""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections import Counter
from itertools import combinations
from math import sqrt

import av
import pypdf
import pytest

from haishi.config.demo import art, documents, models3d
from haishi.config.demo.names import REAL_NAMES, SIDES, organisations
from haishi.config.demo.products import KINDS, categories, products
from haishi.config.demo.programme import (
    DAYS,
    RULES,
    hall_of,
    halls,
    launches,
    sessions,
    speakers,
    stages,
    tracks,
)

# GB 32100-2015, table 2, written out: the value of each character of a code.
VALUES = dict(zip("0123456789ABCDEFGHJKLMNPQRTUWXY", range(31), strict=True))
WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]


def digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()


def credit_code_is_valid(code: str) -> bool:
    """Both check digits: modulo 31 over the code, modulo 11 over the organisation inside it."""
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return False
    total = sum(VALUES[c] * w for c, w in zip(code[:17], WEIGHTS, strict=True)) % 31
    if (total + VALUES[code[17]]) % 31:
        return False
    inner = code[8:17]
    points = [ord(c) - 48 if c.isdigit() else ord(c) - 55 for c in inner[:8]]
    rest = sum(p * w for p, w in zip(points, [3, 7, 9, 10, 5, 8, 4, 2], strict=True)) % 11
    return inner[8] == {0: "0", 1: "X"}.get(rest, str(11 - rest))


def parse_glb(raw: bytes) -> tuple[dict, bytes]:
    magic, version, size = struct.unpack_from("<4sII", raw)
    assert (magic, version, size) == (b"glTF", 2, len(raw))
    json_size, json_kind = struct.unpack_from("<I4s", raw, 12)
    assert json_kind == b"JSON"
    bin_size, bin_kind = struct.unpack_from("<I4s", raw, 20 + json_size)
    assert bin_kind == b"BIN\0"
    assert 28 + json_size + bin_size == len(raw)
    return json.loads(raw[20 : 20 + json_size]), raw[28 + json_size :]


def test_content_is_the_same_every_time():
    first = digest([organisations(), products(), sessions(), launches()])
    for cached in (organisations, products, sessions, launches, speakers):
        cached.cache_clear()
    assert digest([organisations(), products(), sessions(), launches()]) == first


def test_there_are_enough_firms_and_no_two_share_a_name():
    firms = organisations()
    assert len(firms) == 280
    for name in ("key", "zh", "en", "short_zh", "short_en"):
        assert Counter(getattr(firm, name) for firm in firms).most_common(1)[0][1] == 1
    assert {side for firm in firms for side in firm.sides} == set(SIDES)
    assert {hall_of(firm) for firm in firms} == {hall.key for hall in halls()[:6]}


def test_profiles_have_the_length_of_a_catalogue_entry():
    assert [firm.key for firm in organisations() if not 120 <= len(firm.profile_zh) <= 250] == []


def test_credit_codes_pass_an_independent_check_and_belong_to_no_place():
    codes = [firm.credit_code for firm in organisations() if firm.credit_code]
    assert len(codes) == len(set(codes)) == 260
    assert [code for code in codes if not credit_code_is_valid(code)] == []
    assert {code[2:8] for code in codes} == {"990000"}


def test_the_independent_check_knows_right_from_wrong():
    # The example of GB 32100-2015, appendix A.
    assert credit_code_is_valid("91350100M000100Y43")
    assert not credit_code_is_valid("91350100M000100Y44")


def test_no_firm_or_title_uses_a_well_known_name():
    texts = [f"{o.zh} {o.en}" for o in organisations()] + [
        f"{p.title_zh} {p.title_en}" for p in products()
    ]
    assert [(name, text) for text in texts for name in REAL_NAMES if name in text] == []


def test_there_are_more_than_a_thousand_products_in_every_kind_and_leaf():
    works = products()
    assert len(works) == 1168
    assert {work.kind for work in works} == set(KINDS)
    assert {work.category for work in works} == {c.key for c in categories() if c.parent}
    assert len(categories()) == 9 + 36
    assert {work.brand for work in works} == {"", "山东手造", "山东智造"}


def test_titles_and_summaries_are_never_repeated():
    for name in ("key", "title_zh", "title_en", "summary_zh", "summary_en"):
        assert Counter(getattr(work, name) for work in products()).most_common(1)[0][1] == 1, name


def test_every_text_is_complete_in_both_languages():
    for work in products():
        assert len(work.summary_zh) >= 50
        texts = (work.title_en, work.summary_en, *work.description_en)
        assert all(texts)
        assert not re.search(r"[\u4e00-\u9fff]|[{}]", "".join(texts)), work.key
        assert not re.search(r"[{}]|。。|，。", "".join((work.summary_zh, *work.description_zh)))
    for firm in organisations():
        assert not re.search(
            r"[\u4e00-\u9fff]|[{}]", firm.en + firm.profile_en + firm.tagline_en
        ), firm.key
    for session in sessions():
        assert session.en
        assert session.abstract_en


def test_quantity_prices_fall_with_quantity():
    laddered = [work for work in products() if work.tiers]
    assert laddered
    for work in laddered:
        prices = [work.fen, *(tier.fen for tier in work.tiers)]
        assert prices == sorted(prices, reverse=True)
        assert [t.minimum for t in work.tiers] == sorted(t.minimum for t in work.tiers)


def test_programme_has_a_keynote_six_forums_and_forty_more_without_a_clash():
    planned = sessions()
    counts = Counter(session.track for session in planned)
    assert (counts["keynote"], counts["forum"], len(planned)) == (1, 6, 51)
    assert counts["film"] == 19
    assert {s.track for s in planned} == {t.key for t in tracks()}
    assert {s.stage for s in planned} <= {s.key for s in stages()}
    assert {s.day for s in planned} == set(range(DAYS))
    for one, other in combinations(planned, 2):
        if one.day == other.day and one.start < other.end and other.start < one.end:
            assert one.stage != other.stage
            assert not {p.zh for p in one.speakers} & {p.zh for p in other.speakers}


def test_launches_cover_every_rule_and_never_overlap():
    planned = launches()
    assert len(planned) == 156
    assert {launch.rule for launch in planned} == set(RULES)
    assert len({launch.product for launch in planned}) == 156
    for one, other in combinations(planned, 2):
        assert one.day != other.day or one.end <= other.start or other.end <= one.start


@pytest.mark.parametrize("motif", art.MOTIFS)
def test_every_motif_fills_its_sheet_and_repeats_exactly(motif):
    svg = art.product_picture(7, motif)
    assert svg == art.product_picture(7, motif)
    assert svg != art.product_picture(8, motif)
    image = art.rasterise(svg)
    assert (image.width, image.height, image.bands) == (1200, 800, 3)
    assert image.colourspace("b-w").deviate() > 8


def test_an_unknown_motif_is_refused():
    with pytest.raises(KeyError):
        art.product_picture(1, "dragon")


@pytest.mark.parametrize(
    ("draw", "size"),
    [
        (art.booth_banner, art.BANNER),
        (art.booth_portrait, art.PORTRAIT),
        (art.hall_header, art.HALL),
    ],
)
def test_booths_and_halls_have_their_own_proportions(draw, size):
    image = art.rasterise(draw(3, "pagoda"))
    assert (image.width, image.height) == size


def test_a_thousand_pictures_are_a_thousand_different_pictures():
    works = products()
    drawn = {
        hashlib.sha256(art.product_picture(w.seed, w.pictures[0]).encode()).digest()
        for w in works[:300]
    }
    assert len(drawn) == 300
    assert len({work.seed for work in works}) == len(works)


def test_marks_and_portraits_differ_by_seed():
    assert len({art.organisation_mark(seed) for seed in range(280)}) == 280
    assert len({art.speaker_portrait(seed) for seed in range(90)}) == 90


@pytest.mark.parametrize("name", models3d.MODELS)
def test_models_are_valid_glb_with_outward_unit_normals(name):
    raw = models3d.model(name, 5)
    assert raw == models3d.model(name, 5)
    assert 20_000 < len(raw) < 150_000
    document, body = parse_glb(raw)
    assert document["buffers"] == [{"byteLength": len(body)}]

    def read(index: int) -> list[tuple[float, ...]]:
        accessor = document["accessors"][index]
        view = document["bufferViews"][accessor["bufferView"]]
        kind = {"VEC3": "<3f", "SCALAR": "<H"}[accessor["type"]]
        assert view["byteOffset"] % 4 == 0
        assert struct.calcsize(kind) * accessor["count"] == view["byteLength"]
        return list(
            struct.iter_unpack(
                kind, body[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
            )
        )

    for primitive in document["meshes"][0]["primitives"]:
        places = read(primitive["attributes"]["POSITION"])
        normals = read(primitive["attributes"]["NORMAL"])
        order = [row[0] for row in read(primitive["indices"])]
        bounds = document["accessors"][primitive["attributes"]["POSITION"]]
        assert bounds["min"] == [min(p[i] for p in places) for i in range(3)]
        assert bounds["max"] == [max(p[i] for p in places) for i in range(3)]
        assert len(places) == len(normals) == max(order) + 1
        assert max(abs(sqrt(sum(v * v for v in n)) - 1) for n in normals) < 1e-5
        assert faces_against_normals(places, normals, order) == 0


def faces_against_normals(places: list, normals: list, order: list[int]) -> int:
    """How many triangles are wound so that their front looks away from their vertices' normals."""
    wrong = 0
    for a, b, c in zip(order[::3], order[1::3], order[2::3], strict=True):
        u = [q - p for p, q in zip(places[a], places[b], strict=True)]
        v = [q - p for p, q in zip(places[a], places[c], strict=True)]
        face = (u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0])
        mean = [normals[a][i] + normals[b][i] + normals[c][i] for i in range(3)]
        wrong += sum(f * m for f, m in zip(face, mean, strict=True)) < -1e-12
    return wrong


def test_every_model_of_a_product_exists():
    named = {work.model for work in products()} - {""}
    assert named <= set(models3d.MODELS)
    assert sum(bool(work.model) for work in products()) >= 60


def test_a_brochure_is_a_small_bilingual_pdf_that_repeats_exactly(tmp_path):
    firm = organisations()[1]
    works = [work for work in products() if work.organisation == firm.key]
    raw = documents.brochure(firm, works)
    assert raw == documents.brochure(firm, works)
    path = tmp_path / "brochure.pdf"
    path.write_bytes(raw)
    reader = pypdf.PdfReader(path)
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 3
    assert firm.short_zh in text
    assert works[0].title_en in text
    assert firm.credit_code in text


def test_a_clip_is_four_seconds_of_h264(tmp_path):
    raw = documents.clip(products()[0])
    path = tmp_path / "clip.mp4"
    path.write_bytes(raw)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        assert (stream.codec_context.name, stream.width, stream.height, frames) == (
            "h264",
            640,
            360,
            96,
        )
        assert not container.streams.audio
    # The index comes before the pictures, so a page can start playing at once.
    assert raw.index(b"moov") < raw.index(b"mdat")
