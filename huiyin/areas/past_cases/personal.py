"""What is kept about residents whose old repair orders were handed in on a sheet."""

from huiyin.foundation.privacy.declared import Erasing, PersonalField, Sensitivity

FIELDS = (
    PersonalField(
        "OrderSheet",
        "file",
        "导入的旧维修单",
        "核对导入结果",
        Sensitivity.CONTACT,
        erasing=Erasing.STAYS,
        why="一张表里是许多人的资料,不单为一个人删除",
    ),
)
