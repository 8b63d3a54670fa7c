"""Refusals of the unit of work itself."""

from app.kit.errors import Failure


class KeyReused(Failure):
    code = "idempotency_key_reused"
    status = 422
    title = "This Idempotency-Key was used for another request"
    advice = "Use a new key for a new request, and the same key only to repeat exactly the same request."
    recorded = True


class KeyInFlight(Failure):
    code = "idempotency_key_in_flight"
    status = 409
    title = "The same request is being handled at this moment"
    advice = "Wait the seconds in Retry-After and repeat it: you receive the first answer."


class KeyRequired(Failure):
    code = "idempotency_key_required"
    status = 400
    title = "Send an Idempotency-Key"
    advice = "Any text of 1 to 200 visible ASCII characters, new for each new request, kept for its repeats."


class Contended(Failure):
    code = "contended"
    status = 503
    title = "Others are changing the same thing at the same moment"
    advice = "Nothing was recorded. Send the same request again after the seconds in Retry-After."
