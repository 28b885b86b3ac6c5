"""A small expo with people in it, for the journeys: `python -m journeys.cast` beside a home.

Everything goes through the services, as the people themselves would have done it.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

PASSWORD = "journeys-2026-haizhou"
EDITION = "haizhou-2026"
CHEN, GU = "chen@haizhou.example", "gu@haizhou.example"
LIN, ZHOU = "lin@qingya.example", "zhou@qingya.example"
SU = "su@visitors.example"
RUAN = "ruan@visitors.example"  # keeps a passkey, so nobody else signs in by this name
OPERATOR = "shen@haishi.example"
# One newcomer for each width, so that no journey meets another's firm.
NEWCOMERS = {1280: "liang@baitu.example", 390: "tang@baitu.example"}
# Three firms that quote, with their owners.
BIDDERS = {
    "he@bidders.example": ("贺知舟", "weifang-kites", "潍坊风筝厂"),
    "lu@bidders.example": ("陆青禾", "qingdao-gifts", "青岛礼品社"),
    "wen@bidders.example": ("温可", "yantai-works", "烟台工坊"),
}
# Who owns the firms of the expo that share in a contract, beside 林海 who brought them there.
PARTNERS = {
    "hao@penglai.example": ("郝川", "penglai"),
    "qiao@dongchang.example": ("乔安", "dongchang"),
}
PEOPLE = {
    **{email: name for email, (name, _slug) in PARTNERS.items()},
    **{email: name for email, (name, _slug, _firm) in BIDDERS.items()},
    OPERATOR: "沈括山",
    CHEN: "陈砚",
    GU: "顾澄",
    LIN: "林海",
    ZHOU: "周遥",
    SU: "苏晚",
    RUAN: "阮青",
    NEWCOMERS[1280]: "梁知白",
    NEWCOMERS[390]: "唐知秋",
}
# slug, name, English name, city, motif of its pictures
FIRMS = (
    ("qingya", "青崖风筝坊", "Qingya Kites", "潍坊", "kite"),
    ("penglai", "蓬莱影业", "Penglai Pictures", "烟台", "tide"),
    ("dongchang", "东昌木版年画社", "Dongchang Prints", "聊城", "book"),
)
WORKS = {
    "qingya": ("沙燕风筝", "龙头蜈蚣风筝", "风筝骨架材料包"),
    "penglai": ("潮汐短片集", "海市光影装置", "老港声音档案"),
    "dongchang": ("门神木版年画", "年画数字纹样库", "年画拓印课"),
}
HEADLINES = {"qingya": "把风请进屋里", "penglai": "光影里的海", "dongchang": "一版一印，年年有声"}


def main() -> None:
    """Fill an empty platform."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haishi.config.settings")
    import django

    django.setup()
    from haishi.foundation import outbox

    people = _people()
    edition, hall = _expo(people)
    for number, firm in enumerate(FIRMS):
        _firm(people, edition, hall, number, firm)
    _programme(edition)
    _bidders(people)
    outbox.drain(rounds=100)


def _people() -> dict[str, Any]:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password

    from haishi.parties.models import Person

    password = make_password(PASSWORD)
    rows = {}
    for email, name in PEOPLE.items():
        row = Person.objects.create(
            email=email, name=name, password=password, is_staff=email == OPERATOR
        )
        EmailAddress.objects.create(user=row, email=email, verified=True, primary=True)
        rows[email] = row
    return rows


def _expo(people: dict[str, Any]) -> tuple[Any, Any]:
    from haishi.catalogue import services as catalogue
    from haishi.expo import selectors, services
    from haishi.foundation import clock
    from haishi.foundation.types import SYSTEM
    from haishi.parties import services as parties

    chen = people[CHEN]
    bureau = parties.create_organisation(chen, "海州数字文化博览局", slug="haizhou", city="海州")
    parties.make_organiser(SYSTEM, bureau.pk, CHEN)
    for duty in ("reviewer", "moderator"):
        parties.appoint(chen, bureau.pk, people[GU].pk, duty)
    for order, (slug, name, name_en) in enumerate(
        (("handcraft", "手工艺", "Handcraft"), ("moving", "影像与声音", "Film and sound"))
    ):
        catalogue.make_category(SYSTEM, slug, name, name_en, None, order)
    series = services.create_series(chen, bureau.pk, slug="haizhou-expo", name="海州数字文化博览会")
    now = clock.now()
    made = services.create_edition(
        chen,
        series.pk,
        slug=EDITION,
        name="2026 海州数字文化博览会",
        name_en="Haizhou Digital Culture Expo 2026",
        theme="东方云海，有市于空",
        about="三家单位、九件展品、一座不落幕的展馆。",
        city="海州",
        venue="东海会展中心",
        opens_at=now - dt.timedelta(days=1),
        closes_at=now + dt.timedelta(days=3),
        apply_until=now + dt.timedelta(days=2),
    )
    services.open_edition(chen, made.pk)
    hall = services.add_hall(
        chen,
        made.pk,
        slug="craft",
        code="A",
        name="数字文化馆",
        name_en="Digital Culture Hall",
        summary="手艺、影像与年画。",
        width=400,
        depth=200,
    )
    services.add_rows(
        chen,
        hall.pk,
        hall.version,
        prefix="A",
        x=20,
        y=20,
        rows=2,
        columns=6,
        width=40,
        depth=30,
        aisle=40,
    )
    return selectors.get_edition_by_id(SYSTEM, made.pk), hall


