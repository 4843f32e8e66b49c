# frozen_string_literal: true

# SPDX-License-Identifier: MIT
# 按方案文件（JSON）补齐 Redmine 的配置；可反复运行，只增不删。
# Brings a Redmine (5.0 to 6.1) up to a blueprint (JSON). Safe to repeat; adds, never removes.
#
#   rails runner setup.rb BLUEPRINT.json [--dry-run]        (in Redmine's folder, RAILS_ENV=production)
#
# Prints one JSON object: {"dry_run", "created": [...], "changed": [...], "unchanged": N, "refused": [...],
# "ids": {"statuses": {name: id}, "trackers", "custom_fields", "roles", "activities", "projects", "users"}}.
# All or nothing: on any error nothing is kept, {"error": "..."} is printed and the exit status is 1.
# A dry run does everything and rolls it back; the ids of objects it would create are left out.
require 'json'

# What happened, in words, for the person and the program that asked.
class Report
  KINDS = %w[statuses trackers custom_fields roles activities projects users].freeze
  attr_reader :created, :changed, :refused

  def initialize(dry_run)
    @dry_run = dry_run
    @created = []
    @changed = []
    @refused = []
    @unchanged = 0
    @ids = KINDS.map { |kind| [kind, {}] }.to_h
  end

  # The id of a record that a dry run made belongs to nothing afterwards.
  def identify(kind, name, id, fresh)
    @ids[kind][name] = id unless fresh && @dry_run
  end

  def unchanged!
    @unchanged += 1
  end

  def refuse(chinese, english)
    @refused << "#{chinese} / #{english}"
  end

  def to_h
    { dry_run: @dry_run, created: @created, changed: @changed, unchanged: @unchanged, refused: @refused,
      ids: @ids }
  end
end

