"""A booth page: the exhibitor with its people, pictures, documents and exhibits."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from haishi.catalogue import selectors as catalogue
from haishi.expo import selectors as expo
from haishi.expo.states import EditionState, StepKind
from haishi.foundation.addresses import address
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.errors import NotFound
from haishi.foundation.places import place_name
from haishi.foundation.types import Actor
from haishi.launches import selectors as launches
from haishi.live import selectors as live
from haishi.media import selectors as media
from haishi.parties.states import Side
from haishi.portal.selectors.cards import LiveCard, share_image
from haishi.portal.selectors.structured import json_ld
from haishi.trade import selectors as trade

ICONS = {
    StepKind.ENQUIRE: "enquire",
    StepKind.CARD: "card",
    StepKind.MEET: "calendar",
    StepKind.LINK: "external",
}
ROUTES = {StepKind.ENQUIRE: "expo:enquire", StepKind.CARD: "expo:leave_card"}
ACCENTS = {"qing": "qing", "jiang": "jiang", "sha": "sha", "dian": "lan", "zi": "zi", "song": "cao"}


@dataclass(slots=True)
class StepButton:
    """A next step as a button."""

    label: Any
    url: str
    icon: str
    external: bool


@dataclass(slots=True)
class Person:
    """A colleague at the booth."""

    name: Bilingual
    title: Bilingual


@dataclass(slots=True)
class Paper:
    """A document to download."""

    name: str
    url: str
    detail: str


@dataclass(slots=True)
class Video:
    """A video with its poster."""

    url: str
    content_type: str
    poster: str


@dataclass(slots=True)
class BoothPage:
    """Everything a booth page shows."""

    id: int
    firm: Bilingual
    title: str
    headline: Bilingual
    summary: str
    intro: Bilingual
    place: str
    template: str
    accent: str
    verified: bool
    sides: list[Any]
    reply: str
    note: str
    organisation_url: str
    trail: list[dict[str, Any]]
    facts: list[tuple[str, Any, str]]
    steps: list[StepButton]
    staff: list[Person]
    documents: list[Paper]
    banner: Any
    logo: str
    video: Video | None
    pictures: list[Any]
    exhibits: list[Any]
    launches: list[Any]
    lives: list[LiveCard]
    exhibit_count: int
    share_image: str
    structured_data: str


def booth_page(actor: Actor, edition_slug: str, exhibitor_id: int) -> BoothPage:
    """A booth by who may see it. Raises NotFound, also under another edition's address."""
    found = expo.booth_page(actor, exhibitor_id)
    row = found.exhibitor
    if row.edition.slug != edition_slug:
        raise NotFound
    firm = row.organisation
    exhibits = catalogue.exhibits_of(row.pk)
    lives = live.of_booth(row.pk) if found.shown else []
    files = media.attachments([*found.media_ids, *found.document_ids, found.video_id])
    pictures = media.pictures(
        [
            row.banner_asset_id,
            firm.logo_asset_id,
            *(each.picture_id for each in exhibits),
            *(each.poster_asset_id for each in lives),
        ]
    )
    _dress(exhibits, pictures, on_sale=found.shown and row.edition.state == EditionState.OPEN)
    logo = pictures.get(firm.logo_asset_id or 0)
    banner = pictures.get(row.banner_asset_id or 0)
    headline = row.title or firm.title
    return BoothPage(
        id=row.pk,
        firm=firm.title,
        title=f"{headline} · {firm.title}",
        headline=headline,
        summary=str(Bilingual(row.intro, row.intro_en))[:150],
        intro=Bilingual(row.intro, row.intro_en),
        place=_place(row),
        template=row.template,
        accent=ACCENTS[row.colour],
        verified=firm.verified_at is not None,
        sides=[Side(side).label for side in firm.sides],
        reply=_reply(row.pk),
        note=_note(found),
        organisation_url=firm.get_absolute_url(),
        trail=_trail(row),
        facts=_facts(row),
        steps=[_button(step, row) for step in found.steps] if found.shown else [],
        staff=[_person(each.person) for each in found.staff],
        documents=[_paper(files[pk]) for pk in found.document_ids if pk in files],
        banner=banner,
        logo=logo.url(320) if logo else "",
        video=_video(files.get(found.video_id or 0)),
        pictures=[files[pk].picture for pk in found.media_ids if pk in files and files[pk].picture],
        exhibits=exhibits,
        launches=launches.of_exhibitor(row.pk) if found.shown else [],
        lives=[LiveCard(each, pictures.get(each.poster_asset_id or 0)) for each in lives],
        exhibit_count=row.exhibit_count,
        share_image=share_image(banner),
        structured_data=_structured(row, logo),
    )


