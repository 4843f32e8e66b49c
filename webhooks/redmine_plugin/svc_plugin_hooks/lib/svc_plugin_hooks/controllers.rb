# frozen_string_literal: true

# SPDX-License-Identifier: MIT
module SvcPluginHooks
  module Controllers
    # Any web request starts the delivery thread of its server process.
    module Start
      extend ActiveSupport::Concern
      included { before_action { Courier.ensure_running } }
    end

    # The secret is never shown, so an empty box means "leave it as it is"; bad addresses are refused.
    # The box is called new_password because Redmine keeps such parameters out of its log.
    module KeepSecret
      extend ActiveSupport::Concern
      included { before_action :svc_plugin_hooks_settings, only: :plugin }

      private

      def svc_plugin_hooks_settings
        return unless request.post? && params[:id] == 'svc_plugin_hooks' && params[:settings]

        given = params[:settings]
        given[:secret] = given.delete(:new_password).presence || Options.secret
        bad = given.values_at(:url, :check_url).select(&:present?)
                   .find { |text| !Options.web_address?(text.strip) }
        return unless bad

        flash[:error] = l(:svc_plugin_hooks_bad_address, value: bad)
        redirect_to plugin_settings_path('svc_plugin_hooks')
      end
    end
  end
end
