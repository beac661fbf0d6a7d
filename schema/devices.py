"""Where a person is signed in: their open sessions, and the devices they signed in on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain import devices
from domain.sessions import Identity
from models import devices as device_rows
from models import sessions as rows
from schema import ids
from schema.problems import sessions as problems


@strawberry.type(description="A device somebody signed in on, as it called itself.")
class Device:
    id: strawberry.ID
    name: str = strawberry.field(description="Up to 64 characters; empty when nothing was said.")
    platform: str = strawberry.field(
        description="Up to 32 characters, such as iOS 19; empty when nothing was said."
    )
    address: str = strawberry.field(description="The network address of the last sign-in.")
    first_seen_at: datetime
    last_seen_at: datetime = strawberry.field(description="When somebody signed in on it last.")
    is_current: bool = strawberry.field(description="Whether this session is on it.")

    @classmethod
    def of(cls, row: device_rows.Device, viewer: Identity | None) -> Device:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.DEVICE, row.id)),
            name=row.name,
            platform=row.platform,
            address=row.address,
            first_seen_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=viewer is not None and viewer.device_id == row.id,
        )


@strawberry.type(description="One sign-in that has not ended.")
class Session:
    id: strawberry.ID
    device: Device | None = strawberry.field(
        description="Null when it is older than devices, or the device is forgotten."
    )
    address: str = strawberry.field(description="The network address it was opened from.")
    started_at: datetime
    last_seen_at: datetime = strawberry.field(description="When it was used, to some minutes.")
    is_current: bool = strawberry.field(description="Whether it is this one.")

    @classmethod
    def of(
        cls, row: rows.Session, device: device_rows.Device | None, viewer: Identity | None
    ) -> Session:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.SESSION, row.id)),
            device=None if device is None else Device.of(device, viewer),
            address=row.client,
            started_at=row.created_at,
            last_seen_at=row.last_seen_at or row.created_at,
            is_current=viewer is not None and viewer.session_id == row.id,
        )


@strawberry.input(description="What a client says of the device it runs on.")
class DeviceInput:
    token: str | None = strawberry.field(
        default=None,
        description="The `deviceToken` of the last sign-in on this device, by whom it is known "
        "again. Keep it when signing out. One that uPay did not give out is as good as none.",
    )
    name: str = strawberry.field(
        default="", description="What its owner calls it; kept as far as it can be shown."
    )
    platform: str = strawberry.field(
        default="", description="Such as iOS 19; kept as far as it can be shown."
    )

    def shown(self) -> devices.Shown:
        return devices.Shown(token=self.token or "", name=self.name, platform=self.platform)


@strawberry.input
class EndSessionInput:
    session_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.type(description="Its tokens open nothing any more, and its sockets close.")
class SessionSignedOut:
    session_id: strawberry.ID


@strawberry.type(description="You are signed in nowhere but here.")
class OtherSessionsEnded:
    count: int = strawberry.field(description="How many sessions ended by it.")


@strawberry.input
class NameDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="One of yours.")
    name: str = strawberry.field(description="1 to 64 visible characters.")


@strawberry.type(description="The device has this name.")
class DeviceNamed:
    device: Device


@strawberry.input
class ForgetDeviceInput:
    device_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.type(
    description="Its sessions are over, and its token means nothing any more: whoever signs in on "
    "it again is on a new device."
)
class DeviceForgotten:
    device: Device


EndSessionResult = Annotated[
    SessionSignedOut | problems.ProofNeeded, strawberry.union("EndSessionResult")
]
EndOtherSessionsResult = Annotated[
    OtherSessionsEnded | problems.ProofNeeded, strawberry.union("EndOtherSessionsResult")
]
NameDeviceResult = Annotated[
    DeviceNamed | problems.DeviceNameInvalid, strawberry.union("NameDeviceResult")
]
ForgetDeviceResult = Annotated[
    DeviceForgotten | problems.ProofNeeded, strawberry.union("ForgetDeviceResult")
]
