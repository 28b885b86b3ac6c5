"""What visitors meet: a home that is never empty, halls, booths, organisations, feeds."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from haishi.expo.tests.factories import EditionFactory, HallFactory
from haishi.foundation import clock
from haishi.portal.tests.factories import shown_booth

pytestmark = pytest.mark.django_db
CHINESE = {"accept-language": "zh-CN,zh;q=0.9"}
ENGLISH = {"accept-language": "en-GB,en;q=0.8"}


def test_home_is_not_empty_before_there_is_any_edition(client):
    page = client.get("/", headers=CHINESE)

    assert page.status_code == 200
    assert "东方云海，有市于空" in page.text


def test_home_follows_the_language_of_the_browser(client):
    EditionFactory()

    assert "2026 海州数字文化博览会" in client.get("/", headers=CHINESE).text
    assert "Haizhou Digital Culture Expo 2026" in client.get("/", headers=ENGLISH).text


def test_a_reader_of_neither_language_gets_english(client):
    page = client.get("/about/", headers={"accept-language": "fr-FR"})

    assert page.headers["Content-Language"] == "en"


def test_a_link_changes_the_language_and_is_remembered(client):
    client.get("/about/?lang=en", headers=CHINESE)

    assert client.get("/about/", headers=CHINESE).headers["Content-Language"] == "en"


def test_home_shows_halls_booths_and_exhibits_of_the_open_edition(client):
    booth = shown_booth(edition__theme="新应用、新体验、新消费")
    type(booth.tier).objects.update(featured=True)

    text = client.get("/", headers=CHINESE).text

    for words in (
        "新应用、新体验、新消费",
        booth.booth.hall.name,
        booth.organisation.name,
        "沙燕风筝",
    ):
        assert words in text


@pytest.mark.parametrize(("halls", "shown", "more"), [(9, 9, False), (10, 9, True)])
def test_home_shows_nine_halls_and_leads_to_all_of_them(client, halls, shown, more):
    edition = EditionFactory()
    for number in range(halls):
        HallFactory(edition=edition, order=number)
    text = client.get("/", headers=CHINESE).text
    assert text.count(f'href="/e/{edition.slug}/halls/hall-') == shown
    assert ("逛全部展馆" in text) is more
    assert client.get(f"/e/{edition.slug}/halls/").text.count("/halls/hall-") >= halls


def test_a_booth_page_shows_firm_place_and_exhibits(client):
    booth = shown_booth(headline="光影里的海", intro="以潮汐为题的影像与装置。")

    text = client.get(f"/e/{booth.edition.slug}/booths/{booth.pk}/", headers=CHINESE).text

    for words in (
        "光影里的海",
        "以潮汐为题",
        booth.organisation.name,
        booth.booth.code,
        "沙燕风筝",
    ):
        assert words in text


def test_a_suspended_booth_is_gone_from_page_hall_home_sitemap_and_organisation(client):
    booth = shown_booth()
    address = f"/e/{booth.edition.slug}/booths/{booth.pk}/"
    type(booth).objects.update(state="suspended", reason="资质过期")

    assert client.get(address).status_code == 404
    hall = f"/e/{booth.edition.slug}/halls/{booth.booth.hall.slug}/"
    for page in ("/", hall, "/sitemap.xml?part=0", f"/o/{booth.organisation.slug}/"):
        assert address not in client.get(page).text


def test_a_booth_under_another_edition_is_not_found(client):
    booth = shown_booth()

    assert client.get(f"/e/{EditionFactory().slug}/booths/{booth.pk}/").status_code == 404


def test_structured_data_is_json_that_cannot_leave_its_element(client):
    booth = shown_booth(organisation__name="</script><b>", intro="<&>")

    text = client.get(f"/e/{booth.edition.slug}/booths/{booth.pk}/").text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text).group(1)

    assert json.loads(data)["name"] == "</script><b>"


def test_hall_filters_are_links_that_narrow_the_list(client):
    first = shown_booth(organisation__city="海州", organisation__sides=["supply"])
    second = shown_booth(
        edition=first.edition,
        tier=first.tier,
        booth__hall=first.booth.hall,
        organisation__city="登州",
    )
    hall = f"/e/{first.edition.slug}/halls/{first.booth.hall.slug}/"

    def shown(query):
        cards = client.get(hall + query, headers=CHINESE).text.split('id="list"')[1]
        return [f"/booths/{each.pk}/" in cards for each in (first, second)]

    assert shown("") == [True, True]
    assert shown("?city=海州") == [True, False]
    assert shown("?side=supply") == [True, False]
    assert shown("?city=海州&side=demand") == [False, False]


def test_sitemap_lists_public_pages_only(client):
    booth = shown_booth()
    EditionFactory(state="draft", slug="secret")

    tree = ET.fromstring(client.get("/sitemap.xml?part=0").content)
    paths = [
        element.text.removeprefix("http://localhost:8000")
        for element in tree.iter()
        if element.text
    ]

    assert f"/e/{booth.edition.slug}/booths/{booth.pk}/" in paths
    assert not any("secret" in path for path in paths)
    assert client.get("/sitemap.xml?part=7").status_code == 404


def test_the_feed_is_atom_with_the_new_products(client):
    product = shown_booth().exhibits.get().product
    type(product).objects.update(listed_at=clock.now())

    tree = ET.fromstring(client.get("/feed.xml").content)

    titles = [e.text for e in tree.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles == ["海市", "沙燕风筝"]


def test_the_desk_shows_what_was_returned_with_its_reason(client, lin, firm):
    shown_booth(organisation=firm, state="returned", reason="请补充展品清单")
    client.force_login(lin)

    text = client.get("/desk/", headers=CHINESE).text

    assert "蓬莱影业 的参展申请被退回" in text
    assert "请补充展品清单" in text


def test_how_to_take_part_leads_to_the_application_of_the_open_edition(client):
    EditionFactory(slug="haizhou-2026")
    page = client.get("/take-part/").content.decode()
    assert 'href="/e/haizhou-2026/take-part/"' in page


def test_home_leads_to_registration_and_the_desk_to_ones_own_badge(client, lin):
    EditionFactory(slug="haizhou-2026")
    assert 'href="/e/haizhou-2026/register/"' in client.get("/").content.decode()
    client.force_login(lin)
    assert 'href="/me/badges/"' in client.get("/desk/").content.decode()


@pytest.mark.parametrize(
    "query", ["%00", "a" * 5000, "'\"<script>", "\U0001f3ee", "page=-1", "kind=x&city=%ff"]
)
def test_odd_searches_are_answered(client, query):
    assert client.get(f"/search/?q={query}").status_code == 200


@pytest.mark.parametrize("path", ["/about/", "/terms/", "/privacy/", "/accessibility/"])
def test_static_pages_exist_in_both_languages(client, path):
    chinese, english = (client.get(path, headers=wish).text for wish in (CHINESE, ENGLISH))

    assert "<h2>" in chinese
    assert chinese.count("<h2>") == english.count("<h2>")


def test_no_page_carries_inline_script_style_or_handlers(client):
    booth = shown_booth()
    for path in ("/", f"/e/{booth.edition.slug}/booths/{booth.pk}/", "/search/?q=x", "/tour/"):
        text = client.get(path).text
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/))", text)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text)
