"""A contract from nothing: its parties, their shares, what is paid when, and the text."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from haishi.contracts import selectors
from haishi.contracts.states import Language
from haishi.contracts.types import ClauseDraft, Draft, MilestoneDraft, PartyDraft, Start
from haishi.foundation import clock
from haishi.foundation.bilingual import Bilingual
from haishi.foundation.forms import Form, MoneyField, TextField
from haishi.foundation.money import EXPONENTS, Money
from haishi.trade.types import Share

# What an organisation may be in a contract, by the key that the form sends.
ROLES = {
    "buyer": Bilingual("采购方", "Buyer"),
    "supplier": Bilingual("供方", "Supplier"),
    "research": Bilingual("研发方", "Research and development"),
    "production": Bilingual("生产方", "Producer"),
    "marketing": Bilingual("营销方", "Marketing"),
    "design": Bilingual("设计方", "Design"),
    "licensor": Bilingual("授权方", "Licensor"),
    "licensee": Bilingual("被授权方", "Licensee"),
    "partner": Bilingual("合作方", "Partner"),
}
MOST = {"party": 8, "part": 12, "clause": 30}
LEAST = {"party": 2, "part": 2, "clause": 3}
_CELLS = {
    "party": ("name", "role", "share"),
    "part": ("name", "name_en", "due", "amount", "supplier"),
    "clause": ("title", "title_en", "text", "text_en"),
}
WHOLE = 10_000


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class DraftForm(Form):
    """Rows of parties, milestones and articles; empty rows are left out.

    The first party is one's own organisation. `more` adds a row of that kind and judges nothing
    yet: whatever was typed stays as it was typed.
    """

    firm_id = forms.TypedChoiceField(label=_("以哪个单位的名义"), coerce=int)
    title = TextField(label=_("合同名称"), max_length=80)
    title_en = TextField(label=_("英文名称"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=_("文件语言"),
        choices=Language.choices,
        help_text=_("合同与验收单用这种语言印制。只用英文时，下面都要写英文。"),
    )
    currency = forms.ChoiceField(label=_("币种"), choices=[(code, code) for code in EXPONENTS])
    rail = forms.ChoiceField(
        label=_("付款渠道"),
        required=False,
        help_text=_("渠道能不能托管这么久、这样分账，保存时就会核对。"),
    )
    payer = forms.TypedChoiceField(label=_("付款方"), coerce=int)

    def __init__(
        self,
        data: Any = None,
        *,
        firms: Iterable[Any],
        ways: Sequence[tuple[str, str]],
        start: Start,
        more: str = "",
    ) -> None:
        # With `more` the page is shown again as it was typed, and nothing is judged.
        typed: Mapping[str, Any] = data if data is not None else {}
        super().__init__(None if more else data, initial={**start.values, **_plain(typed)})
        self.counts = {kind: _count(kind, typed, start, kind == more) for kind in MOST}
        fields: Any = self.fields
        fields["firm_id"].choices = [(firm.pk, str(firm.title)) for firm in firms]
        fields["rail"].choices = [("", _("都可以")), *ways]
        sides = [
            (n, _("第 %(n)d 方") % {"n": n + 1} if n else _("本单位"))
            for n in range(self.counts["party"])
        ]
        fields["payer"].choices = sides
        for kind, make in (("party", _party), ("part", _part), ("clause", _clause)):
            for n in range(self.counts[kind]):
                for name, field in make(n, sides).items():
                    if f"{kind}_{n}_{name}" in self.initial:
                        field.initial = self.initial[f"{kind}_{n}_{name}"]
                    fields[f"{kind}_{n}_{name}"] = field
        if "party_0_name" in fields:
            del fields["party_0_name"]
        self._set_currency(typed)

    def _set_currency(self, typed: Mapping[str, Any]) -> None:
        currency = typed.get("currency") or self.initial.get("currency") or "CNY"
        for n in range(self.counts["part"]):
            field: Any = self.fields[f"part_{n}_amount"]
            field.currency = currency if currency in EXPONENTS else "CNY"

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Bound fields of each row, by name."""
        return [
            {
                name: self[f"{kind}_{n}_{name}"]
                for name in _CELLS[kind]
                if f"{kind}_{n}_{name}" in self.fields
            }
            for n in range(self.counts[kind])
        ]

    @property
    def party_rows(self) -> list[dict[str, Any]]:
        """For the page."""
        return self.rows("party")

    @property
    def part_rows(self) -> list[dict[str, Any]]:
        """For the page."""
        return self.rows("part")

    @property
    def clause_rows(self) -> list[dict[str, Any]]:
        """For the page."""
        return self.rows("clause")

    def can_add(self) -> dict[str, bool]:
        """{kind of row: whether one more fits}."""
        return {kind: self.counts[kind] < most for kind, most in MOST.items()}

    def clean(self) -> dict[str, Any]:
        """Parties that exist, shares that are whole, milestones that somebody delivers."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        parties = self._parties(found)
        shares = self._shares(found, parties)
        parts = self._parts(found, parties, shares)
        clauses = self._clauses(found)
        if self.errors:
            return found
        payer = parties[found["payer"]]
        found["draft"] = Draft(
            title=Bilingual(found["title"], found["title_en"]),
            parties=tuple(
                PartyDraft(firm.pk, ROLES[found[f"party_{n}_role"]]) for n, firm in parties.items()
            ),
            clauses=tuple(clauses),
            milestones=tuple(parts),
            total=Money(sum(each.amount_minor for each in parts), found["currency"]),
            payer_id=payer.pk,
            rail=found["rail"],
            language=found["language"],
        )
        return found

    def _parties(self, found: dict[str, Any]) -> dict[int, Any]:
        """{row: organisation} of the rows that name one that exists, each once."""
        parties: dict[int, Any] = {}
        if found.get("firm_id"):
            parties[0] = selectors.organisation_named(found["firm_id"])
        for n in range(1, self.counts["party"]):
            name = found.get(f"party_{n}_name") or ""
            if not name:
                if found.get(f"party_{n}_share"):
                    self.add_error(f"party_{n}_name", _now("请填写单位名称。"))
                continue
            firm, others = selectors.find_organisation(name)
            if firm is None:
                self.add_error(f"party_{n}_name", _unknown(name, others))
            elif firm.pk in {each.pk for each in parties.values()}:
                self.add_error(f"party_{n}_name", _now("这家单位已经在上面了。"))
            else:
                parties[n] = firm
        unclear = any(name.endswith("_name") and name.startswith("party") for name in self.errors)
        if len(parties) < 2 and not unclear:
            self.add_error("party_1_name", _now("合同至少要有两方，请填写对方单位。"))
        if found.get("payer") is not None and found["payer"] not in parties and not unclear:
            self.add_error("payer", _now("付款方必须是上面填写了的一方。"))
        return parties

    def _shares(self, found: dict[str, Any], parties: dict[int, Any]) -> tuple[Share, ...]:
        """Basis points of the parties that are paid; none when the supplier gets everything."""
        given = {n: found.get(f"party_{n}_share") for n in parties}
        points = {n: int(share * 100) for n, share in given.items() if share}
        payer = found.get("payer")
        if payer in points:
            self.add_error(f"party_{payer}_share", _now("付款方不参与分账，请留空。"))
        elif points and sum(points.values()) != WHOLE:
            whole = Decimal(sum(points.values())) / 100
            last = f"party_{max(points)}_share"
            self.add_error(last, _now("分账合计 %(sum)s%%，须为 100%%。") % {"sum": f"{whole:g}"})
        return tuple(Share(parties[n].pk, value) for n, value in points.items())

    def _parts(
        self, found: dict[str, Any], parties: dict[int, Any], shares: tuple[Share, ...]
    ) -> list[MilestoneDraft]:
        parts = []
        for n in range(self.counts["part"]):
            cells: dict[str, Any] = {name: found.get(f"part_{n}_{name}") for name in _CELLS["part"]}
            wrong = [name for name in cells if f"part_{n}_{name}" in self.errors]
            if wrong or not any(cells[name] for name in ("name", "due", "amount")):
                continue
            if self._part_is_whole(n, cells, parties, found.get("payer")):
                parts.append(
                    MilestoneDraft(
                        name=Bilingual(cells["name"], cells["name_en"] or ""),
                        due=cells["due"],
                        amount_minor=cells["amount"],
                        supplier_id=parties[cells["supplier"]].pk,
                        shares=shares,
                    )
                )
        if not parts and not any(name.startswith("part_") for name in self.errors):
            self.add_error("part_0_name", _now("至少要有一个付款节点。"))
        return parts

    def _part_is_whole(
        self, n: int, cells: dict[str, Any], parties: dict[int, Any], payer: int | None
    ) -> bool:
        today = clock.local(clock.now(), "Asia/Shanghai").date()
        wrong: list[tuple[str, str]] = []
        if not cells["name"]:
            wrong.append(("name", _now("请填写名称。")))
        if not cells["due"]:
            wrong.append(("due", _now("请填写交付期限。")))
        elif not today <= cells["due"] <= today + dt.timedelta(days=3_650):
            wrong.append(("due", _now("交付期限须在今天以后的十年内。")))
        if not cells["amount"]:
            wrong.append(("amount", _now("金额须大于零。")))
        if cells["supplier"] == payer:
            wrong.append(("supplier", _now("交付方不能是付款方。")))
        elif cells["supplier"] not in parties:
            wrong.append(("supplier", _now("交付方必须是上面填写了的一方。")))
        for name, said in wrong:
            self.add_error(f"part_{n}_{name}", said)
        return not wrong

    def _clauses(self, found: dict[str, Any]) -> list[ClauseDraft]:
        clauses = []
        for n in range(self.counts["clause"]):
            cells = [found.get(f"clause_{n}_{name}") or "" for name in _CELLS["clause"]]
            if not any(cells):
                continue
            for name, cell in (("title", cells[0]), ("text", cells[2])):
                if not cell and f"clause_{n}_{name}" not in self.errors:
                    self.add_error(f"clause_{n}_{name}", _now("每条都要有标题和内容。"))
            clauses.append(ClauseDraft(Bilingual(*cells[:2]), Bilingual(*cells[2:])))
        if not clauses and not any(name.startswith("clause_") for name in self.errors):
            self.add_error("clause_0_title", _now("至少要有一条条款。"))
        return clauses

    def values(self) -> dict[str, Any]:
        """As `services.compose` takes it."""
        return {"by_id": self.cleaned_data["firm_id"], "draft": self.cleaned_data["draft"]}


def _plain(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as it was typed; a row's number as the number it is."""
    return {name: typed[name] for name in typed if name not in ("once", "csrfmiddlewaretoken")}


