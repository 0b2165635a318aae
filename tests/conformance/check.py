#!/usr/bin/env python3
"""Plays the cases of the areas in areas.txt with run.py and judges the outcome against known_later.txt.

    check.py --url http://127.0.0.1:8000 --email admin@example.com --password ... [-k PART]

known_later.txt lists cases (area/name, one a line, # for comments) whose feature is still to come: they
may fail. Any other failure fails the check, and so does a listed case that passes or does not exist, so
that the list only ever shrinks. Exit status: 0 as expected, 1 not as expected, 2 could not run.
"""
import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def lines_of(file):
    """The words of a list file, one a line."""
    if not file.exists():
        return []
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def cases_of(area):
    """The names of an area's cases."""
    doc = json.loads((HERE / "cases" / f"{area}.json").read_text(encoding="utf-8"))
    return [f"{area}/{case['name']}" for case in doc["cases"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("-k", default="", help="only the cases whose area/name contains this")
    args = parser.parse_args()

    areas = lines_of(HERE / "areas.txt")
    labels = {label for area in areas for label in cases_of(area) if args.k in label}
    later = set(lines_of(HERE / "known_later.txt"))
    every = {label for file in (HERE / "cases").glob("*.json") for label in cases_of(file.stem)}
    if strangers := sorted(later - every):
        print("known_later.txt names cases that do not exist: " + ", ".join(strangers), file=sys.stderr)
        return 2

    passed, failed, skipped, early = 0, [], 0, []
    files = [str(HERE / "cases" / f"{area}.json") for area in areas]
    command = [sys.executable, "-u", str(HERE / "run.py"), "--url", args.url, "--email", args.email,
               "--password", args.password, "-k", args.k, *files]
    reported, silent = set(), False
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        for line in run.stdout:
            outcome, _, label = line.rstrip("\n").partition("  ")
            label = label.strip()
            if outcome not in ("ok", "FAIL") or label not in labels:
                # What follows a failure explains it.
                silent = silent and line.startswith("      ")
                if not silent:
                    print(line, end="", flush=True)
                continue
            reported.add(label)
            silent = False
            if outcome == "ok":
                passed += 1
                if label in later:
                    early.append(label)
            elif label in later:
                skipped += 1
                silent = True
            else:
                failed.append(label)
                print(line, end="", flush=True)
    if run.returncode not in (0, 1) or reported != labels:
        print(f"run.py ended early: {len(reported)} of {len(labels)} cases, status {run.returncode}", file=sys.stderr)
        return 2
    for label in early:
        print(f"listed in known_later.txt, but passes: {label}")
    print(f"{passed} passed, {len(failed)} failed, {skipped} skipped")
    return 1 if failed or early else 0


if __name__ == "__main__":
    sys.exit(main())
