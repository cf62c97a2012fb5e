"""The `huiyin` command: one word, then what it should do. Every command says why it failed and ends non-zero."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from huiyin.foundation.refusals import Refused

# command → (module, what it does, does it need the database)
COMMANDS: dict[str, tuple[str, str, bool]] = {
    "run": ("run", "准备好数据库和演示小区,然后启动(第一次用这个)", True),
    "serve": ("serve", "启动服务,用已有的数据", True),
    "setup": ("setup", "建立或升级数据库,载入标准和角色", True),
    "worker": ("worker", "执行后台任务", True),
    "estate": ("estate", "建立自己的小区:岗位、标准、第一个账号", True),
    "demo": ("demo", "建一个演示小区,演上几个月", True),
    "import": ("imports", "导入房屋住户、以前的维修单或历史事项", True),
    "report": ("report", "出一张报表", True),
    "check": ("check", "核对部署:地址、HTTPS、密钥、磁盘,哪里不妥", True),
    "verify": ("verify", "逐条核对数据库里的每一项保证", True),
    "seals": ("seals", "打印每天的日志封存,留在别处;拿留下的来对", True),
    "standards": ("standards", "检查或载入标准", True),
    "keys": ("keys", "加密个人敏感信息的密钥:检查、更换", True),
    "calendar": ("calendar", "检查工作日历,公布一年的放假安排", False),
    "move-to-postgres": ("move_to_postgres", "把停下来的 SQLite 数据库搬到 PostgreSQL", True),
    "api": ("api", "写出接口的 OpenAPI 文件", True),
    "user": ("user", "建立账号、改密码、给角色、解除登录限制", True),
    "backup": ("backup", "做一份备份:数据库和文件,边用边做", True),
    "restore": ("restore", "把一份备份恢复到空的地方", False),
    "bench": ("bench", "量一量性能预算", False),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="huiyin", description="回音:事事有着落,件件有回音。")
    actions = parser.add_subparsers(dest="command", metavar="命令", required=True)
    wanted = next((word for word in words if not word.startswith("-")), "")
    if wanted == "run":
        # The demonstration answers to every name; a house with people in it only to its own.
        os.environ.setdefault("HUIYIN_ALLOWED_HOSTS", "*")
    if wanted in COMMANDS and COMMANDS[wanted][2]:
        wake()
    for name, (module, help_text, _) in COMMANDS.items():
        action = actions.add_parser(name, help=help_text, description=help_text)
        if name == wanted:
            import_module(f"huiyin.surfaces.cli.{module}").add_arguments(action)
    args = parser.parse_args(words)
    module = COMMANDS[args.command][0]
    try:
        return int(import_module(f"huiyin.surfaces.cli.{module}").run(args))
    except Refused as refusal:
        print(refusal.sentence, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def wake() -> None:
    """Load the settings and the apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiyin.config.settings")
    import django  # slow

    django.setup()


if __name__ == "__main__":
    sys.exit(main())
