"""Papers of a verification are private; a person's own files leave with the person."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from haishi.foundation.errors import Forbidden
from haishi.media import selectors, services
from haishi.media.models import Asset
from haishi.media.states import AssetState
from haishi.media.tests import files
from haishi.parties.services import document_store

pytestmark = pytest.mark.django_db


def paper(name="licence.jpg"):
    return SimpleUploadedFile(name, files.jpeg(), content_type="image/jpeg")


@pytest.mark.usefixtures("came")
def test_papers_open_for_the_firm_and_those_who_verify_only(firm, lin, zhou, chen, stranger):
    store = document_store()
    pk = store.keep(lin, firm.pk, paper())
    services.process_now(pk)

    assert Asset.objects.get(pk=pk).private is True
    assert [len(store.show(actor, [pk])) for actor in (lin, zhou, chen, stranger)] == [1, 1, 1, 0]
    assert store.belong(firm.pk, [pk]) is True
    assert store.belong(firm.pk + 1, [pk]) is False
    assert selectors.pictures([pk]) == {}


def test_a_stranger_cannot_leave_papers(firm, stranger):
    with pytest.raises(Forbidden):
        document_store().keep(stranger, firm.pk, paper())
    assert not Asset.objects.exists()


def test_ones_own_files_are_exported_and_erased_and_the_firms_stay(
    firm, lin, settings, django_capture_on_commit_callbacks
):
    own = services.receive(lin, None, paper("me.jpg"))
    firms = services.receive(lin, firm.pk, paper("booth.jpg"))

    assert [entry["name"] for entry in services.export_personal(lin.pk)] == ["me.jpg"]
    with django_capture_on_commit_callbacks(execute=True):
        services.erase_personal(lin.pk)

    assert list(Asset.objects.values_list("pk", flat=True)) == [firms.pk]
    assert not (settings.MEDIA_ROOT / own.original).exists()
    assert Asset.objects.get().state == AssetState.RECEIVED