def _dress(exhibits: list[Any], pictures: dict[int, Any], *, on_sale: bool) -> None:
    """Give exhibits their pictures and, where they are sold directly, the way to buy them."""
    for each in exhibits:
        each.picture = pictures.get(each.picture_id or 0)
    for each in trade.sold_directly(exhibits) if on_sale else ():
        each.buy_url = address("trade:buy", each.slug)


def _structured(row: Any, logo: Any) -> str:
    firm = row.organisation
    return json_ld(
        "Organization",
        name=firm.name,
        alternateName=firm.name_en,
        description=row.intro[:300],
        url=settings.PUBLIC_URL + firm.get_absolute_url(),
        logo=settings.PUBLIC_URL + logo.url(320) if logo else "",
    )


def _place(row: Any) -> str:
    if row.booth is None:
        return str(row.edition.title)
    return f"{row.booth.hall.title} · {row.booth.code}"


def _reply(exhibitor_id: int) -> str:
    pace = expo.response_pace(exhibitor_id)
    if pace is None:
        return ""
    return _("通常 %(hours)d 小时内回复") % {"hours": max(1, round(pace))}


def _note(found: Any) -> str:
    if found.exhibitor.edition.state == EditionState.CLOSED:
        return _("本届展会已归档，页面保留供查阅。")
    return "" if found.shown else _("这是预览：展位通过审核并布置完整后，观众才能看到。")


def _trail(row: Any) -> list[dict[str, Any]]:
    trail = [{"label": row.edition.title, "url": row.edition.get_absolute_url()}]
    if row.booth:
        url = address("portal:hall", row.edition.slug, row.booth.hall.slug)
        trail.append({"label": row.booth.hall.title, "url": url})
    return [*trail, {"label": row.organisation.title, "url": ""}]


def _facts(row: Any) -> list[tuple[str, Any, str]]:
    firm = row.organisation
    facts: list[tuple[str, Any, str]] = []
    if row.booth:
        hall = address("portal:hall", row.edition.slug, row.booth.hall.slug)
        facts.append((_("展位"), f"{row.booth.hall.title} {row.booth.code}", hall))
    facts.append((_("单位"), firm.title, firm.get_absolute_url()))
    if firm.city:
        facts.append((_("城市"), place_name(firm.city), ""))
    if firm.founded:
        facts.append((_("成立"), firm.founded, ""))
    return facts


def _button(step: Any, row: Any) -> StepButton:
    label = Bilingual(step.label, step.label_en) or StepKind(step.kind).label
    external = step.kind == StepKind.LINK
    if external:
        url = step.url
    else:
        # A meeting is asked for by an enquiry until the calendar of meetings takes over.
        route = ROUTES.get(step.kind, "expo:enquire")
        url = address(route, row.edition.slug, row.pk)
        if step.kind == StepKind.MEET:
            url += "?about=meeting"
    return StepButton(label, url, ICONS[StepKind(step.kind)], external)


def _person(person: Any) -> Person:
    return Person(person.full_name, Bilingual(person.title, person.title_en))


def _paper(file: Any) -> Paper:
    pages = _("%d 页") % file.pages if file.pages else ""
    return Paper(
        str(file.title), file.url, " · ".join(part for part in (pages, file.size_words) if part)
    )


def _video(file: Any) -> Video | None:
    if file is None:
        return None
    return Video(file.url, file.content_type, file.picture.url(1280) if file.picture else "")
