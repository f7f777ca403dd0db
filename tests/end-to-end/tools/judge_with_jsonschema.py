#!/usr/bin/python3
"""Holds JSON documents, one a line on standard input, against a schema; says in JSON what is wrong with which line.

    judge_with_jsonschema.py SCHEMA [--closed]

With --closed a field that the schema does not name is an error too: what is printed is then all documented. Debian's
own python3 runs it, for which Debian packages jsonschema.
"""

import json
import sys

from jsonschema import Draft202012Validator


def closed(schema):
    """The same schema with nothing allowed beside what it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    shut = {key: closed(part) for key, part in schema.items()}
    if "required" in shut and "properties" in shut:
        shut.setdefault("additionalProperties", False)
    return shut


def main(path, *options):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(closed(schema) if "--closed" in options else schema)
    wrong = []
    for number, line in enumerate(sys.stdin):
        for error in validator.iter_errors(json.loads(line)):
            wrong.append([number, error.json_path, error.message[:300]])
    print(json.dumps(wrong))


main(*sys.argv[1:])
