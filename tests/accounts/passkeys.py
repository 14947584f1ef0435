"""A passkey in software: what a browser would say of it, for any site and origin."""

import hashlib
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

SITE, ORIGIN = "testserver", "http://testserver"
PRESENT = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class Passkey:
    def __init__(self) -> None:
        self.secret = ec.generate_private_key(ec.SECP256R1())
        self.id = b"one passkey of the tests"

    def add_to(self, client):
        """Set it up for whoever is signed in."""
        client.get(reverse("mfa_add_webauthn"))
        data = CollectedClientData.create("webauthn.create", _challenge(client), ORIGIN)
        public = ES256.from_cryptography_key(self.secret.public_key())
        held = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        flags = PRESENT | AuthenticatorData.FLAG.AT
        about = AuthenticatorData.create(_site_hash(SITE), flags, 0, held)
        said = {
            "clientDataJSON": websafe_encode(data),
            "attestationObject": websafe_encode(AttestationObject.create("none", about, {})),
        }
        results = {"credProps": {"rk": True}}
        fields = {"name": "Phone", "credential": self._credential(said, results)}
        return client.post(reverse("mfa_add_webauthn"), fields)

    def answer(self, client, handle, *, site=SITE, origin=ORIGIN):
        """Return what it answers to the challenge that this browser was given last."""
        data = CollectedClientData.create("webauthn.get", _challenge(client), origin)
        about = AuthenticatorData.create(_site_hash(site), PRESENT, 1)
        signature = self.secret.sign(about + data.hash, ec.ECDSA(hashes.SHA256()))
        said = {
            "clientDataJSON": websafe_encode(data),
            "authenticatorData": websafe_encode(about),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(handle.encode()),
        }
        return self._credential(said, {})

    def _credential(self, said, results):
        name = websafe_encode(self.id)
        return json.dumps({
            "id": name, "rawId": name, "type": "public-key",
            "clientExtensionResults": results, "response": said,
        })  # fmt: skip


def _challenge(client):
    return client.session["mfa.webauthn.state"]["challenge"]


def _site_hash(site):
    return hashlib.sha256(site.encode()).digest()
