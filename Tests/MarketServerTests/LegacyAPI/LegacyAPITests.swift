import MarketData
import MarketServer
import Testing

@Suite("The original dashboard's API")
struct LegacyAPITests {
    @Test("the greeting is the original's")
    func greeting() async throws {
        try await RunningServer.with { server in
            let greeting = try await server.get("/api/").json
            #expect(greeting["message"].string == "Trading Dashboard API")
            let bare = try await server.get("/api")
            #expect(bare.status == 200)
        }
    }

    @Test("paths without data return empty lists for the original page")
    func absent() async throws {
        try await RunningServer.with { server in
            for path in ["/api/market/liquidity", "/api/positions"] {
                let response = try await server.get(path)
                #expect(response.status == 200)
                #expect(response.text.filter { !$0.isWhitespace } == "[]")
            }
            let account = try await server.get("/api/account").json
            #expect(account.keys == ["positions"] && account["positions"].array.isEmpty)
        }
    }

    @Test("candles have the original's shape, and name their source", arguments: ["1", "5", "60", "D"])
    func candles(interval: String) async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/api/market/candles?symbol=NIFTY&interval=\(interval)&n_bars=30").json
            #expect(json["symbol"].string == "NIFTY")
            #expect(json["interval"].string == interval)
            #expect(json["candles"].array.count == 30)
            #expect(json["candles"][0].keys.isSuperset(of: ["time", "open", "high", "low", "close", "volume"]))
            #expect(json["source"].string == "mock")
            #expect(json["mode"].string == "simulated")
            #expect(json["as_of"].string != nil)
        }
    }

    @Test("candles without parameters are a hundred minutes of NIFTY")
    func defaults() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/api/market/candles").json
            #expect(json["symbol"].string == "NIFTY")
            #expect(json["candles"].array.count == 100)
        }
    }

    @Test(
        "the volatility index is known by its name with a space", arguments: ["INDIA%20VIX", "INDIA+VIX", "INDIAVIX"])
    func volatilityIndex(name: String) async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/api/market/candles?symbol=\(name)&n_bars=2")
            #expect(response.status == 200)
            #expect(try response.json["candles"].array.count == 2)
        }
    }

    @Test("open interest is ascending by strike, with a ratio of two decimals and the nearest strike marked")
    func openInterest() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/api/market/oi-data?symbol=NIFTY").json
            let ratio = try #require(json["pcr"].number)
            #expect(ratio == (ratio * 100).rounded() / 100)
            let strikes = json["strikes"].array
            #expect(
                strikes.first?.keys == ["strike", "ce_oi", "pe_oi", "ce_change", "pe_change", "ce_ltp", "pe_ltp"])
            let prices = strikes.compactMap { $0["strike"].number }
            #expect(prices == prices.sorted())
            let nearest = try #require(json["atm_index"].int)
            let spot = try #require(json["spot"].number)
            #expect(prices.allSatisfy { abs($0 - spot) >= abs(prices[nearest] - spot) })
            #expect(strikes.count == 21)
            #expect(nearest == 10)
            #expect(json["timestamp"].string?.hasSuffix("Z") == true)
            #expect(json["mode"].string == "simulated")
        }
    }

    @Test("a failing source is an error, never an invented number")
    func noInventedNumber() async throws {
        let down = MarketDataError(.upstreamUnavailable, "is down", source: .trendlyne)
        try await RunningServer.with(hub: .failing(down)) { server in
            for path in ["/api/market/candles", "/api/market/oi-data"] {
                let response = try await server.get(path)
                #expect(response.status == 503)
                #expect(try response.json["error"]["source"].string == "trendlyne")
            }
        }
    }
}
