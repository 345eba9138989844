#!/usr/bin/env python3
"""Makes the vectors of spec/0003-wire-ext.md from its text alone, with Python's standard library.

    python3 spec/vectors/gen/wire.py            writes them
    python3 spec/vectors/gen/wire.py --check    fails where they would change
"""

import ipaddress
import json
import pathlib
import struct
import sys

FILE = pathlib.Path(__file__).resolve().parent.parent / "wire.json"
IDS = {"ut_pex": 1, "ut_metadata": 2, "ts_live": 3}
SEQ_MAX = 2**53 - 1


def frame(id_, body=b""):
    return struct.pack(">IB", 1 + len(body), id_) + body


def extended(id_, payload):
    return frame(20, bytes([id_]) + payload)


def bencode(value):
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    keys = sorted(value, key=lambda key: key.encode("latin-1"))
    return b"d" + b"".join(bencode(key.encode("latin-1")) + bencode(value[key]) for key in keys) + b"e"


def pattern(length, step=7):
    return bytes(step * i & 0xFF for i in range(length))


def live(type_, body):
    return extended(IDS["ts_live"], bytes([type_]) + body)


def numbered(type_, run, seq, rest=b""):
    return live(type_, struct.pack(">IQ", run, seq) + rest)


def address(text, port):
    return ipaddress.ip_address(text).packed + struct.pack(">H", port)


CLOSE = [
    "other", "leaving", "full", "duplicate", "self", "banned", "not-live", "malformed", "unexpected", "bad-certificate",
    "bad-header", "bad-block", "stale", "future", "no-delivery", "flood", "timeout",
]


def case(name, message, bytes_):
    shown = {key: value.hex() if isinstance(value, bytes) else value for key, value in message.items()}
    return {"name": name, "message": shown, "bytes": bytes_.hex()}


def peer_messages():
    for id_, type_ in enumerate(["choke", "unchoke", "interested", "not-interested"]):
        yield case(type_, {"type": type_}, frame(id_))
    yield case("keep-alive", {"type": "keep-alive"}, bytes(4))
    yield case("have", {"type": "have", "index": 2**32 - 1}, frame(4, b"\xff\xff\xff\xff"))
    yield case("bitfield", {"type": "bitfield", "bits": b"\xa5\x80"}, frame(5, b"\xa5\x80"))
    for id_, type_ in (6, "request"), (8, "cancel"):
        message = {"type": type_, "index": 23999, "begin": 114688, "length": 16384}
        yield case(type_, message, frame(id_, struct.pack(">III", 23999, 114688, 16384)))
    shortest = {"type": "request", "index": 0, "begin": 0, "length": 1}
    yield case("request of a byte", shortest, frame(6, struct.pack(">III", 0, 0, 1)))
    message = {"type": "piece", "index": 2**31, "begin": 16384, "block": pattern(20)}
    yield case("piece", message, frame(7, struct.pack(">II", 2**31, 16384) + pattern(20)))
    yield case("port", {"type": "port", "port": 6881}, frame(9, struct.pack(">H", 6881)))
    for id_, type_ in (13, "suggest"), (17, "allowed-fast"):
        yield case(type_, {"type": type_, "index": 2**21 - 1}, frame(id_, struct.pack(">I", 2**21 - 1)))
    for id_, type_ in (14, "have-all"), (15, "have-none"):
        yield case(type_, {"type": type_}, frame(id_))
    message = {"type": "reject", "index": 7, "begin": 16384, "length": 1}
    yield case("reject", message, frame(16, struct.pack(">III", 7, 16384, 1)))


