"""Signatures of many on one paper, what breaks them, and the page where anybody checks."""

import hashlib
import io
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import DatabaseError
from pypdf import PdfReader, PdfWriter

from haishi.foundation import audit
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.models import AuditEntry, PaperRevision
from haishi.foundation.papers import Paper, Paragraph, Signatures, Slot, compose, keys, registry
from haishi.foundation.papers.keys import KeyLocked, Signatory
from haishi.foundation.papers.registry import PaperAltered, PaperMovedOn
from haishi.foundation.papers.signing import FieldTaken, NotAPaper, prepare, sign, verify

NAMES = ("林海", "周遥", "陈砚", "欧阳沙鸥", "Zhou Yao")
SIX = ("good", "intact", "valid", "trusted", "allowed", "covers")


def paper(count: int) -> Paper:
    slots = tuple(Slot(f"party-{n}", f"第 {n} 方") for n in range(1, count + 1))
    return Paper("HT0001", "合同", (Paragraph("永不落幕。" * 40), Signatures(slots)))


def who(n: int) -> Signatory:
    return Signatory(900 + n, 900 + n, f"第 {n} 方有限公司", NAMES[n - 1])


def sign_all(pdf: bytes, count: int) -> bytes:
    for n in range(1, count + 1):
        pdf = sign(pdf, f"party-{n}", who(n), "签署")
    return pdf


@pytest.fixture(scope="module")
def empty() -> bytes:
    written = compose(paper(5))
    return prepare(written.pdf, written.places)


@pytest.fixture(scope="module")
def signed(empty: bytes) -> bytes:
    return sign_all(empty, 5)


def facts(pdf: bytes) -> list[tuple]:
    return [tuple(getattr(fact, name) for name in SIX) for fact in verify(pdf)]


def test_five_sign_one_after_the_other_and_every_signature_holds(signed):
    found = verify(signed)
    assert [(fact.signer, fact.organisation) for fact in found] == [
        (name, f"第 {n} 方有限公司") for n, name in enumerate(NAMES, 1)
    ]
    assert facts(signed) == [
        *[(True, True, True, True, True, "revision")] * 4,
        (True, True, True, True, True, "file"),
    ]
    assert [fact.modification for fact in found] == ["form_filling"] * 4 + ["none"]


def test_a_signature_changes_no_byte_of_what_was_there_and_shows_who_signed(empty):
    once = sign(empty, "party-2", who(2))
    assert once.startswith(empty)
    found = verify(once)
    assert [fact.field for fact in found if fact.signed] == ["party-2"]
    assert [fact.field for fact in found if not fact.signed] == [f"party-{n}" for n in (1, 3, 4, 5)]
    for annotation in PdfReader(io.BytesIO(once)).pages[0]["/Annots"]:
        field = annotation.get_object()
        if field["/T"] == "party-2":
            drawn = field["/AP"]["/N"]["/Resources"]["/XObject"]
            shown = next(iter(drawn.values())).get_object()["/Resources"]["/Font"]
            assert {font["/BaseFont"] for font in shown.values()} == {
                "/AAAAAA+NotoSansSC-Regular",
                "/AAAAAA+NotoSansSC-Bold",
            }


def altered(pdf: bytes, mark: bytes, further: int = 0) -> bytes:
    """The file with one bit turned, `further` bytes behind `mark`."""
    place = pdf.index(mark) + further
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


@pytest.mark.parametrize(("mark", "further"), [(b"ReportLab", 0), (b"stream", 60), (b"%%EOF", 0)])
def test_one_altered_byte_breaks_every_signature(signed, mark, further):
    found = verify(altered(signed, mark, further))
    assert [(fact.intact, fact.good) for fact in found] == [(False, False)] * 5


def test_an_added_page_is_seen_by_every_signature(signed):
    writer = PdfWriter(io.BytesIO(signed), incremental=True)
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    found = verify(out.getvalue())
    assert [(fact.intact, fact.allowed, fact.good) for fact in found] == [(True, False, False)] * 5


