# /staff/ · /staff/departments/ · /staff/posts/<id>/ · /staff/assignments/<id>/ · /staff/people/<id>/{leave/,absent/,skills/,account/,roles/} · /staff/zones/ · /staff/roster/
from django.urls import path

from huiyin.areas.staffing.web import account, printing, roles, roster, skills, views

app_name = "staffing"
urlpatterns = [
    path("staff/", views.people, name="people"),
    path("staff/departments/", views.set_up_department, name="set_up_department"),
    path("staff/posts/", views.set_up_post, name="set_up_post"),
    path("staff/posts/<int:post_id>/", views.post, name="post"),
    path("staff/posts/<int:post_id>/appoint/", views.appoint, name="appoint"),
    path("staff/posts/<int:post_id>/hire/", views.hire, name="hire"),
    path("staff/assignments/<int:assignment_id>/end/", views.end_assignment, name="end_assignment"),
    path("staff/people/<int:user_id>/leave/", views.leave, name="leave"),
    path("staff/people/<int:user_id>/absent/", views.absent, name="absent"),
    path("staff/people/<int:user_id>/skills/", skills.skills, name="skills"),
    path("staff/people/<int:user_id>/account/", account.account, name="account"),
    path("staff/people/<int:user_id>/account/change/", account.change_account, name="change_account"),
    path("staff/people/<int:user_id>/roles/", roles.roles, name="roles"),
    path("staff/people/<int:user_id>/roles/<int:grant_id>/take/", roles.take_role, name="take_role"),
    path("staff/zones/", views.set_up_zone, name="set_up_zone"),
    path("staff/roster/", roster.roster, name="roster"),
    path("staff/roster/print/", printing.print_roster, name="print_roster"),
    path("staff/roster/copy/", roster.copy_week, name="copy_week"),
    path("staff/roster/<int:duty_id>/cancel/", roster.cancel_duty, name="cancel_duty"),
]