def extended_messages():
    yield case(
        "extended handshake with all fields",
        {
            "type": "extended-handshake", "ids": IDS, "client": "tstream 1.0 µ", "port": 8764, "requestsMax": 250,
            "yourAddress": "203.0.113.9", "metadataBytes": 31235,
        },
        extended(0, bencode({
            "m": IDS, "v": "tstream 1.0 µ".encode(), "p": 8764, "reqq": 250,
            "yourip": ipaddress.ip_address("203.0.113.9").packed, "metadata_size": 31235,
        })),
    )
    yield case("empty extended handshake", {"type": "extended-handshake", "ids": {}}, extended(0, b"d1:mdee"))
    yield case(
        "extended handshake that switches an extension off",
        {"type": "extended-handshake", "ids": {"ut_pex": 0}, "yourAddress": "2001:db8::1:0:0:1"},
        extended(0, bencode({"m": {"ut_pex": 0}, "yourip": ipaddress.ip_address("2001:db8::1:0:0:1").packed})),
    )
    for number, kind in (0, "request"), (2, "reject"):
        message = {"type": "metadata", "kind": kind, "piece": 5}
        yield case(f"metadata {kind}", message, extended(2, bencode({"msg_type": number, "piece": 5})))
    message = {"type": "metadata", "kind": "piece", "piece": 1, "totalBytes": 16390, "bytes": b"abcdee"}
    head = bencode({"msg_type": 1, "piece": 1, "total_size": 16390})
    yield case("metadata piece", message, extended(2, head + b"abcdee"))
    peers = [("192.0.2.1", 6881), ("198.51.100.7", 1), ("2001:db8::1", 65535), ("::", 80)]
    shown = [{"address": text, "port": port} for text, port in peers]
    fields = {
        "added": address(*peers[0]) + address(*peers[1]), "added.f": bytes(2), "added6": address(*peers[2]),
        "added6.f": bytes(1), "dropped6": address(*peers[3]),
    }
    message = {"type": "pex", "added": shown[:3], "dropped": shown[3:]}
    yield case("peer exchange", message, extended(1, bencode(fields)))
    shown = [{**shown[0], "isSeed": True}, shown[1], {**shown[2], "isSeed": True}]
    fields = {"added": fields["added"], "added.f": b"\2\0", "added6": fields["added6"], "added6.f": b"\2"}
    yield case("peer exchange of seeds", {"type": "pex", "added": shown, "dropped": []}, extended(1, bencode(fields)))
    yield case("empty peer exchange", {"type": "pex", "added": [], "dropped": []}, extended(1, b"de"))


def live_messages():
    yield case("CERT", {"type": "cert", "certificate": pattern(116)}, live(1, pattern(116)))
    message = {"type": "source", "run": 1785600000, "proof": pattern(64)}
    yield case("SOURCE", message, live(2, struct.pack(">I", 1785600000) + pattern(64)))
    yield case("EDGE", {"type": "edge", "header": pattern(100)}, live(3, pattern(100)))
    for length in 1, 132, 512:
        yield case(f"OFFER of {length} bytes", {"type": "offer", "header": pattern(length)}, live(4, pattern(length)))
    for type_, name in (5, "coming"), (8, "withdraw"), (9, "want"), (10, "start"):
        for run, seq in (1, 0), (2**32 - 1, SEQ_MAX), (1785600000, 2**32 + 1):
            message = {"type": name, "run": run, "seq": seq}
            yield case(f"{name.upper()} {run} {seq}", message, numbered(type_, run, seq))
    message = {"type": "live-have", "run": 7, "base": 12, "bitmap": b"\x80\x01"}
    yield case("HAVE of 12 and 27", message, numbered(6, 7, 12, b"\x80\x01"))
    message = {"type": "live-have", "run": 7, "base": SEQ_MAX - 15, "bitmap": b"\xff\xff"}
    yield case("HAVE of the highest numbers", message, numbered(6, 7, SEQ_MAX - 15, b"\xff\xff"))
    for code, why in enumerate(["have", "coming", "busy"], 1):
        message = {"type": "decline", "run": 7, "seq": 12, "why": why}
        yield case(f"DECLINE {why}", message, numbered(7, 7, 12, bytes([code])))
    for code, reason in enumerate(CLOSE):
        yield case(f"CLOSE {reason}", {"type": "close", "reason": reason}, live(11, bytes([code])))
    yield from witness_messages()


def witness(run, base, names, reports):
    told = bytes([len(names)]) + b"".join(names)
    reported = b"".join(name + bytes([len(bitmap)]) + bitmap for name, bitmap in reports)
    return numbered(12, run, base, told + reported)


