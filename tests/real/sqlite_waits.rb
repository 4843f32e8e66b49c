# For the tests' Redmine only: makes SQLite usable under a threaded server with Rails 6.1.
# A transaction that turns into a writer beside another one fails at once, whatever the time-out, so it
# begins as a writer; and SQLite's own waiting stops every Ruby thread, so we wait in Ruby.
if Rails::VERSION::MAJOR < 7 && ActiveRecord::Base.connection_db_config.adapter == 'sqlite3'
  require 'active_record/connection_adapters/sqlite3_adapter'
  module SvcPluginTestSqlite
    def configure_connection
      super
      @connection.busy_handler do |tries|
        sleep(0.003)
        tries < 10_000
      end
    end

    def begin_db_transaction
      log('begin immediate transaction', nil) { @connection.transaction(:immediate) }
    end
  end
  ActiveRecord::ConnectionAdapters::SQLite3Adapter.prepend(SvcPluginTestSqlite)
end
