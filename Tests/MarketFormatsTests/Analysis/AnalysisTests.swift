import Foundation
import MarketData
import MarketFormats
import NIOCore
import Testing

@Suite("Analysis in responses")
struct AnalysisTests {
    /// What a source may leave out without a reason: its own values of an option, and parts of the provenance.
    private let raw: Set = [
        "openInterest", "change", "previous", "last", "volume", "impliedVolatility", "priceChange", "feed",
        "delaySeconds", "listed", "putCallRatio", "putCallRatioOfChange", "callChange", "putChange", "call", "put",
        "from", "to",
    ]

    @Test("a chain with prices has all computed values")
    func known() throws {
        let json = try Chains.object(OptionChainResponse(Chains.priced()))
        let analysis = try #require(json["analysis"] as? [String: Any])
        let model = try #require(json["model"] as? [String: Any])
        #expect(model["expiresAt"] as? String == "2026-11-24T10:10:00Z")
        #expect(abs((model["daysToExpiry"] as? Double ?? 0) - 4) < 1e-9)
        let unknown = analysis.filter { $1 is NSNull }.keys
        #expect(unknown.isEmpty)
        #expect(Chains.unexplained(json, raw: []).filter { $0 != ".feed" } == [])
        let strikes = try #require(json["strikes"] as? [[String: Any]])
        for row in strikes {
            for side in ["call", "put"] {
                let values = try #require(row[side] as? [String: Any])
                let greeks = try #require(values["greeks"] as? [String: Double])
                #expect(abs((greeks["impliedVolatility"] ?? 0) - 14) < 1e-6)
                #expect(values["impliedVolatility"] as? Double == 13)
                #expect(values["buildUp"] as? String == "short_build_up")
            }
        }
    }

    @Test(
        "every null value has a reason, and no known value has one",
        arguments: [
            "no spot", "no calls", "no puts", "no prices", "stale", "one-sided", "zero calls", "falling", "expired",
            "empty",
        ])
    func reasons(what: String) throws {
        let chain = lame(what)
        let responses: [any MarketResponse] = [
            OptionChainResponse(chain), chain.snapshot,
            PutCallRatioSeries(symbol: chain.snapshot.symbol, snapshots: [chain.snapshot]),
            OpenInterestHistory(
                symbol: chain.snapshot.symbol, snapshots: [chain.snapshot], strike: Strike(tenThousandths: 250_000_000)),
        ]
        for response in responses {
            var json = try Chains.object(response)
            // These have had their own words since the first release.
            json["totals"] = nil
            #expect(Chains.unexplained(json, raw: raw) == [], "\(type(of: response))")
            for part in ["analysis", "model"] {
                guard let object = json[part] as? [String: Any] else { continue }
                #expect(Chains.unexplained(object, raw: ["putCallRatio"]) == [], "\(type(of: response)) \(part)")
            }
        }
    }

    private func lame(_ what: String) -> OptionChain {
        switch what {
        case "no spot": Chains.priced(spot: nil)
        case "no calls": Chains.priced { $0.call = nil }
        case "no puts": Chains.priced { $0.put = OptionData() }
        case "no prices":
            Chains.priced { row in
                row.call?.last = nil
                row.put?.last = nil
            }
        case "stale": Chains.priced { $0.put?.volume = 0 }
        case "one-sided": Chains.priced { if $0.strike.price == 25_000 { $0.put = nil } }
        case "zero calls": Chains.priced { $0.call?.openInterest = 0 }
        case "falling": Chains.priced { $0.call?.change = -5 }
        case "expired": Chains.priced(days: 0)
        default: empty
        }
    }

    private var empty: OptionChain {
        var chain = Chains.priced()
        chain.snapshot.strikes = []
        return chain
    }

    @Test("without call interest the ratio is null with both sums")
    func zeroCalls() throws {
        let json = try Chains.object(Chains.priced { $0.call?.openInterest = 0 }.snapshot)
        let analysis = try #require(json["analysis"] as? [String: Any])
        let ratios = try #require(analysis["putCallRatios"] as? [String: [String: Any]])
        let ratio = try #require(ratios["openInterest"])
        #expect(ratio["value"] is NSNull)
        #expect(ratio["calls"] as? Double == 0)
        #expect(ratio["puts"] as? Double == 7_000)
        #expect((ratio["reasons"] as? [String: String])?["value"] == "the calls' open interest is zero")
        #expect(analysis["resistance"] is NSNull)
    }

    @Test("the source's own values are separate from ours, with their model")
    func sourceValues() throws {
        var chain = Chains.priced()
        chain.sourceRatios = [.openInterest: 0.9, .volume: 1.1]
        chain.sourceMaxPain = Strike(tenThousandths: 251_000_000)
        let json = try Chains.object(OptionChainResponse(chain))
        let values = try #require(json["sourceFigures"] as? [String: Any])
        #expect(values["putCallRatio"] as? Double == 0.9)
        #expect(values["putCallRatioOfVolume"] as? Double == 1.1)
        #expect(values["putCallRatioOfChange"] is NSNull)
        #expect(values["maxPain"] as? Double == 25_100)
        #expect((values["impliedVolatilityModel"] as? String)?.contains("spot at a rate of 10 %") == true)
        #expect(json["maxPain"] as? Double == chain.snapshot.maxPain?.price)
    }

