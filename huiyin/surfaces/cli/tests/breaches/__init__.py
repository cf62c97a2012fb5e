"""What is planted, by the invariant that must find it.

SQL that both engines run, its statements parted by semicolons; checks of the database are looked away from, because the
verification must not rely on them.
"""

from huiyin.surfaces.cli.tests.breaches.desk import DESK
from huiyin.surfaces.cli.tests.breaches.estate import ESTATE
from huiyin.surfaces.cli.tests.breaches.fees import FEES
from huiyin.surfaces.cli.tests.breaches.foundation import FOUNDATION
from huiyin.surfaces.cli.tests.breaches.materials import MATERIALS
from huiyin.surfaces.cli.tests.breaches.repairs import REPAIRS
from huiyin.surfaces.cli.tests.breaches.standards import STANDARDS
from huiyin.surfaces.cli.tests.breaches.upkeep import UPKEEP

PLANTED = FOUNDATION | STANDARDS | ESTATE | DESK | REPAIRS | FEES | MATERIALS | UPKEEP
