"""A contract of five parties before programs that are not ours, and what they say to tampering."""

import io

import pytest
from pypdf import PdfWriter

from haishi.contracts import selectors
from haishi.contracts.tests.factories import concluded, firm_with_owner
from haishi.foundation.papers import keys, registry
from haishi.foundation.papers.signing import verify
from haishi.foundation.tests.test_signing import PDFSIG, PYHANKO, altered, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(firm, lin):
    others = [firm_with_owner()[0] for _n in range(4)]
    return concluded(firm, *others, amounts=(100_001,), points=(4_000, 3_000, 2_000, 1_000))


def rewritten(pdf: bytes, change) -> bytes:
    """The file after somebody else's program added to it."""
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def without_third(writer: PdfWriter) -> None:
    for reference in writer.root_object["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "party-3":
            del field["/V"]
            writer._objects[reference.idnum - 1] = field


def test_an_altered_byte_an_added_page_and_a_removed_signature_are_each_seen(contract):
    row = contract.paper
    pdf = selectors.paper_bytes(contract).content
    assert [fact.good for fact in verify(pdf)] == [True] * 5
    page_more = rewritten(pdf, lambda writer: writer.add_blank_page(595, 842))
    one_less = rewritten(pdf, without_third)
    for changed, good in (
        (altered(pdf, b"ReportLab"), [False] * 5),
        (page_more, [False] * 5),
        (one_less, [False] * 5),
    ):
        checked = registry.check(row, changed)
        assert (checked.revision, [fact.good for fact in checked.signatures]) == (None, good)
    third = {fact.field: fact.signed for fact in verify(one_less)}
    assert [third[f"party-{n}"] for n in range(1, 6)] == [True, True, False, True, True]
    # The file as it was before the last signature is whole, and known to be an older one.
    earlier = row.revisions.get(number=4).content
    checked = registry.check(row, bytes(earlier))
    assert (checked.revision, checked.is_latest) == (4, False)


def test_the_command_line_of_pyhanko_trusts_all_five(contract, tmp_path):
    pdf = selectors.paper_bytes(contract).content
    (tmp_path / "root.pem").write_bytes(keys.root_pem())
    command = [str(PYHANKO), "sign", "validate", "--trust", str(tmp_path / "root.pem")]
    command += ["--trust-replace", "--pretty-print"]
    for name, content, words in (
        ("signed", pdf, "The signature is judged VALID."),
        ("altered", altered(pdf, b"ReportLab"), "The signature is judged INVALID."),
        ("one-less", rewritten(pdf, without_third), "The signature is judged INVALID."),
    ):
        (tmp_path / f"{name}.pdf").write_bytes(content)
        count = said(*command, str(tmp_path / f"{name}.pdf")).count(words)
        assert (name, count) == (name, 4 if name == "one-less" else 5)


@pytest.mark.skipif(PDFSIG is None, reason="poppler-utils is not installed")
def test_pdfsig_finds_five_valid_signatures_and_none_after_a_byte_changed(contract, tmp_path):
    pdf = selectors.paper_bytes(contract).content
    for name, content, valid in (("signed", pdf, 5), ("altered", altered(pdf, b"ReportLab"), 0)):
        (tmp_path / f"{name}.pdf").write_bytes(content)
        told = said(str(PDFSIG), "-nocert", str(tmp_path / f"{name}.pdf"))
        assert told.count("Signature Field Name: party-") == 5
        assert told.count("Signature Validation: Signature is Valid.") == valid
