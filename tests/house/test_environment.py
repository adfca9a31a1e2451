"""One command sets up, the locked files say what pyproject.toml says, and name no host."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from proof.project import House
from tools import bootstrap, lock

ROOT = House().root
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def pins(text: str) -> list[tuple[str, str]]:
    return [(pin["name"], pin["version"]) for pin in lock.PIN.finditer(text)]


def direct(*groups: str) -> list[str]:
    """Return what groups of pyproject.toml ask for, but for the groups that they include."""
    every = [one for group in groups for one in PROJECT["dependency-groups"][group]]
    return [one for one in every if isinstance(one, str)]


def faults_of_lock(text: str) -> list[str]:
    """Return what is wrong in a locked file: lines that are no pin, pins without a hash."""
    faults, hashed = [], True
    for line in text.splitlines():
        if lock.PIN.match(line):
            if not hashed:
                faults.append("a pin without a hash")
            hashed = False
        elif re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line):
            hashed = True
        elif not line.startswith("# make lock"):
            faults.append(f"no pin and no hash: {line}")
    return faults if hashed else [*faults, "a pin without a hash"]


def test_uv_and_pip_ask_the_index_of_the_machine_and_no_other() -> None:
    """A second index could answer with a stranger's package of the same name."""
    assert "uv" not in PROJECT["tool"], "pyproject.toml configures uv: delete [tool.uv]"
    assert not [name for name in ("uv.toml", "pip.conf", "setup.cfg") if (ROOT / name).exists()]


@pytest.mark.parametrize("name", lock.FILES)
def test_locked_file_says_what_pyproject_says(name: str) -> None:
    elsewhere = [one for group in lock.FILES[name] for one in direct(group) if "@" in one]
    assert not elsewhere, (
        f"pyproject.toml asks {elsewhere}\nmend: name a version of the index: nothing else is locked"
    )
    text = (ROOT / name).read_text("utf-8")
    head, _, body = text.partition("\n")
    assert not (wrong := faults_of_lock(text)), f"{name}: {wrong}\nmend: make lock"
    assert head == lock.fingerprint(ROOT, name, body), (
        f"{name} is not what pyproject.toml says, or its pins were edited, by hand or by an update bot.\n"
        "mend: make lock. It keeps every version that stands there and is allowed, and writes its hashes.\n"
        "To raise versions yourself: make lock UPGRADE=numpy, or make lock UPGRADE=all"
    )
    locked = {pin for pin, _ in pins(text)}
    assert len(locked) > 20
    for group in lock.FILES[name]:
        for requirement in direct(group):
            assert re.match(r"[\w-]+", requirement)[0].lower() in locked


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("numpy>=2.0", "numpy>=2.1"),
        ("[tool.mypy]", '[[tool.uv.index]]\nurl = "https://example.org/index"\n\n[tool.mypy]'),
    ],
)
def test_a_changed_dependency_or_index_is_seen(old: str, new: str, tmp_path: Path) -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "pyproject.toml").write_text(text.replace(old, new, 1), "utf-8")
    name = "requirements-test.txt"
    before = lock.fingerprint(ROOT, name, "numpy==2.4.6")
    assert lock.fingerprint(tmp_path, name, "numpy==2.4.6") != before
    assert lock.fingerprint(ROOT, name, "numpy==2.4.5") != before


def test_of_two_raised_pins_the_newer_is_kept_and_no_hash(tmp_path: Path) -> None:
    """An update bot edits one file or both; old hashes must not survive it."""
    pin = "{}==2.{} ; python_version < '3.12' \\\n    --hash=sha256:" + "0" * 64 + "\n"
    (tmp_path / "requirements-test.txt").write_text(pin.format("numpy", 9), "utf-8")
    (tmp_path / "requirements.txt").write_text(pin.format("numpy", 10) + "six==1\n", "utf-8")
    assert lock.preferred(tmp_path) == "numpy==2.10 ; python_version < '3.12'\nsix==1\n"


