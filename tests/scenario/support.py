"""Runs the metertwin command for tests that look at whole runs from outside, as a user's CI would."""
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def metertwin():
    return os.environ["METERTWIN_BINARY"]


def run(arguments, binary=None, timeout=540):
    """The finished process; never raises for an exit code."""
    return subprocess.run([binary or metertwin(), *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, timeout=timeout)


class Run:
    """One scenario run in a folder of its own: exit code, result.json, texts."""

    def __init__(self, scenario, *arguments, binary=None):
        with tempfile.TemporaryDirectory(prefix="metertwin-test-") as folder:
            self.process = run(["run", scenario, "--out", folder, *arguments], binary)
            self.exit_code = self.process.returncode
            found = sorted(pathlib.Path(folder).glob("*/result.json"))
            self.result = json.loads(found[0].read_text()) if found else None
            self.left_behind = sorted(str(p.relative_to(folder)) for p in pathlib.Path(folder).rglob("*"))

    @property
    def digest(self):
        return self.result["digest"]

    def verdicts(self):
        return {check["id"]: check["verdict"] for check in self.result["checks"]}

    def failed(self):
        return sorted(i for i, verdict in self.verdicts().items() if verdict == "fail")


class Tally:
    """Counts expectations; prints each that fails; ends with the line that CI reads."""

    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, condition, sentence):
        if condition:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {sentence}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0
