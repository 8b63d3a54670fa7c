"""Refusals of the register of assessments."""

from app.kit.errors import Failure


class RegisterNotForYou(Failure):
    code = "register_not_for_you"
    status = 403
    title = "This function has no view of the register of assessments"
    advice = "What it needs of the child's health is in the notification."
    recorded = True


class NotAnAsker(Failure):
    code = "not_an_asker"
    status = 403
    title = "This function does not ask for assessments"
    advice = "Ask the health team, or the social worker of the authority that looks after the child."
    recorded = True


class AssessmentNotYours(Failure):
    code = "assessment_not_yours"
    status = 403
    title = "Your team does not say what became of this assessment"
    advice = "Its owner does, or whoever asked for it, or a health team of the child. Read it to see who that is."
    recorded = True


class AssessmentOpen(Failure):
    code = "assessment_open"
    status = 409
    title = "This assessment is asked for already"
    advice = "assessment_id of this answer names it: say there what became of it, or wait for whoever owes it."


class AssessmentClosed(Failure):
    code = "assessment_closed"
    status = 409
    title = "This assessment is done, or was found not to be needed"
    advice = "Ask for another one if it is needed again."


class ReportNotForYou(Failure):
    code = "report_not_for_you"
    status = 403
    title = "Your function does not open this report"
    advice = "What was recommended stands in the register. Ask the assessment's owner if you need more."
    recorded = True


class ReportNotYours(Failure):
    code = "report_not_yours"
    status = 403
    title = "Another organisation keeps this report"
    advice = "Whoever uploaded it uploads its next version. A report of your own belongs to an assessment of your own."
    recorded = True


class NoReport(Failure):
    code = "no_report"
    status = 404
    title = "No report was uploaded yet"
    advice = "The assessment says who owes it, and since when. Ask them."


class RecommendationClosed(Failure):
    code = "recommendation_closed"
    status = 409
    title = "It was said already what became of this recommendation"
    advice = "Read the assessment to see by whom and when."
