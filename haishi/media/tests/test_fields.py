"""The form field that other modules use."""

import pytest
from django.utils.datastructures import MultiValueDict

from haishi.foundation.forms import Form
from haishi.foundation.types import SYSTEM
from haishi.media import services
from haishi.media.fields import AssetField
from haishi.media.models import Asset
from haishi.media.tests import files
from haishi.parties.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


class BoothForm(Form):
    banner = AssetField(label="横幅", required=False)
    pictures = AssetField(label="图片", purpose="gallery", most=4, required=False)

    def __init__(self, *args, actor, organisation_id, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("banner", "pictures"):
            self.fields[name].belongs_to(actor, organisation_id)


def form(actor, organisation, data=None, given=None, **kwargs):
    return BoothForm(
        MultiValueDict(data or {}),
        MultiValueDict(given or {}),
        actor=actor,
        organisation_id=organisation.pk,
        **kwargs,
    )


def generated(organisation):
    return services.import_generated(SYSTEM, organisation.pk, files.png(), name="a.png")


def test_files_come_with_the_form_or_as_tokens_in_the_order_of_the_page(firm, zhou):
    first, second = generated(firm), generated(firm)
    filled = form(
        zhou,
        firm,
        {"pictures-token": [second.token, first.token]},
        {
            "pictures": [files.upload(files.png(), "c.png")],
            "banner": [files.upload(files.png(), "b.png")],
        },
    )
    assert filled.is_valid()
    banner, fresh = Asset.objects.order_by("pk")[2:]
    assert filled.cleaned_data["pictures"] == [second.pk, first.pk, fresh.pk]
    assert filled.cleaned_data["banner"] == banner.pk
    assert (fresh.organisation_id, fresh.purpose) == (firm.pk, "gallery")


def test_a_file_that_was_received_survives_a_mistake_beside_it(firm, zhou):
    filled = form(
        zhou,
        firm,
        {},
        {"pictures": [files.upload(files.png(), "c.png"), files.upload(b"<svg/>", "d.svg")]},
    )
    assert filled.errors["pictures"] == [
        "d.svg：SVG 图片里可能带有脚本，不能上传。请导出为 PNG 或 JPEG。"
    ]
    assert f'name="pictures-token" value="{Asset.objects.get().token}"' in str(filled)


def test_a_box_takes_a_file_out(firm, zhou):
    first, second = generated(firm), generated(firm)
    data = {"pictures-token": [first.token, second.token], "pictures-drop": [first.token]}
    filled = form(zhou, firm, data)
    assert filled.is_valid()
    assert filled.cleaned_data["pictures"] == [second.pk]


def test_the_newest_single_file_takes_the_place_of_the_old(firm, zhou):
    old, new = generated(firm), generated(firm)
    filled = form(zhou, firm, {"banner-token": [old.token, new.token]})
    assert filled.is_valid()
    assert filled.cleaned_data["banner"] == new.pk


@pytest.mark.parametrize("whose", ["another firm", "nobody"])
def test_files_of_others_cannot_be_chosen(firm, zhou, whose):
    token = generated(OrganisationFactory()).token if whose == "another firm" else "unknown"
    filled = form(zhou, firm, {"pictures-token": [token]})
    assert filled.errors == {"pictures": ["有文件已不可用，请重新上传。"]}


def test_no_more_than_the_field_holds_and_nothing_is_received_then(firm, zhou):
    given = [files.upload(files.png(), f"{n}.png") for n in range(5)]
    filled = form(zhou, firm, {}, {"pictures": given})
    assert filled.errors == {"pictures": ["最多 4 个文件。"]}
    assert Asset.objects.count() == 0


def test_the_page_shows_what_is_chosen_and_where_the_island_uploads(firm, zhou):
    row = generated(firm)
    page = str(BoothForm(actor=zhou, organisation_id=firm.pk, initial={"pictures": [row.pk]}))
    assert f'name="pictures-token" value="{row.token}"' in page
    assert f"/media/uploads/?purpose=gallery\\u0026organisation={firm.pk}" in page
    assert '"field": "pictures-token"' in page
    assert page.count("<hs-upload>") == 4
