"""How the lines about signing in are said; values are filled in by name."""

from huiyin.foundation.signing_in import events

SAYS = {
    events.SIGNED_IN: "登录了({how}),{device} {address}",
    events.SIGNED_OUT: "退出了登录",
    events.SESSIONS_ENDED: "结束了别处的登录({count} 处)",
    events.FAILED: "有人用这个账号登录,密码不对,来自 {address}",
    events.LOCKED: "试错太多,暂停登录,来自 {address}",
    events.UNLOCKED: "解除了登录限制",
    events.CODE_FAILED: "密码对了,第二步没有通过,来自 {address}",
    events.LINK_MADE: "发出了{link}链接,给 {person}",
    events.LINK_USED: "用{link}链接设了密码",
    events.LINK_REVOKED: "作废了{link}链接,给 {person}",
    events.PASSWORD_CHANGED: "修改了密码",
    events.FACTOR_ADDED: "开启了{factor}",
    events.FACTOR_REMOVED: "关闭了{factor}({person})",
    events.CODES_RENEWED: "换了一套恢复码",
    events.POWERS_RAISED: "打开了管理权限",
    events.POWERS_LOWERED: "收回了管理权限",
}
FACTORS = {"totp": "动态码", "webauthn": "通行密钥", "recovery_codes": "恢复码"}
