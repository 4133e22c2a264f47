"""Keys that name a secret, and keys that only sound like it."""

from __future__ import annotations

import re

# Compared with a key in lower case without - and _.
SECRET_KEYS = re.compile(
    r"secret|token|passw|passphrase|passcode|(?<!by)pass$|^pwd$|credential|privatekey|keymaterial|"
    r"authorization|auths?$|authkey|sharedkey|customerkey$|^hostkey$|apikey|securestring|"
    r"userdata|^environment$|^envs?$|environmentvariable|envvars|environmentoverride|plaintext|"
    r"base32string|qrcode|presigned|authorizedurl|samlassertion|connectionstring|signature|"
    r"cookie|^commands$|authenticationcode|^otp$|streamurl|customheader|zipfile|^sas|bearer"
)
# They match, but name or describe the secret instead of holding it.
HARMLESS_KEYS = frozenset(
    {
        "sessioncredentialfromconsole",
        "secretid",
        "secretids",
        "secretidlist",
        "secretarn",
        "secretname",
        "secretlist",
        "httptokens",
        "httptokensenforced",
        "authorizationtype",
        "authorizationmode",
        "authorizationscopes",
        "credentialtype",
        "servicespecificcredentialid",
        "passwordlastused",
        "passwordmode",
        "passwordpolicy",
        "tokentype",
        "signatureversion",
        "apikeyselectionexpression",
        "apikeysource",
        "getsignintoken",
        "getsessiontoken",
    }
)
# What ends so tells of the secret: its kind, its address.
DESCRIBING = ("arn", "arns", "name", "type", "algorithm", "versionid", "issuer", "issuetime")
# An object such as {"key": "password", "value": …}: what names, and what holds.
PAIR_NAMES = frozenset(
    {
        "key",
        "name",
        "parameterkey",
        "attributename",
        "tagkey",
        "parametername",
        "headername",
        "optionname",
    }
)
PAIR_VALUES = frozenset(
    {
        "value",
        "values",
        "parametervalue",
        "attributevalue",
        "resolvedvalue",
        "tagvalue",
        "headervalue",
    }
)
# What one operation calls its secret, where no other operation's field of that name is one.
SECRETS_OF_OPERATIONS = {
    "PutParameter": frozenset({"value"}),
    "CreateStack": frozenset({"parametervalue"}),
    "CreateApiKey": frozenset({"value"}),
    "CreateContact": frozenset({"deliveryaddress"}),
    "SendMessage": frozenset({"messagebody"}),
}


def names_a_secret(key: str) -> bool:
    """Whether a key, in lower case without - and _, names a secret.

    Of a policy's condition key, such as token.actions.githubusercontent.com:sub, the claim counts.
    """
    provider, _, claim = key.rpartition(":")
    if claim in HARMLESS_KEYS or claim.endswith(DESCRIBING):
        return False
    return SECRET_KEYS.search(claim if "." in provider else key) is not None
