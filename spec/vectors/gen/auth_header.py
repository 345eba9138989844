"""Vectors of the live piece header: spec/0002-live-piece-auth.md section 4."""

import hashlib
import struct

import ed25519

TAG = b"tstream live piece v1\0"
INFO_DIGEST = hashlib.sha256(b"info of the vectors").digest()
RUN_SECRET_KEY = hashlib.sha256(b"run key of the vectors").digest()
BLOCK = 16384
ENTRY, DISCONTINUITY, HEARTBEAT, END = 1, 2, 4, 8
NONE_U32, NONE_U16 = 2**32 - 1, 2**16 - 1

PLAIN = {
    "version": 1,
    "scheme": 1,
    "flags": 0,
    "track": 0,
    "run": 1785600000,
    "seq": 4711,
    "sourceTimeMs": 1785600123456,
    "payloadBytes": 1000,
    "entryOffset": NONE_U32,
    "entryDistance": 12,
    "extensions": b"",
}
EDGE = {**PLAIN, "flags": HEARTBEAT, "payloadBytes": 0}


def payload(length):
    return bytes((i * 31 + i // 256) % 256 for i in range(length))


def unsigned(fields, extension_bytes=None):
    f = {**PLAIN, **fields}
    body = payload(f["payloadBytes"])
    digests = [hashlib.sha256(body[i : i + BLOCK]).digest() for i in range(0, len(body), BLOCK)]
    head = struct.pack(
        ">BBBBIQQIIHH",
        *(f[name] for name in list(PLAIN)[:-1]),
        len(f["extensions"]) if extension_bytes is None else extension_bytes,
    )
    return head + b"".join(digests) + f["extensions"]


def sign(body, tag=TAG, info_digest=INFO_DIGEST, key=RUN_SECRET_KEY):
    return body + ed25519.sign(tag + info_digest + body, key)


def accepted(name, **fields):
    f = {**PLAIN, **fields}
    shown = {key: f[key] for key in ("run", "seq", "sourceTimeMs", "payloadBytes")}
    for flag, key in ((ENTRY, "entry"), (DISCONTINUITY, "discontinuity"), (HEARTBEAT, "heartbeat"), (END, "end")):
        shown[key] = f["flags"] & flag != 0
    if f["entryOffset"] != NONE_U32:
        shown["entryOffset"] = f["entryOffset"]
    if f["entryDistance"] != NONE_U16:
        shown["entryDistance"] = f["entryDistance"]
    return {"name": name, "fields": shown, "extensions": f["extensions"].hex(), "bytes": sign(unsigned(f)).hex()}


def accepted_headers():
    entry = {"flags": ENTRY, "entryDistance": 0}
    largest = {"run": 2**32 - 1, "seq": 2**53 - 1, "sourceTimeMs": 2**53 - 1}
    return [
        accepted("a piece without an entry point"),
        accepted("a piece that begins with an entry point", **entry, entryOffset=0),
        accepted("an entry point at the last byte", **entry, entryOffset=999),
        accepted("an entry point after a discontinuity", **{**entry, "flags": ENTRY | DISCONTINUITY}, entryOffset=564),
        accepted("a discontinuity alone", flags=DISCONTINUITY),
        accepted("the first piece of a run", run=1, seq=0, sourceTimeMs=0, payloadBytes=1, entryDistance=NONE_U16),
        accepted("one whole block", payloadBytes=BLOCK),
        accepted("one byte more than a block", payloadBytes=BLOCK + 1),
        accepted("the largest piece", **largest, **entry, payloadBytes=131072, entryOffset=131071),
        accepted("an entry point as far back as the run began", seq=3, entryDistance=3),
        accepted("an entry point as far back as can be told", seq=70000, entryDistance=65534),
        accepted("no entry point known", entryDistance=NONE_U16),
        accepted("a heartbeat", **EDGE),
        accepted("a heartbeat before the first piece", **{**EDGE, "seq": 0, "entryDistance": NONE_U16}),
        accepted("an end", **{**EDGE, "flags": END}),
        accepted("an unknown extension", extensions=bytes.fromhex("0103abcdef")),
        accepted("an unknown extension of no bytes in a heartbeat", **{**EDGE, "extensions": b"\x7f\0"}),
        accepted("as many bytes of extensions as may be", payloadBytes=131072, extensions=(b"\2\x3e" + bytes(62)) * 2),
    ]


def refused(name, reason, body):
    """Well signed each, so that nothing but the named fault speaks against it."""
    return {"name": name, "reason": reason, "bytes": sign(body).hex()}


def refused_fields():
    cases = [
        ("version 0", "version", {"version": 0}),
        ("version 2", "version", {"version": 2}),
        ("scheme 0", "scheme", {"scheme": 0}),
        ("scheme 2", "scheme", {"scheme": 2}),
        ("a reserved flag", "flags", {"flags": 0x10}),
        ("the highest reserved flag", "flags", {"flags": 0x80}),
        ("a heartbeat that is an end", "flags", {**EDGE, "flags": HEARTBEAT | END}),
        ("a heartbeat with an entry point", "flags", {**EDGE, "flags": HEARTBEAT | ENTRY}),
        ("an end with a discontinuity", "flags", {**EDGE, "flags": END | DISCONTINUITY}),
        ("track 1", "track", {"track": 1}),
        ("run 0", "run", {"run": 0}),
        ("sequence 2^53", "seq", {"seq": 2**53}),
        ("the largest u64 as sequence", "seq", {"seq": 2**64 - 1}),
        ("source time 2^53", "source-time", {"sourceTimeMs": 2**53}),
        ("a piece without payload", "payload-length", {"payloadBytes": 0}),
        ("a heartbeat with payload", "payload-length", {**EDGE, "payloadBytes": 1}),
        ("an end with payload", "payload-length", {**EDGE, "flags": END, "payloadBytes": 1}),
        ("one byte more than a piece may have", "payload-length", {"payloadBytes": 131073}),
        ("an entry flag without offset", "entry-offset", {"flags": ENTRY, "entryDistance": 0}),
        ("an entry point after the payload", "entry-offset", {"flags": ENTRY, "entryDistance": 0, "entryOffset": 1000}),
        ("an offset without entry flag", "entry-offset", {"entryOffset": 0}),
        ("an offset in a heartbeat", "entry-offset", {**EDGE, "entryOffset": 0}),
        ("an entry point in this piece and in another", "entry-distance", {"flags": ENTRY, "entryOffset": 0}),
        (
            "an entry point in this piece and none known",
            "entry-distance",
            {"flags": ENTRY, "entryOffset": 0, "entryDistance": NONE_U16},
        ),
        ("distance 0 without entry flag", "entry-distance", {"entryDistance": 0}),
        ("distance 0 in a heartbeat", "entry-distance", {**EDGE, "entryDistance": 0}),
        ("an entry point before sequence 0", "entry-distance", {"seq": 3, "entryDistance": 4}),
        ("half an extension", "extension", {"extensions": b"\1"}),
        ("an extension longer than its room", "extension", {"extensions": b"\1\2\0"}),
        ("a byte after the last extension", "extension", {"extensions": b"\1\1\0\2"}),
        ("a critical extension", "critical-extension", {"extensions": b"\x80\0"}),
        ("a critical extension before another", "critical-extension", {"extensions": b"\x80\0\1\0"}),
        ("a critical extension after another", "critical-extension", {"extensions": b"\1\0\xff\1\0"}),
        ("an extension too many", "extension", {"extensions": b"\1\x7f" + bytes(127)}),
    ]
    return [refused(name, reason, unsigned(fields)) for name, reason, fields in cases]


def refused_lengths():
    whole, edge = sign(unsigned({})), sign(unsigned(EDGE))
    largest = sign(unsigned({"payloadBytes": 131072, "extensions": (b"\2\x3e" + bytes(62)) * 2}))
    cases = [
        ("nothing", b""),
        ("one byte", b"\1"),
        ("version and scheme only", b"\1\1"),
        ("a heartbeat that lacks a byte", edge[:-1]),
        ("a piece that lacks a byte", whole[:-1]),
        ("a piece with a byte too many", whole + b"\0"),
        ("the largest header with a byte too many", largest + b"\0"),
    ]
    listed = [{"name": name, "reason": "length", "bytes": bytes_.hex()} for name, bytes_ in cases]
    missing = unsigned({"payloadBytes": BLOCK + 1})[:-32]
    extra = unsigned({}) + bytes(32)
    return listed + [
        refused("a digest too few", "length", missing),
        refused("a digest too many", "length", extra),
        refused("an extension announced that isn't there", "length", unsigned({}, extension_bytes=2)),
        refused("an extension there that isn't announced", "length", unsigned({"extensions": b"\1\0"}, extension_bytes=0)),
    ]


def unverified():
    body = unsigned({})
    good = sign(body)
    other = hashlib.sha256(b"another").digest()
    cases = [
        ("signed for another swarm", sign(body, info_digest=other)),
        ("signed by another key", sign(body, key=other)),
        ("signed as a certificate", sign(body, tag=b"tstream run certificate v1\0")),
        ("signed without a tag", sign(body, tag=b"")),
        ("another sequence under the signature", unsigned({"seq": 4712}) + good[-64:]),
        ("another digest under the signature", unsigned({"payloadBytes": 999})[:68] + good[-64:]),
        ("no signature", body + bytes(64)),
    ]
    return [{"name": name, "bytes": bytes_.hex()} for name, bytes_ in cases]


def vectors():
    return {
        "comment": "spec/0002-live-piece-auth.md section 4. Byte i of a payload is (31 i + floor(i / 256)) mod 256. "
        "`accepted` decode to `fields` and verify; `refused` don't decode, for `reason`; `unverified` decode, and don't verify.",
        "infoDigest": INFO_DIGEST.hex(),
        "runSecretKey": RUN_SECRET_KEY.hex(),
        "runPublicKey": ed25519.public_key(RUN_SECRET_KEY).hex(),
        "accepted": accepted_headers(),
        "refused": refused_fields() + refused_lengths(),
        "unverified": unverified(),
    }