def test_a_removed_signature_is_seen_by_the_others(signed):
    writer = PdfWriter(io.BytesIO(signed), incremental=True)
    for reference in writer.root_object["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        if field["/T"] == "party-3":
            del field["/V"]
            writer._objects[reference.idnum - 1] = field
    out = io.BytesIO()
    writer.write(out)
    found = {fact.field: fact for fact in verify(out.getvalue())}
    assert found["party-3"].signed is False
    assert [found[f"party-{n}"].good for n in (1, 2, 4, 5)] == [False] * 4


def test_a_field_takes_one_signature_and_no_file_takes_a_signature_it_has_no_place_for(signed):
    for field in ("party-1", "party-6"):
        with pytest.raises(FieldTaken):
            sign(signed, field, who(1))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04" * 50])
def test_what_is_no_pdf_is_said_to_be_none(content):
    with pytest.raises(NotAPaper):
        verify(content)


def test_a_certificate_of_another_authority_is_not_trusted(signed, settings, tmp_path):
    settings.HAISHI_HOME = tmp_path
    assert [(fact.intact, fact.valid, fact.trusted) for fact in verify(signed)] == [
        (True, True, False)
    ] * 5


def test_keys_are_private_encrypted_and_useless_under_another_secret(settings, tmp_path):
    settings.HAISHI_HOME = tmp_path
    pair = keys.pair_of(who(1))
    files = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in files] == ["paper-authority.pem", "paper-signer-901-901.pem"]
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert b"BEGIN ENCRYPTED PRIVATE KEY" in file.read_bytes()
    assert keys.pair_of(who(1)).certificate == pair.certificate
    renamed = Signatory(901, 901, "第 1 方有限公司", "林海潮")
    assert keys.pair_of(renamed).certificate != pair.certificate
    settings.SECRET_KEY = "another"
    with pytest.raises(KeyLocked):
        keys.authority()


def test_a_person_who_leaves_takes_the_key_along(settings, tmp_path):
    settings.HAISHI_HOME = tmp_path
    keys.pair_of(who(1))
    keys.forget(90)
    assert len(list((tmp_path / "secrets").iterdir())) == 2
    keys.forget(901)
    assert [file.name for file in (tmp_path / "secrets").iterdir()] == ["paper-authority.pem"]


# What independent programs say. `pyhanko` comes with pyhanko-cli, `pdfsig` with poppler-utils.
PYHANKO, PDFSIG = Path(sys.executable).with_name("pyhanko"), shutil.which("pdfsig")


def said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def files(signed: bytes, tmp_path: Path) -> Path:
    (tmp_path / "signed.pdf").write_bytes(signed)
    (tmp_path / "altered.pdf").write_bytes(altered(signed, b"ReportLab"))
    (tmp_path / "root.pem").write_bytes(keys.root_pem())
    return tmp_path


def test_the_command_line_of_pyhanko_agrees(files):
    command = [str(PYHANKO), "sign", "validate", "--trust", str(files / "root.pem")]
    command += ["--trust-replace", "--pretty-print"]
    good = said(*command, str(files / "signed.pdf"))
    assert good.count("The signature is judged VALID.") == 5
    bad = said(*command, str(files / "altered.pdf"))
    assert bad.count("The signature is judged INVALID.") == 5


@pytest.mark.skipif(PDFSIG is None, reason="poppler-utils is not installed")
def test_pdfsig_agrees(files):
    good = said(str(PDFSIG), "-nocert", str(files / "signed.pdf"))
    assert good.count("Signature Validation: Signature is Valid.") == 5
    assert re.findall(r"Common Name: (.+)", good) == list(NAMES)
    assert (good.count("Not total document signed"), good.count("Total document signed")) == (4, 1)
    bad = said(str(PDFSIG), "-nocert", str(files / "altered.pdf"))
    assert bad.count("Signature Validation: Digest Mismatch.") == 5


def issue(lin, count: int = 2):
    parties = [Bilingual("蓬莱影业", "Penglai Pictures"), Bilingual("海州会展局")]
    return registry.issue(lin, paper(count), kind=Bilingual("合同", "Contract"), parties=parties)


def add(lin, row, n: int) -> PaperRevision:
    before = registry.latest(row.pk)
    pdf = sign(before.content, f"party-{n}", who(n))
    return registry.add_signature(lin, row.pk, before, pdf, who(n).organisation)


