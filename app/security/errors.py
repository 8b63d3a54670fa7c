"""Refusals of callers.

Failure
 ├─ TokenRefusal            the token endpoint says no; each names its OAuth 2 error (RFC 6749, 5.2)
 │   ├─ InvalidClient       not proved to be the client: the detail names the claim that was wrong
 │   ├─ AssertionReplayed, ClientRevoked, InvalidPractitioner, InvalidPurpose
 │   └─ WrongFunction, WrongOrganisation, NothingGranted
 └─ InvalidToken, TokenExpired, InsufficientScope, PractitionerRequired, FunctionRefused    any other route

Once a signature has proved who is asking, a refusal is recorded; before that an entry could name nobody.
"""

from typing import ClassVar

from app.kit.errors import Failure


class TokenRefusal(Failure):
    """The token endpoint refuses; ``oauth_error`` is the code an OAuth 2 library looks for."""

    oauth_error: ClassVar[str] = "invalid_request"


class InvalidClient(TokenRefusal):
    code = "invalid_client"
    status = 401
    title = "The client assertion was refused"
    advice = "Correct the claim that the detail names, then sign a new assertion with a fresh jti."
    oauth_error = "invalid_client"


class AssertionReplayed(TokenRefusal):
    code = "assertion_replayed"
    status = 401
    title = "This assertion has been used before"
    advice = "Sign a new assertion, with a fresh jti, for every token request. A retry needs a new one too."
    recorded = True
    oauth_error = "invalid_client"


class ClientRevoked(TokenRefusal):
    code = "client_revoked"
    status = 403
    title = "This client's access has been revoked"
    advice = "Ask your organisation's administrator for a new registration. No request will succeed until then."
    recorded = True
    oauth_error = "unauthorized_client"


class InvalidPractitioner(TokenRefusal):
    code = "invalid_practitioner"
    status = 400
    title = "The practitioner named in the assertion was refused"
    advice = "Send the person's name and role as written at work and, if they have them, an identifier and team."
    recorded = True


class InvalidPurpose(TokenRefusal):
    code = "invalid_purpose"
    status = 400
    title = "The purpose in the assertion was refused"
    advice = "Send one of the codes that the detail lists, or leave the claim out."
    recorded = True


class WrongFunction(TokenRefusal):
    code = "wrong_function"
    status = 403
    title = "This client is not registered for that function"
    advice = "Ask for one of the functions your client was registered with; a client asks for one at a time."
    recorded = True
    oauth_error = "unauthorized_client"


class WrongOrganisation(TokenRefusal):
    code = "wrong_organisation"
    status = 403
    title = "This client may not act for that organisation"
    advice = "Leave organisation out to act for your own, or ask the other organisation to delegate to yours."
    recorded = True
    oauth_error = "unauthorized_client"


class NothingGranted(TokenRefusal):
    code = "nothing_granted"
    status = 403
    title = "None of the scopes asked for can be granted to this client in this function"
    advice = "Ask for scopes your client was registered with and this function may hold, or leave scope out."
    recorded = True
    oauth_error = "invalid_scope"


class InvalidToken(Failure):
    code = "invalid_token"
    status = 401
    title = "The access token was refused"
    advice = "Send 'Authorization: Bearer' with a token from this service's token endpoint, exactly as issued."


class TokenExpired(Failure):
    code = "token_expired"
    status = 401
    title = "The access token has expired"
    advice = "Ask the token endpoint for a new one; a token lasts ten minutes."


class InsufficientScope(Failure):
    code = "insufficient_scope"
    status = 403
    title = "The access token does not carry the scope this needs"
    advice = "Ask the token endpoint for the scope that the detail names, in a function that may hold it."
    recorded = True


class PractitionerRequired(Failure):
    code = "practitioner_required"
    status = 403
    title = "This must be done by a named person"
    advice = "Ask for a token with an assertion that carries the practitioner claim: who does this, in what role."
    recorded = True


class FunctionRefused(Failure):
    code = "function_refused"
    status = 403
    title = "This is not done in the function the token was issued for"
    advice = "Ask the token endpoint for a token in the function that the detail names."
    recorded = True
