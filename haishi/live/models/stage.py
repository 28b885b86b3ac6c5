"""What happens in a live session: products on the shelf and on screen, polls, questions, lots.

`at` and its like are instants of the stream's clock (UTC): what a viewer sees behind the picture,
and what the replay plays back.
"""

import secrets

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.foundation.bilingual import Bilingual
from haishi.live.models.sessions import LiveSession
from haishi.live.states import LotteryState, PollState, QuestionState


def new_ticket() -> str:
    """60 random bits as twelve letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(12))


class Shelved(models.Model):
    """A thing on a session's shelf; `kind` says of which registry: product, launch."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="shelf")
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "object_id"], name="live_shelved_once"
            )
        ]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class Pin(models.Model):
    """A thing of the shelf on screen, [at, until); one at a time."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="pins")
    thing = models.ForeignKey(Shelved, models.CASCADE, related_name="pins")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"], condition=Q(until=None), name="live_pin_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("at")), name="live_pin_has_length"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.thing_id} {self.at:%H:%M:%S}"


class Poll(models.Model):
    """A question with two to six answers; a person votes once."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="polls")
    question = models.CharField(_("问题"), max_length=80)
    question_en = models.CharField(_("英文问题"), max_length=160, blank=True, default="")
    state = models.CharField(max_length=8, choices=PollState, default=PollState.DRAFT)
    minutes = models.PositiveSmallIntegerField(_("投票时长（分钟）"), default=5)
    at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(at__isnull=False, closes_at__isnull=False),
                name="live_poll_has_times",
            )
        ]
        indexes = [models.Index("closes_at", name="live_poll_due", condition=Q(state="open"))]

    def __str__(self) -> str:
        return self.question

    @property
    def words(self) -> Bilingual:
        """The question in the reader's language."""
        return Bilingual(self.question, self.question_en)


class PollOption(models.Model):
    """An answer. `votes` is what was counted last; while open, votes are counted every second."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="options")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=40)
    text_en = models.CharField(max_length=80, blank=True, default="")
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "number"], name="live_option_once")]
        ordering = ["number"]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> Bilingual:
        """The answer in the reader's language."""
        return Bilingual(self.text, self.text_en)


class PollVote(models.Model):
    """One person's vote."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="votes")
    option = models.ForeignKey(PollOption, models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="live_vote_once")]

    def __str__(self) -> str:
        return f"{self.poll_id}: {self.option_id}"


class Question(models.Model):
    """Asked by a viewer; `person` is empty after an erasure."""

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="questions")
    person = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=QuestionState, default=QuestionState.WAITING)
    upvotes = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["session", "state", "-upvotes", "at"], name="live_question_list")
        ]

    def __str__(self) -> str:
        return self.text


class Upvote(models.Model):
    """Somebody else wants to know, too."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "person"], name="live_upvote_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.question_id}"


class Lottery(models.Model):
    """A draw among viewers. `commitment` is the SHA-256 of `seed`, public from the opening on; the
    seed is published with the result, so that anybody can compute it again.
    """

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="lotteries")
    prize = models.CharField(_("奖品"), max_length=80)
    prize_en = models.CharField(_("英文奖品"), max_length=160, blank=True, default="")
    winners = models.PositiveSmallIntegerField(_("中奖人数"), default=1)
    minutes = models.PositiveSmallIntegerField(_("报名时长（分钟）"), default=3)
    state = models.CharField(max_length=10, choices=LotteryState, default=LotteryState.DRAFT)
    seed = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    drawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(winners__gte=1), name="live_lottery_of_something"),
            models.CheckConstraint(
                condition=~Q(state__in=("open", "drawn"))
                | Q(at__isnull=False, closes_at__isnull=False),
                name="live_lottery_has_times",
            ),
        ]
        indexes = [models.Index("closes_at", name="live_lottery_due", condition=Q(state="open"))]

    def __str__(self) -> str:
        return self.prize

    @property
    def words(self) -> Bilingual:
        """The prize in the reader's language."""
        return Bilingual(self.prize, self.prize_en)


class LotteryTicket(models.Model):
    """Somebody's part in a draw. `ticket` is its public name; `place` counts from 1 when drawn."""

    lottery = models.ForeignKey(Lottery, models.CASCADE, related_name="tickets")
    person = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    ticket = models.CharField(max_length=16, unique=True, default=new_ticket)
    place = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lottery", "person"], name="live_ticket_once")
        ]

    def __str__(self) -> str:
        return self.ticket
