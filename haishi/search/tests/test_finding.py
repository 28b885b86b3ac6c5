"""Finding things the way people type: words, sounds, slips, English."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from haishi.search import index, selectors, services
from haishi.search.analysis import read
from haishi.search.ranking import Ranking
from haishi.search.tests.factories import product
from haishi.search.types import Query, Results

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()


def ask(text: str, actor: Any = VISITOR, **query: Any) -> Results:
    return selectors.search(actor, Query(text, **query))


def titles(text: str, **query: Any) -> list[str]:
    return [hit.title.zh for hit in ask(text, **query).hits]


@pytest.fixture
def hall() -> None:
    product("敦煌壁画数字藏品", title_en="Dunhuang mural collectible", summary="飞天系列，限量发行")
    product("青花瓷纹样授权", title_en="Blue and white porcelain patterns", body="景德镇窑口合作")
    product("沙燕风筝手作礼盒", title_en="Swallow kite gift box", summary="潍坊匠人手扎")
    product("古城夜游灯光秀", title_en="Old town night walk", body="无人机编队与投影")
    product("非物质文化遗产数据库", body="口述史与影像采集")
    services.take_in()


def test_a_chinese_word_finds_what_is_called_so(hall: None) -> None:
    assert titles("青花瓷") == ["青花瓷纹样授权"]


def test_a_word_of_the_text_finds_it_too(hall: None) -> None:
    assert titles("景德镇") == ["青花瓷纹样授权"]


def test_typed_pinyin_finds_chinese(hall: None) -> None:
    assert titles("dunhuangbihua") == ["敦煌壁画数字藏品"]
    assert titles("sha yan fengzheng") == ["沙燕风筝手作礼盒"]
    assert titles("qinghuaci 授权") == ["青花瓷纹样授权"]


def test_a_slip_that_sounds_the_same_finds_it_and_proposes_the_right_word(hall: None) -> None:
    answer = ask("敦皇壁画")
    assert [hit.title.zh for hit in answer.hits] == ["敦煌壁画数字藏品"]
    assert answer.did_you_mean == "敦煌壁画"


def test_a_wrong_character_is_corrected_by_its_neighbours(hall: None) -> None:
    assert ask("敦煌壁画数字臧品").did_you_mean == "敦煌壁画数字藏品"


def test_pinyin_is_answered_with_the_chinese_word(hall: None) -> None:
    assert ask("dunhuang 壁画").did_you_mean == ""  # the English title has this very word
    assert ask("fengzheng").did_you_mean == "风筝"


def test_what_is_spelt_right_is_not_corrected(hall: None) -> None:
    assert ask("青花瓷").did_you_mean == ""


def test_english_finds_without_regard_to_plural_and_case(hall: None) -> None:
    assert titles("MURALS") == ["敦煌壁画数字藏品"]
    assert titles("kites") == ["沙燕风筝手作礼盒"]


def test_misspelt_english_finds_and_is_corrected(hall: None) -> None:
    answer = ask("porcelian")
    assert [hit.title.zh for hit in answer.hits] == ["青花瓷纹样授权"]
    assert answer.did_you_mean == "porcelain"


def test_synonyms_of_the_field_find_each_other(hall: None) -> None:
    assert titles("非遗") == ["非物质文化遗产数据库"]
    assert titles("drone") == ["古城夜游灯光秀"]
    assert titles("intangible cultural heritage") == ["非物质文化遗产数据库"]


def test_traditional_and_full_width_characters_are_the_same(hall: None) -> None:
    assert titles("數據庫") == ["非物质文化遗产数据库"]
    assert titles("ＫＩＴＥ") == ["沙燕风筝手作礼盒"]


def test_one_character_finds_titles_that_hold_it(hall: None) -> None:
    assert titles("瓷") == ["青花瓷纹样授权"]


def test_a_question_in_a_sentence_finds_what_it_is_about(hall: None) -> None:
    assert titles("请问哪里可以买到潍坊的风筝") == ["沙燕风筝手作礼盒"]


def test_a_name_no_dictionary_knows_is_found_by_part_of_it(hall: None) -> None:
    product("灵境视界科技有限公司", kind="organisation")
    services.take_in()
    assert titles("灵境") == ["灵境视界科技有限公司"]


def test_both_words_are_wanted_and_one_is_better_than_nothing(hall: None) -> None:
    both = ask("青花瓷 授权")
    assert (both.total, both.relaxed) == (1, False)
    neither = ask("青花瓷 风筝")
    assert (neither.total, neither.relaxed) == (2, True)


def test_found_words_are_marked_without_html(hall: None) -> None:
    product("<b>风筝</b>展")
    services.take_in()
    hit = next(hit for hit in ask("风筝").hits if hit.title.zh.startswith("<b>"))
    assert [(piece.text, piece.marked) for piece in hit.title_pieces] == [
        ("<b>", False),
        ("风筝", True),
        ("</b>展", False),
    ]


def test_what_sounds_like_the_question_is_marked(hall: None) -> None:
    (hit,) = ask("fengzheng").hits
    assert [piece.text for piece in hit.title_pieces if piece.marked] == ["风筝"]


def test_the_title_counts_more_than_the_text() -> None:
    product("展台搭建", body="曾服务皮影剧团")
    product("皮影数字剧场", body="展台可租")
    services.take_in()
    assert titles("皮影") == ["皮影数字剧场", "展台搭建"]


def test_among_equals_the_lifted_comes_first() -> None:
    product("剪纸动画", object_id=9001)
    product("剪纸动画", object_id=9002, boost=2.0)
    product("剪纸动画", object_id=9003, boost=0.5)
    services.take_in()
    assert [hit.object_id for hit in ask("剪纸").hits] == [9002, 9001, 9003]


def test_pages_neither_repeat_nor_miss() -> None:
    for number in range(7):
        product(f"年画{number}")
    services.take_in()
    pages = [titles("年画", page=page, per_page=3) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert len({title for page in pages for title in page}) == 7
    assert ask("年画", per_page=3).pages == 3


def test_a_hit_carries_all_a_card_needs(django_assert_num_queries: Any) -> None:
    product(
        "香云纱",
        title_en="Gambiered silk",
        summary="手工染整",
        url="/products/8",
        object_id=8,
        picture_asset_id=77,
        price_minor=12_800,
        facets={"city": ["佛山"]},
    )
    services.take_in()
    with django_assert_num_queries(0):
        (hit,) = ask("香云纱").hits
    assert (hit.kind, hit.object_id, hit.url, hit.picture_asset_id, hit.price_minor) == (
        "product",
        8,
        "/products/8",
        77,
        12_800,
    )
    assert (hit.title.en, hit.summary.zh) == ("Gambiered silk", "手工染整")
    assert hit.facets == {"city": ["佛山"]}


HOSTILE = [
    "x" * 10_000,
    "敦" * 10_000,
    "敦煌 " * 3_000,
    'title:"敦煌" AND (NOT -+*?~^',
    '"',
    "((((",
    "\\",
    "a\x00b",
    "\x00",
    "😀🎎",
    "\ud800",
    "​",
    "' OR 1=1 --",
    "[* TO *]",
    "/.*/",
    "a" * 40,
    "xianxianxianxianxianxianxianxianxianxian",
    "的",
    "。，！",
    " ",
    "İ",
    "ﷺ",
    "'",
    "x'",
    "a''b",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_can_be_typed_breaks_the_search(hall: None, text: str) -> None:
    answer = ask(text)
    assert answer.ready
    assert answer.total in range(6)
    assert isinstance(selectors.suggest(VISITOR, text), list)


def test_only_signs_find_nothing_and_no_text_finds_everything(hall: None) -> None:
    assert ask("。，！").total == 0
    assert ask("").total == ask("   ").total == 5


def test_suggestions_continue_chinese_pinyin_initials_and_english(hall: None) -> None:
    def suggested(prefix: str) -> list[str]:
        return [suggestion.title.zh for suggestion in selectors.suggest(VISITOR, prefix)]

    assert suggested("敦") == ["敦煌壁画数字藏品"]
    assert suggested("dunh") == ["敦煌壁画数字藏品"]
    assert suggested("dunhuang bihua shu") == ["敦煌壁画数字藏品"]
    assert suggested("dunhuangbihuax") == []
    assert suggested("dhbh") == ["敦煌壁画数字藏品"]
    assert suggested("灯光") == ["古城夜游灯光秀"]
    assert suggested("swallow ki") == ["沙燕风筝手作礼盒"]
    assert suggested("") == []


def test_eight_suggestions_at_most_and_each_title_once() -> None:
    for number in range(12):
        product(f"云锦{number // 2}")
    product("织造云锦")
    services.take_in()
    found = [suggestion.title.zh for suggestion in selectors.suggest(VISITOR, "云锦")]
    assert len(found) == len(set(found)) == 7
    assert found[-1] == "织造云锦"


@pytest.fixture
def cities() -> None:
    """Kites from two cities, and things that only mention one of them."""
    product("沙燕风筝", facets={"city": ["潍坊"]}, body="竹骨绢面")
    product("龙头蜈蚣风筝", facets={"city": ["北京"]}, body="曾在潍坊展出，潍坊获奖")
    product("风筝博物馆导览", facets={"city": ["北京"]})
    product("潍坊风筝画册", facets={"city": ["济南"]})
    product("木版年画", facets={"city": ["潍坊"]})
    services.take_in()


@pytest.mark.parametrize(
    "typed", ["潍坊 风筝", "风筝 weifang", "weifang fengzheng", "kites Weifang"]
)
def test_who_names_a_city_meets_what_comes_from_there_first(cities: None, typed: str) -> None:
    found = titles(typed)
    assert found[0] == "沙燕风筝"
    assert sorted(found[1:]) == sorted(["龙头蜈蚣风筝", "风筝博物馆导览", "潍坊风筝画册"])


def test_a_city_alone_finds_what_comes_from_it_and_what_names_it(cities: None) -> None:
    assert set(titles("潍坊")) == {"沙燕风筝", "木版年画", "潍坊风筝画册", "龙头蜈蚣风筝"}


def test_two_cities_are_plain_words_and_so_is_a_city_alone(cities: None) -> None:
    opened = index.current()
    assert opened is not None
    named = [Ranking(opened, read(text)).city for text in ("潍坊 风筝", "北京 潍坊 风筝", "潍坊")]
    assert named == ["潍坊", "", ""]


def test_a_word_that_is_no_city_of_anything_is_no_wish(cities: None) -> None:
    assert titles("扬州 风筝")[0] != "木版年画"
    assert ask("扬州 雕漆").total == 0


def test_beside_a_city_a_word_stands_for_those_that_are_used_with_it() -> None:
    for number in range(40):
        product(f"陶瓷茶具 {number}", summary="手工拉坯", facets={"city": ["济南"]})
    for number in range(8):
        product(f"影戏人物 {number}", summary="皮影雕刻工艺", facets={"city": ["西安"]})
    product("皮影灯箱", facets={"city": ["济南"]})
    services.take_in()
    assert titles("济南 影戏", per_page=20)[0] == "皮影灯箱"
    assert "皮影灯箱" not in titles("影戏", per_page=20)


def test_nothing_is_learnt_from_what_not_everybody_may_read() -> None:
    for number in range(40):
        product(f"陶瓷茶具 {number}", summary="手工拉坯", facets={"city": ["济南"]})
    for number in range(8):
        product(f"影戏人物 {number}", summary="皮影雕刻工艺", audience=["org:7"])
    product("影戏道具", facets={"city": ["西安"]})
    product("皮影灯箱", facets={"city": ["济南"]})
    services.take_in()
    assert titles("济南 影戏") == ["影戏道具"]
