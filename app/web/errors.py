"""Problems of the HTTP layer itself."""

from app.kit.errors import Failure


class InvalidBody(Failure):
    code = "invalid_body"
    status = 400
    title = "The body is not acceptable JSON"
    advice = "Send one UTF-8 JSON object, no name twice, no NaN, no control characters, not nested deeper than 24."


class InvalidDocument(Failure):
    code = "invalid_document"
    status = 422
    title = "The document does not follow the published standard"
    advice = "Each entry of errors[] names the field by JSON pointer and says what is expected there."


class InvalidRequest(Failure):
    code = "invalid_request"
    status = 400
    title = "The request is not complete or not well formed"
    advice = "Each entry of errors[] names the parameter or header and says what is expected."


class TooLarge(Failure):
    code = "too_large"
    status = 413
    title = "The body is too large"
    advice = "Documents are small; files are uploaded apart. Shorten the text and send it again."


class TooSlow(Failure):
    code = "too_slow"
    status = 408
    title = "The body did not arrive in time"
    advice = "Send the whole body within 30 seconds, a file within two minutes."


class WrongMediaType(Failure):
    code = "wrong_media_type"
    status = 415
    title = "The body must be JSON"
    advice = "Set Content-Type: application/json."


class TooFast(Failure):
    code = "too_fast"
    status = 429
    title = "Too many requests"
    advice = "Wait the seconds in Retry-After. One page of 50 every ten seconds is plenty for an inbox."


class NotFound(Failure):
    code = "not_found"
    status = 404
    title = "There is nothing here for you"
    advice = "The address does not exist, or what it names is not shared with your organisation."


class MethodNotAllowed(Failure):
    code = "method_not_allowed"
    status = 405
    title = "This address does not take this method"
    advice = "The Allow header names the methods it takes."


class VersionRequired(Failure):
    code = "version_required"
    status = 428
    title = "Say which version you are changing"
    advice = "Send If-Match with the ETag you last read."


class StaleVersion(Failure):
    code = "stale_version"
    status = 412
    title = "Somebody changed this since you read it"
    advice = "Read it again, look at what changed, and send your change with the new ETag."


class Broken(Failure):
    code = "internal_error"
    status = 500
    title = "The service failed"
    advice = "Nothing was recorded. Tell the operator the X-Request-Id. Send it again with the same Idempotency-Key."


class NotAcceptable(Failure):
    code = "not_acceptable"
    status = 406
    title = "It is not made in this form"
    advice = "Accept application/json, or a media type the published contract names."
