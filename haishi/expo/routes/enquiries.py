"""Enquiries and the firm's answers."""

from django.urls import path

from haishi.expo.views import enquiries

X = "exhibit/<int:exhibitor_id>"
urlpatterns = [
    path("e/<slug:edition>/booth/<int:exhibitor_id>/enquire/", enquiries.enquire, name="enquire"),
    path("me/enquiries/", enquiries.my_enquiries, name="my_enquiries"),
    path("me/enquiries/<int:enquiry_id>/", enquiries.my_enquiry, name="my_enquiry"),
    path(
        "me/enquiries/<int:enquiry_id>/close/", enquiries.my_enquiry_close, name="my_enquiry_close"
    ),
    path(f"{X}/enquiries/", enquiries.desk, name="enquiries"),
    path(f"{X}/enquiries/<int:enquiry_id>/", enquiries.enquiry, name="enquiry"),
    path(f"{X}/enquiries/<int:enquiry_id>/owner/", enquiries.enquiry_owner, name="enquiry_owner"),
    path(f"{X}/enquiries/<int:enquiry_id>/close/", enquiries.enquiry_close, name="enquiry_close"),
    path(f"{X}/replies/", enquiries.templates, name="reply_templates"),
    path(
        f"{X}/replies/<int:template_id>/remove/", enquiries.template_remove, name="template_remove"
    ),
]
