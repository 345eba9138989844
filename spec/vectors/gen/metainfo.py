#!/usr/bin/env python3
"""Generates spec/vectors/metainfo.json from spec/0001-tstream-metainfo.md alone.

Shares no code with the packages: own bencode, hashlib, base64, urllib.
Usage: metainfo.py [--check]   (--check compares and changes nothing)
"""
import base64
import hashlib
import json
import pathlib
import re
import sys
import urllib.parse

TARGET = pathlib.Path(__file__).resolve().parent.parent / "metainfo.json"
KIB = 1024
KEY = bytes(range(1, 33))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
JPEG = b"\xff\xd8\xff\xe0" + bytes(8)


def bencode(value):
    """Dictionaries are given as dict with str or bytes keys."""
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, str):
        value = value.encode("utf-8")
    if isinstance(value, bytes):
        return b"%d:%s" % (len(value), value)
    if isinstance(value, list):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    pairs = sorted((k.encode("utf-8") if isinstance(k, str) else k, v) for k, v in value.items())
    return b"d" + b"".join(bencode(k) + bencode(v) for k, v in pairs) + b"e"


def runs(*parts):
    """Long input as [hex, repetitions] pairs: what the tests concatenate."""
    return [[part.hex(), count] for part, count in parts]


def written(raw):
    """Bytes as hex, or as runs if a byte stands in them 256 times and more in a row."""
    parts = [m.group() for m in re.finditer(rb"(.)\1{255,}|(?:(?!(.)\2{255}).)+", raw, re.DOTALL)]
    if len(parts) <= 1:
        return raw.hex()
    return runs(*((part[:1], len(part)) if len(part) > 255 and len(set(part)) == 1 else (part, 1) for part in parts))


# --- bencode -------------------------------------------------------------------------------------------------------

def bencode_vectors():
    valid = [
        ("zero", b"i0e"),
        ("negative integer", b"i-1e"),
        ("largest integer", b"i%de" % (2**53 - 1)),
        ("smallest integer", b"i-%de" % (2**53 - 1)),
        ("empty string", b"0:"),
        ("string that is not UTF-8", b"2:\xff\xfe"),
        ("empty list", b"le"),
        ("empty dictionary", b"de"),
        ("nested", b"d1:ali1e1:bd1:cleeee"),
        ("empty key", b"d0:i1ee"),
        ("prefix before longer key", b"d1:ai1e2:aai2ee"),
        ("keys in the order of bytes, not of UTF-16 units", bencode({"\uffff": 1, "\U00010000": 2})),
        ("key that is not UTF-8", b"d1:\x80i1e1:\xffi2ee"),
        ("key that is a prototype's name", b"d9:__proto__d1:ai1eee"),
    ]
    refused = [
        ("nothing", b"", "truncated"),
        ("five bytes that never end elsewhere", b"l-3:e", "unexpected-byte"),
        ("negative length", b"-3:abc", "unexpected-byte"),
        ("letter", b"x", "unexpected-byte"),
        ("lone end", b"e", "unexpected-byte"),
        ("white space before", b" i1e", "unexpected-byte"),
        ("byte after the value", b"i1ee", "trailing-bytes"),
        ("line end after the value", b"i1e\n", "trailing-bytes"),
        ("minus zero", b"i-0e", "integer-malformed"),
        ("leading zero", b"i01e", "integer-malformed"),
        ("leading zero after minus", b"i-01e", "integer-malformed"),
        ("double zero", b"i00e", "integer-malformed"),
        ("no digits", b"ie", "integer-malformed"),
        ("minus alone", b"i-e", "integer-malformed"),
        ("two minuses", b"i--1e", "integer-malformed"),
        ("plus", b"i+1e", "integer-malformed"),
        ("fraction", b"i1.5e", "integer-malformed"),
        ("exponent", b"i1e5e", "trailing-bytes"),
        ("space in integer", b"i 1e", "integer-malformed"),
        ("2^53", b"i%de" % 2**53, "integer-out-of-range"),
        ("-2^53", b"i-%de" % 2**53, "integer-out-of-range"),
        ("2^64", b"i%de" % 2**64, "integer-out-of-range"),
        ("integer cut short", b"i12", "truncated"),
        ("minus cut short", b"i-", "truncated"),
        ("string cut short", b"4:abc", "truncated"),
        ("length cut short", b"4", "truncated"),
        ("length of four billion", b"4294967296:a", "truncated"),
        ("length beyond every integer", b"99999999999999999999:a", "truncated"),
        ("length with leading zero", b"01:a", "string-length-malformed"),
        ("length without colon", b"1a", "string-length-malformed"),
        ("list cut short", b"li1e", "truncated"),
        ("dictionary cut short", b"d1:ai1e", "truncated"),
        ("key without value", b"d1:ae", "unexpected-byte"),
        ("integer as key", b"di1ei2ee", "key-not-string"),
        ("list as key", b"dlei2ee", "key-not-string"),
        ("keys out of order", b"d1:bi1e1:ai2ee", "keys-unsorted"),
        ("longer key before its prefix", b"d2:aai1e1:ai2ee", "keys-unsorted"),
        ("key twice", b"d1:ai1e1:ai2ee", "key-duplicate"),
        ("keys out of order, inside", b"ld1:bi1e1:ai2eee", "keys-unsorted"),
    ]
    huge = [
        ("33 lists in each other", runs((b"l", 33), (b"e", 33)), "too-deep"),
        ("a million lists in each other", runs((b"l", 10**6)), "too-deep"),
        ("33 dictionaries in each other", runs((b"d1:a", 33), (b"de", 1), (b"e", 33)), "too-deep"),
        ("250,001 values", runs((b"l", 1), (b"0:", 250_000), (b"e", 1)), "too-many-values"),
        ("10,000,001 bytes", runs((b"9999992:", 1), (b"\0", 9_999_993)), "too-large"),
        ("key of 1025 bytes", runs((b"d1025:", 1), (b"k", 1025), (b"i1ee", 1)), "too-large"),
        ("length of 100,000 digits", runs((b"9", 100_000), (b":", 1)), "truncated"),
        ("integer of 100,000 digits", runs((b"i", 1), (b"9", 100_000), (b"e", 1)), "integer-out-of-range"),
    ]
    largest = [
        ("32 lists in each other", runs((b"l", 32), (b"e", 32))),
        ("250,000 values", runs((b"l", 1), (b"0:", 249_999), (b"e", 1))),
        ("10,000,000 bytes", runs((b"9999992:", 1), (b"\0", 9_999_992))),
        ("key of 1024 bytes", runs((b"d1024:", 1), (b"k", 1024), (b"i1ee", 1))),
    ]
    return {
        "valid": [{"name": n, "bytes": b.hex()} for n, b in valid] + [{"name": n, "bytes": b} for n, b in largest],
        "refused": [{"name": n, "bytes": b.hex(), "reason": r} for n, b, r in refused]
        + [{"name": n, "bytes": b, "reason": r} for n, b, r in huge],
    }