def witness_messages():
    names = [b"\0\0\0\0\0\0\0\1", b"0123abcd", b"\xff\xfe\xfd\xfc\x80\0\x7f\xff"]
    some = [(names[1], b"\x80\x01"), (names[2], b"\x40")]
    cases = [
        ("WITNESS of two deliverers", 7, 12, [], some),
        ("WITNESS of a neighbour", 2**32 - 1, 0, names[:1], []),
        ("WITNESS of both", 1785600000, 2**32 + 1, names, some),
        ("WITNESS of nothing", 1, 0, [], []),
        ("WITNESS of an on-demand swarm", 0, 12, names[:1], some),
        ("WITNESS of the highest numbers", 7, SEQ_MAX - 255, [], [(names[0], bytes(31) + b"\1")]),
        ("WITNESS of as much as there can be", 7, 12, [pattern(8)] * 64, [(pattern(8, 3), pattern(32))] * 64),
    ]
    for name, run, base, told, reports in cases:
        message = {
            "type": "witness", "run": run, "base": base, "names": [each.hex() for each in told],
            "reports": [{"name": who.hex(), "bitmap": bitmap.hex()} for who, bitmap in reports],
        }
        yield case(name, message, witness(run, base, told, reports))


def handshakes():
    for bits in range(8):
        extended_bit, dht, fast = bool(bits & 4), bool(bits & 2), bool(bits & 1)
        reserved = bytearray(8)
        reserved[5] = 0x10 * extended_bit
        reserved[7] = 0x01 * dht | 0x04 * fast
        infohash, peer_id = pattern(20, 11), b"-TS0100-0123456789ab"
        fields = {
            "infohash": infohash.hex(), "peerId": peer_id.hex(), "extended": extended_bit, "dht": dht, "fast": fast,
        }
        bytes_ = b"\x13BitTorrent protocol" + reserved + infohash + peer_id
        yield {"name": f"reserved bits {bits}", "fields": fields, "bytes": bytes_.hex()}


def accepted_otherwise():
    unknown = {"type": "unknown", "id": 20}
    handshake = {"type": "extended-handshake", "ids": {"ut_pex": 1}}
    cases = [
        *((f"id {id_}, which nobody has", [{"type": "unknown", "id": id_}], frame(id_)) for id_ in (10, 12, 18, 19, 21)),
        ("an unknown id", [{"type": "unknown", "id": 255}, {"type": "choke"}], frame(255, pattern(99)) + frame(0)),
        ("an extension's id that nobody gave out", [unknown, {"type": "choke"}], extended(9, b"de") + frame(0)),
        ("an unknown live type", [unknown, {"type": "choke"}], live(13, pattern(3)) + frame(0)),
        ("an unknown live type, 0", [unknown], live(0, b"")),
        ("an unknown kind of metadata message", [unknown], extended(2, bencode({"msg_type": 3, "piece": 0}))),
        ("DECLINE 0", [{"type": "decline", "run": 7, "seq": 12, "why": "busy"}], numbered(7, 7, 12, b"\0")),
        ("DECLINE 4", [{"type": "decline", "run": 7, "seq": 12, "why": "busy"}], numbered(7, 7, 12, b"\4")),
        ("CLOSE 17", [{"type": "close", "reason": "other"}], live(11, b"\x11")),
        ("CLOSE 255", [{"type": "close", "reason": "other"}], live(11, b"\xff")),
        ("a port of 0 in a handshake", [handshake], extended(0, bencode({"m": {"ut_pex": 1}, "p": 0}))),
        ("keys that nobody knows", [handshake], extended(0, bencode({"m": {"ut_pex": 1, "x": b"y"}, "zz": [1, b""]}))),
        (
            "a name with controls in it, and over 64 characters",
            [{**handshake, "client": "a[2J" + "b" * 60}],
            extended(0, bencode({"m": {"ut_pex": 1}, "v": "a\x1b[2J\u202e\n".encode() + b"b" * 99})),
        ),
        ("a name that is not UTF-8", [handshake], extended(0, bencode({"m": {"ut_pex": 1}, "v": b"\xff\xfe"}))),
        (
            "peer exchange with flags and a port of 0",
            [{"type": "pex", "added": [{"address": "192.0.2.1", "port": 6881, "isSeed": True}], "dropped": []}],
            extended(1, bencode({"added": address("192.0.2.2", 0) + address("192.0.2.1", 6881), "added.f": b"\0\x1e"})),
        ),
        (
            "peer exchange with fewer flags than addresses",
            [{"type": "pex", "added": [{"address": "192.0.2.1", "port": 1}, {"address": "192.0.2.2", "port": 2}], "dropped": []}],
            extended(1, bencode({"added": address("192.0.2.1", 1) + address("192.0.2.2", 2), "added.f": b"\x11"})),
        ),
        (
            "peer exchange whose flags are a number",
            [{"type": "pex", "added": [{"address": "192.0.2.1", "port": 1}], "dropped": []}],
            extended(1, bencode({"added": address("192.0.2.1", 1), "added.f": 2})),
        ),
        *((f"{name}, {what}", [message], bytes_) for name, message, what, bytes_, _ in dictionaries_at_their_limits()),
    ]
    for name, messages, bytes_ in cases:
        yield {"name": name, "messages": messages, "bytes": bytes_.hex()}


