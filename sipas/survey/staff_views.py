"""The short rating's figures by desk and month, with small groups closed."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sipas import clock
from sipas.staff.guard import current_staff, needs, staff_blueprint
from sipas.staff.rules import Permission
from sipas.survey import labels, queries
from sipas.survey.rules import MINIMUM_CELL, months_back
from sipas.web.request_db import get_db

bp = staff_blueprint("survey", __name__, url_prefix="/khao-sat")

MONTHS_OFFERED = 24


@bp.get("/")
@needs(Permission.SURVEY_VIEW)
def figures() -> ResponseReturnValue:
    today = clock.today()
    months = months_back(today, MONTHS_OFFERED)
    month = next((each for each in months if str(each) == request.args.get("thang")), months[0])
    return render_template(
        "survey/figures.html",
        figures=queries.month_figures(get_db(), current_staff(), month, day=today),
        month=month,
        months=months,
        level_names=labels.LEVELS,
        closed_words=labels.CLOSED,
        minimum=MINIMUM_CELL,
    )
