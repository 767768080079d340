"""OpenSSF model-signing v1.0 bundles, as lib/Artifact/Signature.cpp makes and verifies them."""
from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Container, Sequence
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from tezzeret._refused import KernelRefused

BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"
PAYLOAD = "application/vnd.in-toto+json"
MOST_BYTES = 1 << 20
Key = tuple[ec.EllipticCurvePublicKey, str]
"""A public key and its id."""


def public_key(pem: bytes, place: str) -> Key:
    """The key and its id, the SHA-256 of its PEM."""
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise KernelRefused(place, "no public key in PEM", "one") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KernelRefused(place, f"a key of another kind ({type(key).__name__})", "ECDSA P-256")
    text = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return key, hashlib.sha256(text).hexdigest()


def parse(text: bytes, what: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise KernelRefused(what, f"{len(text)} bytes", f"at most {MOST_BYTES}")
    try:
        value = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise KernelRefused(what, "something else", "a JSON object")
    return value


def at(value: Any, pointer: str) -> Any:
    """What a JSON pointer leads to, or None."""
    for key in pointer.split("/")[1:]:
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict):
            value = value.get(key)
        else:
            return None
    return value


def demand(value: Any, pointer: str, expected: str) -> None:
    found = at(value, pointer)
    if found != expected:
        raise KernelRefused(pointer, "missing" if found is None else json.dumps(found)[:256], json.dumps(expected))


def decode(value: Any, pointer: str) -> bytes:
    text = at(value, pointer)
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise KernelRefused(pointer, "missing or no base64", "base64") from None


def check_signer(bundle: dict[str, Any], payload: bytes, signature: bytes, keys: Sequence[Key],
                 revoked: Container[str]) -> None:
    hint = at(bundle, "/verificationMaterial/publicKey/hint")
    message = b"DSSEv1 %d %s %d %s" % (len(PAYLOAD), PAYLOAD.encode(), len(payload), payload)
    for key, identity in keys:
        try:
            key.verify(signature, message, ec.ECDSA(SHA256()))
        except InvalidSignature:
            continue
        demand(bundle, "/verificationMaterial/publicKey/hint", identity)
        if identity in revoked:
            raise KernelRefused("the signature", f"the revoked key {identity}", "a key that is trusted")
        return
    raise KernelRefused("the signature", f"made by none of the trusted keys (it names {hint})", "a trusted key's")


def check_statement(payload: bytes, name: str, digest: str) -> None:
    statement = parse(payload, "the statement")
    for pointer in ("/predicate/resources", "/subject"):
        if not isinstance(at(statement, pointer), list) or len(at(statement, pointer)) != 1:
            raise KernelRefused(pointer, "another number of entries", "one")
    for pointer, expected in (
            ("/_type", "https://in-toto.io/Statement/v1"),
            ("/predicateType", "https://model_signing/signature/v1.0"),
            ("/predicate/serialization/method", "files"), ("/predicate/serialization/hash_type", "sha256"),
            ("/predicate/resources/0/name", "."), ("/predicate/resources/0/algorithm", "sha256"),
            ("/predicate/resources/0/digest", digest),
            ("/subject/0/digest/sha256", hashlib.sha256(bytes.fromhex(digest)).hexdigest()),
            ("/subject/0/name", name)):
        demand(statement, pointer, expected)


def check(text: bytes, name: str, data: bytes, keys: Sequence[Key], revoked: Container[str]) -> None:
    """Is `text` the signature of a file of this name and content by one of `keys` that is not revoked."""
    bundle = parse(text, "the bundle")
    demand(bundle, "/mediaType", BUNDLE)
    demand(bundle, "/dsseEnvelope/payloadType", PAYLOAD)
    signatures = at(bundle, "/dsseEnvelope/signatures")
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise KernelRefused("/dsseEnvelope/signatures", "none or several", "exactly one")
    payload = decode(bundle, "/dsseEnvelope/payload")
    check_signer(bundle, payload, decode(bundle, "/dsseEnvelope/signatures/0/sig"), keys, revoked)
    check_statement(payload, name, hashlib.sha256(data).hexdigest())
