"""The paper of a first launch: what it states, and how it is set."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.utils import translation

from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.papers import Facts, Heading, Paper, Paragraph, Words, compose
from haishi.launches.models import Allotment, Launch


def facts_of(launch: Launch, sale: Allotment | None, sold: int, digest: str) -> dict[str, Any]:
    """What a certificate states, as plain values; the same facts give the same file."""
    firm, edition = launch.exhibitor.organisation, launch.exhibitor.edition
    assert launch.unveil_at is not None
    facts = {
        "name": [launch.name, launch.name_en],
        "firm": [firm.name, firm.name_en],
        "edition": [edition.name, edition.name_en],
        "unveiled": clock.local(launch.unveil_at, edition.time_zone).isoformat(),
        "zone": edition.time_zone,
    }
    if sale is None:
        return facts
    return facts | {"rule": _both(sale), "quota": sale.quota, "sold": sold, "digest": digest}


def _both(sale: Allotment) -> list[str]:
    words = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            words.append(str(sale.get_rule_display()))
    return words


def write(number: str, url: str, facts: dict[str, Any]) -> bytes:
    """The PDF. Raises FontMissing."""
    at = dt.datetime.fromisoformat(facts["unveiled"])
    rows: list[tuple[Words, Words]] = [
        (Bilingual("证书编号", "Number"), number),
        (Bilingual("新品", "Product"), Bilingual(*facts["name"])),
        (Bilingual("发布单位", "Launched by"), Bilingual(*facts["firm"])),
        (Bilingual("展会", "Expo"), Bilingual(*facts["edition"])),
        (
            Bilingual("揭幕时刻", "Unveiled at"),
            f"{at:%Y-%m-%d %H:%M:%S} ({facts['zone']}, UTC{at:%z})",
        ),
    ]
    if "quota" in facts:
        rows += [
            (Bilingual("发售规则", "Rule of the sale"), Bilingual(*facts["rule"])),
            (Bilingual("首发数量", "Quota"), str(facts["quota"])),
            (Bilingual("首发售出", "Sold"), str(facts["sold"])),
        ]
        if facts["digest"]:
            rows.append((Bilingual("抽签号码摘要", "Digest of the draw"), facts["digest"]))
    statement = Bilingual(
        "兹证明：上述新品于所载时刻在本平台首次公开发布，此前未向任何访客展示。",
        "This certifies that the product named above was first made public on this platform at the "
        "stated instant and was shown to no visitor before it.",
    )
    check = Bilingual(
        f"编号与本文件的 SHA-256 已写入防篡改的审计链。扫描右上角的二维码，或打开 {url} 核验。",
        "The number and the SHA-256 of this file stand in the tamper-evident audit chain. Scan the "
        "code at the top, or open the address above, to check it.",
    )
    paper = Paper(
        number=number,
        title=Bilingual("首发证书", "First launch certificate"),
        blocks=(
            Paragraph(statement),
            Heading(Bilingual("所载事实", "Facts")),
            Facts(tuple(rows)),
            Paragraph(check, small=True),
        ),
        verify_url=settings.PUBLIC_URL + url,
    )
    return compose(paper).pdf
