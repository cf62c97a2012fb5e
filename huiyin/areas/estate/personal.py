"""What the estate keeps about its residents, what for, and what keeps it from being erased."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from huiyin.areas.estate.models import Occupancy
from huiyin.foundation.privacy.declared import CONSENT, Erasing, PersonalField, Sensitivity, Subject


def _nobody(row: Any) -> str:
    return ""


FIELDS = (
    PersonalField(
        "Person",
        "name",
        "姓名",
        "称呼住户、核对来电人",
        Sensitivity.ORDINARY,
        person="pk",
        record="住户",
        naming=_nobody,
    ),
    PersonalField(
        "Person",
        "initials",
        "姓名拼音首字母",
        "前台按首字母查找",
        Sensitivity.ORDINARY,
        person="pk",
        record="住户",
        naming=_nobody,
    ),
    PersonalField(
        "Person", "salutation", "称呼", "接待时称呼", Sensitivity.ORDINARY, person="pk", record="住户", naming=_nobody
    ),
    PersonalField(
        "Phone",
        "number",
        "电话",
        "回电、通知、认出来电人",
        Sensitivity.CONTACT,
        masked=True,
        erasing=Erasing.DELETE,
        person="person",
        record="住户",
        naming=_nobody,
    ),
    PersonalField(
        "Occupancy",
        "kind",
        "与房屋的关系",
        "分清业主、租户和家人,确定服务对象",
        Sensitivity.ORDINARY,
        erasing=Erasing.STAYS,
        why="只剩“某人某日住过”,没有姓名",
        person="person",
        record="房屋",
        naming=lambda row: f"{row.household.unit.code}({row.since_date} 起)",
    ),
    PersonalField(
        "Household",
        "note",
        "整户备注",
        "交代上门和联系时要注意的事",
        Sensitivity.ORDINARY,
        erasing=Erasing.CUT,
        person="occupancies__person",
        record="整户",
        naming=_nobody,
    ),
    PersonalField(
        "PersonDetail",
        "value",
        "身份证号、健康情况、生日、职业、工作单位、籍贯",
        "默认不收集;小区打开哪一项,按那一项写明的用途用",
        Sensitivity.SENSITIVE,
        basis=CONSENT,
        masked=True,
        erasing=Erasing.DELETE,
        person="person",
        record="住户",
        naming=_nobody,
        encrypted=True,
        several=True,
    ),
    PersonalField(
        "UnitImport",
        "file",
        "导入的住户表",
        "核对导入结果",
        Sensitivity.CONTACT,
        erasing=Erasing.STAYS,
        why="一张表里是许多人的资料,不单为一个人删除",
    ),
)


def _lives_here(subject: Subject, at: datetime) -> Iterator[str]:
    present = Occupancy.objects.filter(person=subject.person_id, until_date=None).select_related("household__unit")
    for one in present:
        yield f"还住在 {one.household.unit.code},服务关系没有结束;先办迁出"


HOLDS = (_lives_here,)