def dictionaries_at_their_limits():
    """Name, what it says, how large it is, its bytes, and those of one that is larger by one."""
    pex = {"type": "pex", "added": [], "dropped": []}
    request = {"type": "metadata", "kind": "request", "piece": 0}
    for name, id_, message, fields, deep, values in [
        ("handshake", 0, {"type": "extended-handshake", "ids": {}}, {}, 8, 512),
        ("peer exchange", 1, pex, {}, 4, 256),
        ("metadata", 2, request, {"msg_type": 0, "piece": 0}, 4, 32),
    ]:
        def with_(rest):
            return extended(id_, bencode({**fields, "zz": rest}))

        def nested(lists):
            return [nested(lists - 1)] if lists > 1 else []

        # The dictionary itself, its fields and the list are values, too.
        room = values - 2 - len(fields)
        yield name, message, f"{deep} deep", with_(nested(deep - 1)), with_(nested(deep))
        yield name, message, f"{values} values", with_([0] * room), with_([0] * (room + 1))


def refused_frames():
    for id_, length in [(i, 2) for i in range(4)] + [(4, 4), (4, 6), (5, 1), (6, 12), (6, 14), (8, 12), (9, 2), (9, 4),
                                                  (13, 4), (13, 6), (14, 2), (15, 2), (16, 12), (16, 14), (17, 4), (17, 6)]:
        yield "message-length", f"id {id_} of length {length}", struct.pack(">IB", length, id_)
    yield "message-length", "an extended message without an id", struct.pack(">IB", 1, 20)
    yield "message-too-long", "4 GiB", b"\xff\xff\xff\xff"
    for name, id_, length in ("a bitfield", 5, 262146), ("an unknown message", 99, 65537):
        yield "message-too-long", name, struct.pack(">IB", length, id_)
    for name, id_, length in ("handshake", 0, 16384), ("peer exchange", 1, 16384), ("metadata", 2, 16896), ("live", 3, 8192):
        yield "message-too-long", f"extended message: {name}", struct.pack(">IBB", 3 + length, 20, id_)
    for length in 9, 16394:
        yield "block-length", f"a block of {length - 9} bytes", struct.pack(">IB", length, 7)
    for id_, name in (6, "request"), (8, "cancel"), (16, "reject"):
        for length in 0, 16385, 2**32 - 1:
            yield "block-length", f"a {name} of {length} bytes", frame(id_, struct.pack(">III", 0, 0, length))


def refused_dictionaries():
    for name, text in [
        ("negative length", b"l-3:e"), ("nothing", b""), ("no dictionary", b"i0e"), ("bytes behind", b"de0:"),
        ("truncated", b"d1:v5:abce"), ("unsorted keys", b"d1:v0:1:pi1ee"), ("a key twice", b"d1:pi1e1:pi1ee"),
        ("leading zero", b"d1:pi01ee"), ("minus zero", b"d1:pi-0ee"), ("huge length", b"d1:v99999999999:ee"),
        ("deep", b"l" * 4000 + b"e" * 4000),
    ]:
        yield "bencode", f"handshake: {name}", extended(0, text)
        yield "bencode", f"peer exchange: {name}", extended(1, text)
    for name, _, what, _, larger in dictionaries_at_their_limits():
        yield "bencode", f"{name}: more than {what}", larger
    for name, fields in [
        ("m is no dictionary", {"m": 1}), ("an id of 256", {"m": {"ts_live": 256}}), ("an id of -1", {"m": {"ut_pex": -1}}),
        ("an id that is text", {"m": {"ut_metadata": b"2"}}), ("port 65536", {"p": 65536}), ("a name that is a number", {"v": 1}),
        ("an address of 5 bytes", {"yourip": bytes(5)}), ("a queue of -1", {"reqq": -1}),
        ("10 MB and a byte of metadata", {"metadata_size": 10_000_001}),
    ]:
        yield "handshake-field", name, extended(0, bencode(fields))
    for key, size in ("added", 6), ("added6", 18), ("dropped", 6), ("dropped6", 18):
        yield "pex-too-many", f"51 addresses {key}", extended(1, bencode({key: pattern(51 * size)}))
        yield "pex-field", f"half an address {key}", extended(1, bencode({key: pattern(size - 1)}))
        yield "pex-field", f"{key} is a number", extended(1, bencode({key: 1}))
    for name, fields, rest in [
        ("no piece", {"msg_type": 0}, b""), ("no type", {"piece": 0}, b""), ("piece -1", {"msg_type": 0, "piece": -1}, b""),
        ("a request with bytes", {"msg_type": 0, "piece": 0}, b"x"), ("no size", {"msg_type": 1, "piece": 0}, b"x"),
        ("a byte too few", {"msg_type": 1, "piece": 0, "total_size": 3}, b"ab"),
        ("a byte too many", {"msg_type": 1, "piece": 0, "total_size": 3}, b"abcd"),
        ("a piece behind the end", {"msg_type": 1, "piece": 1, "total_size": 16384}, b""),
    ]:
        yield "metadata-field", name, extended(2, bencode(fields) + rest)


