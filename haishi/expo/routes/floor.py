"""Organiser's desk: editions, halls, plans, exhibitors. Public: announcements, the beacon."""

from django.urls import path

from haishi.expo.views import halls, organise, review, seen

E = "organise/<slug:edition>"
H = f"{E}/halls/<slug:hall>"
F = f"{E}/exhibitors/<int:exhibitor_id>"
urlpatterns = [
    path("organise/", organise.home, name="organise_home"),
    path("organise/series/new/", organise.series_new, name="series_new"),
    path("organise/editions/new/", organise.edition_new, name="edition_new"),
    path(f"{E}/", organise.radar, name="organise"),
    path(f"{E}/edit/", organise.edition_edit, name="edition_edit"),
    path(f"{E}/cover/", organise.edition_cover, name="edition_cover"),
    path(f"{E}/state/", organise.edition_state, name="edition_state"),
    path(f"{E}/tiers/", organise.tiers, name="tiers"),
    path(f"{E}/tiers/new/", organise.tier_new, name="tier_new"),
    path(f"{E}/tiers/<int:tier_id>/", organise.tier_edit, name="tier_edit"),
    path(f"{E}/tiers/<int:tier_id>/remove/", organise.tier_remove, name="tier_remove"),
    path(f"{E}/announcements/", organise.announcements, name="announcements"),
    path(
        f"{E}/announcements/<int:announcement_id>/remove/",
        organise.announcement_remove,
        name="announcement_remove",
    ),
    path(f"{E}/halls/", halls.halls, name="halls"),
    path(f"{E}/halls/new/", halls.hall_new, name="hall_new"),
    path(f"{H}/edit/", halls.hall_edit, name="hall_edit"),
    path(f"{H}/picture/", halls.hall_picture, name="hall_picture"),
    path(f"{H}/move/", halls.hall_move, name="hall_move"),
    path(f"{H}/remove/", halls.hall_remove, name="hall_remove"),
    path(f"{H}/plan/", halls.plan, name="plan"),
    path(f"{H}/rows/", halls.rows, name="plan_rows"),
    path(f"{E}/booths/import/", review.import_booths, name="import_booths"),
    path(f"{E}/booths/export.<str:form>", review.export_booths, name="export_booths"),
    path(f"{E}/applications/", review.queue, name="queue"),
    path(f"{E}/exhibitors/", review.exhibitors, name="exhibitors"),
    path(f"{E}/exhibitors/import/", review.import_exhibitors, name="import_exhibitors"),
    path(f"{E}/exhibitors/export.<str:form>", review.export, name="export_exhibitors"),
    path(f"{F}/", review.review, name="review"),
    path(f"{F}/<slug:action>/", review.decide, name="decide"),
    path(
        "e/<slug:edition>/announcements/",
        organise.public_announcements,
        name="public_announcements",
    ),
    path("seen/", seen.seen, name="seen"),
]
