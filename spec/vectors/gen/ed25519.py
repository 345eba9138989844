"""Ed25519 from RFC 8032, for vectors only: slow, not constant-time, and open to malformed points on purpose.

Points are affine pairs (x, y) on -x^2 + y^2 = 1 + d x^2 y^2 over GF(p).
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)
IDENTITY = (0, 1)


def recover_x(y, sign):
    """RFC 8032 section 5.1.3, without the rule that x = 0 takes no sign bit. None if y is on no point."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * SQRT_MINUS_ONE % P
    if x * x % P != square:
        return None
    return (P - x) % P if x & 1 != sign else x


BASE = (recover_x(4 * pow(5, -1, P) % P, 0), 4 * pow(5, -1, P) % P)


def extended(point):
    x, y = point
    return (x, y, 1, x * y % P)


def add_extended(a, b):
    """RFC 8032 section 5.1.4."""
    left = (a[1] - a[0]) * (b[1] - b[0]) % P
    right = (a[1] + a[0]) * (b[1] + b[0]) % P
    tt = 2 * a[3] * b[3] * D % P
    zz = 2 * a[2] * b[2] % P
    e, f, g, h = right - left, zz - tt, zz + tt, right + left
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def affine(point):
    inverse = pow(point[2], -1, P)
    return (point[0] * inverse % P, point[1] * inverse % P)


def add(a, b):
    return affine(add_extended(extended(a), extended(b)))


def negate(point):
    return ((P - point[0]) % P, point[1])


def multiply(scalar, point):
    """Any scalar, not reduced: the torsion part of a mixed point counts."""
    total, doubled = extended(IDENTITY), extended(point)
    while scalar > 0:
        if scalar & 1:
            total = add_extended(total, doubled)
        doubled = add_extended(doubled, doubled)
        scalar >>= 1
    return affine(total)


def encode(point):
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decode(encoded):
    """A point of 32 bytes by RFC 8032 section 5.1.3; None for a non-canonical encoding or for no point."""
    number = int.from_bytes(encoded, "little")
    y, sign = number % 2**255, number >> 255
    if y >= P:
        return None
    x = recover_x(y, sign)
    if x is None or (x == 0 and sign == 1):
        return None
    return (x, y)


def decode_loosely(encoded):
    """As the libraries do that reduce y and ignore the sign of x = 0."""
    number = int.from_bytes(encoded, "little")
    y = number % 2**255 % P
    x = recover_x(y, number >> 255)
    return None if x is None else (x, y)


def expand(secret_key):
    digest = hashlib.sha512(secret_key).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return scalar & ~7 & ~(1 << 255) | 1 << 254, digest[32:]


def public_key(secret_key):
    return encode(multiply(expand(secret_key)[0], BASE))


def challenge(r_encoded, public, message):
    return int.from_bytes(hashlib.sha512(r_encoded + public + message).digest(), "little") % L


def sign(message, secret_key):
    scalar, prefix = expand(secret_key)
    public = public_key(secret_key)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    r_encoded = encode(multiply(r, BASE))
    s = (r + challenge(r_encoded, public, message) * scalar) % L
    return r_encoded + s.to_bytes(32, "little")


def in_prime_subgroup(point):
    return point != IDENTITY and multiply(L, point) == IDENTITY


def verify_strictly(signature, message, public):
    """The rule of spec/0002-live-piece-auth.md section 3, every clause said in its own way."""
    a, r = decode(public), decode(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    if not in_prime_subgroup(a) or not in_prime_subgroup(r):
        return False
    k = challenge(signature[:32], public, message)
    return multiply(s, BASE) == add(r, multiply(k, a))


def holds_loosely(signature, message, public, cofactor):
    """Whether [cofactor] [S] B = [cofactor] (R + [k] A), on points decoded without any check."""
    a, r = decode_loosely(public), decode_loosely(signature[:32])
    if a is None or r is None:
        return False
    s = int.from_bytes(signature[32:], "little")
    k = challenge(signature[:32], public, message)
    return multiply(cofactor * s, BASE) == multiply(cofactor, add(r, multiply(k, a)))


def torsion_points():
    """The eight points of small order, as multiples of one of order 8."""
    y = 2
    while True:
        point = decode(y.to_bytes(32, "little"))
        if point is not None:
            generator = multiply(L, point)
            if multiply(4, generator) != IDENTITY:
                return [multiply(i, generator) for i in range(8)]
        y += 1
