# frozen_string_literal: true

# SPDX-License-Identifier: MIT
require 'securerandom'

module SvcPluginHooks
  # One row of the spool: "this issue changed and the receiver does not know it yet".
  #
  # Times are whole seconds since 1970, not datetime columns: Redmine stores datetimes in the local zone
  # of the process, and a cron job may run in another zone than the server.
  class Entry < ActiveRecord::Base
    self.table_name = 'svc_plugin_hooks_spool'

    CREATED = 'issue.created'
    UPDATED = 'issue.updated'
    DELETED = 'issue.deleted'
    RANK = { UPDATED => 0, CREATED => 1, DELETED => 2 }.freeze
    LEASE = 30 # seconds a claim holds; longer than the longest try of Sender

    after_create_commit { Courier.wake }

    scope :free, ->(now) { where('claim_until <= ?', now) }
    scope :due, ->(now) { free(now).where('next_try_at <= ?', now) }

    class << self
      # Records the change inside the caller's transaction; the first call of a transaction writes the row.
      # Never raises because of the spool: a missing table costs one log line, not the user's work.
      def touch(issue_id, event, project = nil)
        return if issue_id.nil? || !Options.configured?

        seen = seen_in_this_transaction
        known = seen[issue_id]
        return if known && RANK[known.event] >= RANK[event]

        guarded do
          if known
            known.update_columns(event: event)
          else
            project ||= Project.joins(:issues).where(issues: { id: issue_id }).pick(:identifier)
            seen[issue_id] = record(issue_id, event, project) if project
          end
        end
      end

      # Takes the rows of one issue that has a row due, so that no other process sends them meanwhile;
      # rows still waiting for their next try come along: one message tells it all.
      # Returns them oldest first; empty when another process was faster; nil when none is due.
      def claim_next(now)
        issue_id = due(now).order(:id).limit(1).pick(:issue_id)
        return nil if issue_id.nil?

        token = SecureRandom.uuid
        free(now).where(issue_id: issue_id).update_all(claim: token, claim_until: now + LEASE)
        where(claim: token).order(:id).to_a
      end

      # Seconds until a row becomes due, or nil when none waits (a claimed row is its holder's business).
      def seconds_to_next(now)
        first = free(now).minimum(:next_try_at)
        first && [first - now, 0].max
      end

      def table?
        connection.data_source_exists?(table_name)
      end

      private

      def record(issue_id, event, project)
        now = Time.now.to_i
        create!(issue_id: issue_id, project: project, event: event, delivery: SecureRandom.uuid,
                noted_at: now, next_try_at: now)
      end

      # Kept on the transaction itself, so that it ends with it and a rolled-back savepoint forgets
      # what was undone. A row of an earlier transaction is no reason to skip: it may be on its way.
      def seen_in_this_transaction
        transaction = connection.current_transaction
        return {} unless transaction.open?

        transaction.instance_variable_get(:@svc_plugin_hooks_seen) ||
          transaction.instance_variable_set(:@svc_plugin_hooks_seen, {})
      end

      # In a savepoint, because on PostgreSQL a failed statement spoils the whole transaction.
      def guarded
        transaction(requires_new: true) { yield }
        @complained = false
      rescue ActiveRecord::TransactionRollbackError
        raise # the database has already undone the user's own change
      rescue ActiveRecord::StatementInvalid => e
        complain(e.message.lines.first.to_s.strip) unless @complained
        @complained = true
      end

      def complain(reason)
        Rails.logger.error("svc_plugin_hooks: cannot record changes (#{reason}). " \
                           'Run: rake redmine:plugins:migrate NAME=svc_plugin_hooks')
      end
    end

    # Gives the row back until that second, unless the claim has meanwhile passed to another process.
    def postpone(second)
      mine.update_all(tries: tries + 1, next_try_at: second, claim_until: 0)
    end

    def forget
      mine.delete_all
    end

    private

    def mine
      self.class.where(id: id, claim: claim)
    end
  end
end
