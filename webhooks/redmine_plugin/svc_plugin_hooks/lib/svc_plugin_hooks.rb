# frozen_string_literal: true

# SPDX-License-Identifier: MIT
# Tells an svc-plugin receiver which issues changed: references only, never texts.
#
# In the user's request:  model callback -> Entry.touch (one row, same transaction) -> Courier.wake
# In a background thread: Courier claims the due rows of one issue -> Sender posts -> rows deleted
module SvcPluginHooks
  VERSION = '0.1.0'

  # Adds the callbacks. Runs at every code reload; including a concern twice does nothing.
  def self.install
    Issue.include Touches::OnIssue
    Journal.include Touches::OnJournal
    TimeEntry.include Touches::OnTimeEntry
    IssueRelation.include Touches::OnRelation
    Attachment.include Touches::OnAttachment
    ApplicationController.include Controllers::Start
    SettingsController.include Controllers::KeepSecret
    ViewHooks
  end
end
