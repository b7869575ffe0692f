"""Locks a private key in a PKCS#8 file (RFC 8018, PBES2) with as many rounds as we choose.

The library's own best choice for this form is PBKDF2 with 2,048 rounds, which a stolen file does not withstand; only
its PKCS#12 form lets the rounds be chosen. What is written here is read by any program that reads PKCS#8.
"""

import hashlib
import os

from asn1crypto import algos, core, keys, pem
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.issue.problems import PassphraseError

ROUNDS = 200_000
"""Of the key derivation: a tenth of a second when a key is opened, once per process."""


def locked(key: EllipticCurvePrivateKey | Ed25519PrivateKey, passphrase: str) -> bytes:
    """The key as an encrypted PEM."""
    if not passphrase:
        raise PassphraseError
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    salt, vector = os.urandom(16), os.urandom(16)
    secret = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ROUNDS, 32)
    padder = PKCS7(128).padder()
    encryptor = Cipher(AES(secret), CBC(vector)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    found = keys.EncryptedPrivateKeyInfo(
        {"encryption_algorithm": _algorithm(salt, vector), "encrypted_data": core.OctetString(sealed)}
    )
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", found.dump()))


def _algorithm(salt: bytes, vector: bytes) -> algos.EncryptionAlgorithm:
    derivation = algos.Pbkdf2Params(
        {
            "salt": algos.Pbkdf2Salt(name="specified", value=core.OctetString(salt)),
            "iteration_count": ROUNDS,
            "prf": {"algorithm": "sha256"},
        }
    )
    return algos.EncryptionAlgorithm(
        {
            "algorithm": "pbes2",
            "parameters": {
                "key_derivation_func": {"algorithm": "pbkdf2", "parameters": derivation},
                "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": core.OctetString(vector)},
            },
        }
    )
