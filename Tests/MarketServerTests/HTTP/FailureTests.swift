import MarketData
import MarketServer
import Testing

@Suite("Failures over HTTP")
struct FailureTests {
    static let statuses: [(MarketDataError.Code, Int)] = [
        (.badRequest, 400), (.unknownInterval, 400), (.unauthorized, 401), (.notEntitled, 403), (.signInRefused, 403),
        (.symbolNotFound, 404), (.neverTraded, 404), (.expiryNotListed, 404), (.noDataForTime, 404), (.tooLarge, 413),
        (.notSupported, 422), (.throttled, 429), (.upstreamUnreadable, 502), (.upstreamUnavailable, 503),
        (.overloaded, 503), (.upstreamTimeout, 504),
    ]

    @Test("every code is tested")
    func complete() {
        #expect(Set(Self.statuses.map(\.0)) == Set(MarketDataError.Code.allCases))
    }

    @Test("each kind of failure has its status, its code and its source", arguments: statuses)
    func status(code: MarketDataError.Code, status: Int) async throws {
        let error = MarketDataError(code, "it \"failed\"\n", source: .tradingview, suggestions: ["NSE:NIFTY"])
        try await RunningServer.with(hub: .failing(error)) { server in
            let paths = ["bars?interval=5m&symbol=NIFTY", "expiries?symbol=NIFTY", "search?query=x"]
            for path in paths {
                let response = try await server.get("/v1/" + path)
                #expect(response.status == status)
                #expect(response.headers["connection"] == nil)
                let body = try response.json["error"]
                #expect(body["code"].string == code.rawValue)
                #expect(body["message"].string == "it \"failed\"\n")
                #expect(body["source"].string == "tradingview")
                #expect(body["retryable"].bool == error.isRetryable)
                #expect(body["suggestions"].array.map(\.string) == ["NSE:NIFTY"])
            }
        }
    }

    @Test(
        "a throttled or early client gets a Retry-After that is never 0",
        arguments: [
            (.throttled, 37, "37"), (.throttled, 0, "1"), (.overloaded, -3, "1"), (.upstreamUnavailable, 0, "1"),
        ]
            as [(MarketDataError.Code, Int, String)])
    func retryAfter(code: MarketDataError.Code, seconds: Int, header: String) async throws {
        let error = MarketDataError(code, "too many requests", recovery: .retry(afterSeconds: seconds))
        try await RunningServer.with(hub: .failing(error)) { server in
            let response = try await server.get("/v1/bars?interval=5m&symbol=NIFTY")
            #expect(response.headers["retry-after"] == header)
        }
    }

    @Test("a source that never responds is a timeout, and the request is cancelled")
    func timeout() async throws {
        try await RunningServer.with(
            hub: .failing(nil), configure: { $0.limits.requestTime = .milliseconds(700) }
        ) { server in
            let response = try await server.get("/v1/bars?interval=5m&symbol=NIFTY")
            #expect(response.status == 504)
            // The client was watched, which costs the connection its next request.
            #expect(response.headers["connection"] == "close")
            #expect(try response.json["error"]["code"].string == "upstream_timeout")
        }
    }

    @Test("an unknown path returns 404, and a wrong method 405")
    func wrongPlaces() async throws {
        try await RunningServer.with { server in
            let nowhere = try await server.get("/v1/nowhere")
            #expect(nowhere.status == 404)
            #expect(try nowhere.json["error"]["code"].string == "bad_request")
            #expect(try nowhere.json["error"]["message"].string?.contains("/v1/nowhere") == true)
            let post = try await server.get("/v1/bars?symbol=NIFTY&interval=5m", method: "POST")
            #expect(post.status == 405)
            #expect(post.headers["allow"] == "GET, HEAD")
            #expect(try post.json["error"]["message"].string?.contains("POST") == true)
        }
    }

    @Test("a HEAD request has the headers of the response and no body")
    func head() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/expiries?symbol=NIFTY", method: "HEAD")
            #expect(response.status == 200)
            #expect(Int(response.headers["content-length"] ?? "") ?? 0 > 50)
            #expect(response.bytes.isEmpty)
        }
    }
}
