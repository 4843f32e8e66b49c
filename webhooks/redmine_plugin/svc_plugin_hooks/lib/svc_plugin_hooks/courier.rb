# frozen_string_literal: true

# SPDX-License-Identifier: MIT
require 'json'

module SvcPluginHooks
  # Empties the spool: in a thread of each server process, or once from the rake task.
  class Courier
    DELAYS = [1, 5, 30, 120, 600].freeze # seconds after the 1st, 2nd ... failed try
    LATER = 3600
    KEEP = 7 * 24 * 3600
    IDLE = 15 # looks at least this often: rows of rake tasks and of crashed processes wake nobody

    LOCK = Mutex.new
    BELL = ConditionVariable.new

    class << self
      # Called by every web request, so that the thread is born after a server forked its workers.
      def ensure_running
        return if @pid == Process.pid && @thread&.alive?

        LOCK.synchronize do
          next if @pid == Process.pid && @thread&.alive?

          @pid = Process.pid
          @thread = Thread.new { new.run }
        end
      end

      def wake
        LOCK.synchronize do
          @rung = true
          BELL.signal
        end
      end

      def sleep_until_rung(seconds)
        LOCK.synchronize do
          BELL.wait(LOCK, seconds) unless @rung
          @rung = false
        end
      end
    end

    def run
      loop { self.class.sleep_until_rung(round) }
    end

    # Sends whatever is due. Returns how many issues the receiver took.
    def drain
      taken = 0
      loop do
        entries = database { Entry.claim_next(Time.now.to_i) }
        return taken if entries.nil?

        taken += 1 if entries.any? && deliver(entries)
      end
    end

    private

    # Returns the seconds to sleep. An error (database away, table missing) is logged when it changes.
    def round
      return IDLE unless database { ready? }

      drain
      wait = database { Entry.seconds_to_next(Time.now.to_i) }
      [wait || IDLE, IDLE].min.clamp(0.2, IDLE)
    rescue StandardError => e
      tell("delivery stopped for #{IDLE} s: #{e.class}: #{e.message.lines.first}")
      IDLE
    end

    def ready?
      Setting.check_cache # another process may have saved new settings
      Options.configured? && Entry.table?
    end

    def deliver(entries)
      body = JSON.generate(payload(entries))
      status = Sender.post(Options.url, Options.secret, entries.last.delivery, body)
      return taken(entries) if (200..299).cover?(status)

      failed(entries, "the receiver answered HTTP #{status}")
    rescue Sender::NoAnswer => e
      @silent = true
      failed(entries, e.message)
    end

    # Several changes of one issue are one message: the strongest event, the newest delivery and time.
    def payload(entries)
      newest = entries.last
      { event: entries.map(&:event).max_by { |event| Entry::RANK.fetch(event, 0) },
        delivery: newest.delivery, issue: { id: newest.issue_id }, project: newest.project,
        timestamp: Time.at(newest.noted_at).utc.strftime('%Y-%m-%dT%H:%M:%SZ') }
    end

    def taken(entries)
      tell(nil)
      database do
        entries.each(&:forget)
        # The receiver is back: what waits for up to an hour because nobody answered may go now.
        Entry.where('tries > 0').update_all(next_try_at: 0) if @silent
      end
      @silent = false
      true
    end

    def failed(entries, reason)
      tell("delivery failed, will be tried again: #{reason}")
      now = Time.now.to_i
      old, young = entries.partition { |entry| entry.noted_at <= now - KEEP }
      database do
        young.each { |entry| entry.postpone(now + (DELAYS[entry.tries] || LATER)) }
        old.each(&:forget)
      end
      give_up(old.last.issue_id, reason) if old.any?
      false
    end

    def give_up(issue_id, reason)
      Rails.logger.error("svc_plugin_hooks: issue #{issue_id}: gave up after 7 days: #{reason}")
    end

    # A long outage is one log line, not thousands.
    def tell(trouble)
      Rails.logger.warn("svc_plugin_hooks: #{trouble}") if trouble && trouble != @trouble
      @trouble = trouble
    end

    # The connection goes back to the pool before any HTTP: users' requests need it.
    def database(&work)
      ActiveRecord::Base.connection_pool.with_connection(&work)
    end
  end
end
