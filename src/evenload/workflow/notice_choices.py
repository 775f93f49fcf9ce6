"""How a person wants to be told: her choices where they depart from the defaults, and what she has read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from evenload.records.models import Account, Notice, NoticeChoice
from evenload.records.models.notices import CHANNELS
from evenload.workflow.notice_events import REACH
from evenload.workflow.refused import Refused


def chosen(account: Account) -> dict[str, str]:
    """event → channel, for every event: as she chose, else the default. One query."""
    stated = dict(NoticeChoice.objects.filter(account=account).values_list("event", "channel"))
    return {event: stated.get(event, reach.channel) for event, reach in REACH.items()}


def choose(account: Account, channels: Mapping[str, str]) -> None:
    """Keep her choice for these events; what equals the default follows it from now on, also where it changes.

    Refused `event_unknown`, `channel_unknown`.
    """
    if not channels.keys() <= REACH.keys():
        raise Refused("event_unknown")
    if not set(channels.values()) <= set(CHANNELS):
        raise Refused("channel_unknown")
    departing = {event: channel for event, channel in channels.items() if channel != REACH[event].channel}
    with transaction.atomic():
        NoticeChoice.objects.filter(account=account, event__in=channels.keys() - departing.keys()).delete()
        NoticeChoice.objects.bulk_create(
            (NoticeChoice(account=account, event=event, channel=channel) for event, channel in sorted(departing.items())),
            update_conflicts=True,
            unique_fields=["account", "event"],
            update_fields=["channel"],
        )


def mark_read(account: Account, keys: Iterable[int] | None, *, at: datetime) -> int:
    """Her notices of these keys are read, or all of them; how many were not before. Others' keys change nothing."""
    unread = Notice.objects.filter(account=account, read_at__isnull=True)
    return (unread if keys is None else unread.filter(pk__in=list(keys))).update(read_at=at)
