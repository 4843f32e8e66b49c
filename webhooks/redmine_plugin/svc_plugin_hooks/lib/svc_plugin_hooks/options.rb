# frozen_string_literal: true

# SPDX-License-Identifier: MIT
require 'uri'

module SvcPluginHooks
  # What the administrator set under Administration, Plugins.
  module Options
    PLACEHOLDER = '%{id}'

    module_function

    def url
      text('url')
    end

    def secret
      text('secret')
    end

    # Without an address or without a secret nothing is recorded and nothing is sent.
    def configured?
      !url.empty? && !secret.empty?
    end

    # The check page of one issue, or nil when none is set.
    def check_url(issue_id)
      template = text('check_url')
      template.empty? ? nil : template.sub(PLACEHOLDER, issue_id.to_s)
    end

    # Is it an absolute http(s) address? Keeps javascript: and half addresses out.
    def web_address?(text)
      uri = URI.parse(text.sub(PLACEHOLDER, '1'))
      uri.is_a?(URI::HTTP) && !uri.host.to_s.empty?
    rescue URI::InvalidURIError
      false
    end

    def text(name)
      (Setting.plugin_svc_plugin_hooks || {})[name].to_s.strip
    end
  end
end
