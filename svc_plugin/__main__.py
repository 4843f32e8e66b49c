"""``python -m svc_plugin`` is ``svc-plugin``."""

from svc_plugin.cli import main

main()
