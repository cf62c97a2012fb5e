"""`huiyin keys check|rotate`: the keys sensitive personal data are encrypted with."""

import argparse
import sys

from huiyin.foundation.privacy import keys, rotating


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="动作", required=True)
    actions.add_parser("check", help="检查密钥在不在、加密的内容读不读得出")
    actions.add_parser("rotate", help="换一把新密钥,并把已有内容改用新密钥加密(中断了再运行一次,接着换完)")


def run(args: argparse.Namespace) -> int:
    return _check() if args.action == "check" else _rotate()


def _check() -> int:
    """Say where the keys are, what each encrypts, and what cannot be read. Ends with 1 when something is wrong."""
    ring = keys.ring()
    counts = rotating.count_by_mark()
    print(f"密钥在 {keys.key_file() if keys.keeps_file() else '环境变量 HUIYIN_FIELD_KEY'},共 {len(ring.keys)} 把")
    for place, mark in enumerate(ring.marks):
        used = f"加密着 {counts.get(mark, 0):,} 条" if counts.get(mark) else "没有内容用它"
        print(f"  {mark}  {'在用' if place == 0 else '旧的'},{used}")
    wrong = list(rotating.unreadable(ring))
    for one in wrong[:20]:
        print(f"× {one}", file=sys.stderr)
    if keys.is_open_to_others():
        print(f"× 别人也能读密钥文件,请运行:chmod 600 {keys.key_file()}", file=sys.stderr)
        return 1
    print(f"{sum(counts.values()):,} 条加密内容,{len(wrong):,} 条读不出")
    return 1 if wrong else 0


def _rotate() -> int:
    """Make a new key and encrypt everything with it. A run that was interrupted is finished first, without a new key."""
    unreadable = next(rotating.unreadable(), None)
    if unreadable:
        print(f"有内容读不出,先把缺的密钥放回来再换:{unreadable}", file=sys.stderr)
        return 1
    if not set(rotating.count_by_mark()) - {keys.ring().marks[0]}:
        print(f"新密钥 {keys.add_key()} 已写入 {keys.key_file()},请马上备份这个文件")
    done = rotating.rotate()
    print(f"{done:,} 条内容已改用新密钥加密;旧密钥留着,读旧备份时要用")
    return 0
