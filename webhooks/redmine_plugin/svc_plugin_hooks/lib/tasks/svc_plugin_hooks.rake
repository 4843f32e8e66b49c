# frozen_string_literal: true

# SPDX-License-Identifier: MIT
namespace :svc_plugin_hooks do
  desc '发送待发通知(可放入 cron)。 / Sends the pending deliveries that are due (for cron).'
  task deliver: :environment do
    abort 'svc_plugin_hooks: 未配置接收地址或密钥 / no receiver URL or secret is set' unless SvcPluginHooks::Options.configured?
    taken = SvcPluginHooks::Courier.new.drain
    puts "svc_plugin_hooks: 已送达 / delivered #{taken}, 待发 / pending #{SvcPluginHooks::Entry.count}"
  end
end
