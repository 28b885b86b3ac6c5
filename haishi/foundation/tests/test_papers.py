"""Papers: the same bytes for the same words, every character readable, tables over pages."""

import hashlib
import io
import subprocess
import sys

import pytest
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import (
    QR,
    Clause,
    Clauses,
    Facts,
    FontMissing,
    Heading,
    Paper,
    Paragraph,
    Signatures,
    Slot,
    Table,
    compose,
    fonts,
)
from haishi.foundation.papers.breaking import broken
from haishi.foundation.papers.setting import chinese_number
from haishi.foundation.vitals import papers as doctor_asks

ALL = (
    Facts(((Bilingual("采购方", "Buyer"), "海州文旅集团"),)),
    Heading("正文"),
    Paragraph("第一段。\n\n第二段 & <b>不是标记</b>。", small=True),
    Clauses((Clause(Bilingual("标的", "Subject"), Bilingual("供方交付成片。", "A final cut.")),)),
    Table(("项目", "金额"), tuple((f"扫描 {n}", "¥1.00") for n in range(90)), (3, 1), (1,)),
    QR("https://example.org/papers/ABC/", "扫码核验"),
    Signatures(tuple(Slot(f"party-{n}", f"第 {n} 方") for n in range(1, 4))),
)


def paper(*blocks, **fields) -> Paper:
    return Paper("HT0001", fields.pop("title", Bilingual("合同", "Contract")), blocks, **fields)


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_same_paper_gives_the_same_bytes_and_another_word_other_bytes():
    first = compose(paper(*ALL))
    assert compose(paper(*ALL)).pdf == first.pdf
    assert compose(paper(*ALL, title="协议")).pdf != first.pdf


def test_another_process_gives_the_same_bytes():
    script = (
        "import hashlib, os, django;"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'haishi.config.settings'; django.setup();"
        "from haishi.foundation.tests.test_papers import ALL, compose, paper;"
        "print(hashlib.sha256(compose(paper(*ALL)).pdf).hexdigest())"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == hashlib.sha256(compose(paper(*ALL)).pdf).hexdigest()


def test_all_text_can_be_read_back_in_both_languages_and_markup_is_text():
    text = "\n".join(pages(compose(paper(*ALL)).pdf))
    for words in ("合同", "Contract", "采购方", "Buyer", "第一条", "Article 1", "A final cut."):
        assert words in text
    assert "& <b>不是标记</b>。" in text


def test_every_typeface_is_embedded_as_a_subset():
    found = {}
    for page in PdfReader(io.BytesIO(compose(paper(*ALL)).pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            facts = font.get_object()
            found[facts["/BaseFont"]] = "/FontFile2" in facts["/FontDescriptor"]
    assert found == {"/AAAAAA+NotoSansSC-Regular": True, "/AAAAAA+NotoSansSC-Bold": True}


def test_each_page_says_its_number_and_a_table_repeats_its_head():
    found = pages(compose(paper(*ALL)).pdf)
    count = len(found)
    assert [f"第 {n} 页，共 {count} 页" in page for n, page in enumerate(found, 1)] == [
        True
    ] * count
    assert ["HT0001" in page for page in found] == [True] * count
    rows = [page for page in found if "扫描" in page]
    assert (len(rows), ["项目" in page for page in rows]) == (4, [True] * 4)


def test_a_row_taller_than_a_page_goes_on_over_the_next():
    long = compose(paper(Table(("说明",), (("海市蜃楼。" * 1_200,),))))
    assert "".join(pages(long.pdf)).replace("\n", "").count("海市蜃楼") > 1_000
    assert len(pages(long.pdf)) == 3


def test_a_rare_character_is_drawn_or_named_never_a_box():
    written = compose(paper(Paragraph("㐀䶮𫖯与𠮷野家🀄\ufe0f")))
    text = "".join(pages(written.pdf))
    assert "㐀䶮𫖯与〔U+20BB7〕野家〔U+1F004〕" in text
    assert "字体未收录的字以其 Unicode 编码写出：U+20BB7、U+1F004" in text
    assert written.missing == ("𠮷", "🀄")
    assert compose(paper(Paragraph("海市"))).missing == ()


def test_places_of_signatures_lie_inside_their_page_and_apart():
    written = compose(paper(*ALL))
    last = len(pages(written.pdf)) - 1
    assert [place.field for place in written.places] == ["party-1", "party-2", "party-3"]
    boxes = [(place.page, place.box) for place in written.places]
    assert len(set(boxes)) == 3
    for page, (left, low, right, high) in boxes:
        assert page in (last - 1, last)
        assert 0 < left < right < 596
        assert 0 < low < high < 842


def test_punctuation_neither_begins_nor_ends_a_line_where_it_must_not():
    fonts.ready()
    em = pdfmetrics.stringWidth("海", fonts.PLAIN, 10)
    assert broken("海市蜃楼，永不落幕", 4 * em, fonts.PLAIN, 10) == ["海市蜃", "楼，永不", "落幕"]
    assert broken("海市蜃“楼”", 4 * em, fonts.PLAIN, 10) == ["海市蜃", "“楼”"]
    assert broken("海市 Haishi 展", 5 * em, fonts.PLAIN, 10) == ["海市", "Haishi 展"]
    assert broken("Haishi" * 9, 4 * em, fonts.PLAIN, 10)[0].startswith("Haishi")
    assert "".join(broken("Haishi" * 9, 4 * em, fonts.PLAIN, 10)) == "Haishi" * 9


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (105, "一百零五"), (110, "一百一十")],
)
def test_articles_are_counted_in_chinese(number, words):
    assert chinese_number(number) == words


def test_without_the_typeface_nothing_is_written_and_the_doctor_says_so(settings, tmp_path):
    settings.PAPER_FONTS = tmp_path
    with pytest.raises(FontMissing):
        compose(paper(*ALL))
    finding = doctor_asks()
    assert (finding.ok, str(tmp_path) in finding.detail) == (False, True)


def test_with_the_typeface_the_doctor_is_content():
    assert doctor_asks().ok
