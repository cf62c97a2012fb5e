"""`python -m tests.faults.stage`: an estate with staff in the empty database that the environment names, and
the account of a clerk; or, with `verify`, the broken invariants, one a line."""

import sys

from huiyin.surfaces.cli.main import wake

wake()

from django.utils.timezone import now

from huiyin.surfaces.bench.stage import PASSWORD, set_stage
from huiyin.surfaces.cli import verify

if __name__ == "__main__":
    if sys.argv[1:] == ["verify"]:
        for one in verify.invariants():
            if broken := list(one.broken(now())):
                print(one.code, broken[:3])
    else:
        stage = set_stage(at=now().replace(microsecond=0), homes=20)
        print(stage.clerk.username, PASSWORD)