def rewrite(revision: PaperRevision, content: bytes, sha256: str) -> None:
    """What somebody with the database could do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE foundation_paperrevision DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE foundation_paperrevision SET content = %s, sha256 = %s WHERE id = %s",
            [content, sha256, revision.pk],
        )
        cursor.execute("ALTER TABLE foundation_paperrevision ENABLE TRIGGER USER")


@pytest.mark.django_db
class TestKept:
    def test_each_signature_is_a_revision_with_its_hash_in_the_audit_chain(self, lin):
        row = issue(lin)
        add(lin, row, 1)
        add(lin, row, 2)
        states = registry.revisions(row)
        assert [(one.number, one.sequence, one.holds) for one in states] == [
            (n, None, False) for n in (2, 1, 0)
        ]
        audit.seal()
        states = registry.revisions(row)
        assert [(one.signed_for, one.holds) for one in states] == [
            ("第 2 方有限公司", True), ("第 1 方有限公司", True), ("", True),
        ]  # fmt: skip
        entries = AuditEntry.objects.filter(action__startswith="paper.").order_by("-pk")
        assert [entry.detail["sha256"] for entry in entries] == [one.sha256 for one in states]

    @pytest.mark.parametrize("hash_too", [False, True])
    def test_bytes_that_were_altered_in_the_database_are_not_signed(self, lin, hash_too):
        row = issue(lin)
        kept = registry.latest(row.pk)
        other = kept.content + b"\n% more"
        digest = hashlib.sha256(other).hexdigest() if hash_too else kept.sha256
        rewrite(kept, other, digest)
        with pytest.raises(PaperAltered):
            registry.latest(row.pk)
        with pytest.raises(PaperAltered):
            registry.add_signature(lin, row.pk, kept, sign(kept.content, "party-1", who(1)), "甲")
        assert row.revisions.count() == 1

    def test_a_file_that_does_not_continue_what_is_kept_is_refused(self, lin):
        row = issue(lin)
        kept = registry.latest(row.pk)
        other = altered(kept.content, b"ReportLab")
        for pdf in (sign(other, "party-1", who(1)), kept.content, b""):
            with pytest.raises(PaperAltered):
                registry.add_signature(lin, row.pk, kept, pdf, "甲")
        assert row.revisions.count() == 1

    def test_two_who_sign_at_once_do_not_lose_a_signature(self, lin):
        row = issue(lin)
        before = registry.latest(row.pk)
        first = sign(before.content, "party-1", who(1))
        second = sign(before.content, "party-2", who(2))
        registry.add_signature(lin, row.pk, before, first, "甲")
        with pytest.raises(PaperMovedOn):
            registry.add_signature(lin, row.pk, before, second, "乙")
        assert [fact.signed for fact in verify(registry.latest(row.pk).content)] == [True, False]

    @pytest.mark.parametrize("verb", ["UPDATE {} SET sha256 = ''", "DELETE FROM {}"])
    def test_the_database_refuses_to_change_what_was_signed(self, lin, verb):
        issue(lin)
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(verb.format("foundation_paperrevision"))


def upload(client, row, pdf: bytes):
    file = SimpleUploadedFile("paper.pdf", pdf, "application/pdf")
    return client.post(f"/papers/{row.code}/", {"file": file})


@pytest.mark.django_db
class TestPage:
    def test_anybody_sees_number_parties_and_hash_and_nothing_of_the_text(self, client, lin):
        row = issue(lin)
        audit.seal()
        page = client.get(f"/papers/{row.code.lower()}/").content.decode().replace("<wbr>", "")
        for words in (
            "HT0001",
            "蓬莱影业",
            registry.latest(row.pk).sha256,
            "审计链已核实",
            "第十三条",
        ):
            assert words in page
        assert "永不落幕。永不落幕" not in page
        assert client.get("/papers/NOSUCHCODE22/").status_code == 404

    def test_a_file_is_compared_with_the_newest_and_with_older_revisions(self, client, lin):
        row = issue(lin)
        old = registry.latest(row.pk).content
        add(lin, row, 1)
        new = registry.latest(row.pk).content
        assert "最新版本逐字节相同" in upload(client, row, new).content.decode()
        assert "这是较早的版本" in upload(client, row, old).content.decode()
        page = upload(client, row, new + b"\n").content.decode()
        assert ("任何版本都不相同" in page, "签署之后文件被改动" in page) == (True, False)
        broken = altered(new, b"ReportLab")
        assert "签署的内容被改动" in upload(client, row, broken).content.decode()

    def test_what_is_no_pdf_is_refused_and_checks_are_limited(self, client, lin):
        row = issue(lin)
        answers = [upload(client, row, b"not a paper") for _n in range(21)]
        assert [answer.status_code for answer in answers] == [422] * 20 + [429]
        assert "这不是可以读取的 PDF 文件" in answers[0].content.decode()

    def test_the_root_certificate_is_for_everybody(self, client):
        answer = client.get("/papers/root.pem")
        assert answer.content == keys.root_pem()
        assert b"PRIVATE" not in answer.content
