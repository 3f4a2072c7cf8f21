"""The refusals of Entra ID by number: status, OAuth error and wording, as they were seen in real answers."""

from __future__ import annotations

from preflight.sandbox.abs.wire import RefusedError

_NOT_INSTALLED = (
    "This can happen if the application has not been installed by the administrator of the tenant or consented to by "
    "any user in the tenant. "
)

_TEXTS: dict[int, tuple[int, str, str]] = {
    90002: (
        400,
        "invalid_tenant",
        (
            "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the "
            "correct cloud. Check with your subscription administrator, this may happen if there are no active "
            "subscriptions for the tenant."
        ),
    ),
    900023: (
        400,
        "invalid_request",
        "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    ),
    700016: (
        400,
        "unauthorized_client",
        "Application with identifier '{client}' was not found in the directory '{tenant}'. "
        + _NOT_INSTALLED
        + "You may have sent your authentication request to the wrong tenant.",
    ),
    7000229: (
        401,
        "invalid_client",
        (
            "The client application {client} is missing service principal in the tenant {tenant}. See instructions "
            "here: https://go.microsoft.com/fwlink/?linkid=2225119"
        ),
    ),
    7000112: (400, "unauthorized_client", "Application '{client}'({name}) is disabled."),
    7000216: (
        401,
        "invalid_client",
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    ),
    7000215: (
        401,
        "invalid_client",
        (
            "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, "
            "not the client secret ID, for a secret added to app '{client}'."
        ),
    ),
    7000222: (
        401,
        "invalid_client",
        (
            "The provided client secret keys for app '{client}' are expired. Visit the Azure portal to create new keys "
            "for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added "
            "security: https://aka.ms/certCreds."
        ),
    ),
    1002012: (
        400,
        "invalid_scope",
        (
            "The provided value for scope {scope} is not valid. Client credential flows must have a scope value with "
            "/.default suffixed to the resource identifier (application ID URI)."
        ),
    ),
    500011: (
        400,
        "invalid_resource",
        "The resource principal named {resource} was not found in the tenant named {tenant}. "
        + _NOT_INSTALLED
        + "You might have sent your authentication request to the wrong tenant.",
    ),
    53003: (
        400,
        "access_denied",
        "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
    ),
}


def refused(number: int, **words: str) -> RefusedError:
    status, error, text = _TEXTS[number]
    return RefusedError(status, error, f"AADSTS{number}: {text.format(**words)}", {"number": str(number)})
