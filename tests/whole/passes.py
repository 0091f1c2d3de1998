"""A promoter's account system: keys, key sets and passes, signed by the `openssl` command."""

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time

ISSUER = "https://accounts.example"
AUDIENCE = "frontrow-tiny"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _openssl(*words, stdin=b""):
    return subprocess.run(["openssl", *words], input=stdin, capture_output=True, check=True, timeout=60).stdout


def _raw_from_der(der):
    """The r and s of an ECDSA signature, 32 bytes each, out of their ASN.1 sequence."""
    at, numbers = 2, []
    for _ in range(2):
        size = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(32, "big"))
        at += 2 + size
    return b"".join(numbers)


class Issuer:
    """One signing key. `alg` is EdDSA, ES256 or RS256."""

    MAKING = {
        "EdDSA": ["-algorithm", "ED25519"],
        "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        "RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    }

    def __init__(self, directory, alg, kid):
        self.alg, self.kid = alg, kid
        self.path = os.path.join(directory, f"{kid}.pem")
        _openssl("genpkey", *self.MAKING[alg], "-out", self.path)
        self.public_pem = _openssl("pkey", "-in", self.path, "-pubout")
        self.public_der = _openssl("pkey", "-in", self.path, "-pubout", "-outform", "DER")

    def jwk(self):
        key = {"kid": self.kid, "use": "sig", "alg": self.alg}
        if self.alg == "EdDSA":
            key.update(kty="OKP", crv="Ed25519", x=base64url(self.public_der[-32:]))
        elif self.alg == "ES256":
            key.update(kty="EC", crv="P-256", x=base64url(self.public_der[-64:-32]),
                       y=base64url(self.public_der[-32:]))
        else:
            text = _openssl("rsa", "-pubin", "-modulus", "-noout", stdin=self.public_pem).decode()
            modulus = bytes.fromhex(re.search(r"Modulus=([0-9A-F]+)", text).group(1))
            key.update(kty="RSA", n=base64url(modulus), e="AQAB")
        return key

    def signature(self, message):
        if self.alg == "EdDSA":
            # Ed25519 reads its message twice, so openssl wants a file.
            path = self.path + ".message"
            with open(path, "wb") as file:
                file.write(message)
            return _openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", path)
        made = _openssl("dgst", "-sha256", "-sign", self.path, stdin=message)
        return _raw_from_der(made) if self.alg == "ES256" else made

    def sign(self, sub="member-1", header=None, **claims):
        """A pass. A claim or header that is None is left out."""
        head = {"alg": self.alg, "kid": self.kid, "typ": "JWT", **(header or {})}
        body = {"iss": ISSUER, "aud": AUDIENCE, "sub": sub, "exp": int(time.time()) + 600, **claims}
        return sealed(head, body, self.signature)


def _without_none(members):
    return {name: value for name, value in members.items() if value is not None}


def sealed(header, claims, sign):
    """header.claims.sign(header.claims)"""
    text = ".".join(base64url(json.dumps(_without_none(part)).encode()) for part in (header, claims))
    return text + "." + base64url(sign(text.encode()))


def hmac_signer(secret):
    return lambda message: hmac.new(secret, message, hashlib.sha256).digest()


def write_keys(path, *issuers):
    """Puts a key set in place whole, as a promoter should."""
    replace(path, json.dumps({"keys": [issuer.jwk() for issuer in issuers]}))


def replace(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)
