# frozen_string_literal: true

# SPDX-License-Identifier: MIT
module SvcPluginHooks
  # Model callbacks. They run inside the transaction of the change, so a crash loses neither or both.
  module Touches
    module OnIssue
      extend ActiveSupport::Concern
      included do
        after_create  { Entry.touch(id, Entry::CREATED, project&.identifier) }
        after_update  { Entry.touch(id, Entry::UPDATED, project&.identifier) }
        after_destroy { Entry.touch(id, Entry::DELETED, project&.identifier) }
        # Redmine deletes the relations of a deleted issue without callbacks: look before they are gone.
        before_destroy :svc_plugin_hooks_touch_related, prepend: true
      end

      private

      def svc_plugin_hooks_touch_related
        ends = IssueRelation.where(issue_from_id: id).or(IssueRelation.where(issue_to_id: id))
                            .pluck(:issue_from_id, :issue_to_id)
        (ends.flatten.uniq - [id]).each { |other| Entry.touch(other, Entry::UPDATED) }
      end
    end

    module OnJournal
      extend ActiveSupport::Concern
      included do
        %i[after_save after_destroy].each do |moment|
          send(moment) { Entry.touch(journalized_id, Entry::UPDATED) if journalized_type == 'Issue' }
        end
      end
    end

    module OnTimeEntry
      extend ActiveSupport::Concern
      included do
        after_save do
          [issue_id, issue_id_before_last_save].uniq.each { |id| Entry.touch(id, Entry::UPDATED) }
        end
        after_destroy { Entry.touch(issue_id, Entry::UPDATED) }
      end
    end

    module OnRelation
      extend ActiveSupport::Concern
      included do
        %i[after_save after_destroy].each do |moment|
          send(moment) { [issue_from_id, issue_to_id].each { |id| Entry.touch(id, Entry::UPDATED) } }
        end
      end
    end

    module OnAttachment
      extend ActiveSupport::Concern
      included do
        %i[after_save after_destroy].each do |moment|
          send(moment) { Entry.touch(container_id, Entry::UPDATED) if container_type == 'Issue' }
        end
      end
    end
  end
end
