"""Make sure that there is a browser for the tests: Chromium or Chrome, installed if need be."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    if any(map(shutil.which, NAMES)):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests.", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-qq", "update"], env=quiet, check=False)
        install = ["apt-get", "-qq", "install", "-y", "--no-install-recommends", "chromium"]
        if (
            subprocess.run(install, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode
            == 0
        ):
            return 0
    print("The browser tests need Chromium or Chrome: install one, then run this again.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
