"""Words of the field that mean the same. A small, curated list: one line, one meaning.

An entry belongs here when people of the trade would accept either word for the other in a
catalogue; near meanings stay out, because a false friend costs more than a missing one.
"""

_LINES = """
非遗，非物质文化遗产，intangible cultural heritage
虚拟现实，vr，virtual reality
增强现实，ar，augmented reality
混合现实，mr，mixed，reality
扩展现实，xr
人工智能，ai
数字藏品，数藏，nft
数字人，虚拟人，digital human
文创，文化创意
文创产品，文创商品
文旅，文化旅游
短剧，微短剧
短视频，小视频
动漫，动画
电竞，电子竞技，esports
手游，移动游戏，mobile game
知识产权，ip
版权，著作权，copyright
授权，许可，licensing
元宇宙，metaverse
大模型，大语言模型，llm
三维，3d
数字孪生，digital twin
沉浸式，沉浸，immersive
全息，全息投影，hologram
裸眼3d，裸眼三维
无人机，drone
直播带货，直播电商
潮玩，潮流玩具
盲盒，blind box
手办，figurine
国潮，国风
刺绣，embroidery
陶瓷，瓷器，ceramics
壁画，mural
书法，calligraphy
国画，中国画
京剧，peking opera
皮影，皮影戏，shadow puppet
剪纸，papercut
风筝，kite
年画，woodblock print
研学，研学旅行
夜游，夜间游览
博物馆，museum
展览，exhibition
展会，博览会，expo
影视，film and television
纪录片，documentary
院线电影，theatrical film
有声书，有声读物，audiobook
电子书，e-book
云计算，cloud computing
大数据，big data
区块链，blockchain
物联网，iot
智慧旅游，smart tourism
数字出版，digital publishing
山东，齐鲁
"""


def _read() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _LINES.strip().splitlines():
        words = line.split("，")
        for word in words:
            found[word] = (*found.get(word, ()), *(other for other in words if other != word))
    return found


SYNONYMS = _read()
# Chinese terms that the dictionary would cut apart; kept whole, their parts are found as well.
TERMS = tuple(word for word in SYNONYMS if not word.isascii())
LATIN_PHRASES = frozenset(word for word in SYNONYMS if word.isascii() and " " in word)
