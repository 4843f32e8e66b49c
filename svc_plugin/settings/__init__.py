"""What a company configures: files of one folder and secrets from the environment, validated at the edge."""

from svc_plugin.settings.build import Settings, SiteSettings
from svc_plugin.settings.load import load_policy, load_settings

__all__ = ["Settings", "SiteSettings", "load_policy", "load_settings"]