@pytest.mark.parametrize(
    "line",
    [
        "-i https://example.org/index",
        "numpy @ https://example.org/n.whl",
        "-e .",
        "numpy>=2",
    ],
)
def test_a_locked_file_holds_pins_and_hashes_only(line: str) -> None:
    good = "numpy==2.4.6 \\\n    --hash=sha256:" + "0" * 64 + "\n"
    assert faults_of_lock(good) == []
    assert faults_of_lock(good + line)
    assert faults_of_lock(good + "scipy==1.17.1\n")


def test_all_files_lock_the_same_versions() -> None:
    every, site = (set(pins((ROOT / name).read_text("utf-8"))) for name in lock.FILES)
    assert site <= every


@pytest.mark.parametrize("name", lock.FILES)
def test_what_is_installed_is_what_is_locked(name: str) -> None:
    wrong = []
    for pin in lock.PIN.finditer((ROOT / name).read_text("utf-8")):
        requirement = Requirement(pin[0])
        if requirement.marker is None or requirement.marker.evaluate():
            installed = importlib.metadata.version(requirement.name)
            if installed != pin["version"]:
                wrong.append(f"{requirement.name} {installed} is installed, {pin[0]} is locked")
    assert not wrong, "\n".join(
        [*wrong, "mend: python3 tools/bootstrap.py test; of a raised pin first: make lock"]
    )


def test_every_direct_dependency_has_a_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = [line for line in text.splitlines() if re.match(r'    "[\w-]+[><=]', line)]
    assert len(listed) == len(direct(*PROJECT["dependency-groups"]))
    for line in listed:
        assert re.search(r'",\s+# \S.{5,}$', line), f"say why: {line.strip()}"


def test_snippet_headers_promise_the_bounds_of_pyproject() -> None:
    bounds = {re.match(r"[\w-]+", r)[0]: r for r in direct("snippets", "reference")}
    for snippet in House().snippets:
        for requirement in re.findall(r'"([^"]+)"', snippet.source.splitlines()[2]):
            name = re.match(r"[\w-]+", requirement)[0]
            assert requirement == bounds.get(name), (
                f"{snippet.name}:3: {requirement} is not {bounds.get(name)}, the bound of pyproject.toml\nmend: make fix"
            )


def test_bootstrap_installs_once_and_again_when_the_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def pretend(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        commands.append([str(part) for part in command])
        return subprocess.CompletedProcess(command, returncode)

    returncode = 0
    (tmp_path / "requirements.txt").write_text("a==1", "utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap.venv, "create", lambda path, **_: Path(path).mkdir(exist_ok=True))
    monkeypatch.setattr(bootstrap.subprocess, "run", pretend)
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "site"])
    assert bootstrap.main() == 0 and len(commands) == 1
    assert "--require-hashes" in commands[0] and commands[0][-1].endswith("requirements.txt")
    assert bootstrap.main() == 0 and len(commands) == 1, "nothing changed, yet it installed again"
    (tmp_path / "requirements.txt").write_text("a==2", "utf-8")
    returncode = 1
    assert bootstrap.main() == 1 and len(commands) == 2
    returncode = 0
    assert bootstrap.main() == 0 and len(commands) == 3, "a failed installation must be repeated"


def test_bootstrap_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    assert bootstrap.main() == 2
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "site"])
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 9, 9))
    assert bootstrap.main() == 1
    assert "Python 9.9.9 or newer is needed" in capsys.readouterr().err


def test_no_file_names_a_registry_or_this_machine() -> None:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    hosts = re.compile(
        "|".join(
            [
                r"pypi\.org",
                r"pythonhosted",
                r"registry\.npmjs",
                r"--index.url h",
                str(Path.home()) + "/",
            ]
        )
    )
    files = [
        ROOT / name for name in names.splitlines() if Path(name).suffix not in {".png", ".woff2"}
    ]
    assert len(files) > 30
    this = Path(__file__).name
    for path in files:
        if path.is_file() and path.name != this:
            found = hosts.search(path.read_text("utf-8"))
            assert not found, f"{path.relative_to(ROOT)} names {found[0]}"


def test_code_is_linted() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "."],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (
        f"{done.stdout}{done.stderr}\nmend: make fix; what is left, by hand"
    )
