"""Refusals of documents: each says what to do with the file at hand."""

from app.kit.errors import Failure


class DocumentAwaited(Failure):
    code = "document_awaited"
    status = 404
    title = "This document is announced, and not uploaded yet"
    advice = "Ask whoever sends it. The list of the placement's documents shows when it has come."


class DocumentNotShared(Failure):
    code = "document_not_shared"
    status = 403
    title = "Your function does not open this document"
    advice = "The list of the placement's documents says which you may open. Ask the sender if you need another."
    recorded = True


class DocumentTypeNotAccepted(Failure):
    code = "document_type_not_accepted"
    status = 415
    title = "Files of this type are not taken"
    advice = "Send PDF, DOCX, XLSX, ODT, PNG, JPEG or plain text in UTF-8, with its own Content-Type."


class DocumentTypeDisagrees(Failure):
    code = "document_type_disagrees"
    status = 415
    title = "The file is not what its Content-Type says"
    advice = "Send the Content-Type of what the file holds. Its name does not count."


class DocumentTooLarge(Failure):
    code = "document_too_large"
    status = 413
    title = "The file is too large"
    advice = "Send at most 20 MB (the operator may have set less): scan with fewer dots, or send it in parts."


class DocumentEmpty(Failure):
    code = "document_empty"
    status = 422
    title = "The file is empty"
    advice = "Look at the file on your side and send it again."


class DocumentDamaged(Failure):
    code = "document_damaged"
    status = 422
    title = "The file is cut short or damaged"
    advice = "Open it on your side, save it anew and send it again."


class DocumentUnsafe(Failure):
    code = "document_unsafe"
    status = 422
    title = "The file is built in a way that is not taken"
    advice = "Open it with the program it was made with, save it anew and send it again."
    recorded = True


class DocumentNotInspectable(Failure):
    code = "document_not_inspectable"
    status = 422
    title = "The file could not be looked into"
    advice = "Remove its password, or save it anew with fewer pages or pictures, and send it again."


class DocumentInfected(Failure):
    code = "document_infected"
    status = 422
    title = "The scanner found malicious software in the file"
    advice = "Nothing was kept. Do not send it anywhere: tell whoever keeps your systems safe, at once."
    recorded = True


class UploadsBusy(Failure):
    code = "uploads_busy"
    status = 503
    title = "Too many files are being taken at this moment"
    advice = "Wait the seconds in Retry-After and send it again: the same content never makes a second version."
