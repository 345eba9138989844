"""XChaCha20-Poly1305 from RFC 8439 and draft-irtf-cfrg-xchacha-03: sealing only, for vectors."""

import struct


def rotate(word, bits):
    return (word << bits | word >> (32 - bits)) & 0xFFFFFFFF


def quarter_round(state, a, b, c, d):
    for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[x] = (state[x] + state[y]) & 0xFFFFFFFF
        state[z] = rotate(state[z] ^ state[x], bits)


def rounds(words):
    state = list(words)
    for _ in range(10):
        for i in range(4):
            quarter_round(state, i, 4 + i, 8 + i, 12 + i)
        for i in range(4):
            quarter_round(state, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return state


def initial(key, last_four_words):
    return struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key) + last_four_words


def chacha20_block(key, counter, nonce):
    words = initial(key, (counter,) + struct.unpack("<3I", nonce))
    mixed = [(x + y) & 0xFFFFFFFF for x, y in zip(words, rounds(words))]
    return struct.pack("<16I", *mixed)


def hchacha20(key, nonce):
    state = rounds(initial(key, struct.unpack("<4I", nonce)))
    return struct.pack("<8I", *state[:4], *state[12:])


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i : i + 16] + b"\1", "little")) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def padded(text):
    return text + bytes(-len(text) % 16)


def seal(key, nonce, plaintext, associated):
    subkey, short_nonce = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    blocks = (len(plaintext) + 63) // 64
    stream = b"".join(chacha20_block(subkey, 1 + i, short_nonce) for i in range(blocks))
    ciphertext = bytes(a ^ b for a, b in zip(plaintext, stream))
    lengths = struct.pack("<2Q", len(associated), len(ciphertext))
    tag_key = chacha20_block(subkey, 0, short_nonce)[:32]
    return ciphertext + poly1305(tag_key, padded(associated) + padded(ciphertext) + lengths)
