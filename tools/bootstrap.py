"""Make or renew `.venv`: `python3 tools/bootstrap.py site` (to read) or `… test` (to check).

Standard library only. Installs nothing when the locked file and the Python are the same
as last time.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
LOCKS = {"site": "requirements.txt", "test": "requirements-test.txt"}
OLDEST = (3, 11, 5)


def main() -> int:
    """Bring `.venv` up to date; return the exit code."""
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        print("usage: python3 tools/bootstrap.py site|test", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        needed, found = (".".join(map(str, v[:3])) for v in (OLDEST, sys.version_info))
        print(f"Python {needed} or newer is needed, this is {found}.", file=sys.stderr)
        return 1
    purpose = sys.argv[1]
    lock = ROOT / LOCKS[purpose]
    interpreter = f"{sys.version} {sys.base_prefix}"
    state = hashlib.sha256(lock.read_bytes() + interpreter.encode()).hexdigest()
    marker = ENVIRONMENT / f"installed-{purpose}"
    if marker.exists() and marker.read_text("utf-8") == state:
        return 0
    made_by = ENVIRONMENT / "interpreter"
    if not made_by.exists() or made_by.read_text("utf-8") != interpreter:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
        made_by.write_text(interpreter, "utf-8")
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    print(f"Installing {lock.name} into .venv; this takes a minute the first time.", flush=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=False)
    if result.returncode == 0:
        marker.write_text(state, "utf-8")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
