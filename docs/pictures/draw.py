#!/usr/bin/env python3
"""Draws the pictures of docs/field.md and docs/truth.md from what the command line tool measures: `./dev pictures`.

Curves are theory, written down here once more; dots are what `metertwin line ...` and a few runs print. Same seed, same
picture to the byte.
"""
import csv
import io
import json
import math
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({
    "svg.hashsalt": "metertwin", "svg.fonttype": "none", "font.size": 9, "axes.grid": True, "grid.alpha": 0.3,
    "axes.spines.top": False, "axes.spines.right": False, "legend.frameon": False, "figure.constrained_layout.use": True,
})
import matplotlib.pyplot as plt  # noqa: E402  (the backend comes first)

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "build/release/apps/metertwin"
BITS = "2e6"


def tool(*words):
    return subprocess.run([TOOL, *words], check=True, capture_output=True, text=True, cwd=ROOT).stdout


def rows(*words):
    return list(csv.DictReader(io.StringIO(tool(*words, "--format", "csv"))))


def save(figure, name):
    figure.savefig(ROOT / "docs/pictures" / name, metadata={"Date": None})
    plt.close(figure)


def tail(x):
    return 0.5 * math.erfc(x / math.sqrt(2))


UNCODED = {
    "bpsk": lambda g: tail(math.sqrt(2 * g)),
    "dbpsk": lambda g: 0.5 * math.exp(-g),
    "fsk-coherent": lambda g: tail(math.sqrt(g)),
    "fsk-noncoherent": lambda g: 0.5 * math.exp(-g / 2),
}


def class_a(g, index, ratio):
    total, weight = 0.0, math.exp(-index)
    for m in range(60):
        total += weight * tail(math.sqrt(2 * g * (1 + ratio) / (m / index + ratio)))
        weight *= index / (m + 1)
    return total


def dots(axes, label, colour, points, *words):
    curve = rows("line", "curve", "--ebn0", points, "--bits", BITS, *words)
    seen = [(float(row["ebn0_dB"]), int(row["errors"]) / int(row["bits"])) for row in curve if int(row["errors"]) > 9]
    axes.semilogy(*zip(*seen), "o", ms=3, color=colour, label=label)
    return seen


def curve(axes, theory, colour, till):
    x = [step / 10 for step in range(int(till * 10) + 1)]
    axes.semilogy(x, [theory(10 ** (dB / 10)) for dB in x], "-", lw=1, color=colour)


def carrier_curves():
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
    for number, (name, theory) in enumerate(UNCODED.items()):
        curve(left, theory, f"C{number}", 13)
        dots(left, name, f"C{number}", "0:13:1", "--modulation", name)
    left.set(title="modulations: formula and measured", xlabel="Eb/N0, dB", ylabel="bit errors", ylim=(1e-6, 0.6))
    for number, code in enumerate(["none", "rep3", "hamming-7-4", "golay-24-12", "conv-k7", "conv-k7-soft"]):
        seen = dots(right, code, f"C{number}", "0:9:0.5", "--modulation", "bpsk", "--code", code)
        right.semilogy(*zip(*seen), "-", lw=0.6, color=f"C{number}")
    curve(right, UNCODED["bpsk"], "C0", 9.5)
    right.set(title="codes over BPSK, per information bit", xlabel="Eb/N0, dB")
    for axes in (left, right):
        axes.legend(fontsize=7)
    save(figure, "carrier-curves.svg")


def carrier_impulses():
    figure, axes = plt.subplots(figsize=(5.2, 3.6))
    for number, (index, ratio) in enumerate([(0.1, 0.1), (0.1, 0.01), (0.01, 0.01), (0.35, 0.05), (1, 0.1)]):
        curve(axes, lambda g, a=index, r=ratio: class_a(g, a, r), f"C{number}", 16)
        dots(axes, f"A = {index}, Γ = {ratio}", f"C{number}", "0:16:2", "--modulation", "bpsk", "--noise",
             "middleton-a", "--impulsive-index", str(index), "--background-ratio", str(ratio))
    axes.set(title="BPSK in Middleton's class A noise", xlabel="Eb/N0, dB", ylabel="bit errors", ylim=(1e-6, 0.2))
    axes.legend(fontsize=7)
    save(figure, "carrier-impulses.svg")


