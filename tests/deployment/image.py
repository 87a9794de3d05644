"""Builds the image of the Dockerfile without Docker: its steps, one by one, in Debian roots."""

from __future__ import annotations

import contextlib
import json
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.deployment.debian import Root, plain_root
from tests.deployment.dockerfile import Stage, stages
from tests.live import ROOT


@dataclass(slots=True)
class Image:
    """What building made: a root, and how to run it."""

    root: Root
    environ: dict[str, str]
    workdir: str = "/"
    user: str = ""
    command: tuple[str, ...] = ()
    healthcheck: tuple[str, ...] = ()


@contextlib.contextmanager
def built() -> Iterator[Image]:
    """The last stage, after all that the Dockerfile says, on the files of the last commit."""
    with contextlib.ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        context = _context(Path(folder))
        done: dict[str, Image] = {}
        for stage in stages((ROOT / "Dockerfile").read_text()):
            if stage.base in done:
                before = done[stage.base]
                root = stack.enter_context(before.root.copy())
                image = Image(root, dict(before.environ), before.workdir)
            else:
                assert stage.base.startswith("debian:12."), stage.base
                image = Image(stack.enter_context(plain_root()), {})
            _do_steps(stage, image, context, done)
            done[stage.name] = image
        yield image


def tree(folder: Path) -> Path:
    """The files of the last commit, in a new folder."""
    folder.mkdir()
    archive = subprocess.run(
        ["git", "archive", "HEAD"], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    subprocess.run(["tar", "--extract"], cwd=folder, input=archive.stdout, check=True)
    return folder


def _context(folder: Path) -> Path:
    """What Docker would be sent: of the last commit, what .dockerignore lets through."""
    everything = tree(folder / "tree")
    context = folder / "context"
    for line in (everything / ".dockerignore").read_text().splitlines():
        source = everything / line[1:]
        if line.startswith("!") and source.exists():
            target = context / line[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if source.is_dir() else shutil.copy2)(source, target)
    return context


def _do_steps(stage: Stage, image: Image, context: Path, done: dict[str, Image]) -> None:
    for step in stage.steps:
        if step.word == "RUN":
            image.root.run(step.argument, cwd=image.workdir, environ=image.environ)
        elif step.word == "ENV":
            image.environ |= dict(word.split("=", 1) for word in shlex.split(step.argument))
        elif step.word == "WORKDIR":
            image.workdir = step.argument
            (image.root.path / step.argument.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif step.word == "COPY":
            _copy(step.argument.split(), image, context, done)
        elif step.word == "USER":
            image.user = step.argument.split(":")[0]
        elif step.word == "CMD":
            image.command = tuple(json.loads(step.argument))
        elif step.word == "HEALTHCHECK":
            image.healthcheck = tuple(json.loads(step.argument.partition("CMD ")[2]))


def _copy(words: list[str], image: Image, context: Path, done: dict[str, Image]) -> None:
    source, target = words[-2:]
    assert target == "./"
    place = image.root.path / image.workdir.lstrip("/")
    if words[0].startswith("--from="):
        source = str(done[words[0].removeprefix("--from=")].root.path) + source
    else:
        source = str(context / source)
    end = "/." if Path(source).is_dir() else ""
    subprocess.run(
        ["cp", "--recursive", "--no-dereference", "--preserve=mode,links,timestamps"]
        + [source + end, place],
        check=True,
    )
