# For the tests' Redmine only: default data, REST on, an administrator whose API key the tests know.
Redmine::DefaultData::Loader.load('en') if Role.givable.none?
Setting.rest_api_enabled = '1'
Setting.cross_project_issue_relations = '1'
Setting.host_name = "127.0.0.1:#{ENV.fetch('REAL_PORT')}"
Setting.protocol = 'http'
admin = User.find_by!(login: 'admin')
admin.update!(must_change_passwd: false, language: 'en')
token = admin.api_token || Token.create!(user: admin, action: 'api')
token.update_columns(value: ENV.fetch('ADMIN_KEY'))
ActiveRecord::Base.connection.execute('PRAGMA journal_mode=WAL') # readers do not wait for the writer