def laws(name, titles, scale=None):
    """One panel per law: the formula as a line, the model as dots with four times its spread."""
    figure, panels = plt.subplots(1, len(titles), figsize=(3.2 * len(titles), 3), squeeze=False)
    for axes, (law, title) in zip(panels[0], titles.items()):
        points = rows("line", "law", law)
        x = [float(row["x"]) for row in points]
        axes.plot(x, [float(row["expected"]) for row in points], "-", lw=1, label="formula")
        axes.errorbar(x, [float(row["measured"]) for row in points], [4 * float(row["spread"]) for row in points],
                      fmt="o", ms=3, lw=1, label="model, 4 sigma")
        axes.set(title=title)
        if scale and law in scale:
            axes.set(**scale[law])
        axes.legend(fontsize=7)
    save(figure, name)


def carrier_month():
    figure, axes = plt.subplots(figsize=(6.5, 3))
    days = rows("line", "area", "scenarios/feeders/european-lv.yaml", "--days", "30")
    for column, label in (("direct_and_once", "directly and once"), ("with_relays_at_first", "with relays, at first"),
                          ("in_the_end", "in the end")):
        axes.plot([int(day["day"]) for day in days], [100 * int(day[column]) / int(day["due"]) for day in days], label=label)
    axes.axhspan(90, 95, alpha=0.12, color="C0")
    axes.axhline(99.5, lw=0.8, ls="--", color="C2")
    axes.set(title="200 modules, default noise", xlabel="day", ylabel="reads, %", ylim=(88, 100.5))
    axes.legend(fontsize=7, loc="center", bbox_to_anchor=(0.5, 0.72), ncol=3)
    save(figure, "carrier-month.svg")


def serial_bus():
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
    seconds = re.compile(r"^\s*(\d+)" + r"\s+([\d.]+) s" * 6, re.M)
    for attempts in (1, 2):
        table = seconds.findall(tool("bus", "budget", "--meters", "32", "--dead", ",".join(map(str, range(0, 33, 4))),
                                     "--baud", "2400", "--attempts", str(attempts)))
        dead = [int(row[0]) for row in table]
        left.plot(dead, [float(row[5]) for row in table], "o-", ms=3, label=f"all asked, {attempts} attempts")
        left.plot(dead, [float(row[6]) for row in table], "--", lw=1, label=f"dead left out, {attempts} attempts")
    left.set(title="one round over 32 meters at 2400 baud", xlabel="dead meters", ylabel="s")
    left.legend(fontsize=7)
    for number, story in enumerate(["rs485-0-dead", "rs485-5-dead", "rs485-11-dead"]):
        ages = freshness(story)
        right.plot([hour for hour, _ in ages], [age for _, age in ages], lw=1, color=f"C{number}", label=story[6:])
    right.axhline(180, lw=0.8, ls="--", color="k")
    right.set(title="oldest state of a living meter", xlabel="hour", ylabel="s", ylim=(0, 200))
    right.legend(fontsize=7)
    save(figure, "serial-bus.svg")


def freshness(story):
    with tempfile.TemporaryDirectory() as folder:
        tool("run", f"scenarios/{story}", "--out", folder)
        truth = sqlite3.connect(next(Path(folder).rglob("truth.db")))
        found = truth.execute("SELECT at_ns, value FROM events WHERE kind = 'state-age-worst' ORDER BY at_ns").fetchall()
        truth.close()
    return [((at - found[0][0]) / 3.6e12, value / 1000) for at, value in found]


