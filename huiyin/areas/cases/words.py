"""Wording used more than once about cases."""

CHANNELS = {
    "call": "来电",
    "visit": "来访",
    "letter": "来信",
    "mail": "邮件",
    "online": "网上",
    "mailbox": "意见箱",
    "heard": "员工听到",
}
