"""Refusals of the press."""

from app.kit.errors import Failure


class PressBusy(Failure):
    code = "press_busy"
    status = 503
    title = "Too many documents are being set at this moment"
    advice = "Nothing was printed and nothing recorded. Ask again after the seconds in Retry-After."


class PressFailed(Failure):
    code = "press_failed"
    status = 503
    title = "The document could not be set"
    advice = (
        "Nothing was printed and nothing recorded. Ask again; if it fails again, tell the operator the X-Request-Id."
    )


class TooLongToPrint(Failure):
    code = "too_long_to_print"
    status = 422
    title = "There is too much text for one document"
    advice = "Shorten the longest texts with an update, then print it again."
