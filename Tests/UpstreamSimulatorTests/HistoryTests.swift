import JSON
import MarketData
import MockMarket
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("History of the simulated TradingView")
struct HistoryTests {
    @Test("a response loads, has the bars counted from zero, and completes under the client's own names")
    func sendsHistory() throws {
        var client = try CoreClient()
        let events = client.history("NSE:NIFTY", count: 300)
        let reference = SeriesReference(session: CoreClient.chart, id: "s1", turnaround: "t1")
        #expect(events.contains(.seriesLoading(reference)))
        let bars = events.bars()
        #expect(bars.map(\.index) == Array(0..<300))
        #expect(bars.last?.time == CoreClient.start)
        #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.time < $1.time })
        guard case .seriesCompleted(let completed, let completion) = events.last else {
            Issue.record("the response does not end with series_completed")
            return
        }
        #expect(completed == reference)
        #expect(completion.updateMode == .streaming)
        #expect(completion.dataCompleted == nil)
    }

    @Test("bars equal the mock market's, to the last digit")
    func agreesWithMarket() throws {
        var client = try CoreClient()
        let bars = client.history("NSE:BANKNIFTY", count: 50).bars()
        let market = MockMarket(seed: 1, hours: .always) { CoreClient.start }
        let symbol = Symbol(exchange: "NSE", ticker: "BANKNIFTY")
        let request = BarRequest(symbol: symbol, interval: .fiveMinutes, span: .count(50))
        let expected = try market.bars(request, at: CoreClient.start).bars
        #expect(bars.map { $0.bar(isFinal: true).close } == expected.map(\.close))
        #expect(bars.map(\.time) == expected.map(\.time))
        #expect(bars.map(\.volume) == expected.map(\.volume))
    }

