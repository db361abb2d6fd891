#!/usr/bin/env python3
"""Deliberately wrong head-ends, built apart, each of which audit must fail by name.

    mutants.py BUILD_FOLDER [NAME...]

Each NAME.patch here begins with the lines `mutant: what is wrong` and `caught-by: CHECK-ID[, CHECK-ID...]`, optionally
`scenario: PATH`, and changes one source file of the head-end. The mutated file is compiled with the product's own flags
and linked in front of the product's archives, so everything else is the product, byte for byte. A patch that no longer
applies, a mutant that passes, or one that fails for another reason than it should: each is a failure here.
"""
import concurrent.futures
import json
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "scenario"))
from support import Run, Tally  # noqa: E402


class Mutant:
    def __init__(self, patch):
        text = patch.read_text()
        self.patch = patch
        self.name = patch.stem
        head = dict(re.findall(r"(?m)^([a-z-]+): (.*)$", text.split("\n--- ")[0]))
        self.meaning = head["mutant"]
        self.caught_by = [c.strip() for c in head["caught-by"].split(",")]
        self.scenario = ROOT / head.get("scenario", "scenarios/two-months")
        self.source = re.search(r"(?m)^--- a/(\S+)", text).group(1)


def compile_command(build, source):
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if pathlib.Path(entry["file"]) == ROOT / source:
            return shlex.split(entry["command"]), entry["directory"]
    raise SystemExit(f"no compile command for {source}")


def link_command(build):
    """How ninja links the product: the last command for the target."""
    out = subprocess.run(["ninja", "-C", str(build), "-t", "commands", "apps/metertwin"], capture_output=True, text=True, check=True)
    command = out.stdout.strip().splitlines()[-1]
    return re.sub(r"^: && | && :$", "", command)


def build_mutant(build, mutant, folder):
    """The mutated program, or a sentence saying why there is none."""
    place = folder / mutant.name
    (place / mutant.source).parent.mkdir(parents=True)
    (place / mutant.source).write_text((ROOT / mutant.source).read_text())
    patched = subprocess.run(["patch", "-p1", "--no-backup-if-mismatch", "-i", str(mutant.patch)], cwd=place, capture_output=True, text=True)
    if patched.returncode != 0:
        return None, f"the patch does not apply: {patched.stdout.strip()}"
    command, directory = compile_command(build, mutant.source)
    source, target = str(ROOT / mutant.source), place / "mutant.o"
    command[command.index("-o") + 1] = str(target)
    command = [str(place / mutant.source) if part == source else part for part in command]
    command = [part for part in command if part not in ("-MD",)]
    for option in ("-MT", "-MF"):
        if option in command:
            at = command.index(option)
            del command[at:at + 2]
    compiled = subprocess.run(command, cwd=directory, capture_output=True, text=True)
    if compiled.returncode != 0:
        return None, f"does not compile: {compiled.stderr[:500]}"
    program = place / "metertwin"
    link = shlex.split(link_command(build))
    link[link.index("-o") + 1] = str(program)
    first_archive = next(i for i, part in enumerate(link) if part.endswith(".a"))
    link.insert(first_archive, str(target))
    linked = subprocess.run(link, cwd=build, capture_output=True, text=True)
    if linked.returncode != 0:
        return None, f"does not link: {linked.stderr[:500]}"
    return program, ""


def hunt(build, mutant, folder):
    program, trouble = build_mutant(build, mutant, folder)
    if program is None:
        return False, trouble
    outcome = Run(mutant.scenario, binary=str(program))
    if outcome.result is None:
        return False, f"no result (exit {outcome.exit_code}): {outcome.process.stderr[:300]}"
    failed = outcome.failed()
    if outcome.exit_code != 1:
        return False, f"survives: exit {outcome.exit_code}, failed checks {failed}"
    if not any(f.startswith(c) for f in failed for c in mutant.caught_by):
        return False, f"is caught by {failed}, not by {mutant.caught_by}"
    return True, f"caught by {', '.join(failed)}"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    names = sys.argv[2:]
    mutants = [Mutant(p) for p in sorted(HERE.glob("*.patch")) if not names or p.stem in names]
    tally = Tally()
    tally.expect(bool(names) or len(mutants) >= 12, f"at least twelve mutants, not {len(mutants)}")
    with tempfile.TemporaryDirectory(prefix="metertwin-mutants-") as folder:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            results = pool.map(lambda m: hunt(build, m, pathlib.Path(folder)), mutants)
            for mutant, (is_caught, sentence) in zip(mutants, results):
                print(f"{mutant.name:<34} {sentence}", flush=True)
                tally.expect(is_caught, f"{mutant.name}: {mutant.meaning}: {sentence}")
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