def _count(kind: str, typed: Mapping[str, Any], start: Start, one_more: bool) -> int:
    """How many rows of a kind are shown."""
    names = [*typed, *start.values]
    rows = [name.split("_")[1] for name in names if name.startswith(f"{kind}_")]
    highest = max((int(row) + 1 for row in rows if row.isdecimal() and len(row) < 3), default=0)
    return min(MOST[kind], max(LEAST[kind], highest) + one_more)


def _unknown(name: str, others: Sequence[Any]) -> str:
    if not others:
        return _now("没有找到“%(name)s”。请填写对方在海市登记的全称。") % {"name": name}
    known = "、".join(str(firm.title) for firm in others)
    return _now("没有叫“%(name)s”的单位。是不是：%(known)s？") % {"name": name, "known": known}


def _party(n: int, _sides: Any) -> dict[str, Any]:
    percent = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"})
    return {
        "name": TextField(
            label=_("单位名称"),
            max_length=120,
            required=n == 1,
            widget=forms.TextInput(attrs={"list": "firms-known", "autocomplete": "off"}),
        ),
        "role": forms.ChoiceField(
            label=_("角色"), choices=list(ROLES.items()), initial="supplier" if n else "buyer"
        ),
        "share": forms.DecimalField(
            label=_("分账比例（%）"),
            required=False,
            min_value=Decimal("0.01"),
            max_value=100,
            decimal_places=2,
            widget=percent,
        ),
    }


def _part(n: int, sides: list[tuple[int, Any]]) -> dict[str, Any]:
    day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return {
        "name": TextField(label=_("节点名称"), max_length=80, required=not n),
        "name_en": TextField(label=_("英文名称"), max_length=160, required=False),
        "due": forms.DateField(label=_("交付期限"), required=not n, widget=day),
        "amount": MoneyField(label=_("金额"), required=not n),
        "supplier": forms.TypedChoiceField(
            label=_("交付方"), coerce=int, choices=sides, initial=1, required=False
        ),
    }


def _clause(n: int, _sides: Any) -> dict[str, Any]:
    return {
        "title": TextField(label=_("标题"), max_length=80, required=not n),
        "title_en": TextField(label=_("英文标题"), max_length=160, required=False),
        "text": TextField(label=_("内容"), max_length=4000, required=not n, widget=_area(4)),
        "text_en": TextField(label=_("英文内容"), max_length=8000, required=False, widget=_area(3)),
    }
