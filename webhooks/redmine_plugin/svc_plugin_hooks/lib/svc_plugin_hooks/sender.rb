# frozen_string_literal: true

# SPDX-License-Identifier: MIT
require 'net/http'
require 'openssl'
require 'timeout'
require 'uri'

module SvcPluginHooks
  # One signed POST: no redirects, no retry of its own.
  module Sender
    NoAnswer = Class.new(StandardError)
    OPEN_TIMEOUT = 3
    READ_TIMEOUT = 10
    WHOLE_TIMEOUT = 20 # a server that sends a byte now and then must not outlive the claim

    module_function

    # Returns the HTTP status; raises NoAnswer when there was none.
    def post(url, secret, delivery, body)
      uri = URI.parse(url)
      http = Net::HTTP.new(uri.hostname, uri.port)
      http.use_ssl = uri.scheme == 'https'
      http.open_timeout = OPEN_TIMEOUT
      http.read_timeout = READ_TIMEOUT
      request = request(uri, secret, delivery, body)
      Timeout.timeout(WHOLE_TIMEOUT) { http.start { |started| started.request(request).code.to_i } }
    rescue StandardError => e
      raise NoAnswer, "#{e.class}: #{e.message}"
    end

    def request(uri, secret, delivery, body)
      request = Net::HTTP::Post.new(
        uri.request_uri,
        'Content-Type' => 'application/json',
        'User-Agent' => "svc-plugin-hooks/#{VERSION}",
        'X-Svc-Delivery' => delivery,
        'X-Svc-Signature-256' => "sha256=#{OpenSSL::HMAC.hexdigest('SHA256', secret, body)}"
      )
      request.body = body
      request
    end
  end
end