    @Test("a one-sided strike keeps its side and reports the other as missing")
    func oneSided() throws {
        let json = try Chains.object(OptionChainResponse(lame("one-sided")))
        let strikes = try #require(json["strikes"] as? [[String: Any]])
        let row = try #require(strikes.first { $0["strike"] as? Double == 25_000 })
        #expect(row["put"] is NSNull)
        #expect((row["call"] as? [String: Any])?["greeks"] is [String: Any])
        let reasons = try #require(row["reasons"] as? [String: String])
        #expect(reasons["put"] == "the source has no values for this put")
        #expect(reasons["putCallRatio"] == "the puts' open interest is not known")
    }

    @Test("strikes with odd fractions are written as they were read")
    func oddStrikes() throws {
        var snapshot = Chains.priced().snapshot
        snapshot.strikes = ["112.0", "112.9", "113.8"].compactMap(Strike.init).map {
            OptionStrike(strike: $0, call: OptionData(openInterest: 1), put: nil)
        }
        let csv = String(buffer: snapshot.encoded(as: .csv)).split(separator: "\n")
        #expect(csv.dropFirst().map { $0.prefix { $0 != "," } } == ["112", "112.9", "113.8"])
    }

    @Test("a csv row has the model, rate and forward of its greeks, or the reason why it has none")
    func rows() throws {
        let chain = Chains.priced { if $0.strike.price == 25_300 { $0.call?.last = nil } }
        let lines = String(buffer: OptionChainResponse(chain, rate: 0.07).encoded(as: .csv)).split(separator: "\n")
        let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let last = lines[lines.count - 1].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let row = Dictionary(zip(header, last), uniquingKeysWith: { first, _ in first })
        #expect(header.count == last.count)
        #expect(row["callDelta"] == "")
        #expect(row["callReason"] == "the call of 25300 has no last price")
        #expect(row["putReason"] == "")
        #expect(row["rate"] == "0.07")
        #expect(row["model"] == "Black-76 on the implied forward")
        #expect(row["source"] == "nse")
    }

    @Test("a series of ratios over different sources, units or strikes says what differs, and each point has its own")
    func differences() throws {
        let first = Chains.priced().snapshot
        var second = first
        second.strikes.removeLast()
        second.provenance.source = .trendlyne
        let same = PutCallRatioSeries(symbol: first.symbol, snapshots: [first, first])
        #expect(same.differences == [])
        let mixed = PutCallRatioSeries(symbol: first.symbol, snapshots: [first, second])
        let json = try Chains.object(mixed)
        #expect(json["differences"] as? [String] == ["source", "strikeRange"])
        let points = try #require(json["points"] as? [[String: Any]])
        #expect(points.map { $0["source"] as? String } == ["nse", "trendlyne"])
        let ends = points.map { ($0["strikeRange"] as? [String: Any])?["to"] as? Double }
        #expect(ends == [25_300, 25_200])
        let lines = String(buffer: mixed.encoded(as: .csv)).split(separator: "\n")
        #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 21 })
    }

    @Test("sums over different strikes are reported beside the ratio: in totals, points, rows and the analysis")
    func unequalSums() throws {
        var snapshot = Chains.priced().snapshot
        let whole = try Chains.object(snapshot)
        let wholeTotals = try #require(whole["totals"] as? [String: Any])
        #expect(wholeTotals["putCallRatioNote"] == nil)
        #expect(wholeTotals["callStrikes"] as? Int == snapshot.strikes.count)
        snapshot.strikes[0].call = nil
        let totals = try #require(try Chains.object(snapshot)["totals"] as? [String: Any])
        #expect(totals["putCallRatio"] is Double)
        let note = try #require(totals["putCallRatioNote"] as? String)
        #expect(note.contains("different strikes"))
        #expect(totals["callStrikes"] as? Int == snapshot.strikes.count - 1)
        #expect(totals["putStrikes"] as? Int == snapshot.strikes.count)
        let series = PutCallRatioSeries(symbol: snapshot.symbol, snapshots: [snapshot])
        let point = try #require((try Chains.object(series)["points"] as? [[String: Any]])?.first)
        #expect((point["notes"] as? [String: String])?["openInterest"] == note)
        #expect(String(buffer: series.encoded(as: .csv)).contains("openInterest: \(note)"))
        let history = OpenInterestHistory(symbol: snapshot.symbol, snapshots: [snapshot])
        #expect(String(buffer: history.encoded(as: .csv)).contains(note))
    }

    @Test("values of one source are comparable, stored or not; those of two are not")
    func origin() throws {
        let fresh = Chains.priced().snapshot
        var stored = fresh
        stored.provenance.source = .store
        stored.provenance.feed = "nse F&O bhavcopy"
        let series = { PutCallRatioSeries(symbol: fresh.symbol, snapshots: [stored, fresh]) }
        #expect(series().differences == [])
        stored.provenance.feed = "trendlyne live-oi-data"
        #expect(series().differences == ["source"])
    }

    @Test("a strike missing in one snapshot is null there, with the reason")
    func strikeOutside() throws {
        let first = Chains.priced().snapshot
        var second = first
        second.strikes.removeLast()
        let strike = try #require(Strike("25300"))
        let json = try Chains.object(
            OpenInterestHistory(symbol: first.symbol, snapshots: [first, second], strike: strike))
        let snapshots = try #require(json["snapshots"] as? [[String: Any]])
        #expect(snapshots[0]["call"] is [String: Any])
        #expect(snapshots[1]["call"] is NSNull)
        let reasons = try #require(snapshots[1]["reasons"] as? [String: String])
        #expect(reasons["call"] == "the strike is not among those of this snapshot")
    }
}
