"""The firm's shelf, the moderators' queue and the keepers' door, as pages."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from haishi.catalogue import selectors
from haishi.catalogue.models import Product
from haishi.catalogue.tests.factories import (
    BrandFactory,
    ExhibitFactory,
    ListedFactory,
    ProductFactory,
)
from haishi.foundation import outbox
from haishi.notices.tests.reading import subjects, told
from haishi.search.tests.reading import kept

pytestmark = pytest.mark.django_db


def typed(category: Any, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "goods",
        "category_id": category.pk,
        "name": "沙燕风筝",
        "price_mode": "request",
        "currency": "CNY",
        "minimum": "1",
        **changes,
    }


def page(name: str, *args: Any) -> str:
    return reverse(f"catalogue:{name}", args=args)


def test_a_product_is_written_on_its_form_in_both_languages(client, lin, firm, category):
    client.force_login(lin)
    answer = client.post(
        page("new", "penglai"),
        typed(
            category,
            name_en="Swallow kite",
            tags="非遗，礼品, 非遗",
            tags_en="intangible heritage, gifts",
            price_mode="tiers",
            from_1="10",
            price_1="38",
            from_2="100",
            price_2="32.50",
        ),
    )
    row = Product.objects.get()
    assert answer["Location"] == page("edit", "penglai", row.pk)
    assert row.slug.startswith("swallow-kite-")
    assert (row.tags, row.price_minor) == (["非遗", "礼品"], 3_250)
    assert row.tags_en == ["intangible heritage", "gifts"]
    assert selectors.tiers_of(row) == [(10, 3_800), (100, 3_250)]


def test_a_double_submit_makes_one_product(client, lin, firm, category):
    client.force_login(lin)
    for _ in range(2):
        client.post(page("new", "penglai"), typed(category, once="one-page-shown-once"))
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "这个字段是必填项。"),
        ({"price_mode": "fixed"}, "标价产品要填写价格；不便公开可选“面议”。"),
        ({"price_mode": "fixed", "price_minor": "3.999"}, "请填写有效的金额，例如 1280.50。"),
        ({"price_mode": "tiers", "from_1": "10"}, "数量与单价要一起填写。"),
        (
            {"price_mode": "tiers", "from_1": "9", "price_1": "1", "from_2": "5", "price_2": "1"},
            "阶梯价要从小到大填写起订量，数量越多单价不应越高。",
        ),
        ({"tags": "一,二,三,四,五,六,七,八,九"}, "最多八个标签，每个不超过 20 字。"),
        ({"tags_en": "a" * 41}, "最多八个标签，每个不超过 40 字。"),
    ],
)
def test_a_mistake_is_said_at_its_field_and_what_was_typed_stays(
    client, lin, firm, category, changes, message
):
    client.force_login(lin)
    answer = client.post(page("new", "penglai"), typed(category, summary="潍坊手扎", **changes))
    text = answer.content.decode()
    assert (answer.status_code, message in text, "潍坊手扎" in text) == (422, True, True)
    assert Product.objects.count() == 0


def test_a_stale_form_keeps_what_was_typed(client, lin, firm, category):
    row = ProductFactory(organisation=firm, version=3)
    client.force_login(lin)
    answer = client.post(page("edit", "penglai", row.pk), typed(category, name="双燕", version="2"))
    row.refresh_from_db()
    text = answer.content.decode()
    assert (answer.status_code, row.name, 'value="双燕"' in text) == (422, "沙燕风筝", True)


def test_the_shelf_shows_states_and_narrows_by_them(client, zhou, firm):
    ProductFactory(organisation=firm, name="草稿一")
    ListedFactory(organisation=firm, name="上架一")
    ListedFactory(name="别家")
    client.force_login(zhou)
    shown = client.get(page("desk", "penglai"), {"state": "listed"}).context["shelf"]
    assert [str(each.row.title) for each in shown.rows] == ["上架一"]
    assert [count for _key, _label, count in shown.tabs] == [2, 1, 0, 0, 1, 0]
    found = client.get(page("desk", "penglai"), {"q": "草稿"}).context["shelf"].rows
    assert [str(each.row.title) for each in found] == ["草稿一"]


def test_a_member_sees_the_preview_of_a_draft_and_a_stranger_does_not(client, zhou, stranger, firm):
    row = ProductFactory(organisation=firm)
    client.force_login(zhou)
    assert "草稿预览" in client.get(row.get_absolute_url()).content.decode()
    client.force_login(stranger)
    assert client.get(row.get_absolute_url()).status_code == 404


def test_buttons_move_pictures_without_script(client, lin, firm):
    row = ProductFactory(organisation=firm, picture_ids=[1, 2, 3])
    client.force_login(lin)
    orders = []
    for move in ("down:1", "up:3", "first:1", "up:1", "down:9", "sideways:2", "down:3"):
        client.post(page("pictures", "penglai", row.pk), {"move": move})
        row.refresh_from_db()
        orders.append(row.picture_ids)
    assert orders[:3] == [[2, 1, 3], [2, 3, 1], [1, 2, 3]]
    assert orders[3:] == [[1, 2, 3]] * 4


def test_the_steps_of_a_product_are_buttons(client, lin, firm):
    row = ProductFactory(organisation=firm)
    client.force_login(lin)
    client.post(page("step", "penglai", row.pk, "submit"))
    client.post(page("step", "penglai", row.pk, "submit"))
    row.refresh_from_db()
    assert (row.state, row.version) == ("submitted", 2)
    client.post(page("step", "penglai", row.pk, "duplicate"))
    assert Product.objects.filter(state="draft").count() == 1
    assert client.post(page("step", "penglai", row.pk, "explode")).status_code == 404


def test_the_moderator_approves_and_returns_from_the_queue(client, chen, lin, firm, exhibitor):
    good = ProductFactory(organisation=firm, state="submitted", name="好风筝")
    bad = ProductFactory(organisation=firm, state="submitted", name="坏风筝")
    ProductFactory(state="submitted", name="别家的")
    client.force_login(chen)
    shown = client.get(page("moderation", "haizhou-2026")).context
    assert [row.name for row in shown["page"]] == ["好风筝", "坏风筝"]
    assert shown["counts"] == {"waiting": 2, "changed": 0, "returned": 0, "listed": 0}
    client.post(page("decide", "haizhou-2026", good.pk, "approve"))
    judge = page("judge", "haizhou-2026", bad.pk)
    assert client.post(judge, {"reason": ""}).status_code == 422
    client.post(judge, {"reason": "请补充尺寸。"})
    states = dict(Product.objects.filter(organisation=firm).values_list("name", "state"))
    assert states == {"好风筝": "listed", "坏风筝": "returned"}
    outbox.drain()
    assert subjects(lin) == ["《好风筝》已上架", "《坏风筝》需要修改"]


def test_moderators_hear_once_of_all_that_waits(lin, chen, firm, exhibitor, client):
    client.force_login(lin)
    for name in ("一", "二"):
        row = ProductFactory(organisation=firm, name=name)
        client.post(page("step", "penglai", row.pk, "submit"))
    outbox.drain()
    assert told(chen) == [("有产品等待审核", 2, page("moderation", "haizhou-2026"))]


def test_the_keeper_answers_at_the_channels_door(client, chen, organiser, lin, firm, exhibitor):
    brand = BrandFactory(slug="shouzao", keeper=organiser)
    rows = [ListedFactory(organisation=firm, brand=brand, name=name) for name in ("甲", "乙")]
    client.force_login(chen)
    shown = client.get(page("wishes", "shouzao")).context["wishes"]
    assert (shown.waiting, shown.admitted) == (2, 0)
    client.post(page("answer", "shouzao", rows[0].pk, "admit"))
    client.post(page("answer", "shouzao", rows[1].pk, "decline"))
    found = Product.objects.order_by("pk").values_list("brand_id", "brand_admitted")
    assert list(found) == [(brand.pk, True), (None, False)]
    outbox.drain()
    assert subjects(lin) == ["《甲》加入了山东手造", "《乙》未能加入山东手造"]


def test_search_holds_listed_products_with_their_halls_and_forgets_withdrawn_ones(
    client, lin, chen, firm, exhibitor, category
):
    row = ProductFactory(
        organisation=firm, state="submitted", category=category, price_mode="fixed", price_minor=9
    )
    client.force_login(chen)
    client.post(page("decide", "haizhou-2026", row.pk, "approve"))
    ExhibitFactory(exhibitor=exhibitor, product=row)
    type(exhibitor).objects.update(exhibit_count=1)  # known, so the booth stays complete
    outbox.drain()
    document = kept()["product", row.pk]
    hall = exhibitor.booth.hall.slug
    assert (document.title, document.title_en, document.price_minor) == (
        "沙燕风筝",
        "Swallow kite",
        9,
    )
    assert document.facets == {
        "category": ["kites"],
        "edition": ["haizhou-2026"],
        "hall": [f"haizhou-2026.{hall}"],
        "offer": ["open"],
    }
    client.force_login(lin)
    client.post(page("step", "penglai", row.pk, "withdraw"))
    outbox.drain()
    assert ("product", row.pk) not in kept()


HEADER = (
    "名称,英文名称,类型,分类,一句话介绍,英文一句话介绍,详细介绍,英文详细介绍,标签,"
    "报价方式,货币,价格,阶梯价,计价单位,英文计价单位,起订量"
)
GOOD = "沙燕,Swallow,实物商品,风筝,手扎,,竹骨,,非遗,标价,CNY,38.00,,件,piece,10"


def upload(client: Any, *lines: str) -> Any:
    file = SimpleUploadedFile("products.csv", "\n".join([HEADER, *lines]).encode())
    return client.post(page("import", "penglai"), {"file": file})


def test_english_tags_of_a_table_are_read(client, lin, firm, category):
    client.force_login(lin)
    file = "\n".join([f"{HEADER},英文标签", f'{GOOD},"heritage, gifts"']).encode()
    client.post(page("import", "penglai"), {"file": SimpleUploadedFile("a.csv", file)})
    assert Product.objects.get().tags_en == ["heritage", "gifts"]


def test_a_table_made_before_tags_had_english_is_still_taken(client, lin, firm, category):
    client.force_login(lin)
    tiers = "龙头,,,kites,,,,,,按量阶梯价,,,100:38.00; 500:32.50,,,"
    assert upload(client, GOOD, tiers).status_code == 302
    first, second = Product.objects.order_by("pk")
    assert (first.name, first.price_minor, first.minimum, first.state) == (
        "沙燕",
        3_800,
        10,
        "draft",
    )
    assert (second.kind, selectors.tiers_of(second)) == ("goods", [(100, 3_800), (500, 3_250)])


def test_every_bad_line_of_a_table_is_named_and_nothing_is_imported(client, lin, firm, category):
    client.force_login(lin)
    answer = upload(
        client,
        GOOD,
        GOOD.replace("风筝", "飞机"),
        GOOD.replace("38.00", "三十八"),
        GOOD.replace("沙燕", "", 1),
    )
    lines = [str(line) for line in answer.context["bad"]]
    assert lines == [
        "第 3 行：没有这个分类：飞机",
        "第 4 行：请填写有效的金额，例如 1280.50。",
        "第 5 行：缺少名称",
    ]
    assert (answer.status_code, Product.objects.count()) == (422, 0)


def test_what_was_exported_can_be_imported(client, lin, firm, category):
    client.force_login(lin)
    upload(client, GOOD)
    for language in ("zh-hans", "en"):
        address = page("export", "penglai", "csv")
        sheet = b"".join(client.get(address, {"lang": language}).streaming_content)
        client.cookies.clear()
        client.force_login(lin)
        client.post(page("import", "penglai"), {"file": SimpleUploadedFile("a.csv", sheet)})
    fields = ("name", "kind", "category_id", "tags", "tags_en", "price_minor", "unit", "minimum")
    assert len(set(map(str, Product.objects.values_list(*fields)))) == 1
    assert Product.objects.count() == 4
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Name", "Name in English", "Kind"]
    book = client.get(page("export", "penglai", "xlsx")).content
    client.post(page("import", "penglai"), {"file": SimpleUploadedFile("a.xlsx", book)})
    assert Product.objects.count() == 8
