"""Booths and exhibitors from a table: every bad line is reported and nothing is half imported."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from haishi.expo import policies, selectors
from haishi.expo.errors import (
    BoothCodesRepeated,
    BoothSizeRefused,
    BoothsOverlap,
)
from haishi.expo.events import BoothChanged, ExhibitorApproved
from haishi.expo.models import Booth, Edition, Exhibitor, Hall, Tier
from haishi.expo.services.floor import check_plan, save_plan
from haishi.expo.states import ExhibitorState
from haishi.expo.types import Place
from haishi.foundation import audit, clock
from haishi.foundation.errors import Forbidden, Invalid
from haishi.foundation.outbox import publish
from haishi.foundation.service import service
from haishi.foundation.sheets import BadLine, BadSheet, check_rows, read_rows
from haishi.foundation.types import SYSTEM, Actor
from haishi.parties import selectors as parties
from haishi.parties import services as parties_services
from haishi.parties.states import Role

BOOTH_COLUMNS = {
    "展馆代码": "hall", "Hall code": "hall", "展位号": "code", "Booth": "code",
    "左起（米）": "x", "From left (m)": "x", "上起（米）": "y", "From top (m)": "y",
    "宽（米）": "width", "Width (m)": "width", "深（米）": "depth", "Depth (m)": "depth",
}  # fmt: skip
EXHIBITOR_COLUMNS = {
    "单位名称": "name", "Organisation": "name", "英文名称": "name_en", "English name": "name_en",
    "城市": "city", "City": "city", "级别": "tier", "Tier": "tier",
    "展位号": "booth", "Booth": "booth", "联系邮箱": "email", "Contact e-mail": "email",
    "参展计划": "plan", "Plan": "plan",
}  # fmt: skip


def _decimetres(row: dict[str, str], field: str) -> int:
    try:
        tenths = Decimal(row[field]) * 10
    except InvalidOperation:
        tenths = Decimal("NaN")
    if not tenths.is_finite() or tenths != int(tenths) or not 0 <= tenths <= 20_000:
        raise Invalid(_("“%(value)s”不是有效的米数，最多一位小数"), value=row[field])
    return int(tenths)


@service
def import_booths(actor: Actor, edition_id: int, content: bytes) -> int:
    """Add booths, or move those whose code exists; returns how many lines.

    Raises NotFound, Forbidden, Invalid for a file that is no table, BadSheet with all bad lines.
    """
    edition = selectors.lock_edition(actor, edition_id)
    halls = {hall.code.upper(): hall for hall in selectors.halls_of(edition)}
    rows = read_rows(content, BOOTH_COLUMNS)

    def parse(row: dict[str, str]) -> tuple[Hall, Place]:
        hall = halls.get(row["hall"].upper())
        if hall is None:
            raise Invalid(_("没有代码为“%(code)s”的展馆"), code=row["hall"])
        lengths = [_decimetres(row, name) for name in ("x", "y", "width", "depth")]
        return hall, Place(row["code"], *lengths)

    parsed = check_rows(rows, parse)
    lines = [line for line, _row in rows]
    floors: dict[int, list[tuple[int, Place]]] = defaultdict(list)
    for line, (hall, place) in zip(lines, parsed, strict=True):
        floors[hall.pk].append((line, place))
    plans = {pk: _joined(hall, floors[pk]) for pk, hall in _by_id(halls).items() if pk in floors}
    bad = [
        wrong
        for pk, places in plans.items()
        for wrong in _wrong_lines(_by_id(halls)[pk], floors[pk], places)
    ]
    if bad:
        raise BadSheet(sorted(bad, key=lambda one: one.line))
    for pk, places in plans.items():
        save_plan(actor, pk, _by_id(halls)[pk].version, places=places)
    return len(lines)


def _by_id(halls: dict[str, Hall]) -> dict[int, Hall]:
    return {hall.pk: hall for hall in halls.values()}


def _joined(hall: Hall, new: list[tuple[int, Place]]) -> list[Place]:
    """The hall's floor with the lines in it; a known code keeps its booth."""
    known = {place.code: place for place in selectors.places(hall)}
    placed = [
        Place(p.code, p.x, p.y, p.width, p.depth, known[p.code].id if p.code in known else None)
        for _line, p in new
    ]
    codes = {place.code for place in placed}
    return [*(place for code, place in known.items() if code not in codes), *placed]


def _wrong_lines(hall: Hall, new: list[tuple[int, Place]], places: list[Place]) -> list[BadLine]:
    counts = Counter(place.code for _line, place in new)
    repeated = [
        BadLine(line, _("展位号“%(code)s”重复") % {"code": place.code})
        for line, place in new
        if counts[place.code] > 1
    ]
    if repeated:
        return repeated
    try:
        check_plan(hall, places)
    except (BoothCodesRepeated, BoothSizeRefused, BoothsOverlap) as error:
        wrong = set(error.values["codes"])
        messages = {
            BoothCodesRepeated: _("展位号“%(code)s”为空或过长"),
            BoothSizeRefused: _("展位“%(code)s”的边长应在 1 米到 200 米之间"),
            BoothsOverlap: _("展位“%(code)s”与其他展位重叠，或超出了展馆边界"),
        }
        found = [
            BadLine(line, messages[type(error)] % {"code": place.code})
            for line, place in new
            if place.code in wrong
        ]
        return found or [BadLine(new[0][0], str(error))]
    return []


