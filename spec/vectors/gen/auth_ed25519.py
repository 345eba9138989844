"""Ed25519 edge cases: spec/0002-live-piece-auth.md section 3.

Each case says what the two equations in use would make of it without any check of the points (`cofactored`,
`cofactorless`): where one of them is true and `valid` is false, the check is what refuses it.
"""

import hashlib
import itertools

import ed25519
from ed25519 import BASE, IDENTITY, L, P, add, challenge, encode, multiply

TORSION = ed25519.torsion_points()

# RFC 8032 section 7.1, tests 1 to 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def scalar(name):
    return int.from_bytes(hashlib.sha512(name.encode()).digest(), "little") % L


def little(number):
    return number.to_bytes(32, "little")


def case(name, public, message, signature):
    return {
        "name": name,
        "publicKey": public.hex(),
        "message": message.hex(),
        "signature": signature.hex(),
        "valid": ed25519.verify_strictly(signature, message, public),
        "cofactored": ed25519.holds_loosely(signature, message, public, 8),
        "cofactorless": ed25519.holds_loosely(signature, message, public, 1),
    }


def forged(name, public, secret, r_encoded, r, wanted=lambda k: True):
    """Signs as somebody would who chose public key and R at will; `wanted` picks a challenge by trying messages."""
    for attempt in itertools.count():
        message = f"{name} {attempt}".encode()
        k = challenge(r_encoded, public, message)
        if wanted(k):
            return case(name, public, message, r_encoded + little((r + k * secret) % L))


def small_order_keys():
    """S = r and R = [r] B pass the cofactorless equation whenever k is a multiple of the key's order."""
    r = scalar("small order")
    encodings = {f"of small order, {i} times a generator": encode(point) for i, point in enumerate(TORSION)}
    encodings |= {
        "zero, written as p": little(P),
        "zero, written as p with a sign": little(P | 1 << 255),
        "one, written as p + 1": little(P + 1),
        "one, written as p + 1 with a sign": little(P + 1 | 1 << 255),
        "one with a sign": little(1 | 1 << 255),
        "minus one with a sign": little(P - 1 | 1 << 255),
    }
    return [
        forged(f"a public key {name}", encoded, 0, encode(multiply(r, BASE)), r, lambda k: k % 8 == 0)
        for name, encoded in encodings.items()
    ]


def mixed_order_keys():
    secret, r = scalar("mixed order"), scalar("nonce")
    mixed = encode(add(multiply(secret, BASE), TORSION[1]))
    minus = encode(add(multiply(secret, BASE), TORSION[4]))
    r_encoded = encode(multiply(r, BASE))
    return [
        forged("a public key of order 8 L, where both equations hold", mixed, secret, r_encoded, r, lambda k: k % 8 == 0),
        forged("a public key of order 8 L, where they differ", mixed, secret, r_encoded, r, lambda k: k % 8 != 0),
        forged("a public key of order 2 L, where both equations hold", minus, secret, r_encoded, r, lambda k: k % 2 == 0),
        forged("a public key of order 2 L, where they differ", minus, secret, r_encoded, r, lambda k: k % 2 == 1),
    ]


def faulty_r():
    secret, r = scalar("sound key"), scalar("nonce")
    public = encode(multiply(secret, BASE))
    cases = [
        forged(f"R with a part of small order, {i} times a generator", public, secret, encoded, r)
        for i, encoded in ((i, encode(add(multiply(r, BASE), TORSION[i]))) for i in (1, 2, 4))
    ]
    cases += [
        forged(f"R of small order, {i} times a generator", public, secret, encode(point), 0)
        for i, point in enumerate(TORSION)
    ]
    written = {
        "one, written as p + 1": little(P + 1),
        "one with a sign": little(1 | 1 << 255),
        "zero, written as p": little(P),
        "minus one with a sign": little(P - 1 | 1 << 255),
        "on no point": little(2),
    }
    return cases + [forged(f"R {name}", public, secret, encoded, 0) for name, encoded in written.items()]


def faulty_s():
    key = hashlib.sha256(b"a sound key").digest()
    public, message = ed25519.public_key(key), b"S out of its range"
    good = ed25519.sign(message, key)
    s = int.from_bytes(good[32:], "little")
    values = {"S": s, "S + L": s + L, "S + 8 L": s + 8 * L, "L": L, "2^256 - 1": 2**256 - 1, "0": 0}
    return [case(f"{name} as S", public, message, good[:32] + little(value)) for name, value in values.items()]


def others():
    key = hashlib.sha256(b"a sound key").digest()
    public, message = ed25519.public_key(key), b"a message"
    good = ed25519.sign(message, key)
    identity_r = encode(IDENTITY) + bytes(32)
    return [
        case("another message", public, b"another message", good),
        case("a sign added to the public key", public[:31] + bytes([public[31] ^ 0x80]), message, good),
        case("a sign added to R", public, message, good[:31] + bytes([good[31] ^ 0x80]) + good[32:]),
        case("a public key on no point", little(2), message, good),
        case("a public key y = p + 3", little(P + 3), message, good),
        case("all zero", bytes(32), message, bytes(64)),
        case("all one bits", b"\xff" * 32, message, b"\xff" * 64),
        case("the identity as key and as R", encode(IDENTITY), message, identity_r),
    ]


def sound():
    cases = []
    for secret, public, message, signature in RFC_8032:
        secret, public, message, signature = map(bytes.fromhex, (secret, public, message, signature))
        assert ed25519.public_key(secret) == public and ed25519.sign(message, secret) == signature
        cases.append({**case("RFC 8032 section 7.1", public, message, signature), "secretKey": secret.hex()})
    for i in range(8):
        secret, message = hashlib.sha256(b"secret %d" % i).digest(), bytes(range(16 * i, 16 * i + i))
        signature = ed25519.sign(message, secret)
        found = case(f"an ordinary signature {i}", ed25519.public_key(secret), message, signature)
        cases.append({**found, "secretKey": secret.hex()})
    return cases


def vectors():
    return {
        "comment": "spec/0002-live-piece-auth.md section 3. `valid` is the rule; `cofactored` and `cofactorless` say what these "
        "equations alone would accept. Where there is a `secretKey`, it signs `message` so.",
        "cases": sound() + small_order_keys() + mixed_order_keys() + faulty_r() + faulty_s() + others(),
    }
