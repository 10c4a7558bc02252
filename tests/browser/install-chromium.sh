# Sees to a browser for the tests: Debian's chromium and the one library Playwright's driver needs.
set -e
if command -v chromium >/dev/null && ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1; then
    exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "The browser tests need chromium and libatomic1. Install them (on Debian:" >&2
    echo "sudo apt-get install chromium libatomic1 fonts-dejavu-core) and run make test again." >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Dpkg::Use-Pty=0 update
apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends chromium libatomic1 fonts-dejavu-core