# --- metainfo of live streams --------------------------------------------------------------------------------------

def live_info(**changes):
    """An info dictionary; a change to None takes the key out, keys of `live` are written live_KEY."""
    live = {"authmethod": "Ed25519", "container": "mpegts", "pubkey": KEY, "version": 1, "window": 16}
    info = {"length": 64 * 16 * KIB, "live": live, "name": "stream", "piece length": 16 * KIB}
    for key, value in changes.items():
        target, key = (live, key[5:]) if key.startswith("live_") else (info, key.replace("_", " "))
        if value is None:
            del target[key]
        else:
            target[key] = value
    return info


def file_of(info, **outer):
    top = {key.replace("__", "-").replace("_", " "): value for key, value in outer.items()}
    return bencode({**top, "info": info})


def hashes(info):
    raw = bencode(info)
    return {
        "info": raw.hex(),
        "infohash": hashlib.sha1(raw).hexdigest(),
        "infoDigest": hashlib.sha256(raw).hexdigest(),
    }


def stream(name, piece_length, ring, window, key, **optional):
    """`fields` as an author gives them, and the one file that stands for them."""
    info = {
        "length": ring * piece_length,
        "live": {"authmethod": "Ed25519", "container": "mpegts", "pubkey": key, "version": 1, "window": window},
        "name": name,
        "piece length": piece_length,
    }
    top = {"info": info}
    announce = optional.get("announce")
    if announce:
        top["announce"] = announce[0][0]
        if sum(map(len, announce)) > 1:
            top["announce-list"] = announce
    shown = {"title": "title", "bitrateBitsPerSecond": "bitrate", "thumb": "thumb"}
    outer = {"createdBy": "created by", "creationDateS": "creation date", "comment": "comment"}
    tstream = {shown[k]: v for k, v in optional.items() if k in shown}
    if tstream:
        top["tstream"] = tstream
    top.update({outer[k]: v for k, v in optional.items() if k in outer})
    fields = {"name": name, "pieceLength": piece_length, "ringPieces": ring, "windowPieces": window,
              "streamKey": key.hex(), **optional}
    if "thumb" in fields:
        fields["thumb"] = fields["thumb"].hex()
    return {"fields": fields, "bytes": written(bencode(top)), **hashes(info)}


