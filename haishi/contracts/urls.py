"""Addresses of contracts and their milestones."""

from django.urls import path

from haishi.contracts.views import contracts, drafting, milestones

ONE = "contracts/<slug:number>"
PART = f"{ONE}/milestones/<int:position>"
app_name = "contracts"
urlpatterns = [
    path("contracts/", contracts.mine, name="mine"),
    path("contracts/new/", drafting.new, name="new"),
    path(f"{ONE}/", contracts.contract, name="contract"),
    path(f"{ONE}/text/", contracts.text, name="text"),
    path(f"{ONE}/story/", contracts.story, name="story"),
    path(f"{ONE}/propose/", contracts.propose, name="propose"),
    path(f"{ONE}/sign/", contracts.sign, name="sign"),
    path(f"{ONE}/paper.pdf", contracts.paper, name="paper"),
    path(f"{PART}/", milestones.milestone, name="milestone"),
    path(f"{PART}/fund/", milestones.fund, name="fund"),
    path(f"{PART}/deliver/", milestones.deliver, name="deliver"),
    path(f"{PART}/return/", milestones.give_back, name="return"),
    path(f"{PART}/accept/", milestones.accept, name="accept"),
    path(f"{PART}/acceptance.pdf", milestones.paper, name="acceptance"),
    path(f"{ONE}/<slug:action>/", contracts.step, name="step"),
]
