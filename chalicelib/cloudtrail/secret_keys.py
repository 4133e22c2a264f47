"""Keys that name a secret, and keys that only sound like it."""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.secret_members import always_secret

# Words that name a secret inside a text; a blank is where it may have -, _, . or nothing.
WORDS = (
    "secret", "token", "passw", "passphrase", "passcode", "pwd", "credential", "private key",
    "key material", "authorization", "auth key", "shared key", "shared access key", "api key",
    "app key", "application key", "account key", "storage key", "access key", "signing key",
    "encryption key", "master key", "consumer key", "license key", "licence key",
    "activation key", "webhook url", "connection string", "community string", "store pass",
    "key pass", "require pass", "jwt", "mnemonic", "seed phrase", "recovery code", "recovery key",
    "backup code", "verification code", "confirmation code", "security code", "mfa code", "totp",
    "saml assertion", "ssh key", "ssh priv key", "deploy key", "service key", "server key",
    "write key", "admin key", "session key", "access code", "auth code", "j session id",
    "php sess id", "php session id", "kennwort", "mot de passe", "contrasen", "wachtwoord",
)  # fmt: skip
# Those too short to be looked for inside other words.
SHORT_WORDS = (
    "psk", "pin", "pincode", "userpin", "user_pin", "user-pin", "otp", "cvv", "cvv2", "cvc", "dsn",
    "auth", "creds",
)  # fmt: skip
# Compared with a key in lower case without -, _ and blanks.
SECRET_KEYS = re.compile(
    r"secret|token|passw|passphrase|passcode|(?<!by)pass$|pwd$|credential|creds$|privatekey|keymaterial|"
    r"authorization|auths?$|authkey|sharedkey|customerkey$|^hostkey$|apikey|securestring|"
    r"userdata|^environment$|^envs?$|environmentvariable|envvars|environmentoverride|plaintext|"
    r"base32string|qrcode|presigned|authorizedurl|samlassertion|connectionstring|signature|"
    r"cookie|^commands$|authenticationcode|otp$|streamurl|customheader|zipfile|^sas|bearer|"
    r"appkey$|applicationkey$|accountkey$|storagekey$|sharedaccesskey|signingkey|consumerkey|"
    r"licen[sc]ekey|activationkey|communitystring|storepass|keypass|requirepass|jwt|mnemonic|"
    r"seedphrase|recovery(?:code|key)|backupcode|verificationcode|confirmationcode|securitycode|"
    r"mfacode|psk$|^(?:user)?pin(?:code)?$|^cvv2?$|^cvc$|dsn$|kubeconfig|dockerconfigjson|"
    r"dockercfg|htpasswd|pgpass|netrc|webhook$|webhookurl|environmentpropert|buildargs|"
    r"sshkey$|sshprivkey|deploykey|servicekey$|serverkey$|writekey$|adminkey$|sessionkey|jsessionid|phpsess(?:ion)?id|accesscode|kennwort|motdepasse|contrase[nñ]|wachtwoord"
)
# What holds a secret where it is a text; an object of that name tells of one.
SECRET_TEXTS = re.compile(r"(?:access|encryption|master)key$")
# They match, but name or describe the secret instead of holding it.
HARMLESS_KEYS = frozenset(
    {
        "sessioncredentialfromconsole", "secretid", "secretids", "secretidlist", "secretlist",
        "httptokens", "httptokensenforced", "passwordlastused", "apikeysource", "getsignintoken",
        "getsessiontoken",
    }
)  # fmt: skip
# What ends so tells of the secret: its kind, its address.
DESCRIBING = (
    "arn", "arns", "name", "names", "type", "types", "algorithm", "versionid", "issuer",
    "issuetime", "keyid", "credentialid", "tokenid", "mode", "scopes", "policy", "expiration",
    "expiry", "expires", "validity", "status", "version", "expression", "enabled", "required",
    "length", "description",
)  # fmt: skip
# An object such as {"key": "password", "value": …}: what names, and what holds.
PAIR_NAMES = frozenset(
    {
        "key", "name", "parameterkey", "attributename", "tagkey", "parametername", "headername",
        "optionname", "path", "attribute", "option", "field", "fieldname", "property",
        "propertyname", "variable", "variablename", "envname", "header", "parameter", "param",
        "argument", "argname", "settingname", "keyname", "varname", "k",
    }
)  # fmt: skip
PAIR_VALUES = frozenset(
    {
        "value", "values", "parametervalue", "attributevalue", "resolvedvalue", "tagvalue",
        "headervalue", "val", "v", "defaultvalue", "default", "newvalue", "oldvalue",
        "currentvalue", "previousvalue", "stringvalue", "content", "data", "settingvalue",
        "propertyvalue", "fieldvalue", "optionvalue", "envvalue", "textvalue", "binaryvalue",
    }
)  # fmt: skip


def bare_key(key: str) -> str:
    """A key as it is compared: in lower case without -, _ and blanks."""
    return key.lower().replace("-", "").replace("_", "").replace(" ", "")


@lru_cache(maxsize=1024)
def names_a_secret(key: str) -> bool:
    """Whether a bare key names a secret.

    Of a policy's condition key, such as token.actions.githubusercontent.com:sub, the claim counts.
    """
    provider, _, claim = key.rpartition(":")
    if claim in HARMLESS_KEYS or claim.endswith(DESCRIBING):
        return False
    told = claim if "." in provider else key
    if told in always_secret():
        return True
    return SECRET_KEYS.search(told.replace(".", "")) is not None


@lru_cache(maxsize=1024)
def names_a_text(key: str) -> bool:
    """Whether what stands as a text under a bare key is a secret; an object there may be none."""
    return names_a_secret(key) or SECRET_TEXTS.search(key) is not None