def live_vectors():
    many = [[f"udp://t{i}.example:6969" for i in range(16)], [f"http://t{i}.example/announce" for i in range(16)]]
    return [
        {"title": "nothing optional", **stream("stream", 16 * KIB, 64, 16, KEY)},
        {"title": "largest ring of the longest pieces", **stream("big", 128 * KIB, 0x200000, 0x80000, KEY)},
        {"title": "ring is no multiple of the window", **stream("odd", 32 * KIB, 24001, 6000, KEY)},
        {"title": "one tracker", **stream("one", 64 * KIB, 64, 16, KEY, announce=[["http://tracker.example/announce"]])},
        {"title": "32 trackers in two tiers", **stream("many", 64 * KIB, 64, 16, KEY, announce=many)},
        {"title": "trackers of every kind", **stream("kinds", 64 * KIB, 64, 16, KEY, announce=[
            ["HTTP://Tracker.Example:80/announce?passkey=a%20b&x=(1)", "https://tracker.example"],
            ["udp://[2001:db8::1]:1/announce", "ws://192.0.2.1:65535", "wss://tracker.example/a/b;c"]])},
        {"title": "everything", **stream(
            "Ström 東京 №1", 64 * KIB, 24000, 6000, bytes(range(255, 223, -1)),
            announce=[["wss://tracker.example"], ["udp://tracker.example:8764"]],
            title="A <b>title</b> & \U0001f3a5", bitrateBitsPerSecond=3_000_000, thumb=PNG,
            createdBy="tstream/1.0", creationDateS=1_790_000_000, comment="Hello")},
        {"title": "smallest optional values", **stream(
            "x", 16 * KIB, 64, 16, bytes(32), title="t", bitrateBitsPerSecond=1, thumb=JPEG, createdBy="c",
            creationDateS=0, comment="c")},
        {"title": "longest text", **stream(
            "n" * 240, 16 * KIB, 64, 16, KEY, title="\u00e9" * 256, createdBy="c" * 512, comment="c" * 4096,
            bitrateBitsPerSecond=1_000_000_000)},
    ]