    @Test("three pages give 12,000 bars in a row, and the window ends with limit", arguments: PagingIndexes.allCases)
    func pages(indexes: PagingIndexes) throws {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.pagingIndexes = indexes
        var client = try CoreClient(configuration)
        var bars = client.history("NSE:NIFTY", count: 5_000).bars()
        var end: SeriesCompletion.DataCompleted?
        while end == nil, bars.count < 30_000 {
            client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 5_000))
            let events = client.events()
            bars = events.bars() + bars
            end = events.completion?.dataCompleted
        }
        #expect(bars.count == 20_000)
        #expect(end == .limit)
        #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.time.seconds + 300 == $1.time.seconds })
        let first = bars.first?.index
        #expect(first == (indexes == .negative ? -15_000 : 0))
    }

    @Test("the beginning of history ends paging with end")
    func startOfHistory() throws {
        var client = try CoreClient()
        let events = client.history("NSE:NIFTY", "1D", count: 5_000)
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 5_000))
        let more = client.events()
        #expect(more.completion?.dataCompleted == .end)
        let times = (more.bars() + events.bars()).map(\.time)
        #expect(Set(times).count == times.count)
        #expect(times.count > 6_000)
    }

    @Test("an unknown symbol is an error at once, and its series a resolve error")
    func unknownSymbol() throws {
        var client = try CoreClient()
        let events = client.history("NSE:NOSUCH", count: 10)
        #expect(events.contains { if case .symbolError(_, _, "invalid symbol", _) = $0 { true } else { false } })
        #expect(events.seriesErrors == ["resolve error"])
    }

    @Test("Apple at Nasdaq is served by Cboe One")
    func replacesFeed() throws {
        var client = try CoreClient()
        let events = client.history("NASDAQ:AAPL", count: 1)
        let resolved = events.compactMap { event -> ResolvedSymbol? in
            if case .symbolResolved(_, _, let symbol) = event { symbol } else { nil }
        }
        #expect(resolved.first?.fullName == "BATS:AAPL")
        #expect(resolved.first?.exchange == "Cboe One")
        #expect(resolved.first?.proName == "NASDAQ:AAPL")
    }

    @Test(
        "resolutions outside the plan are refused, and an invalid one ends the session",
        arguments: [("1S", "seconds_not_entitled"), ("20", "custom_resolution"), ("10T", "ticks_not_entitled")]
    )
    func refusesResolutions(code: String, reason: String) throws {
        var client = try CoreClient()
        #expect(client.history("NSE:NIFTY", code, count: 10).seriesErrors == [reason])
        #expect(client.connection.charts.count == 1)
        var other = try CoreClient()
        #expect(other.history("NSE:NIFTY", "5m", count: 10).criticalErrors == ["invalid parameters"])
        #expect(other.connection.charts.isEmpty)
    }

    @Test("a paid plan has seconds and custom minutes", arguments: ["15S", "20"])
    func paidPlan(code: String) throws {
        var client = try CoreClient(SimulatorConfiguration(scenario: .paidPlan) { CoreClient.start })
        #expect(client.history("NSE:NIFTY", code, count: 10).bars().count == 10)
    }

    @Test("a second use of a symbol id ends the session, and so does an invalid zone")
    func duplicateIDAndBadZone() throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 1)
        client.send(.resolveSymbol(CoreClient.chart, name: "symbol_1", SymbolSpecification("NSE:NIFTY")))
        #expect(client.events().criticalErrors == ["duplicate id"])
        client.send(.chartCreateSession(CoreClient.chart))
        client.send(.switchTimezone(CoreClient.chart, zone: "exchange"))
        #expect(client.events().isEmpty)
        client.send(.switchTimezone(CoreClient.chart, zone: "Nowhere/Nowhere"))
        #expect(client.events().criticalErrors == ["invalid timezone"])
    }

    @Test("a changed series is loaded again under its new turnaround")
    func modifies() throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 100)
        client.send(
            .modifySeries(
                CoreClient.chart, series: "s1", turnaround: "t2", symbolName: "symbol_1", Resolution(code: "60"))
        )
        let events = client.events()
        #expect(events.bars().first.map { $0.time.seconds % 3600 } == 1800)
        #expect(
            events.contains { if case .seriesCompleted(let name, _) = $0 { name.turnaround == "t2" } else { false } })
    }

    @Test("the forming bar keeps its index, and the next one counts on")
    func movesOn() throws {
        var client = try CoreClient()
        let loaded = client.history("NSE:NIFTY", "1", count: 10).bars()
        client.pass(seconds: 65)
        let updates = client.events().bars()
        #expect(updates.first?.index == loaded.last?.index)
        #expect(Set(updates.map(\.index)) == [9, 10])
        #expect(updates.last?.time.seconds == CoreClient.start.seconds + 60)
        for index in [9, 10] {
            let bars = updates.filter { $0.index == index }
            #expect(zip(bars, bars.dropFirst()).allSatisfy { $0.high <= $1.high && $0.low >= $1.low })
        }
    }

    @Test("sends bars up to a time, and after one")
    func barsUpToMoment() throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 1)
        let moment = Timestamp(seconds: CoreClient.start.seconds - 86_400)
        for (count, first) in [(5, moment.seconds - 1200), (-5, moment.seconds)] {
            client.send(
                .createSeries(
                    CoreClient.chart, series: "s1", turnaround: "t\(count)", symbolName: "symbol_1",
                    Resolution(code: "5"), .upTo(moment, count: count))
            )
            let bars = client.events().bars()
            #expect(bars.count == 5)
            #expect(bars.first?.time.seconds == first)
        }
    }

    @Test("the free plan's window ends after one page, with limit, and holds bars down to five seconds")
    func freePlan() throws {
        var client = try CoreClient(SimulatorConfiguration(scenario: .freePlan) { CoreClient.start })
        let events = client.history("NSE:NIFTY", count: 5_000)
        #expect(events.bars().count == 5_000)
        #expect(events.completion?.dataCompleted == .limit)
        #expect(events.completion?.realTimeUpdatePeriod == 5)
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 5_000))
        #expect(client.events().bars().isEmpty)
        client.pass(seconds: 20)
        #expect((2...4).contains(client.events().bars().count))
    }

    @Test("in the exchange's hours days open at 09:15, holidays are listed, and a Saturday is out of session")
    func exchangeHours() throws {
        let saturday = Timestamp(seconds: CoreClient.start.seconds + 86_400)
        var client = try CoreClient(SimulatorConfiguration(scenario: .exchangeHours) { saturday })
        client.now = saturday
        let events = client.history("NSE:NIFTY", "1D", count: 2)
        let resolved = events.compactMap { event -> ResolvedSymbol? in
            if case .symbolResolved(_, _, let symbol) = event { symbol } else { nil }
        }.first
        #expect(resolved?.session == "0915-1530")
        #expect(resolved?.fields["session_holidays"]?.string?.contains("20261225") == true)
        // 09:15 in India is 03:45 UTC.
        #expect(events.bars().map { $0.time.seconds % 86_400 } == [13_500, 13_500])
        client.pass(seconds: 5)
        #expect(client.events().isEmpty)
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY"]))
        #expect(client.events().quotes.last?.fields["current_session"] == "out_of_session")
    }

    @Test("a range selects the visible bars")
    func range() throws {
        var client = try CoreClient()
        let to = CoreClient.start.seconds
        let events = client.history("NSE:NIFTY", count: 10, range: "r,\(to - 900):\(to)")
        #expect(events.contains { if case .seriesTimeframe(_, 6, 9, _) = $0 { true } else { false } })
    }

    @Test("removing an unknown series ends the session")
    func removes() throws {
        var client = try CoreClient()
        _ = client.history("NSE:NIFTY", count: 10)
        client.send(.removeSeries(CoreClient.chart, series: "s1"))
        client.pass(seconds: 5)
        #expect(client.events().isEmpty)
        client.send(.removeSeries(CoreClient.chart, series: "s1"))
        #expect(client.events().criticalErrors == ["no such series"])
    }
}