def feeder():
    words = ("grid", "scenarios/feeders/european-lv.yaml", "--households", "1")
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.5, 3))
    buses = rows(*words, "--minute", "1170")
    for phase in "ABC":
        of_phase = [row for row in buses if row["phase"] == phase]
        left.plot([int(row["bus"]) for row in of_phase], [float(row["voltage_V"]) for row in of_phase], ".", ms=2, label=phase)
    left.set(title="voltages at 19:30", xlabel="bus", ylabel="V")
    left.legend(fontsize=7, markerscale=3)
    day = rows(*words, "--day")
    for phase in "ABC":
        of_phase = [row for row in day if row["phase"] == phase]
        hours = [int(row["minute"]) / 60 for row in of_phase]
        right.plot(hours, [float(row["P_kW"]) for row in of_phase], lw=0.6, label=phase)
    loss = [sum(float(row["loss_kW"]) for row in day[i:i + 3]) for i in range(0, len(day), 3)]
    right.plot([(i + 1) / 60 for i in range(len(loss))], [10 * value for value in loss], lw=0.8, color="k", label="loss x 10")
    right.set(title="a day of 55 households", xlabel="hour", ylabel="kW")
    right.legend(fontsize=7)
    save(figure, "feeder.svg")


def line_loss():
    with tempfile.TemporaryDirectory() as folder:
        tool("run", "scenarios/line-loss", "--out", folder)
        areas = json.loads(tool("loss", next(Path(folder).rglob("books.db")).parent, "--format", "json"))
    figure, axes = plt.subplots(figsize=(4.2, 3))
    for number, area in enumerate(areas):
        axes.errorbar([number - 0.08], [area["total"]["loss_kWh"]], [area["total"]["expanded_uncertainty_kWh"]], fmt="o", ms=4,
                      capsize=4, color="C0", label="supplied less sold" if number == 0 else None)
        axes.plot([number + 0.08], [area["modelled_loss_kWh"]], "s", ms=4, color="C1", label="the network's I²R" if number == 0 else None)
    axes.set(title="line loss of a day, two equal areas", xticks=range(len(areas)), xticklabels=[area["area"] for area in areas],
             xlim=(-0.5, len(areas) - 0.5), ylabel="kWh", ylim=(0, None))
    axes.legend(fontsize=7, loc="upper left")
    save(figure, "line-loss.svg")


PICTURES = {
    "feeder": feeder,
    "line-loss": line_loss,
    "carrier-curves": carrier_curves,
    "carrier-impulses": carrier_impulses,
    "carrier-month": carrier_month,
    "bursts": lambda: laws("bursts.svg", {"burst-memory": "memory of a line with bursts", "burst-length": "bursts so long or longer"},
                           {"burst-memory": {"xlabel": "slots apart", "ylabel": "correlation"},
                            "burst-length": {"xlabel": "slots", "yscale": "log"}}),
    "access": lambda: laws("access.svg", {"aloha-pure": "pure ALOHA", "aloha-slotted": "slotted ALOHA", "contention": "a window of 32 slots"},
                           {"aloha-pure": {"xlabel": "offered G", "ylabel": "throughput"}, "aloha-slotted": {"xlabel": "offered G"},
                            "contention": {"xlabel": "terminals", "ylabel": "alone", "xscale": "log"}}),
    "waiting": lambda: laws("waiting.svg", {"queue-mm1": "M/M/1 at an uplink", "queue-md1": "M/D/1 at an uplink", "erlang-b": "modem pool, 5 erlang"},
                            {"queue-mm1": {"xlabel": "load", "ylabel": "wait, services"}, "queue-md1": {"xlabel": "load"},
                             "erlang-b": {"xlabel": "lines", "ylabel": "turned away", "yscale": "log"}}),
    "relays": lambda: laws("relays.svg", {"relay-once": "reads over relays, once", "relay-thrice": "within three tries", "arq": "sendings over a link of 0.7"},
                           {"relay-once": {"xlabel": "hops", "ylabel": "success"}, "relay-thrice": {"xlabel": "hops"}, "arq": {"xlabel": "sendings"}}),
    "frame-errors": lambda: laws("frame-errors.svg", {"frame-errors": "frames that bit errors touch"},
                                 {"frame-errors": {"xlabel": "bit errors per million", "ylabel": "frames", "xscale": "log", "yscale": "log"}}),
    "serial-bus": serial_bus,
}

if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in PICTURES]
    if unknown:
        sys.exit(f"draw.py: no picture '{unknown[0]}'; there are: {' '.join(PICTURES)}")
    for name in sys.argv[1:] or PICTURES:
        print(name)
        PICTURES[name]()
