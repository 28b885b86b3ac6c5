"""What rooms keep: settings, sanctions, words, held lines, the archive, and what is on its way."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from haishi.rooms.states import Action, EntryKind, HeldState, Manner, Measure

NAME_LENGTH, WORD_LENGTH, TEXT_LENGTH = 60, 40, 300


class Room(models.Model):
    """A room that somebody entered, with its settings. Its meaning belongs to a module above."""

    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    organiser = models.ForeignKey(
        "parties.Organisation", models.SET_NULL, null=True, related_name="+"
    )
    slow_seconds = models.PositiveSmallIntegerField(_("慢速模式（秒）"), default=0)
    closed = models.BooleanField(_("关闭发言"), default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(slow_seconds__lte=120), name="room_slow_at_most_two_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sanction(models.Model):
    """A person is muted or banned in a room until a time, for a reason, by somebody."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="sanctions")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    measure = models.CharField(max_length=4, choices=Measure)
    reason = models.CharField(max_length=200)
    until = models.DateTimeField()
    made_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            # One of each kind at a time: a second one changes the first.
            models.UniqueConstraint(
                "room", "person", "measure", condition=Q(lifted_at=None), name="sanction_once"
            ),
            models.CheckConstraint(
                condition=Q(measure__in=Measure.values), name="sanction_measure_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.person_id} {self.room_id}"

    def runs(self, now: dt.datetime) -> bool:
        """Whether it counts at `now`."""
        return self.lifted_at is None and self.until > now


class Word(models.Model):
    """A word that an organiser does not let pass. `folded`: as lines are compared."""

    organiser = models.ForeignKey("parties.Organisation", models.CASCADE, related_name="+")
    text = models.CharField(max_length=WORD_LENGTH)
    folded = models.CharField(max_length=4 * WORD_LENGTH)
    action = models.CharField(max_length=5, choices=Action)
    manner = models.CharField(max_length=8, choices=Manner, blank=True, default="")
    added_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint("organiser", "folded", name="word_once"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="word_action_known"),
            models.CheckConstraint(
                condition=Q(manner__in=["", *Manner.values]), name="word_manner_known"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class HeldLine(models.Model):
    """A line with a word of the list, until a moderator decides or its time is over."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="held")
    person = models.ForeignKey("parties.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=140, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    text = models.CharField(max_length=TEXT_LENGTH)
    word = models.CharField(max_length=WORD_LENGTH)
    style = models.PositiveSmallIntegerField(default=0)
    colour = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=HeldState, default=HeldState.WAITING)
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("parties.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=HeldState.values), name="held_state_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(state=HeldState.WAITING), name="held_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.text}"


class RoomEntry(models.Model):
    """An item of a room's order, for ever known by (room, epoch, offset).

    Offsets below zero are lines that a flood left out: said, kept, not shown. `person` is a number
    without a foreign key: a line may arrive after its speaker was erased. `about`: the offset that
    a removal takes away.
    """

    room = models.CharField(max_length=NAME_LENGTH)
    epoch = models.BigIntegerField()
    offset = models.BigIntegerField()
    kind = models.CharField(max_length=7, choices=EntryKind)
    at = models.DateTimeField()
    person = models.BigIntegerField(default=0)
    name = models.CharField(max_length=NAME_LENGTH, blank=True, default="")
    text = models.CharField(max_length=TEXT_LENGTH, blank=True, default="")
    style = models.PositiveSmallIntegerField(default=0)
    colour = models.PositiveSmallIntegerField(default=0)
    role = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    about = models.BigIntegerField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("room", "epoch", "offset", name="room_entry_once"),
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="room_entry_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="room_entry_at"),
            models.Index(fields=["person", "id"], condition=~Q(person=0), name="room_entry_person"),
            models.Index(
                fields=["room", "epoch", "about"],
                condition=Q(kind=EntryKind.REMOVED),
                name="room_entry_removals",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.epoch}.{self.offset}"


class Heart(models.Model):
    """Hearts of one minute as one run of a gateway counted them."""

    room = models.CharField(max_length=NAME_LENGTH)
    minute = models.DateTimeField()
    source = models.CharField(max_length=80)
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint("room", "minute", "source", name="room_hearts_once")]
        indexes = [models.Index(fields=["minute"], name="room_hearts_minute")]

    def __str__(self) -> str:
        return f"{self.room} {self.minute:%H:%M} {self.count}"


class Telling(models.Model):
    """Something the house says in a room, on its way to a gateway. `item`: MessagePack."""

    room = models.CharField(max_length=NAME_LENGTH)
    key = models.CharField(max_length=140, unique=True)
    item = models.BinaryField()
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    next_try_at = models.DateTimeField(db_default=Now())
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["room", "id"], name="telling_order")]

    def __str__(self) -> str:
        return self.key


class GatewaySetting(models.Model):
    """What gateways must know, as JSON under a key of the broker's bucket.

    Each change grows `changes`; the worker tells and notes in `told` what it told. After
    `forget_at` the broker and the table forget it.
    """

    key = models.CharField(max_length=120, unique=True)
    value = models.TextField()
    changes = models.BigIntegerField(default=1)
    told = models.BigIntegerField(default=0)
    forget_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], condition=~Q(told=models.F("changes")), name="gateway_setting_untold"
            ),
            models.Index(
                fields=["forget_at"], condition=Q(forget_at__isnull=False), name="setting_forget"
            ),
        ]

    def __str__(self) -> str:
        return self.key
