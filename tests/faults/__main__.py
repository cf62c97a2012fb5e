"""`python -m tests.faults [--rounds N] [name …]`: do the faults one after the other; 1 when anything was lost or doubled."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.faults import postgres, scenarios
from tests.faults.cluster import CannotBeTried
from tests.faults.load import Outcome

# name → (what happens, how many rounds when nothing is said)
FAULTS: dict[str, tuple[Callable[[Path, int], Outcome], int]] = {
    "kill": (scenarios.killed, 100),
    "disk": (scenarios.disk_full, 5),
    "clock": (scenarios.clock_back, 10),
    "stop": (scenarios.told_to_stop, 20),
    "pair": (postgres.two_of_each, 30),
    "leader": (postgres.leader_lost, 3),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*FAULTS, []], help=f"only these: {', '.join(FAULTS)}")
    parser.add_argument("--rounds", type=int, help="how often each happens")
    said = parser.parse_args()
    failed = False
    for name in said.names or FAULTS:
        happen, rounds = FAULTS[name]
        with tempfile.TemporaryDirectory(prefix="huiyin-faults-") as home:
            Path(home).chmod(0o711)  # database servers run as somebody else and must get through
            try:
                outcome = happen(Path(home) / "home", said.rounds or rounds)
            except CannotBeTried as missing:
                print(f"{name:<18} not tried: {missing}", flush=True)
                failed = True
                continue
        print(outcome, flush=True)
        failed = failed or not outcome.holds
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
