"""A form field for files, used by the forms of every module.

    class BoothForm(Form):
        pictures = AssetField(label=_("图片"), purpose="gallery", most=12, required=False)

        def __init__(self, *args, actor, organisation_id, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields["pictures"].belongs_to(actor, organisation_id)

Cleans to a list of asset ids, in the order of the page; with `most=1` to one id or None. Files are
uploaded by the island with a progress bar and come as tokens; without script they come with the
form itself. Either way a file survives a mistake elsewhere in the form.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.errors import DomainError
from haishi.foundation.types import Actor
from haishi.media import selectors, services
from haishi.media.models import Asset
from haishi.media.states import ACCEPT, RULES, Purpose

TOKENS = "-token"
DROPS = "-drop"
SLOTS = 3


class AssetInput(forms.Widget):
    """Tokens of chosen files, boxes to take them out again, inputs for new ones, the island."""

    template_name = "media/asset_input.html"
    needs_multipart_form = True
    use_fieldset = True
    input_type = "file"

    def __init__(self, purpose: str, most: int, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.purpose = purpose
        self.most = most
        self.organisation_id: int | None = None
        self.chosen: list[Asset] | None = None

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[Any]]:
        dropped = set(_all(data, name + DROPS))
        given = [str(token) for token in _all(data, name + TOKENS)]
        tokens = [token for token in given if token and token not in dropped]
        return {"tokens": tokens, "files": _all(files, name)}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files and name + TOKENS not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, None, attrs)
        rows = self.chosen if self.chosen is not None else _rows(value)
        pictures = selectors.private_pictures_of(rows)
        context["widget"] |= {
            "chosen": [{"asset": row, "picture": pictures.get(row.pk)} for row in rows],
            "accept": ",".join(ACCEPT[kind] for kind in RULES[self.purpose].kinds),
            "slots": self._slots(name, context["widget"]["attrs"].get("id", name), len(rows)),
        }
        return context

    def _slots(self, name: str, start: str, taken: int) -> list[dict[str, Any]]:
        """Inputs for new files: one more than nothing, at most three at a time.

        A single file keeps its input, because a new file takes the place of the old one.
        """
        query = urlencode({"purpose": self.purpose, "organisation": self.organisation_id or ""})
        props = {
            "endpoint": f"/media/uploads/?{query}",
            "field": name + TOKENS,
            "max": RULES[self.purpose].max_bytes,
        }
        free = 1 if self.most == 1 else min(SLOTS, self.most - taken)
        return [
            {
                "id": start if n == 0 else f"{start}_{n}",
                "props": props,
                "label": _("选择文件 %d") % (n + 1),
            }
            for n in range(free)
        ]


def _all(data: Any, name: str) -> list[Any]:
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _rows(value: Any) -> list[Asset]:
    """The assets of an initial value: one id, a list of ids, or nothing."""
    ids = (
        [value]
        if isinstance(value, int)
        else [each for each in value or () if isinstance(each, int)]
    )
    found = selectors.assets(ids) if ids else {}
    return [found[each] for each in ids if each in found]


class AssetField(forms.Field):
    """Files of the acting person's organisation. Call `belongs_to` before cleaning."""

    default_error_messages = {
        "many": _("最多 %(most)d 个文件。"),
        "gone": _("有文件已不可用，请重新上传。"),
    }

    def __init__(self, *, purpose: str = Purpose.PICTURE, most: int = 1, **kwargs: Any) -> None:
        self.purpose = purpose
        self.most = most
        kwargs.setdefault("widget", AssetInput(purpose, most))
        super().__init__(**kwargs)
        self.actor: Actor | None = None
        self.organisation_id: int | None = None

    def belongs_to(self, actor: Actor, organisation_id: int | None) -> None:
        """Say who chooses, and whose files these will be."""
        self.actor, self.organisation_id = actor, organisation_id
        self.widget.organisation_id = organisation_id

    def clean(self, value: Any) -> Any:
        """Ids of the chosen files; new ones are received here, so that they are not lost."""
        assert self.actor is not None, "AssetField.belongs_to() was not called"
        tokens: Sequence[str] = value["tokens"]
        rows = selectors.choosable(
            self.actor, self.organisation_id, tokens, RULES[self.purpose].kinds
        )
        known = len(rows)
        fresh, faults = self._received(value["files"], self.most - known)
        rows += fresh
        if self.most == 1:  # the newest takes the place of what was there
            rows = rows[-1:]
        self.widget.chosen = rows
        if faults:
            raise forms.ValidationError(faults)
        if len(rows) > self.most:
            raise forms.ValidationError(self.error_messages["many"], params={"most": self.most})
        if len({*tokens}) > known:
            raise forms.ValidationError(self.error_messages["gone"])
        if self.required and not rows:
            raise forms.ValidationError(self.error_messages["required"])
        ids = [row.pk for row in rows]
        return (ids[0] if ids else None) if self.most == 1 else ids

    def _received(self, files: Iterable[Any], room: int) -> tuple[list[Asset], list[str]]:
        """New assets, and what is wrong with the files that did not become one."""
        fresh = [file for file in files if file]
        if self.most > 1 and len(fresh) > room:
            return [], [str(self.error_messages["many"]) % {"most": self.most}]
        assert self.actor is not None
        rows: list[Asset] = []
        faults: list[str] = []
        for file in fresh:
            try:
                rows.append(services.receive(self.actor, self.organisation_id, file, self.purpose))
            except DomainError as error:
                faults.append(f"{file.name}：{error}" if self.most > 1 else str(error))
        return rows, faults

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other files are chosen than before."""
        before = [row.token for row in _rows(initial)]
        return bool(data["files"]) or data["tokens"] != before
