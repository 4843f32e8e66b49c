# For the tests' Redmine only: tells our plugin where to send to; an empty address turns it off.
#   rails runner configure_hooks.rb URL SECRET
url, secret = ARGV.last(2)
Setting.plugin_svc_plugin_hooks = { 'url' => url, 'secret' => secret, 'check_url' => '' }
