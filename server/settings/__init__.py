"""What the operator decides: read once from the environment, refused in one sentence when wrong."""

from server.settings.definitions import Setting, Settings, SettingsRefused, known
from server.settings.modes import Mode

__all__ = ["Mode", "Setting", "Settings", "SettingsRefused", "known"]
