"""Choosing what stands at a booth."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from haishi.foundation.forms import Form


class ArrangeForm(Form):
    """A place and a star for each exhibit: `place_12`, `star_12` for product 12."""

    def __init__(self, *args: Any, product_ids: Iterable[int], starred: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product_ids = list(product_ids)
        for n, pk in enumerate(self.product_ids, 1):
            self.fields[f"place_{pk}"] = forms.IntegerField(
                label=_("次序"), min_value=1, max_value=9999, initial=n
            )
            self.fields[f"star_{pk}"] = forms.BooleanField(
                label=_("重点展品"), required=False, initial=pk in starred
            )

    def values(self) -> dict[str, Any]:
        """`order` and `featured` for `services.arrange`; equal places keep their order."""
        found = self.cleaned_data
        order = sorted(self.product_ids, key=lambda pk: found[f"place_{pk}"])
        return {"order": order, "featured": [pk for pk in order if found[f"star_{pk}"]]}

    def row(self, product_id: int) -> tuple[Any, Any]:
        """The two fields of a product."""
        return self[f"place_{product_id}"], self[f"star_{product_id}"]
