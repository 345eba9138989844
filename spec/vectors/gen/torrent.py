#!/usr/bin/env python3
"""Generates spec/vectors/torrent.json from spec/0004-on-demand.md alone.

Shares no code with the packages. Usage: torrent.py [--check]   (--check compares and changes nothing)
"""
import hashlib
import pathlib

from metainfo import JPEG, PNG, bencode, names, runs, write, written

TARGET = pathlib.Path(__file__).resolve().parent.parent / "torrent.json"
HASH20, HASH32 = bytes(range(20)), bytes(range(32))
LEAF = {"": {"length": 40000, "pieces root": HASH32}}
ONE = {"length": 40000, "name": "film.mp4", "piece length": 16384, "pieces": HASH20 * 3}
SEVERAL = {
    "files": [{"length": 1, "path": ["a"]}, {"length": 16384, "path": ["b", "c"]}],
    "name": "films",
    "piece length": 16384,
    "pieces": HASH20 * 2,
}
TREE = {"file tree": {"a": LEAF, "b": {"c": LEAF}}, "meta version": 2, "name": "tree", "piece length": 65536}
HYBRID = {**ONE, "file tree": {"film.mp4": LEAF}, "meta version": 2}
HTTP = "http://tracker.example/announce"


def folder(*files):
    """An info dictionary of these files, each (path, length) or a dictionary."""
    listed = [f if isinstance(f, dict) else {"length": f[1], "path": f[0]} for f in files]
    length = sum(f["length"] for f in listed)
    return {"files": listed, "name": "films", "piece length": 16384, "pieces": HASH20 * (-(-length // 16384))}


def expected(info, **beside):
    """All that a reader makes of a file with this info; hashes and pictures in hexadecimal digits."""
    raw = bencode(info)
    hashed = "pieces" in info
    files, offset = [], 0
    entries = info.get("files", [{"length": info.get("length"), "path": [info["name"]]}]) if hashed else []
    for entry in entries:
        files.append({"path": entry["path"], "lengthBytes": entry["length"], "offsetBytes": offset,
                      "isPadding": "p" in entry.get("attr", "")})
        offset += entry["length"]
    return {
        "name": info["name"],
        "pieceLength": info["piece length"],
        "lengthBytes": offset if hashed else 80000,
        "infohash": (hashlib.sha1(raw).digest() if hashed else hashlib.sha256(raw).digest()[:20]).hex(),
        "pieceHashes": info["pieces"].hex() if hashed else None,
        "files": files,
        "isFolder": "files" in info,
        "isPrivate": bool(info.get("private")),
        "info": raw.hex(),
        "trackers": [],
        "webSeeds": [],
        "perFile": [{} for _ in files],
        **beside,
    }


def recognised():
    cases = []

    def add(case, info, outer=None, **beside):
        raw = bencode({**(outer or {}), "info": info})
        cases.append({"title": case, "bytes": written(raw), "expect": expected(info, **beside)})

    add("one file", ONE, {"announce": HTTP}, trackers=[[HTTP]])
    add("several files", SEVERAL)
    add("hybrid", HYBRID)
    add("BEP 52 alone", TREE)
    add("one file in a folder", folder((["a"], 1)))
    add("private", {**ONE, "private": 1})
    add("private as 0", {**ONE, "private": 0})
    add("unknown keys in info and in a file", {**folder({"length": 1, "path": ["a"], "md5sum": "0" * 32}), "source": "x"})
    add("files without length", folder((["a"], 0), (["b"], 5), (["c"], 0)))
    add("padding, twice of one path", folder(
        (["a"], 10), {"attr": "p", "length": 16374, "path": [".pad", "16374"]},
        (["b"], 10), {"attr": "xp", "length": 16374, "path": [".pad", "16374"]}, (["c"], 1)))
    add("names that begin alike", folder((["a"], 1), (["a.b"], 1), (["ab", "a"], 1), (["ab", "b"], 1)))
    add("folders that differ in case only", folder((["A", "x"], 1), (["a", "y"], 1)))
    add("a component of 255 bytes, 32 components, 1024 bytes",
        folder((["x" * 255], 1), (["d"] * 32, 1), (["a" * 255] * 4 + [], 1), (["b" * 255] * 3 + ["c" * 256][:0] + ["e"], 1)))
    add("2097152 pieces", {**ONE, "length": 0x200000, "piece length": 1, "pieces": bytes(20) * 0x200000})        if False else None
    add("one web seed", ONE, {"url-list": "http://a.example/film.mp4"}, webSeeds=["http://a.example/film.mp4"])
    add("web seeds, sifted", ONE,
        {"url-list": ["https://a.example/", "ftp://b.example/", 7, "https://a.example/", "http://u:p@c.example/",
                      b"http://a.example/\xff", "HTTP://[2001:db8::1]:80/x?y=%20"]},
        webSeeds=["https://a.example/", "HTTP://[2001:db8::1]:80/x?y=%20"])
    add("33 web seeds are 32", ONE, {"url-list": [f"http://w{i}.example/" for i in range(33)]},
        webSeeds=[f"http://w{i}.example/" for i in range(32)])
    add("an empty web seed, as some programs write it", ONE, {"url-list": ""})
    add("what is said of one file", ONE,
        {"tstream": {"bitrate": 500000, "duration": 300000, "thumb": PNG, "title": "A film"}},
        title="A film", bitrateBitsPerSecond=500000, durationMs=300000, thumb=PNG.hex(),
        perFile=[{"bitrateBitsPerSecond": 500000, "durationMs": 300000, "thumb": PNG.hex()}])
    add("`files` of one file mean nothing", ONE, {"tstream": {"files": [{"duration": 5}]}})
    add("what is said of each file", SEVERAL,
        {"tstream": {"duration": 9, "files": [{"bitrate": 1, "duration": 8640000000, "thumb": JPEG}, {"duration": 1}]}},
        durationMs=9, perFile=[{"bitrateBitsPerSecond": 1, "durationMs": 8640000000, "thumb": JPEG.hex()},
                               {"durationMs": 1}])
    add("too few, of the wrong kind", SEVERAL, {"tstream": {"files": ["x"]}})
    add("too many", SEVERAL, {"tstream": {"files": [{}, {"duration": 2}, {"duration": 3}]}}, perFile=[{}, {"durationMs": 2}])
    for what, value in [("zero", 0), ("negative", -1), ("too long", 8640000001), ("text", "4:15")]:
        add(f"duration: {what}", ONE, {"tstream": {"duration": value}})
    add("pictures and bitrates of files are sifted", SEVERAL,
        {"tstream": {"files": [{"bitrate": 0, "thumb": "GIF89a"}, {"bitrate": 10**9 + 1}]}})
    return cases


def written_cases():
    """`fields` as an author gives them, and the one file that stands for them."""

    def case(title, info, fields, outer=None):
        return {"title": title, "fields": fields, "bytes": written(bencode({**(outer or {}), "info": info})),
                "infohash": hashlib.sha1(bencode(info)).hexdigest()}

    one = {"name": "film.mp4", "pieceLength": 16384, "pieceHashes": ONE["pieces"].hex(), "content": {"lengthBytes": 40000}}
    several = {"name": "films", "pieceLength": 16384, "pieceHashes": SEVERAL["pieces"].hex(),
               "content": {"files": [{"path": f["path"], "lengthBytes": f["length"]} for f in SEVERAL["files"]]}}
    return [
        case("nothing optional", ONE, one),
        case("a folder", SEVERAL, several),
        case("private", {**ONE, "private": 1}, {**one, "isPrivate": True}),
        case("everything of one file", ONE,
             {**one, "announce": [[HTTP], ["udp://t.example:1"]], "webSeeds": ["http://a.example/"], "title": "A film",
              "bitrateBitsPerSecond": 500000, "durationMs": 300000, "thumb": PNG.hex(), "createdBy": "tstream/1.0",
              "creationDateS": 1790000000, "comment": "Hello"},
             {"announce": HTTP, "announce-list": [[HTTP], ["udp://t.example:1"]], "comment": "Hello",
              "created by": "tstream/1.0", "creation date": 1790000000, "url-list": "http://a.example/",
              "tstream": {"bitrate": 500000, "duration": 300000, "thumb": PNG, "title": "A film"}}),
        case("everything of each file", SEVERAL,
             {**several, "webSeeds": ["http://a.example/", "http://b.example/"],
              "perFile": [{}, {"bitrateBitsPerSecond": 1, "durationMs": 2, "thumb": JPEG.hex()}]},
             {"url-list": ["http://a.example/", "http://b.example/"],
              "tstream": {"files": [{}, {"bitrate": 1, "duration": 2, "thumb": JPEG}]}}),
        case("nothing is said of any file", SEVERAL, {**several, "perFile": [{}, {}]}),
    ]


def without(info, key):
    return {k: v for k, v in info.items() if k != key}


def refused():
    cases = [
        ("no length", without(ONE, "length"), "vod-malformed"),
        ("negative length", {**ONE, "length": -1}, "vod-malformed"),
        ("no content", {**ONE, "length": 0, "pieces": b""}, "vod-malformed"),
        ("hash too few", {**ONE, "pieces": HASH20 * 2}, "vod-malformed"),
        ("hash too many", {**ONE, "pieces": HASH20 * 4}, "vod-malformed"),
        ("part of a hash", {**ONE, "pieces": HASH20 * 2 + b"\0"}, "vod-malformed"),
        ("pieces as a list", {**ONE, "pieces": [HASH20] * 3}, "vod-malformed"),
        ("length and files", {**SEVERAL, "length": 16385}, "vod-malformed"),
        ("files as a dictionary", {**SEVERAL, "files": {}}, "vod-malformed"),
        ("no files", {**SEVERAL, "files": [], "pieces": b""}, "vod-malformed"),
        ("nothing but empty files", folder((["a"], 0), (["b"], 0)), "vod-malformed"),
        ("a file as text", {**SEVERAL, "files": ["a"]}, "vod-malformed"),
        ("file without length", {**SEVERAL, "files": [{"path": ["a"]}]}, "vod-malformed"),
        ("negative length of a file", {**SEVERAL, "files": [{"length": -1, "path": ["a"]}, {"length": 16386, "path": ["b"]}]},
         "vod-malformed"),
        ("lengths beyond every integer",
         {**SEVERAL, "files": [{"length": 2**53 - 1, "path": ["a"]}, {"length": 2**53 - 1, "path": ["b"]}]}, "vod-malformed"),
        ("more than 2097152 pieces", {**ONE, "length": 2**53 - 1}, "vod-too-many-pieces"),
        ("2097153 pieces, BEP 52", {**TREE, "file tree": {"a": {"": {"length": 0x200000 * 65536 + 1}}}}, "vod-too-many-pieces"),
        ("piece length 0", {**ONE, "piece length": 0}, "piece-length-out-of-range"),
        ("piece length of 1 GiB", {**ONE, "piece length": 2**30}, "piece-length-out-of-range"),
        ("no piece length", without(ONE, "piece length"), "piece-length-out-of-range"),
        ("tree without meta version", without(TREE, "meta version"), "vod-malformed"),
        ("meta version 3", {**TREE, "meta version": 3}, "vod-malformed"),
        ("meta version without tree", without(TREE, "file tree"), "vod-malformed"),
        ("tree as text", {**TREE, "file tree": "a"}, "vod-malformed"),
        ("file in the tree as text", {**TREE, "file tree": {"a": "b"}}, "vod-malformed"),
        ("file in the tree without length", {**TREE, "file tree": {"a": {"": {}}}}, "vod-malformed"),
        ("no name", without(ONE, "name"), "name-malformed"),
        ("no path", folder({"length": 1}), "path-malformed"),
        ("path as text", folder(("a/b", 1)), "path-malformed"),
        ("empty path", folder(([], 1)), "path-malformed"),
        ("number in a path", folder((["a", 1], 1)), "path-malformed"),
        ("component of 256 bytes", folder((["x" * 256], 1)), "path-malformed"),
        ("33 components", folder((["d"] * 33, 1)), "path-malformed"),
        ("path of 1025 bytes", folder((["x" * 255] * 4 + ["y"], 1)), "path-malformed"),
        ("the same path twice", folder((["a", "b"], 1), (["c"], 1), (["a", "b"], 1)), "path-repeated"),
        ("paths that differ in case only", folder((["a", "Film"], 1), (["A", "fILM"], 1)), "path-repeated"),
        ("paths that differ in how a letter is composed", folder((["\u00e9"], 1), (["e\u0301"], 1)), "path-repeated"),
        ("a file where a folder has to be", folder((["a"], 1), (["a", "b"], 1)), "path-repeated"),
        ("a folder where a file has to be", folder((["a", "b"], 1), (["A"], 1)), "path-repeated"),
        ("padding whose path leads elsewhere", folder({"attr": "p", "length": 1, "path": ["..", "x"]}), "path-unsafe"),
        ("a link", folder((["a"], 1), {"attr": "l", "length": 0, "path": ["b"], "symlink path": ["a"]}), "file-is-link"),
    ]
    cases += [(f"name {n!r}"[:60], {**ONE, "name": n}, r) for n, r in names()]
    reasons = {"name-malformed": "path-malformed", "name-unsafe": "path-unsafe"}
    for name, reason in names():
        # A component may be longer than a name.
        if name == "x" * 241:
            continue
        cases.append((f"first component {name!r}"[:60], folder(([name, "a"], 1)), reasons[reason]))
        cases.append((f"last component {name!r}"[:60], folder((["a"], 1), (["b", name], 1)), reasons[reason]))
    entry = bencode({"length": 1, "path": ["a"]})
    many = runs((b"d4:infod5:filesl", 1), (entry, 0x8001), (b"e4:name1:n12:piece lengthi16384e6:pieces20:", 1), (b"\0", 20),
                (b"ee", 1))
    return [{"title": t, "bytes": written(bencode({"info": i})), "reason": r} for t, i, r in cases] + [
        {"title": "32769 files", "bytes": many, "reason": "vod-too-many-files"}]


write(TARGET, {
    "spec": "spec/0004-on-demand.md",
    "generator": "spec/vectors/gen/torrent.py",
    "written": written_cases(),
    "recognised": recognised(),
    "refused": refused(),
})