def sifted_vectors():
    """Files that are taken, with what a reader makes of their optional part."""
    http = "http://tracker.example/announce"
    cases = []

    def add(title, expect, **outer):
        cases.append({"title": title, "bytes": written(file_of(live_info(), **outer)), "expect": expect})

    add("unknown keys are ignored", {"trackers": []}, nodes=[["a", 1]], encoding="UTF-8", tstream={"x": 1})
    add("announce-list counts alone", {"trackers": [["udp://a.example:1"]]}, announce=http,
        announce__list=[["udp://a.example:1"]])
    add("announce counts where announce-list names nothing usable", {"trackers": [[http]]}, announce=http,
        announce__list=[[], ["dht://a.example"], "x", 1])
    add("announce-list that is no list", {"trackers": [[http]]}, announce=http, announce__list="x")
    add("unusable and repeated trackers are left out, and tiers that this empties",
        {"trackers": [["udp://a.example:1", http]]},
        announce__list=[["udp://a.example:1", "udp://a.example:1", "ftp://a.example/", 7, http], [http], [["x"]]])
    for url in ["javascript:alert(1)", "file:///etc/passwd", "http://", "http:///announce", "http://a b.example/",
                "http://user:pass@a.example/", "http://a.example/\n", "http://a.example/#x", "udp://a.example",
                "http://a.example:0/", "http://a.example:65536/", "http://a.example/\"><script>", "//a.example/",
                "http://\u0430.example/", "http://a.example/\u0430", "data:text/html,x", " http://a.example/",
                "gopher://a.example/", "http://a.example\\@b.example/", "http://" + "a" * 254 + "/",
                "http://a.example/" + "x" * 2032]:
        add(f"no tracker: {url[:60]!r}", {"trackers": []}, announce=url)
    add("tracker URL of 2048 bytes", {"trackers": [["http://a.example/" + "x" * 2031]]},
        announce="http://a.example/" + "x" * 2031)
    add("tracker that is not UTF-8", {"trackers": []}, announce=b"http://a.example/\xff")
    thirty_three = [f"http://t{i}.example/" for i in range(33)]
    add("33 trackers are 32", {"trackers": [thirty_three[:32]]}, announce__list=[thirty_three])
    for key in ["comment", "created by"]:
        field = {"comment": "comment", "created by": "createdBy"}[key]
        add(f"{key}", {"trackers": [], field: "plain"}, **{key.replace(" ", "_"): "plain"})
        for what, value in [("not UTF-8", b"\xc3\x28"), ("overlong UTF-8", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"),
                            ("empty", ""), ("a number", 1), ("escape sequence", "\x1b[2J"), ("line end", "a\nb"),
                            ("NUL", "a\0b"), ("C1 control", "a\x9bb"), ("override", "a\u202egpj.exe"),
                            ("isolate", "\u2066x"), ("line separator", "a\u2028b"), ("too long", "x" * 4097)]:
            add(f"{key}: {what}", {"trackers": []}, **{key.replace(" ", "_"): value})
    for what, value in [("negative", -1), ("text", "2026")]:
        add(f"creation date: {what}", {"trackers": []}, creation_date=value)
    add("tstream that is no dictionary", {"trackers": []}, tstream=["title"])
    add("info and live elsewhere mean nothing", {"trackers": []}, tstream={"info": live_info(name="other")},
        a={"info": {}}, live={"version": 2})
    add("created by of 513 bytes", {"trackers": []}, created_by="x" * 513)
    add("title of 513 bytes", {"trackers": []}, tstream={"title": "x" * 513})
    add("title with a byte order mark", {"trackers": [], "title": "\ufeffx"}, tstream={"title": "\ufeffx"})
    for what, value in [("zero", 0), ("negative", -5), ("a billion and one", 10**9 + 1), ("text", "3M")]:
        add(f"bitrate: {what}", {"trackers": []}, tstream={"bitrate": value})
    for what, value in [("a GIF", b"GIF89a"), ("SVG", b"<svg onload='x'/>"), ("empty", b""), ("PNG cut short", PNG[:7]),
                        ("65537 bytes", JPEG + bytes(65537 - len(JPEG))), ("a number", 1)]:
        add(f"thumb: {what}", {"trackers": []}, tstream={"thumb": value})
    cases.append({"title": "unknown keys inside info are part of the infohash only",
                  "bytes": written(file_of(live_info(private=1, live_future="x"))), "expect": {"trackers": []},
                  **hashes(live_info(private=1, live_future="x"))})
    return cases


def names():
    """Names that are no file's name, each with why."""
    malformed = ["", "x" * 241, b"\xff", "a\0b", "a\nb", "\x1b[31mred", "a\u202egpj.exe", "a\x85b", "a\u2029b", 7, ["a"]]
    unsafe = [".", "..", "...", "a/b", "/etc/passwd", "../x", "a\\b", "..\\x", "\\\\server\\share", "C:", "C:x", "a:b", "a.",
              "a ", "con", "NUL", "Aux.txt", "com1", "LPT9.tar.gz"]
    return [(n, "name-malformed") for n in malformed] + [(n, "name-unsafe") for n in unsafe]


def live_refused():
    dictionary = b"d4:infod"
    cases = [
        ("a list", b"le", "not-dictionary"),
        ("a number", b"i1e", "not-dictionary"),
        ("an empty dictionary", b"de", "info-missing"),
        ("info is a list", b"d4:infolee", "info-missing"),
        ("an empty info", b"d4:infodee", "kind-unknown"),
        ("a web page", b"<!doctype html><title>404</title>", "unexpected-byte"),
        ("info cut short", dictionary, "truncated"),
        ("a second document after it", file_of(live_info()) + file_of(live_info()), "trailing-bytes"),
        ("info twice", b"d4:infode4:infodee", "key-duplicate"),
        ("keys of live out of order", file_of(live_info()).replace(
            b"10:authmethod7:Ed255199:container6:mpegts", b"9:container6:mpegts10:authmethod7:Ed25519"), "keys-unsorted"),
        ("with pieces", file_of(live_info(pieces=bytes(20))), "live-with-pieces"),
        ("with a file tree", file_of(live_info(file_tree={})), "live-with-pieces"),
        ("with a meta version", file_of(live_info(meta_version=2)), "live-with-pieces"),
        ("live is text", file_of(live_info(live="yes")), "live-malformed"),
        ("live is empty", file_of(live_info(live={})), "live-malformed"),
        ("version is text", file_of(live_info(live_version="1")), "live-malformed"),
        ("version 0", file_of(live_info(live_version=0)), "live-version-unknown"),
        ("version 2, all else unknown too", file_of(live_info(live={"version": 2})), "live-version-unknown"),
        ("no authmethod", file_of(live_info(live_authmethod=None)), "authmethod-unknown"),
        ("authmethod in lower case", file_of(live_info(live_authmethod="ed25519")), "authmethod-unknown"),
        ("authmethod with more after it", file_of(live_info(live_authmethod="Ed25519x")), "authmethod-unknown"),
        ("no container", file_of(live_info(live_container=None)), "container-unknown"),
        ("container cmaf", file_of(live_info(live_container="cmaf")), "container-unknown"),
        ("no key", file_of(live_info(live_pubkey=None)), "stream-key-malformed"),
        ("key of 31 bytes", file_of(live_info(live_pubkey=KEY[:31])), "stream-key-malformed"),
        ("key of 33 bytes", file_of(live_info(live_pubkey=KEY + b"\0")), "stream-key-malformed"),
        ("key as 64 hexadecimal digits", file_of(live_info(live_pubkey=KEY.hex())), "stream-key-malformed"),
        ("no name", file_of(live_info(name=None)), "name-malformed"),
        ("no piece length", file_of(live_info(piece_length=None)), "piece-length-out-of-range"),
        ("no length", file_of(live_info(length=None)), "length-malformed"),
        ("length 0", file_of(live_info(length=0)), "length-malformed"),
        ("negative length", file_of(live_info(length=-16 * KIB)), "length-malformed"),
        ("length of part of a piece", file_of(live_info(length=64 * 16 * KIB + 1)), "length-malformed"),
        ("no window", file_of(live_info(live_window=None)), "window-out-of-range"),
        ("window of 15 pieces", file_of(live_info(live_window=15)), "window-out-of-range"),
        ("negative window", file_of(live_info(live_window=-16)), "window-out-of-range"),
        ("window as text", file_of(live_info(live_window="16")), "window-out-of-range"),
        ("ring of less than four windows", file_of(live_info(live_window=17)), "ring-out-of-range"),
        ("window of 2^53-1 pieces", file_of(live_info(live_window=2**53 - 1)), "ring-out-of-range"),
        ("ring of 2097153 pieces", file_of(live_info(length=(0x200000 + 1) * 16 * KIB)), "ring-out-of-range"),
        ("longest length that an integer holds", file_of(live_info(length=(2**53 - 1) // 16384 * 16384)),
         "ring-out-of-range"),
    ]
    for length in [0, 1, -16384, 8192, 16383, 24576, 262144, 2**53 - 1, "16384"]:
        cases.append((f"piece length {length!r}", file_of(live_info(piece_length=length)), "piece-length-out-of-range"))
    for name, reason in names():
        cases.append((f"name {name!r}"[:60], file_of(live_info(name=name)), reason))
    return [{"title": t, "bytes": written(b), "reason": r} for t, b, r in cases]


# --- magnet links --------------------------------------------------------------------------------------------------

def magnet_vectors():
    infohash = bytes(range(0xEC, 0x100))
    digits, base32 = infohash.hex(), base64.b32encode(infohash).decode()
    xt = f"xt=urn:btih:{digits}"
    http = "http://tracker.example/announce?a=1&b=2"
    escape = lambda text: urllib.parse.quote(text, safe="!'()*~-._")
    name = "Ström & 100% + \U0001f3a5"
    hash_only = {"infohash": digits, "trackers": []}
    written = [
        (f"magnet:?{xt}", hash_only),
        (f"magnet:?{xt}&dn={escape(name)}&tr={escape(http)}&tr={escape('udp://t.example:1')}",
         {"infohash": digits, "name": name, "trackers": [http, "udp://t.example:1"]}),
        (f"magnet:?{xt}&tr={escape(http)}&ws={escape('https://a.example/films/')}&ws={escape('http://b.example')}"
         "&x.pe=192.0.2.1:6881&x.pe=[2001:db8::1]:1&x.pe=peer.example:65535&so=0,2,4-6,32767",
         {"infohash": digits, "trackers": [http], "webSeeds": ["https://a.example/films/", "http://b.example"],
          "peers": ["192.0.2.1:6881", "[2001:db8::1]:1", "peer.example:65535"], "fileIndices": [0, 2, 4, 5, 6, 32767]}),
    ]
    read = [
        (f"MAGNET:?XT=URN:BTIH:{digits.upper()}", hash_only),
        (f"magnet:?xt=urn:btih:{base32}", hash_only),
        (f"magnet:?xt=urn:btih:{base32.lower()}", hash_only),
        (f"magnet:?xt=urn:btmh:1220{'00' * 32}&{xt}&x.px=192.0.2.1:1&&x", hash_only),
        (f"magnet:?{xt}&x.pe=192.0.2.1:0&x.pe=192.0.2.1&x.pe=2001:db8::1:6881&x.pe=a@b.example:1&x.pe=a.example:65536",
         hash_only),
        (f"magnet:?{xt}&x.pe=192.0.2.1%3A1&x.pe=192.0.2.1:1", {**hash_only, "peers": ["192.0.2.1:1"]}),
        (f"magnet:?{xt}&" + "&".join(f"x.pe=a.example:{i + 1}" for i in range(33)),
         {**hash_only, "peers": [f"a.example:{i + 1}" for i in range(32)]}),
        (f"magnet:?{xt}&ws=udp://a.example:1&ws=file:///etc/passwd&ws=http://a.example/&ws=http://a.example/",
         {**hash_only, "webSeeds": ["http://a.example/"]}),
        (f"magnet:?{xt}&so=7,1-3,2-2,9-8,x,-1,32768,1-99999,4-&so=0", {**hash_only, "fileIndices": [0, 1, 2, 3, 7]}),
        (f"magnet:?{xt}&so=", hash_only),
        (f"magnet:?dn=a+b%2Bc&{xt}", {**hash_only, "name": "a b+c"}),
        (f"magnet:?{xt}&dn=%1b%5b2J", hash_only),
        (f"magnet:?{xt}&dn=&dn={'x' * 241}", hash_only),
        (f"magnet:?{xt}&tr=javascript:alert(1)&tr=http://a.example/a+b&tr=http://a.example/a+b",
         {"infohash": digits, "trackers": ["http://a.example/a+b"]}),
        (f"magnet:?{xt}&" + "&".join(f"tr=http://t{i}.example/" for i in range(33)),
         {"infohash": digits, "trackers": [f"http://t{i}.example/" for i in range(32)]}),
        (f"magnet:?{xt}&xt=urn:btih:{'00' * 20}", hash_only),
    ]
    refused = [
        ("", "not-magnet"), ("http://a.example/?" + xt, "not-magnet"), ("magnet:" + xt, "not-magnet"),
        (" magnet:?" + xt, "not-magnet"), ("magnet:?", "infohash-missing"), ("magnet:?dn=x", "infohash-missing"),
        (f"magnet:?xt=urn:sha1:{base32}", "infohash-missing"), (f"magnet:?xt=urn:btmh:1220{'00' * 32}", "infohash-missing"),
        (f"magnet:?xt=urn:btih:{digits[:39]}", "infohash-malformed"), (f"magnet:?{xt}0", "infohash-malformed"),
        (f"magnet:?xt=urn:btih:{'g' * 40}", "infohash-malformed"), (f"magnet:?xt=urn:btih:{'0' * 32}", "infohash-malformed"),
        ("magnet:?xt=urn:btih:", "infohash-malformed"), (f"magnet:?{xt}&dn=%", "escape-malformed"),
        (f"magnet:?{xt}&dn=%ff", "escape-malformed"), (f"magnet:?{xt}&%zz=1", "escape-malformed"),
        (f"magnet:?{xt}&x={'x' * 16384}", "too-long"),
    ]
    return {
        "written": [{"uri": u, "magnet": m} for u, m in written],
        "read": [{"uri": u, "magnet": m} for u, m in read],
        "refused": [{"uri": u, "reason": r} for u, r in refused],
    }


def main():
    vectors = {
        "spec": "spec/0001-tstream-metainfo.md",
        "generator": "spec/vectors/gen/metainfo.py",
        "bencode": bencode_vectors(),
        "live": {"written": live_vectors(), "sifted": sifted_vectors(), "refused": live_refused()},
        "magnet": magnet_vectors(),
    }
    write(TARGET, vectors)


def write(target, vectors):
    """Writes the file, or with --check compares it."""
    text = json.dumps(vectors, indent=1, ensure_ascii=True) + "\n"
    if "--check" not in sys.argv[1:]:
        target.write_text(text, encoding="ascii")
    elif not target.exists() or target.read_text(encoding="ascii") != text:
        sys.exit(f"{target.name} is not what {pathlib.Path(sys.argv[0]).name} makes: run it without --check")


if __name__ == "__main__":
    main()
