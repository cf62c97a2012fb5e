"""What is kept about the staff."""

from huiyin.foundation.privacy.declared import EMPLOYMENT, Erasing, PersonalField, Sensitivity

_RECORD = "谁做了什么要能追溯;离职后账号停用,姓名随记录保存"

FIELDS = (
    PersonalField(
        "accounts.User",
        "name",
        "员工姓名",
        "谁经手、谁负责",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why=_RECORD,
    ),
    PersonalField(
        "accounts.User",
        "phone",
        "员工电话",
        "工作联系",
        Sensitivity.CONTACT,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why="在职期间需要;离职时由主管清空",
    ),
    PersonalField(
        "Absence",
        "reason",
        "不在岗原因",
        "排班和转交工作",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why=_RECORD,
    ),
    PersonalField(
        "accounts.Session",
        "address",
        "登录的网络地址",
        "认出不是本人的登录",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why="登录结束或到期时删除",
    ),
    PersonalField(
        "signing_in.Guess",
        "address",
        "试错密码的网络地址",
        "挡住猜密码的人",
        Sensitivity.ORDINARY,
        basis=EMPLOYMENT,
        erasing=Erasing.STAYS,
        why="限制解除或过期后不再使用",
    ),
)
