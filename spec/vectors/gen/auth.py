#!/usr/bin/env python3
"""Makes the vectors of spec/0002-live-piece-auth.md from its text alone, with Python's standard library.

    python3 spec/vectors/gen/auth.py
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True

import auth_certificate
import auth_ed25519
import auth_header
import auth_key_file

FOLDER = pathlib.Path(__file__).resolve().parent.parent
FILES = {
    "header.json": auth_header.vectors,
    "certificate.json": auth_certificate.vectors,
    "source-proof.json": auth_certificate.source_proof_vectors,
    "ed25519.json": auth_ed25519.vectors,
    "key-file.json": auth_key_file.vectors,
}


if __name__ == "__main__":
    for name, vectors in FILES.items():
        (FOLDER / name).write_text(json.dumps(vectors(), indent=2, ensure_ascii=True) + "\n", "ascii")
