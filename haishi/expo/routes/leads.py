"""Leads and the funnel."""

from django.urls import path

from haishi.expo.views import leads

X = "exhibit/<int:exhibitor_id>"
O = "organise/<slug:edition>"  # noqa: E741 - the organiser's desk
urlpatterns = [
    path(f"{X}/leads/", leads.leads, name="leads"),
    path(f"{X}/leads/table.<str:form>", leads.leads_table, name="leads_table"),
    path(f"{X}/leads/<int:lead_id>/", leads.lead, name="lead"),
    path(f"{X}/funnel/", leads.funnel_page, name="funnel"),
    path(f"{X}/funnel/exhibits.<str:form>", leads.funnel_table, name="funnel_table"),
    path(f"{O}/outcome/", leads.outcome, name="outcome"),
    path(f"{O}/outcome/<slug:what>.<str:form>", leads.outcome_table, name="outcome_table"),
]
