#!/usr/bin/env python3
"""Compares two ways to the same rows: the server's storage, and sea-orm on sqlx as one would write it at first.

    record_path.py [--seconds 3] [--rounds 3] [--tasks 32] [--rows 20000] [--postgres URL of an empty database]

Builds the two programs in record-path/, fills a table on SQLite (and on PostgreSQL when a URL is given), and
lets the programs take turns at each work, so that the comparison holds when the machine's speed drifts.
Prints a Markdown table for each database; figures are medians over the rounds.
"""
import argparse, os, statistics, subprocess, tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STORE, ORM = "record-path-through-store", "record-path-through-sea-orm"
WORK = [
    ("view by id", "storage", STORE, "view"),
    ("view by id", "sea-orm on sqlx", ORM, "view"),
    ("list of 30", "storage, with the total", STORE, "list"),
    ("list of 30", "sea-orm on sqlx, with the total", ORM, "list_and_count"),
    ("list of 30", "sea-orm on sqlx, without the total", ORM, "list"),
    ("insert one", "storage", STORE, "insert"),
    ("insert one", "sea-orm on sqlx", ORM, "insert"),
    ("an entity by id", "storage: sea-orm on our driver", STORE, "account"),
    ("an entity by id", "sea-orm on sqlx", ORM, "account"),
]


def build():
    """The folder of the built programs. Together they would not compile: see record-path/Cargo.toml."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    for package in (STORE, ORM):
        subprocess.run(["cargo", "build", "--quiet", "--release", "-p", package],
                       cwd=HERE / "record-path", env=os.environ | {"CARGO_TARGET_DIR": str(target)}, check=True)
    return target / "release"


def measure(title, database, programs, args):
    def run(program, work, seconds):
        command = [programs / program, database, work, str(args.rows), str(args.tasks), str(seconds)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    run(STORE, "seed", 0)
    figures = [[] for _ in WORK]
    for _ in range(args.rounds):
        for of_work, (_, _, program, work) in zip(figures, WORK):
            of_work.append([float(figure) for figure in run(program, work, args.seconds)])
    print(f"\n{title}: {args.rows} rows of 12 columns, {args.tasks} tasks at once\n")
    print("| work | through | operations/s | p50 ms | p99 ms | CPU µs each |\n|---|---|---:|---:|---:|---:|")
    for (work, through, _, _), rounds in zip(WORK, figures):
        rate, p50, p99, cpu = (statistics.median(column) for column in zip(*rounds))
        print(f"| {work} | {through} | {rate:,.0f} | {p50:.2f} | {p99:.2f} | {cpu:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=32)
    parser.add_argument("--rows", type=int, default=20000)
    parser.add_argument("--postgres", metavar="URL")
    args = parser.parse_args()
    programs = build()
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite, WAL, `synchronous=FULL`", f"sqlite:{folder}/bench.db", programs, args)
    if args.postgres:
        measure("PostgreSQL", args.postgres, programs, args)


if __name__ == "__main__":
    main()
