#!/usr/bin/env python3
"""`metertwin serve` as an operator meets it: announces itself, answers, goes down in good order, and says in one line why not."""
import json
import pathlib
import signal
import socket
import sqlite3
import sys
import tempfile

from program import METRIC, Server, Tally, run

ESTATE = ["--meters", "200", "--meters-per-concentrator", "50"]


def check_life(tally, folder):
    with Server("--store", folder / "books.db", *ESTATE) as server:
        ready = server.ready
        tally.expect(ready.get("ready") is True, f"the first line announces it: {server.announcement!r}")
        ports = [ready.get(door, 0) for door in ("uplink", "modbus", "counter", "http")]
        tally.expect(all(ports) and len(set(ports)) == 4, f"four doors of its own: {ports}")
        tally.expect(ready.get("pid") == server.process.pid, "the announcement names the process")
        for door in ports:
            socket.create_connection(("127.0.0.1", door), timeout=5).close()
        status, kind, text = server.ask("/health")
        tally.expect(status == 200 and "json" in kind and isinstance(json.loads(text), dict), f"GET /health: {status} {kind} {text}")
        check_metrics(tally, server)
        status, _, _ = server.ask("/nowhere")
        tally.expect(status == 404, f"GET /nowhere: 404, not {status}")
        code, errors, lasted = server.end()
        tally.expect(code == 0 and errors == "", f"SIGTERM: exit 0 in silence, not {code}: {errors[:200]}")
        tally.expect(lasted < 10, f"SIGTERM: within ten seconds, not {lasted:.1f}")
    with sqlite3.connect(folder / "books.db") as store:
        tally.expect(store.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the store is whole")
        tally.expect(store.execute("SELECT count(*) FROM reading_journal").fetchone() == (0,), "the journal is packed away")
    with Server("--store", folder / "books.db", *ESTATE) as server:
        tally.expect(server.ready.get("ready") is True, "it starts again on its store")
        code, _, _ = server.end(signal.SIGINT)
        tally.expect(code == 0, f"SIGINT: exit 0, not {code}")
    for number in range(20):
        with Server("--store", folder / "books.db", *ESTATE) as server:
            code, _, _ = server.end()
            tally.expect(code == 0, f"SIGTERM at the instant of the announcement, {number}: exit 0, not {code}")


def check_metrics(tally, server):
    status, kind, text = server.ask("/metrics")
    tally.expect(status == 200 and kind.startswith("text/plain"), f"GET /metrics: {status} {kind}")
    told, families = set(), {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ", 3)
            tally.expect(name not in families, f"/metrics: {name} has one type line")
            families[name] = kind
        elif not line.startswith("#"):
            tally.expect(METRIC.match(line) is not None, f"/metrics: '{line}' is a sample")
            series = line.rsplit(" ", 1)[0]
            tally.expect(series not in told, f"/metrics: {series} is told once")
            told.add(series)
            name = series.split("{")[0]
            owner = next((f for f in (name, *(name.removesuffix(s) for s in ("_bucket", "_sum", "_count"))) if f in families), None)
            tally.expect(owner is not None, f"/metrics: {name} has a type")
    for name in ("metertwin_heap_bytes", "metertwin_store_cache_bytes", "metertwin_resident_bytes", "metertwin_connections"):
        tally.expect(name in families, f"/metrics: {name} is there")


def check_refusals(tally, folder):
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    port = taken.getsockname()[1]
    store = folder / "refused.db"
    broken = folder / "broken.db"
    broken.write_bytes(b"this is no database, and long enough to be looked at " * 100)
    not_pem = folder / "not.pem"
    not_pem.write_text("no certificate\n")
    usual = ["--store", store, *ESTATE]
    for what, arguments, code, word in [
            ("a port that is taken", ["--http-port", port, *usual], 64, str(port)),
            ("an instant that is none", ["--opens", "yesterday", *usual], 64, "yesterday"),
            ("no meters", ["--store", store, "--meters", "0"], 64, "meters"),
            ("a key without its certificate", ["--tls-key", not_pem, *usual], 64, "--tls-certificate"),
            ("a certificate that is none", ["--tls-key", not_pem, "--tls-certificate", not_pem, *usual], 64, "not.pem"),
            ("an address that is none", ["--listen", "nowhere", *usual], 64, "nowhere"),
            ("a durability that is none", ["--durability", "hope", *usual], 64, "hope"),
            ("a scenario that is not there", [folder / "nowhere.yaml", "--store", store], 64, "nowhere"),
            ("a store that is broken", ["--store", broken, *ESTATE], 70, "broken.db"),
            ("a store in no folder", ["--store", folder / "no" / "books.db", *ESTATE], 70, "books.db")]:
        process = run(["serve", *arguments], timeout=60)
        lines = process.stderr.strip().splitlines()
        tally.expect(process.returncode == code, f"{what}: exit {code}, not {process.returncode}: {lines[:2]}")
        tally.expect(bool(lines) and word in lines[0], f"{what}: the line names it ('{word}'): {lines[:2]}")
        tally.expect(len(lines) == 1 or "--help" in lines[1], f"{what}: one line: {lines[:3]}")
        tally.expect(process.stdout == "", f"{what}: announces nothing: {process.stdout[:100]}")
    taken.close()


def main():
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="metertwin-serve-") as name:
        check_life(tally, pathlib.Path(name))
        check_refusals(tally, pathlib.Path(name))
    return tally.finish()


if __name__ == "__main__":
    sys.exit(main())
