"""Vectors of run certificate and source proof: spec/0002-live-piece-auth.md sections 5 and 6."""

import hashlib
import struct

import ed25519

TAG = b"tstream run certificate v1\0"
PROOF_TAG = b"tstream source proof v1\0"
INFO_DIGEST = hashlib.sha256(b"info of the vectors").digest()
STREAM_SECRET_KEY = hashlib.sha256(b"stream key of the vectors").digest()
RUN_SECRET_KEY = hashlib.sha256(b"run key of the vectors").digest()

PLAIN = {
    "version": 1,
    "scheme": 1,
    "reserved": 0,
    "run": 1785600000,
    "lowestValidRun": 1785500000,
    "expiryMs": 1788192000000,
    "runPublicKey": ed25519.public_key(RUN_SECRET_KEY),
}


def unsigned(fields):
    return struct.pack(">BBHIIQ32s", *{**PLAIN, **fields}.values())


def sign(body, tag=TAG, info_digest=INFO_DIGEST, key=STREAM_SECRET_KEY):
    return body + ed25519.sign(tag + info_digest + body, key)


def accepted(name, **fields):
    f = {**PLAIN, **fields}
    shown = {key: f[key] for key in ("run", "lowestValidRun", "expiryMs")}
    return {
        "name": name,
        "fields": {**shown, "runPublicKey": f["runPublicKey"].hex()},
        "bytes": sign(unsigned(f)).hex(),
    }


def refused():
    cases = [
        ("version 0", "version", {"version": 0}),
        ("version 2", "version", {"version": 2}),
        ("scheme 2", "scheme", {"scheme": 2}),
        ("a reserved bit", "reserved", {"reserved": 1}),
        ("the highest reserved bit", "reserved", {"reserved": 0x8000}),
        ("run 0", "run", {"run": 0, "lowestValidRun": 0}),
        ("itself revoked", "lowest-valid-run", {"run": 7, "lowestValidRun": 8}),
        ("expiry 2^53", "expiry", {"expiryMs": 2**53}),
    ]
    good = sign(unsigned({}))
    lengths = [("nothing", b""), ("one byte", b"\1"), ("a byte too few", good[:-1]), ("a byte too many", good + b"\0")]
    return [
        {"name": name, "reason": reason, "bytes": sign(unsigned(fields)).hex()} for name, reason, fields in cases
    ] + [{"name": name, "reason": "length", "bytes": bytes_.hex()} for name, bytes_ in lengths]


def unverified():
    body = unsigned({})
    cases = [
        ("signed for another swarm", sign(body, info_digest=bytes(32))),
        ("signed by its own run key", sign(body, key=RUN_SECRET_KEY)),
        ("signed as a header", sign(body, tag=b"tstream live piece v1\0")),
        ("another run under the signature", unsigned({"run": 1785600001}) + sign(body)[-64:]),
    ]
    return [{"name": name, "bytes": bytes_.hex()} for name, bytes_ in cases]


def vectors():
    return {
        "comment": "spec/0002-live-piece-auth.md section 5. "
        "`accepted` decode to `fields` and verify; `refused` don't decode, for `reason`; `unverified` decode, and don't verify.",
        "infoDigest": INFO_DIGEST.hex(),
        "streamSecretKey": STREAM_SECRET_KEY.hex(),
        "streamPublicKey": ed25519.public_key(STREAM_SECRET_KEY).hex(),
        "accepted": [
            accepted("a run that revokes those before a day ago"),
            accepted("the first run, nothing revoked", run=1, lowestValidRun=0, expiryMs=0),
            accepted("all numbers at their largest", run=2**32 - 1, lowestValidRun=2**32 - 1, expiryMs=2**53 - 1),
        ],
        "refused": refused(),
        "unverified": unverified(),
    }


def source_proof_vectors():
    prover, receiver = b"-TS0001-source000001", b"-TS0001-viewer000002"

    def proof(first, second, tag=PROOF_TAG, info_digest=INFO_DIGEST, key=RUN_SECRET_KEY):
        return ed25519.sign(tag + info_digest + first + second, key).hex()

    return {
        "comment": "spec/0002-live-piece-auth.md section 6.",
        "infoDigest": INFO_DIGEST.hex(),
        "proverPeerId": prover.hex(),
        "receiverPeerId": receiver.hex(),
        "runSecretKey": RUN_SECRET_KEY.hex(),
        "runPublicKey": ed25519.public_key(RUN_SECRET_KEY).hex(),
        "proof": proof(prover, receiver),
        "unverified": [
            {"name": "for another receiver", "proof": proof(prover, b"-TS0001-viewer000003")},
            {"name": "turned round", "proof": proof(receiver, prover)},
            {"name": "for another swarm", "proof": proof(prover, receiver, info_digest=bytes(32))},
            {"name": "by another key", "proof": proof(prover, receiver, key=STREAM_SECRET_KEY)},
            {"name": "signed as a header", "proof": proof(prover, receiver, tag=b"tstream live piece v1\0")},
        ],
    }
