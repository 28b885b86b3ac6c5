"""People and firms: demo accounts that can sign in, firms with their colleagues, visitors."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from haishi.config.demo import names
from haishi.config.demo.load.world import World
from haishi.foundation import clock
from haishi.parties.models import Membership, Organisation, OrganiserDuty, Person
from haishi.parties.states import Role

PASSWORD = "haishi-demo-2026"  # noqa: S105 - printed beside the accounts, of the demo only
ORGANISER = ("海州数字文化博览局", "Haizhou Digital Culture Expo Bureau", "haizhou")
# (key, address, name, English name, what the account is)
ACCOUNTS = (
    ("operator", "operator@haishi.example", "沈括山", "Shen Kuoshan", "平台运营 · operator"),
    ("finance", "finance@haishi.example", "卫朴", "Wei Pu", "平台财务 · finance operator"),
    ("owner", "organiser@haishi.example", "陈砚", "Chen Yan", "主办负责人 · organiser"),
    ("reviewer", "reviewer@haishi.example", "顾澄", "Gu Cheng", "审核员 · reviewer"),
    ("moderator", "moderator@haishi.example", "纪若棠", "Ji Ruotang", "内容管理员 · moderator"),
    ("programme", "programme@haishi.example", "许星野", "Xu Xingye", "日程编辑 · programme editor"),
    ("exhibitor", "exhibitor@haishi.example", "林海", "Lin Hai", "参展商负责人 · exhibitor"),
    ("staff", "staff@haishi.example", "周遥", "Zhou Yao", "参展商同事 · booth staff"),
    (
        "newcomer",
        "newcomer@haishi.example",
        "梁知白",
        "Liang Zhibai",
        "刚申请的单位 · new applicant",
    ),
    ("visitor", "visitor@haishi.example", "苏晚", "Su Wan", "观众 · visitor"),
    ("buyer", "buyer@haishi.example", "程见山", "Cheng Jianshan", "专业买家 · buyer"),
    ("press", "press@haishi.example", "温予书", "Wen Yushu", "媒体 · press"),
)
DUTIES = {
    "owner": "owner",
    "reviewer": "reviewer",
    "moderator": "moderator",
    "programme": "programme",
}


def people_and_firms(world: World) -> None:
    """Accounts, the organiser, firms with colleagues, visitors."""
    _accounts(world)
    _organiser(world)
    _firms(world)
    _visitors(world)


def note_accounts() -> None:
    """Write the addresses and the password into the installation's folder, for its owner only."""
    lines = [f"{email}  {PASSWORD}  {role}" for _, email, _, _, role in ACCOUNTS]
    path = settings.HAISHI_HOME / "demo-accounts.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)


def _accounts(world: World) -> None:
    hashed = make_password(PASSWORD)  # once: it is slow on purpose, and the password is no secret
    for key, email, name, name_en, _ in ACCOUNTS:
        person = Person(
            email=email, name=name, name_en=name_en, is_staff=key in ("operator", "finance")
        )
        person.password = hashed
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        world.accounts[key] = person


def _organiser(world: World) -> None:
    zh, en, slug = ORGANISER
    world.organiser = Organisation.objects.create(
        slug=slug,
        name=zh,
        name_en=en,
        is_organiser=True,
        verified_at=clock.now(),
        city="海州",
        region="山东",
        tagline="把一座城的文化，摆上一张全国的桌子",
        tagline_en="One city's culture on a nation's table",
    )
    for key, duty in DUTIES.items():
        OrganiserDuty.objects.create(
            person=world.accounts[key], organisation=world.organiser, duty=duty
        )


def _firms(world: World) -> None:
    firms = world.cast
    taken: set[str] = {ORGANISER[2]}
    rows = Organisation.objects.bulk_create(_firm(firm, taken) for firm in firms)
    world.firms = {firm.key: row for firm, row in zip(firms, rows, strict=True)}
    crowd = [(firm, person) for firm in firms for person in firm.staff]
    people = Person.objects.bulk_create(_people((p, firm.key) for firm, p in crowd))
    memberships = []
    for (firm, _), person in zip(crowd, people, strict=True):
        colleagues = world.people.setdefault(firm.key, [])
        role = Role.OWNER if not colleagues else Role.STAFF
        colleagues.append(person)
        memberships.append(Membership(person=person, organisation=world.firms[firm.key], role=role))
    first, last = firms[0].key, firms[-1].key
    for firm_key, account, role in (
        (first, "exhibitor", Role.OWNER),
        (first, "staff", Role.STAFF),
        (last, "newcomer", Role.OWNER),
    ):
        person = world.accounts[account]
        world.people[firm_key].insert(0, person)
        memberships.append(Membership(person=person, organisation=world.firms[firm_key], role=role))
    Membership.objects.bulk_create(memberships)


def _firm(firm: names.Organisation, taken: set[str]) -> Organisation:
    verified = firm.seed % 7 != 0
    return Organisation(
        slug=_slug(firm.short_en, taken),
        name=firm.zh,
        name_en=firm.en,
        tagline=firm.tagline_zh[:80],
        tagline_en=firm.tagline_en[:160],
        about=firm.profile_zh,
        about_en=firm.profile_en,
        city=firm.city_zh,
        region=firm.region_zh,
        country="CN" if firm.credit_code else "XX",
        website=f"https://{re.sub('[^a-z]', '', firm.short_en.lower())}.example",
        founded=firm.founded,
        sides=list(firm.sides),
        credit_code=firm.credit_code if verified else None,
        verified_at=clock.now() if verified else None,
    )


def _slug(words: str, taken: set[str]) -> str:
    stem = re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")[:50]
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    taken.add(slug)
    return slug


def _people(crowd: Iterable[tuple[names.Person, str]]) -> list[Person]:
    unusable = make_password(None)
    return [
        Person(
            email=f"{re.sub('[^a-z]', '', person.en.lower())}.{number}@{where}.example",
            name=person.zh,
            name_en=person.en,
            title=person.title_zh,
            title_en=person.title_en,
            password=unusable,
        )
        for number, (person, where) in enumerate(crowd)
    ]


def _visitors(world: World) -> None:
    crowd = names.people(world.scale.visitors, start=5_000)
    rows = _people((person, "visitors") for person in crowd)
    for number, row in enumerate(rows):  # most have been here for a while
        row.date_joined = world.day_one - dt.timedelta(hours=number * 37 % 2_000)
    made = Person.objects.bulk_create(rows)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=row, email=row.email, verified=True, primary=True)
        for number, row in enumerate(made)
        if number % 9
    )
    world.visitors = [
        world.accounts["visitor"],
        world.accounts["buyer"],
        world.accounts["press"],
        *made,
    ]