@dataclass(frozen=True)
class _Firm:
    """One line of the list of exhibitors, checked."""

    name: str
    name_en: str
    city: str
    email: str
    plan: str
    tier: Tier
    booth: Booth | None
    organisation_id: int | None


@service
def import_exhibitors(actor: Actor, edition_id: int, content: bytes) -> int:
    """Let firms take part by a list, approved at once; returns how many.

    A firm the platform does not know is registered and its contact invited to own it. Raises
    NotFound, Forbidden, Invalid for a file that is no table, BadSheet with all bad lines.
    """
    edition = selectors.get_edition_by_id(actor, edition_id)
    if not policies.can_review(actor, edition):
        raise Forbidden
    rows = read_rows(content, EXHIBITOR_COLUMNS)
    reader = _FirmReader(edition, [row for _line, row in rows])
    firms = check_rows(rows, reader.parse)
    for firm in firms:
        _admit(actor, edition, firm)
    return len(firms)


class _FirmReader:
    """Checks the lines against what the edition holds, read once for all lines."""

    def __init__(self, edition: Edition, rows: list[dict[str, str]]) -> None:
        names = [row["name"] for row in rows]
        tiers = list(selectors.tiers_of(edition))
        self.tiers = {key.lower(): tier for tier in tiers for key in (tier.name, tier.slug)}
        self.booths: dict[str, list[Booth]] = defaultdict(list)
        for booth in Booth.objects.filter(hall__edition=edition).select_for_update():
            self.booths[booth.code].append(booth)
        placed = Exhibitor.objects.filter(edition=edition).values_list("booth_id", flat=True)
        self.taken = {pk for pk in placed if pk}
        self.known: dict[str, list[int]] = defaultdict(list)
        for row in parties.organisations().filter(name__in=names):
            self.known[row.name].append(row.pk)
        firms = Exhibitor.objects.filter(edition=edition)
        self.present = set(firms.values_list("organisation_id", flat=True))
        self.counts = Counter(names)
        self.wanted = Counter(row["booth"] for row in rows if row["booth"])

    def parse(self, row: dict[str, str]) -> _Firm:
        """Raises Invalid with what is wrong with the line."""
        organisation_id = self._organisation(row)
        tier = self.tiers.get(row["tier"].lower())
        if tier is None:
            raise Invalid(_("没有“%(tier)s”这个级别"), tier=row["tier"])
        booth = self._booth(row["booth"]) if row["booth"] else None
        if row["email"] or organisation_id is None:
            try:
                validate_email(row["email"])
            except ValidationError:
                raise Invalid(_("邮箱“%(email)s”无效"), email=row["email"]) from None
        long = [key for key, n in (("name", 80), ("name_en", 120), ("city", 40), ("plan", 2000))
                if len(row[key]) > n]  # fmt: skip
        if long:
            raise Invalid(_("文字过长：%(value)s…"), value=row[long[0]][:20])
        return _Firm(
            row["name"], row["name_en"], row["city"], row["email"], row["plan"], tier, booth,
            organisation_id,
        )  # fmt: skip

    def _organisation(self, row: dict[str, str]) -> int | None:
        name = row["name"]
        if not name:
            raise Invalid(_("缺少单位名称"))
        if self.counts[name] > 1:
            raise Invalid(_("“%(name)s”在表里出现了多次"), name=name)
        found = self.known.get(name, [])
        if len(found) > 1:
            raise Invalid(_("有多家单位叫“%(name)s”，请在页面上逐一处理"), name=name)
        if found and found[0] in self.present:
            raise Invalid(_("“%(name)s”已在本届展会"), name=name)
        return found[0] if found else None

    def _booth(self, code: str) -> Booth:
        found = self.booths.get(code, [])
        if len(found) != 1:
            raise Invalid(_("没有展位“%(code)s”，或各馆有重号"), code=code)
        if found[0].pk in self.taken or self.wanted[code] > 1:
            raise Invalid(_("展位“%(code)s”已分配给别的参展商"), code=code)
        return found[0]


def _admit(actor: Actor, edition: Edition, firm: _Firm) -> None:
    organisation_id = firm.organisation_id
    if organisation_id is None:
        # The platform registers it: the organiser must not become the owner of somebody's firm.
        organisation = parties_services.create_organisation(
            SYSTEM, firm.name, name_en=firm.name_en, city=firm.city
        )
        organisation_id = organisation.pk
        parties_services.invite_member(SYSTEM, organisation_id, firm.email, Role.OWNER)
    now = clock.now()
    exhibitor = Exhibitor.objects.create(
        edition=edition,
        organisation_id=organisation_id,
        tier=firm.tier,
        booth=firm.booth,
        plan=firm.plan,
        state=ExhibitorState.APPROVED,
        submitted_at=now,
        decided_at=now,
        decided_by_id=actor.pk,
    )
    audit.record(actor, "exhibitor.imported", exhibitor, organisation=organisation_id)
    publish(ExhibitorApproved(organisation_id, exhibitor.pk))
    publish(BoothChanged(organisation_id, exhibitor.pk))
