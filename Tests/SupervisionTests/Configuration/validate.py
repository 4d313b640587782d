"""Validates documents against a JSON Schema: validate.py SCHEMA <DOCUMENTS

DOCUMENTS is an array in JSON. Prints one line for each: empty if it is valid, else why not.
"""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for document in json.load(sys.stdin):
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    print("" if error is None else f"{error.json_path}: {error.message}".replace("\n", " "))
