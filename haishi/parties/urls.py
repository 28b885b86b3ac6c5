from django.urls import path

from haishi.parties import views

app_name = "parties"
urlpatterns = [
    path("account/", views.profile, name="profile"),
    path("account/security/", views.security, name="security"),
    path("account/tokens/", views.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", views.token_revoke, name="token_revoke"),
    path("account/personal/", views.personal, name="personal"),
    path("account/personal/export/", views.personal_export, name="personal_export"),
    path("account/personal/erase/", views.personal_erase, name="personal_erase"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.organisation_new, name="organisation_new"),
    path("organisations/<slug:slug>/", views.organisation, name="organisation"),
    path("organisations/<slug:slug>/members/", views.members, name="members"),
    path("organisations/<slug:slug>/leave/", views.leave, name="leave"),
    path("organisations/<slug:slug>/verification/", views.verification, name="verification"),
    path("organisations/<slug:slug>/duties/", views.duties, name="duties"),
    path("members/<int:pk>/role/", views.member_role, name="member_role"),
    path("members/<int:pk>/remove/", views.member_remove, name="member_remove"),
    path("invitations/<int:pk>/revoke/", views.invitation_revoke, name="invitation_revoke"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("duties/<int:pk>/dismiss/", views.duty_dismiss, name="duty_dismiss"),
    path("verifications/", views.verifications, name="verifications"),
    path("verifications/<int:pk>/", views.verification_answer, name="verification_answer"),
    path("organisers/", views.organisers, name="organisers"),
    path("organisers/<int:pk>/end/", views.organiser_end, name="organiser_end"),
]
