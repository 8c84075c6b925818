import MarketServer
import Testing

@Suite("Option chain and analysis over HTTP")
struct OptionChainTests {
    @Test("a chain has our volatilities and greeks with their model, apart from the source's")
    func chain() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/option-chain?symbol=NIFTY").json
            let model = json["model"]
            #expect(model["name"].string == "Black-76 on the implied forward")
            #expect(model["rate"].number == 0)
            #expect((3...5).contains(model["forwardStrikes"].array.count))
            #expect(abs((model["forward"].number ?? 0) / (json["spot"].number ?? 1) - 1) < 0.01)
            #expect((model["yearsToExpiry"].number ?? 0) > 0)
            #expect(model["rules"]["timeToExpiry"].string?.contains("15:40") == true)
            let atTheMoney = try #require(
                json["strikes"].array.first { $0["strike"].number == json["atTheMoney"].number })
            let greeks = atTheMoney["call"]["greeks"]
            #expect(greeks.keys == ["impliedVolatility", "delta", "gamma", "vega", "theta", "rho"])
            #expect((0.3...0.7).contains(greeks["delta"].number ?? 0))
            #expect(json["mode"].string == "simulated")
            #expect(json["sourceFigures"]["impliedVolatilityModel"].string?.contains("SIMULATED") == true)
            #expect(json["sourceFigures"]["maxPain"].isNull)
            #expect(json["sourceFigures"]["reasons"]["maxPain"].string == "the source sends none")
            let analysis = json["analysis"]
            #expect(analysis["straddle"]["price"].number == analysis["expectedMove"]["straddle"].number)
            #expect(analysis["gammaExposure"]["assumption"].string?.contains("assumed") == true)
            #expect(analysis["atTheMoneyVolatility"].number != nil)
        }
    }

    @Test("a valid rate is used, and an invalid one is a bad request")
    func rate() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/option-chain?symbol=NIFTY&rate=0.07").json
            #expect(json["model"]["rate"].number == 0.07)
            for (rate, words) in [("7", "0.07 for 7 %"), ("high", "high"), ("nan", "nan")] {
                let response = try await server.get("/v1/option-chain?symbol=NIFTY&rate=\(rate)")
                #expect(response.status == 400)
                #expect(try response.json["error"]["message"].string?.contains(words) == true)
            }
        }
    }

    @Test("a past chain is computed from the snapshot known then, and a future one is an error")
    func past() async throws {
        try await RunningServer.with { server in
            let moment = "2026-11-19T05:12:00Z"
            let chain = try await server.get("/v1/option-chain?symbol=NIFTY&at=\(moment)").json
            let snapshot = try await server.get("/v1/open-interest?symbol=NIFTY&at=\(moment)").json
            #expect(chain["asOf"].string == snapshot["asOf"].string)
            #expect(chain["asOf"].string?.hasPrefix("2026-11-19T05:1") == true)
            #expect(chain["expiry"].string == snapshot["expiry"].string)
            #expect(chain["spot"].number == snapshot["spot"].number)
            #expect(chain["totals"]["call"].number == snapshot["totals"]["call"].number)
            let now = try await server.get("/v1/option-chain?symbol=NIFTY&expiry=\(chain["expiry"].string ?? "")").json
            let days = try #require(chain["model"]["daysToExpiry"].number)
            #expect(days > (now["model"]["daysToExpiry"].number ?? 100))
            #expect(chain["analysis"]["skew"]["quarterDelta"]["value"].number != nil)
            let later = try await server.get("/v1/option-chain?symbol=NIFTY&at=2026-12-19T05:12:00Z")
            #expect(later.status == 404)
            #expect(try later.json["error"]["code"].string == "no_data_for_time")
        }
    }

    @Test("expiries of a past moment begin with the one that was the nearest then")
    func pastExpiries() async throws {
        try await RunningServer.with { server in
            let moment = "2026-11-12T05:12:00Z"
            let past = try await server.get("/v1/expiries?symbol=NIFTY&at=\(moment)").json
            let snapshot = try await server.get("/v1/open-interest?symbol=NIFTY&at=\(moment)").json
            let now = try await server.get("/v1/expiries?symbol=NIFTY").json
            #expect(past["default"].string == snapshot["expiry"].string)
            #expect(past["expiries"].array.first?.string == past["default"].string)
            #expect(past["asOf"].string?.hasPrefix("2026-11-12T05:1") == true)
            #expect(past["default"].string ?? "" < now["default"].string ?? "")
            let later = try await server.get("/v1/expiries?symbol=NIFTY&at=2026-12-19T05:12:00Z")
            #expect(later.status == 404)
            #expect(try later.json["error"]["code"].string == "no_data_for_time")
        }
    }

    @Test("a chain comes as csv and ndjson too, each row with its model and its source")
    func rows() async throws {
        try await RunningServer.with { server in
            let csv = try await server.get("/v1/option-chain?symbol=NIFTY&format=csv")
            let header = csv.lines[0].split(separator: ",").map(String.init)
            #expect(header.first == "strike")
            #expect(header.suffix(3) == ["source", "mode", "asOf"])
            #expect(Set(header).isSuperset(of: ["callModelVolatility", "putDelta", "forward", "rate", "model"]))
            #expect(csv.headers["bhav-mode"] == "simulated")
            let lines = try await server.get("/v1/option-chain?symbol=NIFTY&format=ndjson").lines
            let first = try JSON(Array(lines[0].utf8))
            #expect(first["mode"].string == "simulated")
            #expect(first["model"].string == "Black-76 on the implied forward")
            #expect(lines.count == csv.lines.count - 1)
        }
    }

    @Test("an unlisted expiry returns 404")
    func unlisted() async throws {
        try await RunningServer.with { server in
            let response = try await server.get("/v1/option-chain?symbol=NIFTY&expiry=2026-11-26")
            #expect(response.status == 404)
            #expect(try response.json["error"]["code"].string == "expiry_not_listed")
        }
    }

    @Test("open interest has its analysis, and the documented fields stay")
    func analysis() async throws {
        try await RunningServer.with { server in
            let json = try await server.get("/v1/open-interest?symbol=NIFTY").json
            let promised: Set = [
                "symbol", "expiry", "unit", "lotSize", "spot", "atTheMoney", "strikeRange", "totals", "maxPain",
                "strikes", "source", "feed", "mode", "delaySeconds", "asOf",
            ]
            #expect(json.keys.isSuperset(of: promised))
            let analysis = json["analysis"]
            let ratio = analysis["putCallRatios"]["openInterest"]
            #expect(ratio["value"].number == json["totals"]["putCallRatio"].number)
            #expect(ratio["puts"].number == json["totals"]["put"].number)
            #expect(analysis["putCallRatios"]["volume"]["callStrikes"].int == json["strikes"].array.count)
            #expect(analysis["maxPain"].number == json["maxPain"].number)
            #expect(analysis["resistance"].array.count == 3)
            #expect(
                analysis["support"].array.allSatisfy { $0["strike"].number ?? .infinity <= json["spot"].number ?? 0 })
            #expect(analysis["strikeWindow"]["covered"].int == json["strikes"].array.count)
            #expect(analysis["rules"]["maxPain"].string?.contains("lowest") == true)
            #expect(json["strikes"][0]["putCallRatio"].number != nil)
        }
    }

    @Test("an unlisted strike is a bad request that names the nearest ones")
    func unlistedStrike() async throws {
        try await RunningServer.with { server in
            let path = "/v1/open-interest/history?symbol=NIFTY&from=2026-11-19T09:15&to=2026-11-19T10:15&strike="
            let response = try await server.get(path + "25012.5")
            #expect(response.status == 400)
            let error = try response.json["error"]
            #expect(error["message"].string?.contains("25012.5") == true)
            #expect(error["suggestions"].array.count == 3)
            let near = try #require(error["suggestions"][0].string)
            #expect(try await server.get(path + near).status == 200)
        }
    }

    @Test("each point of a series of ratios has its source, its strikes and both sums")
    func points() async throws {
        try await RunningServer.with { server in
            let series = try await server.get("/v1/put-call-ratio?symbol=NIFTY&from=2026-11-19&to=2026-11-19").json
            #expect(series["differences"].array.isEmpty)
            for point in series["points"].array {
                #expect(point["source"].string == "mock")
                #expect(point["mode"].string == "simulated")
                #expect(point["strikeRange"]["covered"].int == series["strikeRange"]["covered"].int)
                let (puts, calls) = (point["putOpenInterest"].number, point["callOpenInterest"].number)
                #expect(abs((point["openInterest"].number ?? 0) - (puts ?? 0) / (calls ?? 1)) < 1e-9)
            }
        }
    }
}
