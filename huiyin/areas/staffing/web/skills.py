"""What a colleague can do: chosen on one page, used where work is given out."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from huiyin.areas.staffing import operations, queries, words
from huiyin.areas.staffing.web.forms import SkillsForm
from huiyin.areas.staffing.web.views import estate_to_staff
from huiyin.foundation.accounts.permissions import needs
from huiyin.foundation.kit.replies import done, page, refusals


@require_http_methods(["GET", "POST"])
@needs("staffing.edit")
def skills(request: HttpRequest, user_id: int) -> HttpResponse:
    user, estate = estate_to_staff(request)
    who = queries.colleague_for(user, user_id, estate.pk)
    known = queries.skills_of(who, estate.pk)
    form = SkillsForm(request.POST if request.method == "POST" else None, initial={"skills": known})
    if form.is_valid():
        with refusals(form):
            chosen = form.cleaned_data["skills"]
            operations.record_skills(who, estate_id=estate.pk, skills=chosen, actor=user, at=now())
            said = "、".join(words.SKILLS[code] for code in chosen) or "没有登记"
            return done(request, reverse("staffing:people"), f"{who.name}会什么已保存:{said}")
    return page(request, "staffing/skills.html", who=who, form=form)
