"""Problems of the directory."""

from app.kit.errors import Failure


class InvalidPostcode(Failure):
    code = "invalid_postcode"
    status = 422
    title = "This is not a postcode"
    advice = "Send a full postcode in plain letters and digits: two to four, a space, and three more."


class InvalidDirectory(Failure):
    """Raised by an import, before anything is written. ``faults`` name file and line."""

    code = "invalid_directory"
    status = 422
    title = "The directory edition cannot be loaded"
    advice = "Nothing was changed. Correct the lines named in errors[] and import the folder again."


class InvalidOrganisation(Failure):
    code = "invalid_organisation"
    status = 422
    title = "This organisation cannot be registered"
    advice = "Each entry of errors[] says what is expected."


class UnknownFunction(Failure):
    code = "no_such_function"
    status = 422
    title = "There is no function of this name"
    advice = "Use one of the functions a token can be for, such as children_in_care_health."


class UnknownOrganisation(Failure):
    code = "no_such_organisation"
    status = 404
    title = "The directory holds no organisation with this code"
    advice = "Look it up with GET /v1/organisations, or by place with POST /v1/areas/lookup."


class UnknownArea(Failure):
    code = "no_such_area"
    status = 404
    title = "The directory holds no authority area with this code"
    advice = "Use the ONS code of an upper-tier authority in England or Wales, or POST /v1/areas/lookup."
