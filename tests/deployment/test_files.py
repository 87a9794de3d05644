"""What a server is installed from: each file is whole, and they agree with each other."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from tests.deployment.dockerfile import Stage, stages
from tests.live import ROOT

TOOLS = Path(sys.executable).parent
SYSTEMD = ROOT / "deploy" / "systemd"
UNITS = sorted(file.name for file in SYSTEMD.glob("*.*") if file.is_file())
STATE, BACKUPS = "/var/lib/roleassess", "/var/backups/roleassess"
# As systemd-analyze reckons, from 0 (nothing is open) to 10; an unhardened service has 9.6.
MOST_EXPOSURE = 1.5


@pytest.fixture(scope="module")
def image() -> list[Stage]:
    return stages((ROOT / "Dockerfile").read_text())


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yaml").read_text())


def succeeds(*command: str | Path, **environ: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, done.stdout + done.stderr)
    # Warnings too, which some give without failing.
    return done.stdout + done.stderr


def need(program: str, package: str) -> str:
    found = shutil.which(program)
    if not found:
        pytest.skip(f"there is no {program}: on Debian, apt install {package}")
    return found


# --- The image ----------------------------------------------------------------------------------


def test_hadolint_has_nothing_to_say() -> None:
    assert succeeds(TOOLS / "hadolint", "--no-color", "Dockerfile") == ""


def test_the_image_runs_as_nobody_in_particular_with_its_code_out_of_reach(
    image: list[Stage],
) -> None:
    last = image[-1]
    assert last.arguments("USER") == ["10001:10001"]
    # After it nothing is copied or run, so that all of it is root's.
    words = [step.word for step in last.steps]
    assert words[words.index("USER") + 1 :] == [
        "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD",
    ]  # fmt: skip
    assert "--chown" not in " ".join(last.arguments("COPY"))
    assert json.loads(last.arguments("VOLUME")[0]) == [STATE, BACKUPS]
    # In brackets: no shell stands between Docker's signal and gunicorn.
    assert json.loads(last.arguments("CMD")[0])[0] == "gunicorn"


def test_bases_are_pinned_to_a_release(image: list[Stage], compose: Any) -> None:
    names = {stage.name for stage in image}
    bases = [stage.base for stage in image if stage.base not in names]
    pulled = [service["image"] for service in compose["services"].values()]
    for name in {*bases, *pulled} - {"roleassess"}:
        assert re.fullmatch(r"[a-z]+:\d+(\.\d+)+(-[a-z]+)?", name), name


def test_only_the_lock_is_installed_and_nothing_is_built(image: list[Stage]) -> None:
    installs = [run for stage in image for run in stage.arguments("RUN") if "pip" in run]
    assert len(installs) == 1
    assert installs[0].split() == [
        ".venv/bin/pip", "install", "--no-cache-dir", "--require-hashes", "--only-binary",
        ":all:", "--no-deps", "--requirement", "requirements.txt",
    ]  # fmt: skip


def test_what_is_copied_exists_and_nothing_else_reaches_the_image(image: list[Stage]) -> None:
    sources = [
        source
        for stage in image
        for argument in stage.arguments("COPY")
        if not argument.startswith("--from=")
        for source in argument.split()[:-1]
    ]
    assert sources == ["requirements.txt", "."]
    ignored = [
        line
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert ignored[0] == "*"
    kept = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    # There are translations as soon as there is a second language.
    assert [name for name in sorted(kept - {"locale"}) if not (ROOT / name).exists()] == []


def test_the_same_major_version_dumps_the_database_as_serves_it(
    image: list[Stage], compose: Any
) -> None:
    installed = " ".join(image[0].arguments("RUN"))
    client = re.findall(r"postgresql-client-(\d+)", installed)
    server = re.findall(r"^postgres:(\d+)\.", compose["services"]["database"]["image"])
    assert client == server


# --- Settings -----------------------------------------------------------------------------------


def test_each_setting_is_explained_once_and_no_secret_has_a_value() -> None:
    text = (ROOT / "deploy" / "env.example").read_text()
    explained = re.findall(r"(?:^#.+\n)+#?([A-Z_]+)=", text, flags=re.MULTILINE)
    assert len(explained) == len(set(explained)) == len(re.findall(r"^#?[A-Z_]+=", text, re.M))
    asked = re.findall(
        r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "roleassess" / "settings.py").read_text()
    )
    asked += re.findall(r'environ\.get\("([A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text())
    assert set(asked) - set(explained) == set()
    values = dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))
    secret = ("SECRET_KEY", "DATABASE_URL", "POSTGRES_PASSWORD", "EMAIL_URL", "METRICS_TOKEN")
    assert {values[name] for name in secret} == {""}


def test_the_example_is_read_alike_by_a_shell() -> None:
    file = ROOT / "deploy" / "env.example"
    # With what is commented out, too.
    text = re.sub(r"^#([A-Z_]+=)", r"\1", file.read_text(), flags=re.MULTILINE)
    shell = 'set -eu; set -a; eval "$1"; set +a; env'
    said = succeeds("sh", "-c", shell, "sh", text, SECRET_KEY="", SITE_URL="")
    assert "DEFAULT_FROM_EMAIL=RoleAssess <no-reply@assess.example.org>" in said.splitlines()
    assert "STARTS_PER_HOUR=30" in said.splitlines()


# --- Compose ------------------------------------------------------------------------------------


def test_compose_keeps_to_its_specification() -> None:
    succeeds(TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_the_site_starts_only_on_a_prepared_database(compose: Any) -> None:
    services = compose["services"]
    assert services["prepare"]["command"] == ["python", "manage.py", "prepare"]
    assert services["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    ready = {"condition": "service_completed_successfully"}
    for name in ("web", "daily", "sums", "backup"):
        assert services[name]["depends_on"]["prepare"] == ready


def test_nothing_of_the_site_writes_outside_its_volumes(compose: Any) -> None:
    for name in ("web", "prepare", "daily", "sums", "backup"):
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["tmpfs"] == ["/tmp"]  # noqa: S108 - a place of its own in each container
        assert service["env_file"] == ".env"
    database = compose["services"]["database"]
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}
    # Erasures outlive a restore of the database.
    assert not {v.split(":")[0] for v in database["volumes"]} & {"state", "backups"}


def test_no_secret_of_compose_has_a_default(compose: Any) -> None:
    used = re.findall(r"\$\{([A-Z_]+)(:?[-?]?)", (ROOT / "compose.yaml").read_text())
    assert used
    assert {mark for _name, mark in used} == {":?"}


def test_jobs_run_commands_that_there_are(compose: Any) -> None:
    asked = re.findall(r"manage\.py (\w+)", json.dumps(compose))
    asked += re.findall(r"manage\.py (\w+)", "".join(map(_unit, UNITS)))
    commands = {file.stem for file in ROOT.glob("assessments/management/commands/*.py")}
    assert set(asked) - commands == set()


def test_the_guide_names_commands_that_there_are() -> None:
    guide = (ROOT / "docs" / "operating.md").read_text()
    named = set(re.findall(r"(?:deploy/manage|manage\.py) ([a-z_]+)", guide))
    assert named - set(get_commands()) == set()
    # A link to a heading of this page or another one, and to files.
    for target in re.findall(r"\]\(([^)]+)\)", guide):
        file, _, heading = target.partition("#")
        page = ROOT / "docs" / file if file else ROOT / "docs" / "operating.md"
        assert page.exists(), target
        headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
        assert not heading or heading in {_anchor(line) for line in headings}, target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# --- systemd ------------------------------------------------------------------------------------


def _unit(name: str) -> str:
    return (SYSTEMD / name).read_text()


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """A copy of the units, for this checkout instead of the place on a server."""
    folder = tmp_path / "units"
    shutil.copytree(SYSTEMD, folder)
    for file in folder.rglob("*.*"):
        if file.is_file():
            text = file.read_text().replace("/opt/roleassess/.venv/bin", str(TOOLS))
            file.write_text(text.replace("/opt/roleassess", str(ROOT)))
    return folder


def test_systemd_has_nothing_to_say(units: Path) -> None:
    program = need("systemd-analyze", "systemd")
    files = [units / name for name in UNITS]
    assert succeeds(program, "verify", *files, SYSTEMD_UNIT_PATH=f"{units}:") == ""


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_services_are_hardened(name: str, units: Path) -> None:
    program = need("systemd-analyze", "systemd")
    shown = succeeds(
        program, "security", "--offline=true", "--no-pager", units / name,
        SYSTEMD_UNIT_PATH=f"{units}:",
    )  # fmt: skip
    exposure = re.findall(r"exposure level for \S+: ([\d.]+)", shown)
    assert [float(level) <= MOST_EXPOSURE for level in exposure] == [True], exposure


def test_each_job_has_a_timer_and_the_site_none() -> None:
    services = {name.removesuffix(".service") for name in UNITS if name.endswith(".service")}
    timers = {name.removesuffix(".timer") for name in UNITS if name.endswith(".timer")}
    assert services - timers == {"roleassess-web"}
    assert timers - services == set()
