"""`huiyin backup`: one archive of the whole house, made while it runs, read again before it counts."""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils.timezone import now

from huiyin.foundation.backups import operations
from huiyin.foundation.backups.rules import BackupRefused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", metavar="DIR", type=Path, help="放到哪个文件夹(默认 HUIYIN_BACKUP_DIR)")
    parser.add_argument(
        "--encrypt", action="store_true", help="加密,密钥取自 HUIYIN_BACKUP_KEY 或 HUIYIN_BACKUP_KEY_FILE"
    )
    parser.add_argument("--with-secrets", action="store_true", help="连同密钥文件一起备份(必须加密)")


def run(args: argparse.Namespace) -> int:
    if args.encrypt and not settings.BACKUP_KEY:
        raise BackupRefused("加密要先有密钥:请设置 HUIYIN_BACKUP_KEY_FILE,并把密钥另外保管好;丢了它,备份就打不开")
    folder = args.to.resolve() if args.to else settings.BACKUP_DIR
    passphrase = settings.BACKUP_KEY if args.encrypt else ""
    made = operations.make_backup(folder, passphrase=passphrase, with_secrets=args.with_secrets, at=now())
    print(made.path)
    sealed = "已加密" if made.encrypted else "未加密"
    print(
        f"{made.size:,} 字节,{made.tables} 张表 {made.rows:,} 行,{made.files} 个文件,{sealed};已重新读过一遍,校验和全部一致"
    )
    if made.damaged_files:
        print(f"注意:有 {made.damaged_files} 个文件在备份之前就已缺失或损坏,见 huiyin verify")
    if not args.to and (gone := operations.thin(folder)):
        print(f"按 7 天、5 周、12 个月的规则删去 {len(gone)} 份旧备份")
    return 0
