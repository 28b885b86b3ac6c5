"""Words in disguise are found, innocent lines are not; and token buckets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.limits import Bucket, Buckets
from gateway.sounds import sound
from gateway.words import Verdict, Words

LIST = Words(
    {
        "骗子": "block exact",
        "加钱": "block initials",
        "加微信": "hold initials",
        "傻逼": "block",
        "妈的": "mask",
        "刷单": "hold",
        "代开发票": "block",
        "西安": "hold",
        "赌博": "block",
        "VX": "hold",
        "ass": "mask",
        "casino": "block",
        "加VX": "hold",
        "666群": "hold",
        "坏": "mask",
        "妈妈的": "allow",
        "读博士": "allow",
    },
    sound,
)

DISGUISES = """
骗子|骗子  骗子|骗 子  骗子|骗·子  骗子|骗**子  骗子|骗\u200b子  骗子|你是骗/子吗  加钱|加钱
加钱|加 钱  加钱|价签  加钱|佳乾  加钱|家-前  加钱|jiaqian  加钱|JiaQian  加钱|JIAQIAN
加钱|ｊｉａｑｉａｎ  加钱|jia qian  加钱|j.i.a.q.i.a.n  加钱|j i a q i a n  加钱|jia钱
加钱|加qian  加钱|ji1a2qi3an  加钱|j1i2a3q4i5a6n  加钱|jiāqián  加钱|要jiaqian吗
加钱|嘉_q_i_a_n  加钱|𝒿𝒾𝒶𝓆𝒾𝒶𝓃  加钱|jq  加钱|J Q  加钱|j*q  加钱|ｊｑ  加钱|先jq再说
加钱|j1q  加微信|加微信  加微信|加威信  加微信|家薇心  加微信|jia微xin  加微信|jiaweixin
加微信|jwx  加微信|J-W-X  加微信|加 wei xin  加微信|⓿jwx  傻逼|傻逼  傻逼|沙比  傻逼|shabi
傻逼|SHA BI  傻逼|s.h.a.b.i  傻逼|煞bi  傻逼|sha笔  傻逼|ｓｈａｂｉ  妈的|妈的  妈的|ma de
妈的|m-a-d-e  妈的|马得  妈的|妈de  刷单|刷单  刷单|刷 丹  刷单|shuadan  刷单|shua单
刷单|s h u a d a n  代开发票|代开发票  代开发票|代开fa票  代开发票|daikaifapiao
代开发票|带开发飘  代开发票|代 开 发 票  赌博|赌 博  赌博|堵伯  赌博|du博  赌博|dubo
赌博|D u B o  VX|vx  VX|ＶＸ  VX|v x  VX|V.X  VX|ｖ-ｘ  VX|聊vx细  VX|v1x  VX|vx12345
ass|ass  ass|A-S-S  ass|a s s  casino|c.a.s.i.n.o  casino|CASINO  casino|c4a5s6i7n8o
666群|666群  666群|６６６ 群  坏|真坏  坏|坏坏的  西安|xi'an  西安|西 安  西安|xi an
西安|夕庵
"""

INNOCENT = """
海市开了|片子真好看|这个片子几点播|照片能下载吗|字体很好看|文字版在哪里|先到先得|先生您好
我先看看|鲜花很美|纤维材料|Made in China|made by hand|This is made for you|a classic case
first class pass|grass and glass|assets for Unity|assistant|my massage chair|casinos
occasion|Casio 手表|revx|vxlan 网络|xvx|ovx|convex|vxworks|家里前面|价格牵涉很多
加一点钱够吗|加上千元|jiaqiang|加强版|jiaqiande|jqx|ajq|jQuery 插件|qj|加油加油|钱包在这里
微信公众号在哪里|信封微微有光|微型信号灯|我的妈妈|妈妈的手艺|马儿得儿驾|date and time
game over|like this one|单刷副本|刷子单卖吗|蛋刷|shuai 字怎么写|shua|dan|代表开发部发票据
发票怎么开|开发者大会|票代开不了|博物馆赌注|读博士|独自博得一笑|666|6667 群|群 6|1666群
v 和 x 之间|x v|安西都护府|安溪铁观音|xian|xiang|仙侠电影|杀价比较|沙滩必去|这套模型真细
什么时候开始|主播讲得好|可以交换名片吗|BIM 模型|3D 扫描|5G+8K|你好世界|Hello world|😀😀😀
ABC123|10:30 开播|￥199
"""


def _pairs(text: str) -> list[tuple[str, str]]:
    entries = (entry for line in text.splitlines() for entry in line.split("  ") if entry)
    return [(word, line) for word, _bar, line in (entry.partition("|") for entry in entries)]


@pytest.mark.parametrize(("word", "line"), _pairs(DISGUISES))
def test_a_word_is_found_in_disguise(word, line):
    assert LIST.judge(line).word == word


@pytest.mark.parametrize("line", [e for row in INNOCENT.split("\n") for e in row.split("|") if e])
def test_an_innocent_line_passes_as_it_was_typed(line):
    assert LIST.judge(line) == Verdict("", line)


def test_the_tables_are_as_large_as_they_claim():
    innocent = [e for row in INNOCENT.split("\n") for e in row.split("|") if e]
    assert len(_pairs(DISGUISES)) >= 60
    assert len(innocent) >= 60
    assert len({line for _word, line in _pairs(DISGUISES)} & set(innocent)) == 0


def test_initials_count_only_where_the_entry_says_so():
    assert Words({"加钱": "block"}, sound).judge("jq") == Verdict("", "jq")
    assert Words({"加钱": "block initials"}, sound).judge("jq").word == "加钱"


def test_an_exact_entry_is_compared_as_written_only():
    assert Words({"骗子": "block"}, sound).judge("片子").word == "骗子"
    assert Words({"骗子": "block exact"}, sound).judge("片子").action == ""
    assert Words({"骗子": "block exact"}, sound).judge("ｐianzi").action == ""


def test_an_allowed_word_covers_only_what_lies_within_it():
    words = Words({"妈的": "mask", "妈妈的": "allow"}, sound)
    assert words.judge("妈妈的手艺，妈的").text == "妈妈的手艺，**"


def test_an_entry_with_an_unknown_action_does_nothing():
    assert Words({"坏话": "shout", "坏": ""}, sound).judge("坏话") == Verdict("", "坏话")


def test_masking_covers_the_word_and_what_was_put_between():
    words = Words({"坏话": "mask"}, sound)
    assert words.judge("别说坏 话，坏话！huai话").text == "别说***，**！*****"


def test_the_hardest_action_wins():
    assert LIST.judge("真坏，妈的，jiaqian").action == "block"


lines, short = st.text(alphabet="甲乙", max_size=30), st.text("甲乙", min_size=1, max_size=4)


@given(lines, st.lists(short))
def test_every_word_that_stands_in_a_line_is_found_and_no_other(text, known):
    words = Words(dict.fromkeys(known, "block exact"))
    assert (words.judge(text).action == "block") == any(word in text for word in known)


@given(st.text(max_size=300))
def test_no_line_breaks_the_judge_and_masking_keeps_its_length(text):
    verdict = LIST.judge(text)
    assert len(verdict.text) == len(text)
    assert (verdict.text == text) == (verdict.action != "mask")


def test_a_bucket_gives_its_burst_and_then_one_each_interval():
    bucket = Bucket(1.5, 3)
    assert [bucket.take(now) for now in (10.0, 10.0, 10.0, 10.0)] == [0.0, 0.0, 0.0, 1.5]
    assert (bucket.take(11.5), bucket.take(11.5)) == (0.0, 1.5)
    assert [bucket.take(100.0) for _turn in range(4)] == [0.0, 0.0, 0.0, 1.5]


def test_buckets_are_kept_apart_and_not_without_end():
    buckets = Buckets(1.0, 1, most=100)
    assert [buckets.take(key, 1.0) for key in ("a", "b", "a")] == [0.0, 0.0, 1.0]
    for number in range(1_000):
        buckets.take(number, 2.0)
    assert len(buckets._known) <= 101
