import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("A simulated session of open interest")
struct SessionTests {
    private static let nifty = Symbol(exchange: "NSE", ticker: "NIFTY")

    /// One response, as a client sees it.
    private struct Seen {
        let minute: ClockTime
        let response: WebResponse
        var body: JSONValue? { JSONValue(parsing: response.body)?["body"] }
        var isRefused: Bool { response.status != 200 || response.contentType.hasPrefix("text/html") }
        var echo: JSONValue? { body?["inputData"] }
    }

    /// A whole session, requested each minute for that minute.
    private func play() throws -> (seen: [Seen], truth: [OpenInterestSnapshot]) {
        let day = try #require(CalendarDate("2026-07-08"))
        let expiry = try #require(CalendarDate("2026-07-14"))
        let open = IndianTime.timestamp(day, ClockTime(hour: 9, minute: 15))
        let clock = SimulatedClock(open)
        let configuration = SimulatorConfiguration.openInterestSession(clock: clock)
        let simulator = try UpstreamSimulator(configuration: configuration)
        let pages = TrendlynePages(simulation: simulator.simulation)
        var seen: [Seen] = []
        for minute in 0..<375 {
            clock.set(to: open.advanced(bySeconds: Int64(minute * 60 + 20)))
            let time = IndianTime.split(clock.now).time
            let query = [
                "stockId": "1887", "expDateList": "\(expiry)", "minTime": "09:15", "maxTime": "\(time)",
                "minStrikePrice": "1", "maxStrikePrice": "99999",
            ]
            let response = pages.response(to: WebRequest(path: "/phoenix/api/live-oi-data/", query: query))
            seen.append(Seen(minute: time, response: response))
        }
        let range = TimeRange(from: open, to: clock.now)
        return (seen, simulator.openInterest(of: Self.nifty, expiry: expiry, within: range))
    }

    @Test("it is refused for twenty minutes, in three ways, and at no other time")
    func outage() throws {
        let refused = try play().seen.filter(\.isRefused)
        #expect(refused.count == 20)
        #expect(refused.first?.minute.description == "11:00")
        #expect(refused.last?.minute.description == "11:19")
        #expect(Set(refused.map(\.response.status)) == [200, 403, 405])
    }

    @Test("some responses are of another time than requested, with an echo that says so")
    func wrongTimes() throws {
        let responded = try play().seen.filter { !$0.isRefused }
        let wrong = responded.filter { $0.echo?["maxTime"]?.string != $0.minute.description }
        #expect(wrong.count == responded.count / 7)
    }

    @Test("the right responses, each once, are the true snapshots without those of the outage")
    func truth() throws {
        let (seen, truth) = try play()
        let right = seen.filter { !$0.isRefused && $0.echo?["maxTime"]?.string == $0.minute.description }
        var stamps: [String] = []
        for response in right {
            let stamp = try #require(response.echo?["lastUpdatedDateTime"]?.string)
            if stamps.last != stamp { stamps.append(stamp) }
        }
        #expect(stamps.count < right.count / 2)
        #expect(stamps == stamps.sorted())
        let expected = truth.map { snapshot in
            let (date, time) = IndianTime.split(snapshot.provenance.asOf.advanced(bySeconds: -1))
            return "\(date)T\(time.fullDescription)+05:30"
        }
        #expect(truth.count == 125)
        #expect(Set(stamps).isSubset(of: expected))
        let missed = expected.filter { !stamps.contains($0) }
        // 11:00 to 11:18 fell into the outage, all but the last of which came after it.
        #expect(missed.count == 6)
        #expect(missed.allSatisfy { $0.contains("T10:59") || $0.contains("T11:") })
    }

    @Test("an enabled fault occurs at once and until it is ended")
    func begun() throws {
        let simulator = try UpstreamSimulator(configuration: SimulatorConfiguration { CoreClient.start })
        let pages = TrendlynePages(simulation: simulator.simulation)
        let request = WebRequest(path: "/phoenix/api/search-contract-stock/", query: ["query": "nifty"])
        #expect(pages.response(to: request).status == 200)
        simulator.begin(.trendlyne405)
        #expect((1...3).map { _ in pages.response(to: request).status } == [405, 405, 405])
        simulator.end(.trendlyne405)
        #expect(pages.response(to: request).status == 200)
    }
}