def _bidders(people: dict[str, Any]) -> None:
    from haishi.parties import selectors as parties_selectors
    from haishi.parties import services as parties
    from haishi.parties.models import Membership

    for email, (_name, slug, firm) in BIDDERS.items():
        parties.create_organisation(people[email], firm, slug=slug, city="青岛", sides=["supply"])
    for email, (_name, slug) in PARTNERS.items():
        firm = parties_selectors.get_organisation(slug)
        Membership.objects.create(organisation=firm, person=people[email], role="owner")


def _picture(organisation_id: int, draw: str, seed: int, motif: str, alt: str) -> int:
    from haishi.config.demo import art
    from haishi.foundation.types import SYSTEM
    from haishi.media import services as media

    svg = getattr(art, draw)(seed, motif)
    row = media.import_generated(
        SYSTEM, organisation_id, art.encode(svg, ".jpg", 82, 0.5), name=f"{draw}.jpg", alt=alt,
        formats=("jpg",),
    )  # fmt: skip
    return row.pk


def _firm(people: dict[str, Any], edition: Any, hall: Any, number: int, firm: Any) -> None:
    from haishi.expo import services
    from haishi.expo.models import Booth, Tier
    from haishi.expo.types import StaffMember, Step
    from haishi.parties import services as parties

    slug, name, name_en, city, motif = firm
    lin, gu = people[LIN], people[GU]
    organisation = parties.create_organisation(
        lin,
        name,
        name_en=name_en,
        slug=slug,
        city=city,
        sides=["supply"],
        about=f"{name}在{city}。",
    )
    row = services.apply(
        lin, edition.pk, organisation.pk, plan=f"{name}携三件展品参展，希望与采购商对接。"
    )
    services.submit(lin, row.pk)
    booth = Booth.objects.filter(hall=hall).order_by("code")[number]
    tier = Tier.objects.filter(edition=edition).order_by("-rank")[0]
    row = services.approve(gu, row.pk, tier_id=tier.pk, booth_id=booth.pk)
    row = services.set_up_booth(
        lin,
        row.pk,
        row.version,
        headline=HEADLINES[slug],
        headline_en=name_en,
        intro=f"{name}来自{city}，三代人做一件事：把老手艺放进今天的生活。"
        "展位上的每件作品都可以现场询价，也欢迎定制。",
        template=("gallery", "shelf", "stage")[number],
        colour=("qing", "dian", "sha")[number],
    )
    banner = _picture(organisation.pk, "booth_banner", number + 3, motif, name)
    services.set_media(lin, row.pk, banner=banner, pictures=[])
    staff = [StaffMember(people[LIN].pk)]
    if slug == "qingya":
        invited = parties.invite_member(lin, organisation.pk, ZHOU, "staff")
        parties.accept_invitation(people[ZHOU], parties.invitation_token(invited.pk))
        staff.append(StaffMember(people[ZHOU].pk))
    services.set_staff(lin, row.pk, staff)
    services.set_steps(lin, row.pk, [Step("enquire"), Step("card")])
    _works(people, organisation, row, number, motif, WORKS[slug])


def _works(
    people: dict[str, Any], organisation: Any, exhibitor: Any, number: int, motif: str, works: Any
) -> None:
    from haishi.catalogue import services
    from haishi.catalogue.models import Category

    category = Category.objects.order_by("order")[min(number % 2, 1)]
    for order, name in enumerate(works):
        picture = _picture(organisation.pk, "product_picture", 10 * number + order, motif, name)
        row = services.create(
            people[LIN],
            organisation.pk,
            category_id=category.pk,
            name=name,
            name_en=f"{organisation.name_en} No. {order + 1}",
            summary=f"{name}，出自{organisation.name}。",
            description=f"{name}由{organisation.name}制作，一件一检，附工艺说明。",
            price_mode="fixed" if order else "request",
            price_minor=12_800 * order or None,
            unit="件",
            picture_ids=[picture],
        )
        services.submit(people[LIN], row.pk)
        services.approve(people[GU], row.pk)
        services.exhibit(people[LIN], exhibitor.pk, row.pk, featured=order == 0)


def _programme(edition: Any) -> None:
    from haishi.expo import services
    from haishi.foundation import clock
    from haishi.foundation.types import SYSTEM

    stage = services.save_stage(
        SYSTEM, edition.pk, slug="main", name="主舞台", name_en="Main stage"
    )
    track = services.save_track(
        SYSTEM, edition.pk, slug="craft", name="手艺", name_en="Craft", colour=1
    )
    speaker = services.create_speaker(
        SYSTEM, edition.pk, name="苏木", name_en="Su Mu", title="风筝师"
    )
    start = clock.now().replace(minute=0, second=0, microsecond=0)
    for number, title in enumerate(("风筝的骨与皮", "年画里的声音")):
        row = services.create_session(
            SYSTEM, edition.pk, track_id=track.pk, title=title, speakers=[speaker.pk]
        )
        services.decide(SYSTEM, row.pk, "confirm")
        services.place(
            SYSTEM, row.pk, row.version + 1, stage.pk, start + dt.timedelta(hours=1 + number), 50
        )
    services.release(SYSTEM, edition.pk, "首版日程")


if __name__ == "__main__":
    main()
