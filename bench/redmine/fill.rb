# For the benches' own Redmine only: empties it of issues, then files many with a history, by plain INSERTs.
#   rails runner fill.rb WANTED.json
wanted = JSON.parse(File.read(ARGV.last))
[JournalDetail, Journal, TimeEntry, IssueRelation, Watcher, Attachment].each(&:delete_all)
CustomValue.where(customized_type: 'Issue').delete_all
Issue.delete_all

project = Project.find_by!(identifier: wanted['project'])
tracker = Tracker.find_by!(name: wanted['tracker'])
status = IssueStatus.find_by!(name: wanted['status'])
people = wanted['people'].map { |login| User.find_by!(login: login).id }
fields = wanted['fields'].to_h { |name, value| [IssueCustomField.find_by!(name: name).id, value] }
priority = IssuePriority.default || IssuePriority.active.first
number = wanted['issues']
journal_moments = %w[created_on updated_on] & Journal.column_names
year_ago = Time.now.utc - 365 * 86_400
journal = 0

(1..number).each_slice(500) do |ids|
  issues, journals, details, values = [], [], [], []
  ids.each do |id|
    filed = year_ago + 300 * 86_400 * id / number
    acts = id % 50 == 1 ? wanted['many'] : wanted['acts']
    issues << {
      id: id, root_id: id, lft: 1, rgt: 2, project_id: project.id, tracker_id: tracker.id, status_id: status.id,
      priority_id: priority.id, author_id: people.first, subject: "培训 #{id}，第 #{acts} 次改动",
      description: '安装后培训操作员两名，地点在客户处。', created_on: filed, updated_on: filed + acts * 3600
    }
    fields.each { |field, value| values << { customized_type: 'Issue', customized_id: id, custom_field_id: field, value: value } }
    (1..acts).each do |act|
      journal += 1
      at = filed + act * 3600
      said = act.even? ? '已与客户约定时间。' : ''
      row = { id: journal, journalized_id: id, journalized_type: 'Issue', user_id: people[act % people.size], notes: said }
      journals << row.merge(journal_moments.to_h { |name| [name.to_sym, at] })
      next if act.even?

      details << { journal_id: journal, property: 'attr', prop_key: 'subject', old_value: "第 #{act - 1} 次", value: "第 #{act} 次" }
    end
  end
  ActiveRecord::Base.transaction do
    { Issue => issues, Journal => journals, JournalDetail => details, CustomValue => values }.each do |model, rows|
      rows.each_slice(100) { |some| model.insert_all(some) }
    end
  end
end
puts Issue.count