# Objects that stand by themselves: each is looked up by its name first.
class Setup
  MODULES = %w[issue_tracking time_tracking files].freeze
  FIELD_KEYS = %w[regexp searchable is_filter].freeze

  def initialize(blueprint, report)
    @blueprint = blueprint
    @report = report
  end

  def run
    rest_api
    list('statuses') { |wish| status(wish) }
    list('trackers') { |wish| tracker(wish) }
    list('custom_fields') { |wish| custom_field(wish) }
    list('roles') { |wish| role(wish) }
    list('workflow') { |wish| workflow(wish) }
    list('activities') { |name| activity(name) }
    list('projects') { |wish| project(wish) }
    list('users') { |wish| user(wish) }
    list('memberships') { |wish| membership(wish) }
  end

  private

  def list(name, &block)
    (@blueprint[name] || []).each(&block)
  end

  def rest_api
    return @report.unchanged! if Setting.rest_api_enabled?

    Setting.rest_api_enabled = '1'
    @report.changed << 'setting: rest_api_enabled = 1'
  end

  def status(wish)
    record = IssueStatus.find_by(name: wish['name']) || IssueStatus.new(name: wish['name'])
    record.is_closed = wish['is_closed'] if wish.key?('is_closed')
    keep(record, 'statuses', 'status', wish['name'])
  end

  def tracker(wish)
    name = wish['name']
    unknown = (wish['statuses'] || []).reject { |status| IssueStatus.exists?(name: status) }
    missing('tracker', name, '状态', 'status', unknown)
    record = Tracker.find_by(name: name) || Tracker.new(name: name)
    record.default_status = IssueStatus.find_by(name: wish['default_status']) || record.default_status
    keep(record, 'trackers', 'tracker', name)
  end

  def custom_field(wish)
    name, format = wish.values_at('name', 'format')
    formats = Redmine::FieldFormat.available_formats
    return missing('custom_field', name, '字段格式', 'field format', [format]) unless formats.include?(format)

    record = IssueCustomField.find_by(name: name) || IssueCustomField.new(name: name, field_format: format)
    return refuse_format(record, format) unless record.field_format == format

    record.is_for_all = true
    FIELD_KEYS.select { |key| wish.key?(key) && !both_blank?(record[key], wish[key]) }
              .each { |key| record[key] = wish[key] }
    record.possible_values |= (wish['possible_values'] || []) if format == 'list'
    wanted = Tracker.where(name: wish['trackers'] || []).to_a
    missing('custom_field', name, '跟踪标签', 'tracker', (wish['trackers'] || []) - wanted.map(&:name))
    keep(record, 'custom_fields', 'custom_field', name) { add(record, :trackers, wanted, &:name) }
  end

  # nil and '' are the same to a person, and no reason to report a change.
  def both_blank?(old, new)
    old.blank? && new.blank? && new != false
  end

  def refuse_format(record, format)
    @report.refuse(
      "自定义字段「#{record.name}」已存在，格式为 #{record.field_format}，方案要求 #{format}；" \
      '原字段及其数据未动。请把原字段改名后重新运行，或在方案中换用其他名称。',
      "Custom field \"#{record.name}\" exists with format #{record.field_format}, but the blueprint wants " \
      "#{format}; the field and its data were left alone. Rename that field and run again, or use another " \
      'name in the blueprint.'
    )
  end

  def role(wish)
    name = wish['name']
    record = Role.givable.find_by(name: name) || Role.new(name: name)
    wanted = (wish['permissions'] || []).map(&:to_sym)
    known, unknown = wanted.partition { |one| Redmine::AccessControl.permission(one) }
    missing('role', name, '权限', 'permission', unknown)
    held = record.permissions || []
    record.permissions = held | known unless (known - held).empty?
    %w[assignable issues_visibility].each { |key| record[key] = wish[key] if wish.key?(key) }
    keep(record, 'roles', 'role', name)
  end

  def workflow(wish)
    role = Role.givable.find_by(name: wish['role'])
    tracker = Tracker.find_by(name: wish['tracker'])
    title = "#{wish['role']} / #{wish['tracker']}"
    return missing('workflow', title, '角色或跟踪标签', 'role or tracker', [title]) unless role && tracker

    scope = WorkflowTransition.where(role_id: role.id, tracker_id: tracker.id, author: false, assignee: false)
    have = scope.pluck(:old_status_id, :new_status_id)
    (wish['moves'] || []).uniq.each { |from, to| move(scope, have, title, from, to) }
  end

  def move(scope, have, title, from, to)
    ids = [status_ids[from], status_ids[to]]
    unknown = [from, to].reject { |name| status_ids.key?(name) }
    return missing('workflow', title, '状态', 'status', unknown) if unknown.any?
    return @report.unchanged! if have.include?(ids)

    scope.create!(old_status_id: ids[0], new_status_id: ids[1])
    @report.created << "workflow: #{title}: #{from.empty? ? '(new)' : from} -> #{to}"
  end

  # Redmine's number for "not yet created" is 0, the blueprint's name for it is ''.
  def status_ids
    @status_ids ||= IssueStatus.pluck(:name, :id).to_h.merge('' => 0)
  end

  def activity(name)
    record = TimeEntryActivity.shared.find_by(name: name) || TimeEntryActivity.new(name: name)
    record.active = true
    keep(record, 'activities', 'activity', name)
  end

  # An existing project keeps its name and visibility; a new one is private: customers' matters.
  def project(wish)
    trackers = Tracker.where(name: (@blueprint['trackers'] || []).map { |tracker| tracker['name'] }).to_a
    record = Project.find_by(identifier: wish['identifier'])
    fresh = record.nil?
    if fresh
      record = Project.new(identifier: wish['identifier'], name: wish['name'], is_public: false)
      record.trackers = trackers
      record.enabled_module_names = MODULES
    end
    keep(record, 'projects', 'project', wish['identifier']) do
      fresh ? [] : add(record, :trackers, trackers, &:name) + add_modules(record)
    end
  end

  def add_modules(project)
    absent = MODULES - project.enabled_module_names
    absent.each { |name| project.enable_module!(name) }
    absent
  end

  def user(wish)
    record = User.find_by_login(wish['login'])
    if record.nil?
      record = User.new(wish.slice('firstname', 'lastname', 'mail'))
      record.login = wish['login']
      record.mail_notification = 'none'
      record.password = record.password_confirmation = wish['password']
    end
    keep(record, 'users', 'user', wish['login']) { api_key(record, wish['api_key']) }
  end

  def api_key(user, key)
    token = Token.find_by(user_id: user.id, action: 'api')
    return [] if key.blank? || token&.value == key
    raise "user #{user.login}: its api_key already belongs to another user" if Token.exists?(value: key)

    (token || Token.create!(user: user, action: 'api')).update_columns(value: key)
    ['api_key']
  end

  def membership(wish)
    project = Project.find_by(identifier: wish['project'])
    user = User.find_by_login(wish['login'])
    title = "#{wish['login']} @ #{wish['project']}"
    return missing('membership', title, '项目或用户', 'project or user', [title]) unless project && user

    roles = Role.givable.where(name: wish['roles']).to_a
    missing('membership', title, '角色', 'role', wish['roles'] - roles.map(&:name))
    member = Member.find_by(project_id: project.id, user_id: user.id)
    return @report.unchanged! if roles.empty? || (member && (roles - member.roles.to_a).empty?)

    (member ? @report.changed : @report.created) << "membership: #{title}"
    member ||= Member.new(project: project, principal: user)
    member.roles |= roles
    member.save!
  end

  # Adds what is missing to a has-many list; returns the names of what it added.
  def add(record, association, wanted)
    absent = wanted - record.public_send(association).to_a
    record.public_send(association) << absent
    absent.map { |one| yield one }
  end

  # Saves a record if that changes anything and notes what happened. The block adds related things once
  # the record is saved and returns their names.
  def keep(record, kind, word, name)
    fresh = record.new_record?
    record.save! if fresh || record.changed?
    changes = record.saved_changes.keys - %w[updated_on]
    changes |= yield if block_given?
    @report.identify(kind, name, record.id, fresh)
    return @report.created << "#{word}: #{name}" if fresh
    return @report.unchanged! if changes.empty?

    @report.changed << "#{word}: #{name} (#{changes.join(', ')})"
  rescue ActiveRecord::RecordInvalid => e
    raise "#{word} #{name}: #{e.record.errors.full_messages.join('; ')}"
  end

  def missing(word, name, chinese, english, names)
    names.each do |one|
      @report.refuse(
        "#{word}「#{name}」：此 Redmine（#{Redmine::VERSION}）没有#{chinese}「#{one}」，已跳过。",
        "#{word} \"#{name}\": this Redmine (#{Redmine::VERSION}) has no #{english} \"#{one}\"; skipped."
      )
    end
  end
end

# Returns the exit status.
def run_setup(path, dry_run)
  ActionMailer::Base.perform_deliveries = false
  report = Report.new(dry_run)
  blueprint = JSON.parse(File.read(path, encoding: 'UTF-8'))
  ActiveRecord::Base.transaction do
    Setup.new(blueprint, report).run
    raise ActiveRecord::Rollback if dry_run
  end
  puts JSON.generate(report.to_h)
  0
rescue StandardError => e
  puts JSON.generate(error: "未作任何改动 / nothing was changed: #{e.message}")
  1
end

paths = ARGV - ['--dry-run']
abort 'usage: rails runner setup.rb BLUEPRINT.json [--dry-run]' unless paths.size == 1
exit run_setup(paths.first, ARGV.include?('--dry-run'))
