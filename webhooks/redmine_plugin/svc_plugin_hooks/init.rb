# frozen_string_literal: true

# SPDX-License-Identifier: MIT
Redmine::Plugin.register :svc_plugin_hooks do
  name 'svc-plugin hooks'
  author 'svc-plugin contributors'
  description '把变动的问题编号签名后通知 svc-plugin。 / Tells svc-plugin, signed, which issues changed.'
  version SvcPluginHooks::VERSION
  requires_redmine version_or_higher: '5.0'
  settings default: { 'url' => '', 'secret' => '', 'check_url' => '' },
           partial: 'settings/svc_plugin_hooks'
end

SvcPluginHooks.install
