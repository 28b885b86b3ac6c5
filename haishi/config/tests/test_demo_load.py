"""The demo edition: drawn by children, refused where somebody already is."""

import pytest

from haishi.config.demo import drawing, load, names
from haishi.parties.models import Organisation, Person

pytestmark = pytest.mark.django_db


def test_a_platform_with_an_organisation_is_left_as_it_is(firm):
    before = list(Organisation.objects.values_list("pk", flat=True)), Person.objects.count()
    with pytest.raises(load.AlreadyLoaded):
        load.load(lambda step, done, total: None)
    assert (list(Organisation.objects.values_list("pk", flat=True)), Person.objects.count()) == (
        before
    )


def test_children_write_each_picture_in_two_formats_at_its_final_sizes(tmp_path):
    firm = names.organisations()[0]
    job = drawing.Job(("mark", firm.key), "organisation_mark", (firm.seed,), None, "", "", 0.625)
    (only,) = next(drawing.draw_all([job], tmp_path))
    assert [file["name"] for file in only.files] == ["320.jpg", "320.webp"]
    assert (only.facts["width"], only.facts["height"]) == (320, 320)
    assert sorted(path.name for path in only.folder.iterdir()) == ["320.jpg", "320.webp"]
