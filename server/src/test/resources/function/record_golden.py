#!/usr/bin/env python3
"""Records PostgreSQL's answers: NAME.sql (a query on each line) becomes NAME.tsv (query, answer).

Queries that begin with DIFFERS are known not to be answered the same way here; the test leaves them out.

Connects with psql, as PGHOST, PGPORT, PGUSER and PGDATABASE say. Usage: record_golden.py NAME...
"""
import pathlib
import re
import subprocess
import sys

SETUP = r"""\set VERBOSITY verbose
\pset null ∅
set timezone = 'Europe/Berlin';
set statement_timeout = '10s';
set client_min_messages = error;
"""


def escape(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def answer(text):
    error = re.search(r"ERROR:  (\w{5}): (.*)", text)
    return "ERROR %s %s" % (error.group(1), error.group(2)) if error else text


def record(name):
    here = pathlib.Path(__file__).parent
    queries = [q for q in (here / (name + ".sql")).read_text().split("\n") if q and not q.startswith("--")]
    script = SETUP + "".join("\\echo @@@%d@@@\n%s;\n" % (i, q.removeprefix("DIFFERS ")) for i, q in enumerate(queries))
    run = subprocess.run(["psql", "-XAtq", "-f", "-"], input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         text=True, check=True)
    parts = re.split(r"@@@\d+@@@\n", run.stdout)[1:]
    if len(parts) != len(queries):
        raise SystemExit("%s: %d answers to %d queries" % (name, len(parts), len(queries)))
    with open(here / (name + ".tsv"), "w") as out:
        for query, part in zip(queries, parts):
            mark = "DIFFERS\t" if query.startswith("DIFFERS ") else ""
            out.write("%s%s\t%s\n" % (mark, escape(query.removeprefix("DIFFERS ")),
                                      escape(answer(part.removesuffix("\n")))))


for argument in sys.argv[1:]:
    record(argument)
