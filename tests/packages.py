"""Programs that the tests need beside Python: looked for, else installed by apt by name when we may."""

import os
import shutil
import subprocess
from collections.abc import Callable


def there_after_installing(is_there: Callable[[], bool], *names: str) -> bool:
    """Tell whether it is there, after installing these Debian packages if it was not."""
    if is_there():
        return True
    if shutil.which("apt-get") and os.geteuid() == 0:
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *names]):
            subprocess.run(
                ["apt-get", *command],
                check=False,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    return is_there()
