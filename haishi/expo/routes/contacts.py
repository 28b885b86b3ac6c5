"""Cards."""

from django.urls import path

from haishi.expo.views import contacts

B = "e/<slug:edition>/booth/<int:exhibitor_id>"
urlpatterns = [
    path("me/card/", contacts.my_card, name="my_card"),
    path("me/card/rotate/", contacts.rotate_card, name="rotate_card"),
    path("me/cards/", contacts.my_cards, name="my_cards"),
    path("me/cards/held.<str:form>", contacts.held, name="held_cards"),
    path("me/cards/<int:grant_id>.vcf", contacts.held_card, name="held_card"),
    path("me/cards/<int:grant_id>/revoke/", contacts.revoke, name="revoke_card"),
    path("c/<str:token>/", contacts.card, name="card"),
    path(f"{B}/card/", contacts.leave_card, name="leave_card"),
    path(f"{B}/card/withdraw/", contacts.withdraw_card, name="withdraw_card"),
]
