"""Azurite checks signatures, letters of a SAS, preconditions and the shape of tokens."""

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError

from tests.servers.azurite import Azurite
from tests.servers.entra import Entra


def test_write_only_signature_cannot_read(azurite: Azurite) -> None:
    """A SAS with `w` alone creates a blob and is refused to read it back."""
    container = azurite.create_container()
    with azurite.service(azurite.sas(container, "w")) as service:
        blob = service.get_blob_client(container, "recordings/a")
        blob.upload_blob(b"a")
        with pytest.raises(HttpResponseError, match="AuthorizationPermissionMismatch"):
            blob.download_blob()


def test_create_only_is_kept(azurite: Azurite) -> None:
    """Uploading to a taken name without overwrite is refused."""
    container = azurite.create_container()
    with azurite.service() as service:
        blob = service.get_blob_client(container, "a")
        blob.upload_blob(b"first")
        with pytest.raises(ResourceExistsError):
            blob.upload_blob(b"second")
        assert blob.download_blob().readall() == b"first"


def test_token_opens_the_door(azurite_tls: Azurite, fake_entra: Entra) -> None:
    """A token from the token endpoint lets its bearer write, over https with a private authority."""
    container = azurite_tls.create_container()
    with fake_entra.credential() as credential, azurite_tls.service(credential) as service:
        service.get_blob_client(container, "a").upload_blob(b"a")


def test_wrong_client_secret_gets_no_token(fake_entra: Entra) -> None:
    """The token endpoint refuses a wrong secret with Entra's own number."""
    with (
        fake_entra.credential("wrong") as credential,
        pytest.raises(ClientAuthenticationError, match="AADSTS7000215"),
    ):
        credential.get_token("https://storage.azure.com/.default")