def refused_live():
    lengths = {1: (116, 118), 2: (68, 70), 3: (1, 514), 4: (1, 514), 6: (13, 4110), 7: (13, 15), 11: (1, 3)}
    for type_ in range(1, 12):
        for length in lengths.get(type_, (12, 14)):
            body = (struct.pack(">IQ", 1, 1) + bytes(4097))[: length - 1]
            yield "live-length", f"type {type_} of {length} bytes", live(type_, body)
    yield "live-length", "no type", extended(3, b"")
    rests = {6: b"\1", 7: b"\1"}
    for type_ in 5, 6, 7, 8, 9, 10:
        for run, seq in (0, 1), (1, 2**53), (1, 2**64 - 1):
            yield "live-number", f"type {type_}, run {run}, seq {seq}", numbered(type_, run, seq, rests.get(type_, b""))
    yield "live-number", "a bitmap over the highest number", numbered(6, 1, SEQ_MAX - 6, b"\1")
    yield "live-number", "type 2, run 0", live(2, bytes(68))
    report = (pattern(8), b"\1")
    for run, base in (0, 2**53), (1, SEQ_MAX - 254), (1, 2**53), (1, 2**64 - 1):
        yield "live-number", f"type 12, run {run}, base {base}", witness(run, base, [], [report])
    for name, bytes_ in [
        ("without a number of names", numbered(12, 1, 1)),
        ("of 65 names", witness(1, 1, [pattern(8)] * 65, [])),
        ("with a name too few", numbered(12, 1, 1, b"\2" + pattern(8))),
        ("with half a name", numbered(12, 1, 1, b"\1" + pattern(7))),
        ("with half a report", numbered(12, 1, 1, b"\0" + pattern(8))),
        ("with an empty bitmap", witness(1, 1, [], [(pattern(8), b"")])),
        ("with a bitmap of 33 bytes", witness(1, 1, [], [(pattern(8), bytes(33))])),
        ("with a bitmap cut off", witness(1, 1, [], [report])[:-1]),
        ("of 65 reports", witness(1, 1, [], [report] * 65)),
    ]:
        # Framed anew, as one of them was cut.
        yield "live-length", f"a WITNESS {name}", frame(20, bytes_[5:])


def refused():
    for reason, name, bytes_ in [*refused_frames(), *refused_dictionaries(), *refused_live()]:
        yield {"name": name, "reason": reason, "bytes": bytes_.hex()}


def vectors():
    return {
        "comment": "spec/0003-wire-ext.md, section Vectors.",
        "ids": IDS,
        "handshakes": [*handshakes()],
        "accepted": [*peer_messages(), *extended_messages(), *live_messages()],
        "acceptedOtherwise": [*accepted_otherwise()],
        "refused": [*refused()],
    }


def main(arguments):
    if arguments not in ([], ["--check"]):
        print(__doc__)
        return 2
    text = json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n"
    if FILE.exists() and FILE.read_text("ascii") == text:
        return 0
    if arguments:
        print("wire.json: differs", file=sys.stderr)
        return 1
    FILE.write_text(text, "ascii")
    print("wire.json: written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
