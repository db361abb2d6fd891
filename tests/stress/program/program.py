"""Starts `metertwin serve` and `metertwin stress` for tests that look at them from outside, as an operator would."""
import http.client
import json
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "scenario"))
from support import Tally, metertwin, run  # noqa: E402,F401

METRIC = re.compile(r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]\w*="[^"\\\n]*"(,[a-zA-Z_]\w*="[^"\\\n]*")*\})? '
                    r'([-+]?[0-9.]+([eE][-+]?[0-9]+)?|[+-]Inf|NaN)$')


class Server:
    """A running `metertwin serve`; ends with the block it is used in."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([metertwin(), "serve", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True)
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        self.announcement = self.process.stdout.readline() if ready else ""
        self.ready = json.loads(self.announcement) if self.announcement.startswith("{") else {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def ask(self, path, method="GET"):
        """Status, content type and text of one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ready["http"], timeout=10)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read().decode()
        finally:
            connection.close()

    def end(self, with_signal=signal.SIGTERM):
        """Exit code, what it said on standard error, and how long it took."""
        began = time.monotonic()
        self.process.send_signal(with_signal)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors, time.monotonic() - began


def stress(folder, *arguments, timeout=600):
    """The finished process of a flood whose record is in `folder`."""
    return run(["stress", "--no-calibration", "--quiet", "--out", folder, *arguments], timeout=timeout)


def record_of(folder):
    return json.loads((folder / "stress.json").read_text())


def verdicts_of(record):
    return {check["id"]: check["verdict"] for check in record["checks"]}


def expect_whole_run(tally, what, folder, process):
    """What every finished run leaves behind, whatever its verdict."""
    tally.expect(process.returncode in (0, 1, 2), f"{what}: a verdict, not exit {process.returncode}: {process.stderr[:300]}")
    if not (folder / "stress.json").exists():
        tally.expect(False, f"{what}: a record: {process.stderr[:300]}")
        return None
    record = record_of(folder)
    loss = record["loss"]
    tally.expect(verdicts_of(record)["S-LOSS"] == "pass", f"{what}: S-LOSS {verdicts_of(record)['S-LOSS']}: {loss}")
    tally.expect(loss["acknowledged"] > 0 and loss["acknowledged"] == loss["stored_right"], f"{what}: all of some readings: {loss}")
    tally.expect(record["exit_code"] == process.returncode, f"{what}: exit {process.returncode}, the record says {record['exit_code']}")
    page = (folder / "stress.html").read_text()
    fetched = re.findall(r"""(?:src|href)\s*=\s*["']\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""", page)
    tally.expect(fetched == [], f"{what}: the page fetches nothing: {fetched[:3]}")
    tally.expect("<svg" in page, f"{what}: the page has charts")
    suites = xml.etree.ElementTree.parse(folder / "junit.xml").getroot()
    cases = list(suites.iter("testcase"))
    tally.expect(len(cases) == len(record["checks"]), f"{what}: {len(record['checks'])} checks are so many cases, not {len(cases)}")
    tally.expect(not (folder / "books.db").exists(), f"{what}: the store is cleared away")
    return record
