"""A plain Debian 12 in a folder, made with debootstrap, in which commands run as on a new server.

Each command has namespaces of its own for processes and mounts: whatever it leaves running or
mounted is gone with it. The network is this machine's.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.live import ROOT

RELEASE = "bookworm"
# Made once, and kept with the other things of this checkout.
CACHE = ROOT / "var" / "debian-12-root"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MACHINE_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# How this machine reaches its package sources: lent to the root, written nowhere in the project.
LENT = (
    Path("/etc/resolv.conf"),
    Path("/etc/hosts"),
    Path("/etc/apt/sources.list.d/debian.sources"),
    Path("/etc/apt/apt.conf.d"),
    Path("/etc/pip.conf"),
    Path("/etc/xdg/pip"),
    Path("/root/.config/pip"),
    Path("/root/.pip"),
)


def why_not() -> str | None:
    """What is missing to make a root; None if nothing is."""
    if os.geteuid() != 0:
        return "only root can make a Debian root"
    if not shutil.which("debootstrap"):
        return "there is no debootstrap: on Debian, apt install debootstrap"
    return None


@contextlib.contextmanager
def plain_root() -> Iterator[Root]:
    """A fresh minimal Debian 12 that knows how to reach the packages; gone on leaving."""
    if not (CACHE / "etc" / "debian_version").exists():
        shutil.rmtree(CACHE, ignore_errors=True)
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", RELEASE, CACHE],
            capture_output=True,
            text=True,
        )
        if "Failed getting release file" in made.stdout + made.stderr:
            pytest.skip("debootstrap does not reach Debian's packages")
        assert made.returncode == 0, made.stdout[-3000:] + made.stderr
    with Root(CACHE).copy() as root:
        for place in LENT:
            if place.exists():
                root.lend(place)
        if MACHINE_CERTIFICATES.exists():
            shutil.copy(MACHINE_CERTIFICATES, root.path / "etc" / "machine-certificates.crt")
        # As on Docker's images: a package that is installed starts no server.
        policy = root.path / "usr" / "sbin" / "policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
        yield root


class Root:
    """A Debian in a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextlib.contextmanager
    def copy(self) -> Iterator[Root]:
        """Another one that begins as this one is now; gone on leaving."""
        # Not among pytest's folders, which stay for some runs: one takes half a gigabyte.
        with tempfile.TemporaryDirectory(prefix="roleassess-debian-") as folder:
            subprocess.run(["cp", "--archive", f"{self.path}/.", folder], check=True)
            yield Root(Path(folder))

    def lend(self, place: Path) -> None:
        """Give it a file or folder of this machine, at the same place."""
        target = self.path / place.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():
            shutil.copytree(place, target, dirs_exist_ok=True)
        else:
            target.unlink(missing_ok=True)
            shutil.copyfile(place, target)

    def command(
        self, *command: str, cwd: str = "/", user: str = "", writable: Sequence[str] = ()
    ) -> list[str]:
        """What runs a command inside; as root without a user, writing where it may.

        `writable`: the only folders that can be written; without any, all can.
        """
        mounts = []
        if writable:
            mounts += [f"mount --bind {self.path} {self.path}"]
            mounts += [f"mount -o remount,bind,ro {self.path}"]
        for place in writable:
            mounts += [f"mount --bind {self.path}{place} {self.path}{place}"]
            mounts += [f"mount -o remount,bind,rw {self.path}{place}"]
        mounts += [f"mount -t tmpfs shm {self.path}/dev/shm"]  # noqa: S108
        mounts += [f"mount -t proc proc {self.path}/proc"]
        lower = f"setpriv --reuid={user} --regid={user} --init-groups --no-new-privs"
        inside = f'cd {cwd}; exec {lower if user else ""} "$@"'
        enter = f'exec chroot {self.path} /bin/sh -ec {shlex.quote(inside)} sh "$@"'
        script = "\n".join([*mounts, enter])
        return [
            "unshare", "--mount", "--pid", "--fork", "--kill-child",
            "/bin/sh", "-ec", script, "sh", *command,
        ]  # fmt: skip

    def run(self, script: str, *, environ: Mapping[str, str] | None = None, **where: Any) -> str:
        """What a shell command prints; it must end well. `where`: as for `command`."""
        done = subprocess.run(
            self.command("/bin/sh", "-ec", script, **where),
            env=self.environ(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout[-5000:]}"
        return done.stdout

    def start(
        self, *command: str, environ: Mapping[str, str], log: Path, **where: Any
    ) -> subprocess.Popen[Any]:
        """A process that stays, writing into the log; whoever starts it kills it."""
        with log.open("ab") as file:
            return subprocess.Popen(
                self.command(*command, **where),
                env=self.environ(environ),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def environ(self, own: Mapping[str, str] | None = None) -> dict[str, str]:
        """Nothing of this machine's environment but how pip reaches its packages."""
        lent = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        if MACHINE_CERTIFICATES.exists():
            lent["PIP_CERT"] = "/etc/machine-certificates.crt"
        return {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **lent, **(own or {})}
