"""Leads and the funnel."""

from django.urls import path

from haishi.expo.views import leads

X = "exhibit/<int:exhibitor_id>"
urlpatterns = [
    path(f"{X}/leads/", leads.leads, name="leads"),
    path(f"{X}/leads/table.<str:form>", leads.leads_table, name="leads_table"),
    path(f"{X}/leads/<int:lead_id>/", leads.lead, name="lead"),
    path(f"{X}/funnel/", leads.funnel_page, name="funnel"),
]
