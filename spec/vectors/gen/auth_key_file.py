"""Vectors of the key file: spec/0002-live-piece-auth.md section 7."""

import hashlib
import unicodedata

import ed25519
import xchacha20poly1305

SECRET_KEY = hashlib.sha256(b"stream key of the vectors").digest()
PUBLIC_KEY = ed25519.public_key(SECRET_KEY)
SALT = hashlib.sha256(b"salt").digest()[:16]
NONCE = hashlib.sha256(b"nonce").digest()[:24]
PASSPHRASE = "caf\u00e9 \ufb01ve"


def checked(body):
    return body + f"check {hashlib.sha256(body.encode()).hexdigest()[:16]}\n"


def first_lines(public=PUBLIC_KEY):
    return f"tstream key 1\npublic {public.hex()}\n"


def plain_body(public=PUBLIC_KEY):
    return first_lines(public) + f"secret {SECRET_KEY.hex()}\n"


def sealed_body(passphrase, log_n, claimed=None):
    password = unicodedata.normalize("NFKC", passphrase).encode()
    key = hashlib.scrypt(password, salt=SALT, n=2**log_n, r=8, p=1, dklen=32, maxmem=2**28)
    before = first_lines() + f"scrypt {claimed or log_n} {SALT.hex()}\nnonce {NONCE.hex()}\n"
    return before + f"sealed {xchacha20poly1305.seal(key, NONCE, SECRET_KEY, before.encode()).hex()}\n"


def accepted():
    plain, sealed = checked(plain_body()), checked(sealed_body(PASSPHRASE, 10))
    return [
        {"name": "not sealed", "text": plain},
        {"name": "sealed at the usual cost", "passphrase": PASSPHRASE, "scryptLogN": 17, "text": checked(sealed_body(PASSPHRASE, 17))},
        {"name": "sealed at the lowest cost", "passphrase": PASSPHRASE, "scryptLogN": 10, "text": sealed},
    ]


def accepted_otherwise():
    """Read as well, though no writer makes them so."""
    plain, sealed = checked(plain_body()), checked(sealed_body(PASSPHRASE, 10))
    return [
        {"name": "another spelling of the passphrase", "passphrase": "cafe\u0301 five", "text": sealed},
        {"name": "line ends changed to CR LF", "passphrase": PASSPHRASE, "text": sealed.replace("\n", "\r\n")},
        {"name": "without the last line end", "text": plain[:-1]},
        {"name": "not sealed, with a passphrase", "passphrase": "unneeded", "text": plain},
    ]


def refused():
    plain, sealed = checked(plain_body()), checked(sealed_body(PASSPHRASE, 10))
    other = ed25519.public_key(bytes(32))
    return [
        {"name": "nothing", "reason": "not-a-key-file", "text": ""},
        {"name": "another text", "reason": "not-a-key-file", "text": "-----BEGIN PRIVATE KEY-----\n"},
        {"name": "a first line without a version", "reason": "not-a-key-file", "text": "tstream key\n"},
        {"name": "a text before it", "reason": "not-a-key-file", "text": "\n" + plain},
        {"name": "a very long text", "reason": "not-a-key-file", "text": plain + " " * 1024},
        {"name": "version 2", "reason": "version", "text": checked(plain_body().replace("key 1", "key 2"))},
        {"name": "version 01", "reason": "version", "text": checked(plain_body().replace("key 1", "key 01"))},
        {"name": "the first line only", "reason": "damaged", "text": "tstream key 1\n"},
        {"name": "cut off", "reason": "damaged", "text": plain[:150]},
        {"name": "a digit of the secret key changed", "reason": "damaged", "text": plain.replace(SECRET_KEY.hex()[:8], "00000000")},
        {"name": "a digit of the salt changed", "reason": "damaged", "passphrase": PASSPHRASE, "text": sealed.replace(SALT.hex()[:8], "00000000")},
        {"name": "a line too many", "reason": "damaged", "text": checked(plain_body() + "note mine\n")},
        {"name": "no secret key", "reason": "damaged", "text": checked(first_lines())},
        {"name": "a public key of another secret key", "reason": "damaged", "text": checked(plain_body(other))},
        {"name": "no passphrase", "reason": "passphrase-needed", "text": sealed},
        {"name": "another passphrase", "reason": "wrong-passphrase", "passphrase": "Caf\u00e9 five", "text": sealed},
        {"name": "an empty passphrase", "reason": "wrong-passphrase", "passphrase": "", "text": sealed},
        {
            "name": "a public key exchanged and checked anew",
            "reason": "wrong-passphrase",
            "passphrase": PASSPHRASE,
            "text": checked(sealed_body(PASSPHRASE, 10).replace(PUBLIC_KEY.hex(), other.hex())),
        },
        {"name": "a cost of 2^19", "reason": "scrypt-cost", "passphrase": PASSPHRASE, "text": checked(sealed_body(PASSPHRASE, 10, 19))},
        {"name": "a cost of 2^99", "reason": "scrypt-cost", "passphrase": PASSPHRASE, "text": checked(sealed_body(PASSPHRASE, 10, 99))},
        {"name": "a cost of 2^9", "reason": "scrypt-cost", "passphrase": PASSPHRASE, "text": checked(sealed_body(PASSPHRASE, 9))},
    ]


def vectors():
    return {
        "comment": "spec/0002-live-piece-auth.md section 7. A writer makes each `text` of `accepted` from the values given; a reader takes "
        "those of `acceptedOtherwise` too, and refuses those of `refused` for `reason`.",
        "streamSecretKey": SECRET_KEY.hex(),
        "streamPublicKey": PUBLIC_KEY.hex(),
        "salt": SALT.hex(),
        "nonce": NONCE.hex(),
        "accepted": accepted(),
        "acceptedOtherwise": accepted_otherwise(),
        "refused": refused(),
    }
