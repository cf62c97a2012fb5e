"""The first letters of a name as a clerk types them, with the readings surnames have of their own."""

import re
from functools import lru_cache

NAME_LENGTH = 60
INITIALS_LENGTH = 20
SALUTATIONS = ("先生", "女士", "小姐", "太太", "夫人", "阿姨", "叔叔", "大爷", "大妈", "老师", "师傅")
# Characters that are read otherwise as a surname than elsewhere.
SURNAMES = {
    "单": "S", "曾": "Z", "解": "X", "仇": "Q", "朴": "P", "查": "Z", "盖": "G", "区": "O", "缪": "M", "翟": "Z", "乐": "Y",
    "员": "Y", "种": "C", "秘": "B", "折": "S", "召": "S", "黑": "H", "覃": "Q", "谌": "C", "卜": "B", "尉": "W", "繁": "P",
    "句": "G", "祭": "Z", "角": "J", "么": "Y", "乜": "N", "都": "D", "撒": "S", "盛": "S", "薄": "B", "柏": "B", "沈": "S",
    "贾": "J", "宿": "S", "石": "S", "车": "C", "郗": "X", "宓": "M", "隗": "W", "牟": "M", "洗": "X", "会": "G", "幺": "Y",
    "瞿": "Q", "訾": "Z", "重": "C", "长": "Z", "省": "X", "哈": "H", "逄": "P", "适": "K", "观": "G", "莘": "S", "俞": "Y",
}  # fmt: skip
COMPOUND_SURNAMES = {
    "尉迟": "YC", "万俟": "MQ", "单于": "CY", "长孙": "ZS", "澹台": "TT", "令狐": "LH", "欧阳": "OY", "司马": "SM", "上官": "SG",
    "诸葛": "ZG", "东方": "DF", "皇甫": "HF", "公孙": "GS", "慕容": "MR", "司徒": "ST", "夏侯": "XH", "宇文": "YW", "亓官": "QG",
    "濮阳": "PY", "淳于": "CY", "鲜于": "XY", "闾丘": "LQ", "太叔": "TS", "申屠": "ST", "公冶": "GY", "轩辕": "XY", "呼延": "HY",
    "独孤": "DG", "拓跋": "TB", "钟离": "ZL", "赫连": "HL", "百里": "BL", "东郭": "DG", "南宫": "NG", "西门": "XM", "端木": "DM",
    "司空": "SK", "司寇": "SK", "子车": "ZJ", "第五": "DW", "左丘": "ZQ", "梁丘": "LQ", "宗政": "ZZ", "仲孙": "ZS", "乐正": "YZ",
}  # fmt: skip
GIVEN = {"长": "C", "行": "X", "重": "C", "曾": "Z", "乐": "L", "单": "D"}


def initials_of(name: str) -> str:
    """Return the capitals a clerk types for the name: 王小明 is WXM, 单雄信 SXX, 尉迟恭 YCG, Anna Lee AL."""
    said = name.strip()
    surname = COMPOUND_SURNAMES.get(said[:2])
    head = surname or SURNAMES.get(said[:1], "")
    rest = said[2:] if surname else said[1:] if head else said
    return (head + "".join(_letter(piece) for piece in _pieces(rest)))[:INITIALS_LENGTH]


def without_salutation(name: str) -> str:
    """Leave away how the person is addressed: 王女士 is looked up as 王."""
    return next((name.removesuffix(word) for word in SALUTATIONS if name.endswith(word) and name != word), name)


def _pieces(text: str) -> list[str]:
    return re.findall(r"[\u3400-\u9fff\U00020000-\U0003ffff]|[^\W\d_\u3400-\u9fff]+", text)


def _letter(piece: str) -> str:
    return GIVEN.get(piece) or (_read(piece) if not piece.isascii() and len(piece) == 1 else piece[0].upper())


@lru_cache(maxsize=20_000)
def _read(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # slow: it reads a dictionary of phrases

    read = lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore")
    return read[0][:1].upper() if read else ""
