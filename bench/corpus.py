"""A labelled corpus for the search benchmark: records and questions of our own making.

Every record is about one subject and one offering, each of which has several ways to be said, and
comes from one city. A question asks for a subject and an offering (and sometimes a city); relevance
follows from the labels, never from the words: 3 when both match, 1 when one does, 4 when the city
that was asked for matches as well. Records mention other subjects in passing, so that words alone
do not decide. Everything is drawn from a seed: the same corpus on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

SEED = 20_261_123
KINDS = ("exact", "paraphrase", "long", "typo", "pinyin", "city")

# Ways to say a subject; the first is the usual one.
SUBJECTS = """
飞天乐舞 石窟壁画 敦煌艺术
孔子文化 儒家经典 论语故事
泰山信仰 五岳名山 封禅文化
黄河文明 母亲河文化 黄河故事
潍坊风筝 纸鸢 风筝技艺
杨家埠年画 木版年画 年画技艺
鲁绣 抽纱绣 手工刺绣
淄博琉璃 琉璃工艺 料器
龙山黑陶 蛋壳陶 黑陶烧制
聊斋志异 狐仙故事 志怪小说
水浒传 梁山好汉 水浒英雄
皮影 影戏 皮影雕刻
昆曲 水磨腔 昆腔
古琴 七弦琴 琴曲
篆刻 印章艺术 金石
宋瓷 汝窑 天青釉
唐诗 盛唐诗歌 李白杜甫
甲骨文 殷墟文字 契文
航海贸易 海上丝路 郑和下西洋
传统中医 本草 针灸养生
汉服 华夏衣冠 传统服饰
武术 功夫 太极拳
二十四节气 农时 节令民俗
山水园林 江南园林 造园艺术
机关傀儡 木偶 提线木偶
航天梦想 太空探索 星际旅行
深海世界 海洋科普 鲸豚
非洲鼓乐 世界音乐 民族打击乐
"""
OFFERINGS = """
虚拟现实体验馆 头显体验 VR展项
互动投影 墙面投影 光影互动
数字藏品 数藏 数字收藏
虚拟主播 数字人 虚拟偶像
文物三维扫描 三维采集 高精度建模
动画短片 动画片 动漫短片
手机游戏 手游 移动端游戏
形象授权 IP授权 品牌联名
文化礼品 伴手礼 文创礼盒
影视后期 特效合成 后期制作
竖屏短剧 微短剧 短剧
绘画大模型 智能绘画 AI作画
云上展厅 线上展馆 网上展厅
智慧导览 语音讲解 景区导览
有声读物 有声书 听书
无人机编队 无人机表演 空中编队
灯光节 夜游 灯会
潮流手办 手办 潮玩摆件
研学营 研学旅行 游学课程
全息舞台 全息投影 立体影像
直播电商 直播带货 网络直播
古籍数据库 典籍数字化 文献数据库
沉浸演出 实景演艺 沉浸式剧场
版权存证 区块链存证 版权登记
字幕译制 影片翻译 多语配音
互动绘本 儿童绘本 立体书
数控雕刻 激光雕刻 精雕加工
展台搭建 展位设计 展示工程
"""


def _words(text: str) -> list[str]:
    return text.split()


CITIES = _words("""
济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 北京 上海 广州
深圳 杭州 苏州 南京 扬州 成都 重庆 西安 洛阳 开封 武汉 长沙 南昌 景德镇 厦门 泉州 福州 昆明 大理
贵阳 桂林 海口 哈尔滨 沈阳 大连 天津 太原 平遥 兰州
""")
_FIRM_HEADS = _words("""
蓬岛 鸢都 齐烟 岱青 稷下 海岱 琴岛 泉石 墨池 云杼 霁蓝 栖霞 鹤汀 砚田 澄怀 浮槎 观复 问渠 拾遗
知白
""")
_FIRM_TAILS = _words("""
文化 数字科技 影业 传媒 创意设计 动漫 互娱 文旅 艺术 光影科技 出版 工艺
""")
_QUALITIES = _words("""
原创 定制 成套 轻量 便携 可复制 高清 双语 开放 低碳 小型 大型 新款 经典 限量
""")
_PLACES = _words("""
博物馆 景区 商场 小学 社区 图书馆 美术馆 乐园 酒店 机场 文化馆 科技馆 剧院 古镇 书店
""")
_PEOPLE = _words("""
青少年 亲子家庭 海外游客 银发一族 大学生 收藏者 文化机构 品牌方 采购商 研究人员
""")
_FEATURES = _words("""
提供源文件 含一年运维 按件计价 可私有部署 著作权完整 内容已审 中英双语 支持离线 可接票务
附数据看板 可小批打样 支持分期 有驻场服务 三十天交付 服务过上百家客户 获省级奖项 入选优秀案例
引擎自研
""")
_TITLES = (
    "{subject}{offering}",
    "{quality}{offering}·{subject}系列",
    "{city}{firm}{subject}{offering}",
    "{subject}主题{offering}({place}版)",
    "{firm}{offering}方案：{subject}",
    "面向{people}的{subject}{offering}",
)
_SENTENCES = (
    "以{subject}为内容，为{people}打造{offering}，{feature}。",
    "把{subject}与{offering}结合，已在{city}多家{place}落地，{feature}。",
    "由{firm}研发，为{place}提供{quality}的{offering}，{feature}。",
    "取材于{subject}，适合{place}与{people}。",
    "从策划、设计到运营全程支持，{feature}，{feature2}。",
    "欢迎{place}、{people}洽谈。",
    "希望借{offering}让更多{people}认识{subject}。",
)
_LONG = (
    "想找一家能做{subject}{offering}的公司",
    "有没有{subject}方面的{offering}可以推荐",
    "我们馆里打算引进关于{subject}的{offering}，谁能做",
    "请问哪里可以买到和{subject}相关的{offering}",
    "求推荐{offering}的供应商，内容最好是{subject}",
)
# Everyday characters from which slips of the input method are drawn.
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自"
    "二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条"
    "只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九"
    "区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车"
    "例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近"
    "矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调"
    "满县局照参红细引听该铁价严首底液官德随病苏失尔死讲配女黄推显谈罪神艺呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远字材排供河态封另施减树溶怎止案言士均武"
    "固叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某练差致板田降黑犯负击范继兴似余坚曲输修故城夫够送笔船占右财吃富春职觉汉画功巴跟虽杂飞检吸助升阳互初创抗考投"
    "坏策古径换未跑留钢曾端责站简述钱副尽帝射草冲承独令限阿宣环双请超微让控州良轴找否纪益依优顶础载倒房突坐粉敌略客袁冷胜绝析块剂测丝协诉念陈仍罗盐友洋错苦夜刑移频逐"
    "靠混母短皮终聚汽村云哪既距卫停烈央察烧迅境若印洲刻括激孔搞甚室待核校散侵吧甲游久菜味旧模湖货损预阻毫普稳乙妈植息扩银语挥酒守拿序纸医缺雨吗针刘啊急唱误训愿审附获"
    "茶鲜粮斤孩脱硫肥善龙演父渐血欢械掌歌沙著刚攻谓盾讨晚粒乱燃矛乎杀药宁鲁贵钟煤读班伯香介迫句丰培握兰担弦蛋沉假穿执答乐谁顺烟缩征脸喜松脚困异免背星福买染井概慢怕磁"
    "倍祖皇促静补评翻肉践尼衣宽扬棉希伤操垂秋宜氢套督振架亮末宪庆编牛触映雷销诗座居抓裂胞呼娘景威绿晶厚盟衡鸡孙延危胶屋乡临陆顾掉呀灯岁措束耐剧玉赵跳哥季课凯胡额款绍"
)


@dataclass(frozen=True)
class Record:
    """One thing on show. `subject` and `offering` are labels (indices), not words."""

    number: int
    kind: str
    title: str
    body: str
    city: str
    subject: int
    offering: int
    price_minor: int


@dataclass(frozen=True)
class Question:
    """Something typed, with what was meant."""

    text: str
    kind: str
    subject: int
    offering: int
    city: str = ""


@cache
def _forms(table: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in table.strip().splitlines())


def records(count: int) -> Iterator[Record]:
    """`count` records, numbered from 1."""
    chance = random.Random(SEED)
    for number in range(1, count + 1):
        yield _record(number, chance)


def _record(number: int, chance: random.Random) -> Record:
    subject = chance.randrange(len(_forms(SUBJECTS)))
    offering = chance.randrange(len(_forms(OFFERINGS)))
    kind = chance.choices(("product", "exhibitor", "session"), (7, 2, 1))[0]
    words = {
        "subject": chance.choice(_forms(SUBJECTS)[subject]),
        "offering": chance.choice(_forms(OFFERINGS)[offering]),
        "city": chance.choice(CITIES),
        "firm": "".join(map(chance.choice, (_FIRM_HEADS, _FIRM_HEADS, _FIRM_TAILS))),
    }
    title = _fill(chance.choice(_TITLES), words, chance)
    body = [
        _fill(sentence, _said_otherwise(words, subject, offering, chance), chance)
        for sentence in chance.sample(_SENTENCES, chance.randint(2, 5))
    ]
    if chance.random() < 0.5:
        other = chance.choice(chance.choice(_forms(OFFERINGS)))
        passing = chance.choice(chance.choice(_forms(SUBJECTS)))
        body.append(f"同时承接{other}、{passing}等其他项目。")
    price = chance.randint(1, 5_000) * 10_000
    return Record(number, kind, title, "".join(body), words["city"], subject, offering, price)


def _said_otherwise(
    words: dict[str, str], subject: int, offering: int, chance: random.Random
) -> dict[str, str]:
    """One time in three a sentence uses another word for the same thing."""
    said = dict(words)
    if chance.random() < 0.33:
        said["subject"] = chance.choice(_forms(SUBJECTS)[subject])
    if chance.random() < 0.33:
        said["offering"] = chance.choice(_forms(OFFERINGS)[offering])
    return said


def _fill(pattern: str, words: dict[str, str], chance: random.Random) -> str:
    return pattern.format(
        **words,
        quality=chance.choice(_QUALITIES),
        place=chance.choice(_PLACES),
        people=chance.choice(_PEOPLE),
        feature=chance.choice(_FEATURES),
        feature2=chance.choice(_FEATURES),
    )


def questions(count: int = 240) -> list[Question]:
    """`count` questions, the six kinds in turn."""
    chance = random.Random(SEED + 1)
    return [_question(KINDS[number % len(KINDS)], chance) for number in range(count)]


def _question(kind: str, chance: random.Random) -> Question:
    subject = chance.randrange(len(_forms(SUBJECTS)))
    offering = chance.randrange(len(_forms(OFFERINGS)))
    subjects, offerings = _forms(SUBJECTS)[subject], _forms(OFFERINGS)[offering]
    one, other = chance.choice(subjects), chance.choice(offerings)
    city = chance.choice(CITIES) if kind == "city" else ""
    text = {
        "exact": lambda: subjects[0] + offerings[0],
        "paraphrase": lambda: f"{chance.choice(subjects[1:])} {chance.choice(offerings[1:])}",
        "long": lambda: chance.choice(_LONG).format(subject=one, offering=other),
        "typo": lambda: slip(one + other, chance),
        "pinyin": lambda: f"{typed(one)} {typed(other)}",
        "city": lambda: f"{city} {one}{other}",
    }[kind]()
    return Question(text, kind, subject, offering, city)


def typed(text: str) -> str:
    """What somebody types who leaves the choice of characters to nobody."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(text)).lower()


@cache
def _sounding_like() -> dict[str, str]:
    from pypinyin import lazy_pinyin

    found: dict[str, str] = {}
    for character in dict.fromkeys(_COMMON):
        sound = lazy_pinyin(character)[0]
        found[sound] = found.get(sound, "") + character
    return found


def slip(text: str, chance: random.Random) -> str:
    """`text` with one character replaced by a common one of the same sound."""
    from pypinyin import lazy_pinyin

    places = list(range(len(text)))
    chance.shuffle(places)
    for place in places:
        same = _sounding_like().get(lazy_pinyin(text[place])[0], "")
        if others := [character for character in same if character != text[place]]:
            return text[:place] + chance.choice(others) + text[place + 1 :]
    return text


def relevance(question: Question, record: Record) -> int:
    """0, 1, 3 or 4: see above."""
    same = (question.subject == record.subject) + (question.offering == record.offering)
    if same == 2 and question.city and question.city == record.city:
        return 4
    return (0, 1, 3)[same]
