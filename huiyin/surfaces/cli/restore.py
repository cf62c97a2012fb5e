"""`huiyin restore ARCHIVE`: a backup into an empty place, held table by table against what it says of itself."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management import call_command

from huiyin.foundation.refusals import Refused
from huiyin.surfaces.cli.main import wake

if TYPE_CHECKING:
    from huiyin.foundation.backups import restoring


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("archive", metavar="备份", type=Path)
    parser.add_argument("--into", metavar="HOME", type=Path, help="恢复到哪个文件夹(默认 HUIYIN_HOME),必须是空的")
    parser.add_argument("--key-file", metavar="FILE", type=Path, help="加密备份的密钥文件(默认 HUIYIN_BACKUP_KEY_FILE)")
    parser.add_argument("--with-secrets", action="store_true", help="连同备份里的密钥文件一起恢复")


def run(args: argparse.Namespace) -> int:
    """Restore, print what came back, and say each step of an upgrade before it is taken."""
    if args.into:
        os.environ["HUIYIN_HOME"] = str(args.into.resolve())
    wake()
    from django.conf import settings  # app ready

    from huiyin.foundation.backups import restoring  # app ready

    passphrase = _key(args.key_file) if args.key_file else settings.BACKUP_KEY
    restored = restoring.restore(args.archive, passphrase=passphrase, with_secrets=args.with_secrets)
    _say(restored)
    if restored.pending:
        print(f"备份来自较早的版本,现在补上 {len(restored.pending)} 步升级:")
        for step in restored.pending:
            print(f"  {step}")
        call_command("migrate", verbosity=0, interactive=False)
        print("升级完成")
    print(f"已恢复到 {settings.HOME}。下一步:huiyin verify,然后 huiyin serve")
    return 0


def _say(restored: "restoring.Restored") -> None:
    width = max(len(table.name) for table in restored.manifest.tables)
    for table in restored.manifest.tables:
        print(f"{table.name:<{width}} {table.rows:>10,} {table.sha256[:16]}")
    manifest = restored.manifest
    print(
        f"{len(manifest.tables)} 张表 {manifest.rows:,} 行、{manifest.files} 个文件,与 {manifest.made_at} 的清单逐一相符"
    )
    if manifest.damaged_files:
        print(f"有 {len(manifest.damaged_files)} 个文件在备份之前就已缺失或损坏")
    if restored.secrets:
        print(f"一并恢复了密钥:{'、'.join(restored.secrets)}")
    else:
        print("密钥没有恢复,用现在放着的;如果不是原来的,大家要重新登录,加密保存的栏目要放回原来的密钥文件才读得出")


def _key(path: Path) -> str:
    if not path.is_file():
        raise Refused(f"没有密钥文件 {path}")
    return path.read_text().strip()
