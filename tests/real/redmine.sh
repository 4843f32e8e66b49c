#!/usr/bin/env bash
# A real Redmine for the tests: Debian's package on a SQLite file of its own, with our plugin, under puma.
#   tests/real/redmine.sh up     install what is missing, start, print SVC_TEST_* lines for the environment
#   tests/real/redmine.sh down   stop it
#   tests/real/redmine.sh fresh  stop it, forget its data, then up
# Needs root and Debian's package index. SVC_REAL_PORT (3180) is its port, SVC_REAL_HOME its folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
port=${SVC_REAL_PORT:-3180}
home=${SVC_REAL_HOME:-/var/tmp/svc-plugin-redmine}
app=/usr/share/redmine
plugin=svc_plugin_hooks
admin_key=$(printf 'svc-plugin test administrator' | sha1sum | cut -d' ' -f1)

install_redmine() {
  dpkg-query -W -f='${db:Status-Abbrev}' redmine 2>/dev/null | grep -q '^ii' && return
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null
  apt-get install -y -qq --no-install-recommends ruby-bundler debconf curl sqlite3 >/dev/null
  printf 'redmine redmine/instances/default/%s\n' 'dbconfig-install boolean true' \
    'database-type select sqlite3' 'default-language select en' | debconf-set-selections
  # the newest Bundler of the security archive does not see Debian's gems; the packaged version does
  BUNDLER_VERSION=$(bundler) apt-get install -y -qq --no-install-recommends redmine redmine-sqlite puma >/dev/null
}

bundler() { dpkg-query -W -f='${Version}' ruby-bundler | sed 's/-.*//'; }

as_redmine() {
  (cd "$app" && env HOME=/var/www BUNDLER_VERSION="$(bundler)" RAILS_ENV=production REDMINE_INSTANCE=default \
    LANG=C.UTF-8 SCHEMA=/dev/null DATABASE_URL="sqlite3:$home/redmine.db?timeout=20000" \
    setpriv --reuid=www-data --regid=www-data --init-groups "$@")
}

stop() {
  [ -s "$home/puma.pid" ] && kill "$(cat "$home/puma.pid")" 2>/dev/null && sleep 1
  rm -f "$home/puma.pid"
}

prepare() {
  install -d -o www-data -g www-data "$home"
  if [ ! -s /var/lib/redmine/Gemfile.lock ]; then
    (cd "$app" && BUNDLER_VERSION=$(bundler) bundle install --local --quiet)
    chown www-data:www-data /var/lib/redmine/Gemfile.lock
  fi
  # Rails 6.1 on SQLite fails parallel writers at once; begin immediately and wait in Ruby instead
  install -m 644 "$here/sqlite_waits.rb" "$app/config/initializers/zz_svc_plugin_test.rb"
  install -d "$app/plugins" # the package leaves it out
  rm -rf "${app:?}/plugins/$plugin"
  cp -r "$here/../../webhooks/redmine_plugin/$plugin" "$app/plugins/$plugin"
  chmod -R a+rX "$app/plugins/$plugin"
  if [ ! -s "$home/redmine.db" ]; then
    as_redmine bundle exec bin/rake -s db:migrate >/dev/null
    as_redmine bundle exec bin/rake -s redmine:plugins:migrate NAME="$plugin" >/dev/null
    install -m 644 "$here/first_data.rb" "$home/first_data.rb"
    as_redmine env ADMIN_KEY="$admin_key" REAL_PORT="$port" \
      bundle exec bin/rails runner "$home/first_data.rb" >/dev/null
  fi
}

start() {
  if ! { [ -s "$home/puma.pid" ] && kill -0 "$(cat "$home/puma.pid")" 2>/dev/null; }; then
    as_redmine setsid puma -q -e production -b "tcp://127.0.0.1:$port" -t 4:4 -w 0 \
      --pidfile "$home/puma.pid" config.ru >>"$home/puma.log" 2>&1 </dev/null &
  fi
  for _ in $(seq 1 300); do
    curl -fs -o /dev/null "http://127.0.0.1:$port/login" && return
    sleep 0.2
  done
  tail -20 "$home/puma.log" >&2
  exit 1
}

console() {
  printf 'env -C %s HOME=/var/www BUNDLER_VERSION=%s RAILS_ENV=production REDMINE_INSTANCE=default LANG=C.UTF-8 ' "$app" "$(bundler)"
  printf 'DATABASE_URL=sqlite3:%s/redmine.db?timeout=20000 setpriv --reuid=www-data --regid=www-data --init-groups ' "$home"
  printf 'bundle exec bin/rails runner'
}

[ "$(id -u)" = 0 ] || { echo "run as root" >&2; exit 2; }
case ${1:-} in
  up) install_redmine; prepare; start ;;
  fresh) install_redmine; stop; rm -rf "$home"; prepare; start ;;
  down) stop; exit ;;
  *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
echo "SVC_TEST_REDMINE_URL='http://127.0.0.1:$port'"
echo "SVC_TEST_REDMINE_ADMIN_KEY='$admin_key'"
echo "SVC_TEST_REDMINE_CONSOLE='$(console)'"
