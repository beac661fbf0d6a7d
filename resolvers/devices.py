"""Ending sessions from elsewhere, and keeping devices in order; the same at the desk."""

from __future__ import annotations

import strawberry

from domain import devices, sessions
from schema import ids
from schema.context import Info
from schema.devices import (
    Device,
    DeviceForgotten,
    DeviceNamed,
    EndOtherSessionsResult,
    EndSessionInput,
    EndSessionResult,
    ForgetDeviceInput,
    ForgetDeviceResult,
    NameDeviceInput,
    NameDeviceResult,
    OtherSessionsEnded,
    SessionSignedOut,
)
from schema.problems.base import named


@strawberry.type
class DeviceMutations:
    @strawberry.mutation(
        description="Ends one of your sessions, wherever it is; for another one than this you must "
        "have proved lately that it is you."
    )
    async def end_session(self, info: Info, input: EndSessionInput) -> EndSessionResult:
        try:
            await sessions.end_one(
                by=info.context.person,
                session_id=ids.parse(input.session_id, ids.Prefix.SESSION),
                address=info.context.client,
                now=info.context.now,
            )
        except sessions.END_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return SessionSignedOut(session_id=input.session_id)

    @strawberry.mutation(
        description="Ends all of your sessions but this one; you must have proved lately that it "
        "is you."
    )
    async def end_other_sessions(self, info: Info) -> EndOtherSessionsResult:
        try:
            ended = await sessions.end_others(
                by=info.context.person, address=info.context.client, now=info.context.now
            )
        except sessions.END_OTHERS_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return OtherSessionsEnded(count=ended)

    @strawberry.mutation(description="Calls one of your devices as you like.")
    async def name_device(self, info: Info, input: NameDeviceInput) -> NameDeviceResult:
        viewer = info.context.person
        try:
            row = await devices.name(
                viewer.person_id, ids.parse(input.device_id, ids.Prefix.DEVICE), input.name
            )
        except devices.NAME_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return DeviceNamed(device=Device.of(row, viewer))

    @strawberry.mutation(
        description="Ends the sessions of one of your devices and forgets it; you must have proved "
        "lately that it is you."
    )
    async def forget_device(self, info: Info, input: ForgetDeviceInput) -> ForgetDeviceResult:
        viewer = info.context.person
        try:
            row = await sessions.forget_device(
                by=viewer,
                device_id=ids.parse(input.device_id, ids.Prefix.DEVICE),
                address=info.context.client,
                now=info.context.now,
            )
        except sessions.FORGET_DEVICE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return DeviceForgotten(device=Device.of(row, viewer))
