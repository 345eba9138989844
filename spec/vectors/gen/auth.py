#!/usr/bin/env python3
"""Makes the vectors of spec/0002-live-piece-auth.md from its text alone, with Python's standard library.

    python3 spec/vectors/gen/auth.py            writes them
    python3 spec/vectors/gen/auth.py --check    fails, and names the file, where one would change
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


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    changed = []
    for name, vectors in FILES.items():
        text = json.dumps(vectors(), indent=2, ensure_ascii=True) + "\n"
        path = FOLDER / name
        if path.exists() and path.read_text("ascii") == text:
            continue
        changed.append(name)
        if not arguments:
            path.write_text(text, "ascii")
    for name in changed:
        print(f"{name}: " + ("differs" if arguments else "written"))
    return 1 if arguments and changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
