"""How Chinese sounds, and which syllables somebody typed."""

from functools import lru_cache
from itertools import pairwise

_TEXT = """
a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang
cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang
chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de den deng di dian diao die
ding diu dong dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fo fou fu ga gai gan
gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei
hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu
ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai
lan lang lao le lei leng li lia lian liang liao lie lin ling liu long lou lu luan lun luo lv lve
ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne
nei nen neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang
pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu
qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao
se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui
shun shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong
tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin xing
xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan
zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhen zheng zhi zhong zhou zhu zhua zhuai
zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
_SYLLABLES = frozenset(_TEXT.split())
_LONGEST_RUN = 40
_READINGS = 6


@lru_cache(maxsize=100_000)
def syllables(word: str) -> tuple[str, ...]:
    """Pinyin of each Chinese character, without tones (ü is v): 敦煌 → (dun, huang)."""
    from pypinyin import lazy_pinyin  # its dictionaries cost 0.1 s, paid by whoever searches first

    return tuple(lazy_pinyin(word, errors="ignore"))


def bigrams(sounds: tuple[str, ...] | list[str]) -> list[str]:
    """Neighbouring syllables: (dun, huang, bi) → [dun_huang, huang_bi]."""
    return [f"{a}_{b}" for a, b in pairwise(sounds)]


@lru_cache(maxsize=10_000)
def readings(run: str) -> tuple[tuple[str, ...], ...]:
    """Ways to read Latin letters as pinyin, fewest syllables first; empty when there is none.

    `xian` may be (xian,) or (xi, an); at most six ways are kept.
    """
    if len(run) > _LONGEST_RUN:
        return ()
    ways: list[list[tuple[str, ...]]] = [[] for _ in range(len(run) + 1)]
    ways[0] = [()]
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 6), end):
            if run[start:end] in _SYLLABLES:
                ways[end] += [(*way, run[start:end]) for way in ways[start]]
        ways[end] = sorted(ways[end], key=len)[:_READINGS]
    return tuple(ways[-1])
