# frozen_string_literal: true

# SPDX-License-Identifier: MIT
module SvcPluginHooks
  # The link from an issue to its check page.
  class ViewHooks < Redmine::Hook::ViewListener
    def view_issues_show_details_bottom(context = {})
      address = Options.check_url(context[:issue].id)
      return '' if address.nil? || !Options.web_address?(address)

      content_tag(:p, link_to(l(:svc_plugin_hooks_check), address), class: 'svc-plugin-check')
    end
  end
end
