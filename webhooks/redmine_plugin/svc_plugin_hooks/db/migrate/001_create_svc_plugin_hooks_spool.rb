# frozen_string_literal: true

# SPDX-License-Identifier: MIT
class CreateSvcPluginHooksSpool < ActiveRecord::Migration[6.1]
  def change
    create_table :svc_plugin_hooks_spool do |t|
      t.integer :issue_id, null: false
      t.string :project, null: false
      t.string :event, null: false, limit: 20
      t.string :delivery, null: false, limit: 36
      t.bigint :noted_at, null: false
      t.integer :tries, null: false, default: 0
      t.bigint :next_try_at, null: false
      t.string :claim, limit: 36
      t.bigint :claim_until, null: false, default: 0
    end
    add_index :svc_plugin_hooks_spool, :issue_id
    add_index :svc_plugin_hooks_spool, :next_try_at
    add_index :svc_plugin_hooks_spool, :claim
  end
end
