"""One spelling for every character: half width, lower case, no accents, simplified Chinese.

Each character becomes exactly one, so that positions in the folded text are positions in the text:
highlighting relies on it.
"""

import re
import unicodedata
from functools import lru_cache

# Traditional characters of the fields of culture, trade and place names, and their simplified form.
# Others still meet their simplified twin through pinyin.
_TRADITIONAL = (
    "東絲亂亞來倉個們偉側偵備傑傘傢傳債傷傾億優儲兒兩冊軍農凍準凱別劇劍劉剛創劃動務勝勞勢勵勸區協單占衛廠廳歷厲壓參雙發變"
    "葉號嘆嚇呂員問啟喪喬嗎團園國圍圖圓聖場壇壞塊堅壩墳墜墊處備復夠頭誇夾奪奮獎婦媽嬌孫學寧寶實寵審寫寬對尋導壽將爾塵嘗層屬歲豈島嶺"
    "崗峽嶼幣師帥帳幟帶幫幹庫應廟廢開異棄張彌彎彈強歸當錄彥徹徑後從術恆悅懸驚慘態慶憑懷戀戰戲戶執擴掃揚撫拋搶護報擔擬攏揀擁攔擇掛揮換據損"
    "搖攜攝擺敵數齋斬斷無舊時曠曬顯晉暈暫機殺雜權條楊極構槍樞棗標棧棟欄樹樣橋檔夢檢樓歐歡殘殲氣漢湯溝沒滬淚澤潔灑淺漿測濟渾濃濤潤漲漸漁滲"
    "溫灣濕滅燈靈災爐點煉爍爛煙熱燒燭愛爺牆獻獨獅獄獲瑪環現瑤璽瓊甕產畫暢療瘋癢皺盜盞鹽監蓋盤睜瞞礦碼磚碩確礙禮禪離種積稱穩窮竊競筆築籃簽簡糧"
    "糾紀約紅紋納紐純紗紙級紛紡細終組結繞繪給絡絕統繼績續繩維綿綠網線練編緣縣縫縮總織罰羅職聯聰聲聽肅腸膚腎腫脹脈臉臟腦腳艦艙藝節蘆蘇蘋範莖薦榮"
    "藥蓮獲營蕭薩藍蟲雖蝦蠟補裝裡製複襲見觀規覓視覺覽觸計訂認討讓訓議記講許論設訪證評識詞譯試詩誠話詢該詳語誤說請諸讀課誰調談謀謝謠謎譜貝負貢"
    "財責賢敗賬貨質販貪購貫貴貸貿費賀資賓賞賦賭賽贈贏趙趕趨躍踐車軌軟轉輪輕載較輛輝輯輸轎辦辭邊遼達遷過運還這進遠違連遲適選遺郵鄰鄭醜釀採釋針鈔"
    "鋼鐘鑰欽鈴鐵鉛銀銅銘鋪鏈銷鎖鍋鋒錯錦鍵鏡鑄長門閃閉問閒間閱闊隊陽陰陣階際陸陳險隨隱難雲電霧靜韓頁頂項順須頑顧頓預領頗頻題顏額願類風飛飯飲飾"
    "館馬駕駐驗騎騙騰驅魚魯鮮鯨鳥鳴鳳鴻鵬鶴麗麥黃齊齒龍龜"
)
_SIMPLIFIED = (
    "东丝乱亚来仓个们伟侧侦备杰伞家传债伤倾亿优储儿两册军农冻准凯别剧剑刘刚创划动务胜劳势励劝区协单占卫厂厅历厉压参双发变"
    "叶号叹吓吕员问启丧乔吗团园国围图圆圣场坛坏块坚坝坟坠垫处备复够头夸夹夺奋奖妇妈娇孙学宁宝实宠审写宽对寻导寿将尔尘尝层属岁岂岛岭"
    "岗峡屿币师帅帐帜带帮干库应庙废开异弃张弥弯弹强归当录彦彻径后从术恒悦悬惊惨态庆凭怀恋战戏户执扩扫扬抚抛抢护报担拟拢拣拥拦择挂挥换据损"
    "摇携摄摆敌数斋斩断无旧时旷晒显晋晕暂机杀杂权条杨极构枪枢枣标栈栋栏树样桥档梦检楼欧欢残歼气汉汤沟没沪泪泽洁洒浅浆测济浑浓涛润涨渐渔渗"
    "温湾湿灭灯灵灾炉点炼烁烂烟热烧烛爱爷墙献独狮狱获玛环现瑶玺琼瓮产画畅疗疯痒皱盗盏盐监盖盘睁瞒矿码砖硕确碍礼禅离种积称稳穷窃竞笔筑篮签简粮"
    "纠纪约红纹纳纽纯纱纸级纷纺细终组结绕绘给络绝统继绩续绳维绵绿网线练编缘县缝缩总织罚罗职联聪声听肃肠肤肾肿胀脉脸脏脑脚舰舱艺节芦苏苹范茎荐荣"
    "药莲获营萧萨蓝虫虽虾蜡补装里制复袭见观规觅视觉览触计订认讨让训议记讲许论设访证评识词译试诗诚话询该详语误说请诸读课谁调谈谋谢谣谜谱贝负贡"
    "财责贤败账货质贩贪购贯贵贷贸费贺资宾赏赋赌赛赠赢赵赶趋跃践车轨软转轮轻载较辆辉辑输轿办辞边辽达迁过运还这进远违连迟适选遗邮邻郑丑酿采释针钞"
    "钢钟钥钦铃铁铅银铜铭铺链销锁锅锋错锦键镜铸长门闪闭问闲间阅阔队阳阴阵阶际陆陈险随隐难云电雾静韩页顶项顺须顽顾顿预领颇频题颜额愿类风飞饭饮饰"
    "馆马驾驻验骑骗腾驱鱼鲁鲜鲸鸟鸣凤鸿鹏鹤丽麦黄齐齿龙龟"
)


def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table[0x3000] = " "
    for code in (*range(0x41, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if (lowered := base.lower()) != chr(code) and len(lowered) == 1:
            table[code] = lowered
    for code in range(0xFF21, 0xFF3B):
        table[code] = chr(code - 0xFEE0 + 32)
    table.update((ord(a), b) for a, b in zip(_TRADITIONAL, _SIMPLIFIED, strict=True))
    return table


_FOLDED = _table()
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def fold(text: str) -> str:
    """The text in one spelling; as long as before."""
    return text.translate(_FOLDED)


@lru_cache(maxsize=100_000)
def is_han(text: str) -> bool:
    """Whether every character is a Chinese one; false for nothing."""
    return _HAN.fullmatch(text) is not None
