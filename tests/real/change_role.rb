# For the tests' Redmine only: changes one role, an order a line ("take view_issues", "give view_issues",
# "issues own", "hours own"); answers each with "done". One start of Rails serves a whole test.
#   rails runner change_role.rb ROLE
role = Role.find_by!(name: ARGV.last)
$stdout.sync = true
puts 'ready'
$stdin.each_line do |line|
  order, name = line.split
  case order
  when 'take' then role.remove_permission!(name)
  when 'give' then role.add_permission!(name)
  when 'issues' then role.update!(issues_visibility: name)
  when 'hours' then role.update!(time_entries_visibility: name)
  end
  puts 'done'
end
