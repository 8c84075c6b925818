public import MarketData

/// How the server listens and what it allows.
public struct MarketServerConfiguration: Sendable {
    /// The address to listen on.
    public var host: String
    /// The port to listen on; 0 for any free one.
    public var port: Int
    /// A listening socket to accept connections from, which takes the place of `host` and `port`; `nil` to open one.
    public var inheritedSocket: Int32?
    /// The origins whose pages may call from a browser, such as `http://localhost:3000`.
    public var corsOrigins: [String]
    /// The keys that callers must show; empty where no key is needed. Listening on anything but loopback needs one.
    public var apiKeys: [APIKey]
    /// Host names that a server without keys accepts, beside localhost, 127.0.0.1 and [::1].
    public var hosts: [String] = []
    /// A folder to serve the dashboard from, in place of the one that comes with the program.
    public var dashboardFolder: String?
    /// What a caller may take.
    public var limits: Limits
    /// The PEM files of the certificate chain and key for TLS; `nil` for plain HTTP.
    public var certificate: (chainFile: String, keyFile: String)?
    /// The folder of the store, whose size the metrics report; `nil` where nothing is stored.
    public var dataFolder: String?

    /// What a caller may take.
    public struct Limits: Sendable {
        /// The longest total time of a request.
        public var requestTime: Duration = .seconds(60)
        /// How long a connection may stay without a request.
        public var idleTime: Duration = .seconds(75)
        /// How old a connection may become before its next response is the last.
        public var connectionLifetime: Duration = .seconds(3600)
        /// How many connections one client address may have, this machine's own aside.
        public var connectionsPerClient = 256
        /// How many connections there may be in all; `nil` for as many as descriptors allow.
        public var connections: Int?
        /// How many requests a minute one key, or without keys one address, may make; `nil` for any number.
        public var requestsPerMinute: Int?
        /// How many requests for past data run at once; others wait their turn.
        public var concurrentHistoryRequests = 4
        /// How many symbols one request or subscription for quotes may name.
        public var symbols = 200
        /// How many subscriptions a connection may have at a time.
        public var subscriptions = 64
        /// How many connections may stream at a time.
        public var streams = 2_000
        /// How long a message from a client may be, in bytes.
        public var messageSize = 64 * 1024
        /// How long a client may leave a message untaken before it is closed.
        public var slowClientTime: Duration = .seconds(30)
        /// How long a subscription to quotes waits for the first values before it sends its snapshot.
        public var snapshotTime: Duration = .seconds(3)
        /// How often a subscription to open interest fetches new values.
        public var openInterestInterval: Duration = .seconds(60)
        /// How often the legacy `/ws` sends ticks.
        public var legacyTickInterval: Duration = .seconds(1)

        /// The usual limits.
        public init() {}
    }

    /// A configuration; by default loopback, port 8000, without keys.
    public init(
        host: String = "127.0.0.1",
        port: Int = 8000,
        corsOrigins: [String] = [],
        apiKeys: [APIKey] = [],
        dashboardFolder: String? = nil,
        limits: Limits = Limits()
    ) {
        self.host = host
        self.port = port
        self.corsOrigins = corsOrigins
        self.apiKeys = apiKeys
        self.dashboardFolder = dashboardFolder
        self.limits = limits
    }

    /// The access policy of these settings.
    var accessPolicy: AccessPolicy {
        // A loopback address that was chosen to listen on is a name of this machine too.
        let own = AccessPolicy.hostName(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)
        let named = hosts.compactMap { AccessPolicy.hostName($0) } + (isLoopback ? [own].compactMap { $0 } : [])
        return AccessPolicy(keys: apiKeys, origins: corsOrigins, hosts: Set(named))
    }

    /// Whether only this machine can reach the server.
    public var isLoopback: Bool {
        ["localhost", "::1", "[::1]"].contains(host.lowercased()) || host.hasPrefix("127.")
    }

    /// Checks what would be unsafe or could never work.
    /// - Throws: `MarketDataError` with code `badRequest`, naming the setting.
    public func validate() throws(MarketDataError) {
        guard (0...65_535).contains(port) else { throw .badRequest("PORT is \(port); it must lie between 0 and 65535") }
        guard isLoopback || !apiKeys.isEmpty else {
            throw .badRequest(
                "HOST is \(host), which other machines can reach, and there are no API keys: "
                    + "create one ('bhav keys new NAME'), set BHAV_API_KEYS, or listen on 127.0.0.1")
        }
        for name in hosts where AccessPolicy.hostName(name) == nil {
            throw .badRequest("BHAV_HOSTS holds '\(name)'; write host names with commas between")
        }
        for origin in corsOrigins where !origin.hasPrefix("http://") && !origin.hasPrefix("https://") {
            throw .badRequest("CORS_ORIGINS holds '\(origin)'; an origin is like http://localhost:3000")
        }
    }
}
