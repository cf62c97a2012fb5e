"""The standards room: what is lived by, each rule, its history; drafts, trying them, publishing them."""

# /standards/ · /standards/rules/<id>/ · /standards/drafts/<id>/{rules/<rule_code>/{leave,restore}/,try/,propose/,return/,publish/,drop/,renew/} · /standards/<code>/{versions/}
from django.urls import path

from huiyin.surfaces.web import drafts_pages, standards_pages

urlpatterns = [
    path("", standards_pages.standard_list, name="standards"),
    path("rules/<int:rule_id>/", standards_pages.rule, name="rule"),
    path("drafts/start/", drafts_pages.start, name="draft_start"),
    path("drafts/<int:draft_id>/", drafts_pages.draft, name="draft"),
    path("drafts/<int:draft_id>/rules/<str:rule_code>/", drafts_pages.draft_rule, name="draft_rule"),
    path("drafts/<int:draft_id>/rules/<str:rule_code>/leave/", drafts_pages.leave_out, name="draft_leave_out"),
    path("drafts/<int:draft_id>/rules/<str:rule_code>/restore/", drafts_pages.restore, name="draft_restore"),
    path("drafts/<int:draft_id>/try/", drafts_pages.try_draft, name="draft_try"),
    path("drafts/<int:draft_id>/renew/", drafts_pages.renew, name="draft_renew"),
    path("drafts/<int:draft_id>/propose/", drafts_pages.propose, name="draft_propose"),
    path("drafts/<int:draft_id>/return/", drafts_pages.return_draft, name="draft_return"),
    path("drafts/<int:draft_id>/publish/", drafts_pages.publish, name="draft_publish"),
    path("drafts/<int:draft_id>/drop/", drafts_pages.drop, name="draft_drop"),
    path("<slug:code>/", standards_pages.standard, name="standard"),
    path("<slug:code>/versions/", standards_pages.versions, name="standard_versions"),
]
