import JSON
import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("A request for bars")
struct HistoryFetchTests {
    /// Runs a fetch over events, all at one instant unless said otherwise.
    private struct Run {
        var fetch: HistoryFetch
        var calls: [ClientCall] = []
        var result: Result<BarSeries, MarketDataError>?
        var reopened = 0

        init(_ request: SeriesRequest) {
            fetch = HistoryFetch(request, deadlines: TradingViewDeadlines(), at: .zero)
            take(fetch.open(Wire.session, at: .zero, now: Wire.now))
        }

        mutating func receive(_ events: ServerEvent..., at uptime: Duration = .zero) {
            for event in events where result == nil { take(fetch.receive(event, at: uptime, now: Wire.now)) }
        }

        mutating func take(_ step: HistoryFetch.Step) {
            switch step {
            case .send(let more): calls += more
            case .openAfresh:
                reopened += 1
                take(fetch.open(Wire.session, at: .zero, now: Wire.now))
            case .finished(let result): self.result = result
            }
        }

        var bars: [Int]? { (try? result?.get())?.bars.map { Int($0.close) } }
        var error: MarketDataError? { if case .failure(let error) = result { error } else { nil } }
        var pages: [Int] { calls.compactMap { if case .requestMoreData(_, _, let count) = $0 { count } else { nil } } }
    }

    @Test("opens its own chart session and requests no more bars than a page holds")
    func opening() throws {
        let run = Run(try Wire.request(count: 250))
        #expect(
            run.calls.map(\.name) == ["chart_create_session", "switch_timezone", "resolve_symbol", "create_series"])
        guard case .createSeries(_, _, _, _, let resolution, .newest(100), _) = run.calls.last else {
            Issue.record("\(run.calls)")
            return
        }
        #expect(resolution.code == "1")
    }

    @Test("pages back until the count is reached, and keys bars by time, not by index")
    func paging() throws {
        var run = Run(try Wire.request(count: 250))
        run.receive(Wire.update(Wire.bars(200..<300)), Wire.completed())
        run.receive(Wire.update(Wire.bars(90..<205)), Wire.completed())
        #expect(run.result == nil)
        run.receive(Wire.update(Wire.bars(0..<90)), Wire.completed())
        #expect(run.pages == [100, 40])
        #expect(run.bars == Array(50..<300))
    }

    @Test("requests no more older bars than fit between the range and what came")
    func missingBars() throws {
        let range = TimeRange(from: Wire.time(0), to: Wire.time(300))
        var request = try SeriesRequest(
            BarRequest(symbol: .nifty, interval: .oneMinute, span: .range(range)), pageSize: 5_000)
        request.isAnchored = false
        var run = Run(request)
        run.receive(Wire.update(Wire.bars(40..<300)), Wire.completed())
        run.receive(Wire.update(Wire.bars(3..<40)), Wire.completed())
        #expect(run.pages == [42, 10])
        run.receive(Wire.update(Wire.bars(0..<3)), Wire.completed())
        #expect(run.bars == Array(0..<300))
    }

    @Test("waits for series_completed, however many bars have come")
    func completion() throws {
        var run = Run(try Wire.request(count: 5))
        run.receive(Wire.update(Wire.bars(0..<50)))
        #expect(run.result == nil)
        run.receive(Wire.completed(turnaround: "s9"))
        #expect(run.result == nil)
        run.receive(Wire.completed())
        #expect(run.bars == Array(45..<50))
    }

    @Test("a later version of a bar replaces the earlier one", arguments: [true, false])
    func corrections(isDataUpdate: Bool) throws {
        var run = Run(try Wire.request(count: 3))
        run.receive(Wire.update(Wire.bars(0..<3)))
        let block = ChartBlock(id: "sds_1", kind: .series, turnaround: "s1", bars: Wire.bars(2..<3, close: 77))
        let update = ChartUpdate(session: Wire.session, blocks: [block])
        run.receive(isDataUpdate ? .dataUpdate(update) : .timescaleUpdate(update), Wire.completed())
        #expect(run.bars == [0, 1, 77])
    }

    @Test(
        "the server's end of data is reported as the shortfall",
        arguments: [
            (SeriesCompletion.DataCompleted.limit, BarSeries.Shortfall.planLimit), (.end, .startOfHistory),
        ])
    func shortfall(word: SeriesCompletion.DataCompleted, expected: BarSeries.Shortfall) throws {
        var run = Run(try Wire.request(count: 250))
        run.receive(Wire.update(Wire.bars(0..<20)), Wire.completed(word))
        #expect(try run.result?.get().shortfall == expected)
        #expect(run.bars == Array(0..<20))
    }

    @Test("two pages without an older bar are the end")
    func noGrowth() throws {
        var run = Run(try Wire.request(count: 250))
        run.receive(Wire.update(Wire.bars(0..<20)), Wire.completed(), Wire.completed())
        #expect(run.result == nil)
        run.receive(Wire.completed())
        #expect(try run.result?.get().shortfall == .startOfHistory)
    }

    @Test("older bars after a missing page are not trusted: a page may be missing between")
    func missingPage() throws {
        var run = Run(try Wire.request(count: 300))
        run.receive(Wire.update(Wire.bars(200..<300)), Wire.completed(), Wire.completed())
        run.receive(Wire.update(Wire.bars(0..<100)), Wire.completed())
        #expect(run.reopened == 1 && run.result == nil)
    }

    @Test("unreadable bytes repeat the request once, then fail it; bars are never left out")
    func unreadable() throws {
        var run = Run(try Wire.request(count: 5))
        run.take(run.fetch.lose("no JSON"))
        #expect(run.reopened == 1)
        run.take(run.fetch.lose("no JSON"))
        #expect(run.error?.code == .upstreamUnreadable)
    }

    @Test("a series completed without bars is a symbol without trades only where the server means it")
    func never() throws {
        var meant = Run(try Wire.request(count: 5))
        meant.receive(Wire.completed(.end))
        #expect(meant.error?.code == .neverTraded)
        var incomplete = Run(try Wire.request(count: 5))
        incomplete.receive(Wire.completed())
        #expect(incomplete.reopened == 1)
    }

    @Test(
        "refusals of a series have different codes",
        arguments: [
            ("resolve error", MarketDataError.Code.symbolNotFound), ("seconds_not_entitled", .notEntitled),
            ("resolution_not_entitled", .notEntitled), ("custom_resolution", .notEntitled),
            ("unsupported resolution: NSE:NIFTY, 5", .notSupported), ("something else", .upstreamUnavailable),
            ("custom_resolution (resolution: 20)", .notEntitled), ("ticks_not_entitled", .notEntitled),
            ("study_not_auth:BarSetRenko@tv-prostudies-64", .notEntitled), ("no reason given", .upstreamUnavailable),
        ])
    func refusals(reason: String, code: MarketDataError.Code) throws {
        var run = Run(try Wire.request(count: 5))
        run.receive(
            .seriesError(SeriesReference(session: Wire.session, id: "sds_1", turnaround: "s1"), reason: reason))
        #expect(run.error?.code == code)
    }

    @Test(
        "refusals of a symbol have different codes",
        arguments: [
            ("invalid symbol", MarketDataError.Code.symbolNotFound), ("no_such_symbol", .symbolNotFound),
            ("permission denied", .notEntitled), ("Internal error", .upstreamUnavailable),
            ("resolve timeout", .upstreamUnavailable),
        ])
    func symbolRefusals(reason: String, code: MarketDataError.Code) throws {
        var run = Run(try Wire.request(count: 5))
        run.receive(.symbolError(Wire.session, name: "sym_1", reason: reason, details: ["group", "x_paid"]))
        #expect(run.error?.code == code)
        #expect(run.error?.message.contains("NSE:NIFTY") == true)
        if code == .notEntitled { #expect(run.error?.message.contains("x_paid") == true) }
    }

    @Test("another symbol's data are rejected, and a substitute that names the original is accepted")
    func match() throws {
        var wrong = Run(try Wire.request(count: 5))
        wrong.receive(Wire.resolved("NSE:BANKNIFTY"))
        #expect(wrong.error?.code == .upstreamUnreadable)
        let apple = ResolvedSymbol(fields: ["full_name": "BATS:AAPL", "pro_name": "NASDAQ:AAPL"])
        #expect(SymbolMatch.matches(apple, wireName: "NASDAQ:AAPL"))
        let delayed = ResolvedSymbol(fields: ["full_name": "NASDAQ_DLY:NDX"])
        #expect(SymbolMatch.matches(delayed, wireName: "NASDAQ:NDX"))
        #expect(!SymbolMatch.matches(apple, wireName: "NYSE:AAPL"))
    }

    @Test(
        "bars without the requested adjustment are rejected", arguments: Adjustment.allCases)
    func adjustment(requested: Adjustment) throws {
        for allowed in ["splits", "any", "none"] {
            let request = BarRequest(
                symbol: .nifty, interval: .oneDay, span: .count(1), adjustment: requested)
            var run = Run(try SeriesRequest(request, pageSize: 100))
            let symbol = ResolvedSymbol(fields: ["full_name": "NSE:NIFTY", "allowed_adjustment": .string(allowed)])
            run.receive(.symbolResolved(Wire.session, name: "sym_1", symbol))
            let isRefused = requested == .dividends && allowed == "splits"
            #expect(run.error?.code == (isRefused ? .notSupported : nil))
        }
    }

    @Test("only data extend the deadline, and the error names the stage")
    func deadlines() throws {
        var run = Run(try Wire.request(count: 500))
        run.receive(Wire.resolved("NSE:NIFTY"), Wire.update(Wire.bars(0..<100)), Wire.completed(), at: .seconds(15))
        run.receive(.tickmarkUpdate(Wire.session, TimeScale()), at: .seconds(30))
        #expect(run.fetch.timeout(at: .seconds(34)) == nil)
        let error = run.fetch.timeout(at: .seconds(36))
        #expect(error?.code == .upstreamTimeout)
        #expect(error?.message.contains("page 2") == true)
    }

    @Test("the total deadline holds however much arrives")
    func totalDeadline() throws {
        var run = Run(try Wire.request(count: 50))
        for second in 1...120 { run.receive(Wire.update(Wire.bars(0..<1)), at: .seconds(second)) }
        #expect(run.fetch.timeout(at: .seconds(120))?.code == .upstreamTimeout)
    }

    @Test("the last bar is final after its close on the server's clock, later for delayed data")
    func finality() throws {
        func lastIsFinal(_ mode: UpdateMode, secondsAfterOpening: Int64) throws -> Bool? {
            var run = Run(try Wire.request(count: 2))
            let clock = Wire.time(1).advanced(bySeconds: secondsAfterOpening)
            run.receive(Wire.update(Wire.bars(0..<2), at: clock), Wire.completed(mode: mode, at: clock))
            return try run.result?.get().bars.last?.isFinal
        }
        #expect(try lastIsFinal(.streaming, secondsAfterOpening: 59) == false)
        #expect(try lastIsFinal(.streaming, secondsAfterOpening: 60) == true)
        #expect(try lastIsFinal(.delayedStreaming(seconds: 900), secondsAfterOpening: 60) == false)
        #expect(try lastIsFinal(.delayedStreaming(seconds: 900), secondsAfterOpening: 960) == true)
    }

    @Test(
        "late data without a known delay are final a quarter of an hour after the close",
        arguments: [
            UpdateMode.delayedStreaming(seconds: nil), .pulsed, .snapshot, .other("something new"),
        ])
    func finalityWithoutNumber(mode: UpdateMode) throws {
        func response(secondsAfterClose: Int64) throws -> BarSeries? {
            var run = Run(try Wire.request(count: 2))
            let clock = Wire.time(2).advanced(bySeconds: secondsAfterClose)
            run.receive(Wire.update(Wire.bars(0..<2), at: clock), Wire.completed(mode: mode, at: clock))
            return try run.result?.get()
        }
        #expect(try response(secondsAfterClose: 0)?.bars.last?.isFinal == false)
        #expect(try response(secondsAfterClose: 899)?.bars.last?.isFinal == false)
        let late = try response(secondsAfterClose: 900)
        #expect(late?.bars.last?.isFinal == true)
        #expect(late?.provenance.mode == .delayed)
        #expect(late?.provenance.delaySeconds == nil)
    }

    @Test("a bar of end-of-day data is final at its close")
    func finalityAtEndOfDay() throws {
        var run = Run(try Wire.request(count: 2))
        let clock = Wire.time(2)
        run.receive(Wire.update(Wire.bars(0..<2), at: clock), Wire.completed(mode: .endOfDay, at: clock))
        #expect(try run.result?.get().bars.last?.isFinal == true)
        #expect(try run.result?.get().provenance.mode == .endOfDay)
    }

    @Test("before the series reports its mode the symbol's applies, and an unknown one is never live")
    func unknownMode() throws {
        var load = SeriesLoad(try Wire.request(count: 2), session: Wire.session)
        #expect(load.provenance(at: Wire.now).mode == .delayed)
        #expect(load.provenance(at: Wire.now).delaySeconds == nil)
        #expect(load.barClose.delaySeconds == 900)
        let symbol = ResolvedSymbol(fields: ["full_name": "NSE:NIFTY", "update_mode": "streaming"])
        _ = load.receive(.symbolResolved(Wire.session, name: "sym_1", symbol))
        #expect(load.provenance(at: Wire.now).mode == .streaming)
        #expect(load.barClose.delaySeconds == 0)
    }

    /// A fetch of a number of bars that has a first page of these, with a damaged packet before it.
    private func damaged(
        _ count: Int, _ minutes: Range<Int>, _ ended: SeriesCompletion.DataCompleted? = nil, skipping: Int? = nil
    ) throws -> Run {
        var run = Run(try Wire.request(count: count))
        run.receive(Wire.resolved("NSE:NIFTY"))
        run.take(run.fetch.receiveUnreadable("no JSON", at: .zero, now: Wire.now))
        let bars = Wire.bars(minutes).filter { $0.index != skipping }
        run.receive(Wire.update(bars, at: Wire.now), Wire.completed(ended, at: Wire.now))
        return run
    }

    @Test("a history that is provably complete is returned with a note, despite an unreadable packet beside it")
    func damagedAndWhole() throws {
        let run = try damaged(5, 0..<5)
        #expect(run.bars == [0, 1, 2, 3, 4] && run.reopened == 0)
        // Upstream stamped the bars after what was lost.
        let series = try run.result?.get()
        #expect(series?.notes.count == 1 && series?.bars.last?.isFinal == true)
    }

    @Test("a history that is not provably complete is requested again, and then is an error")
    func damagedAndDoubtful() throws {
        for run in [
            try damaged(5, 0..<4), try damaged(5, 0..<4, .end), try damaged(5, 0..<6, skipping: 2),
        ] {
            var run = run
            #expect(run.bars == nil && run.reopened == 1)
            run.take(run.fetch.lose("no JSON"))
            #expect(run.error?.code == .upstreamUnreadable)
        }
    }

    @Test("a page of older bars that leaves out a place after damage is not trusted")
    func damagedPages() throws {
        for (older, isWhole) in [(-3..<0, true), (-4..<(-1), false)] {
            var run = Run(try Wire.request(count: 6, pageSize: 3))
            run.receive(Wire.resolved("NSE:NIFTY"), Wire.update(Wire.bars(0..<3)), Wire.completed())
            run.take(run.fetch.receiveUnreadable("no JSON", at: .zero, now: Wire.now))
            run.receive(Wire.update(Wire.bars(older)), Wire.completed())
            #expect((run.bars?.count == 6) == isWhole && (run.reopened == 1) == !isWhole)
        }
    }

    @Test("after damage a missing message is not waited for until the deadline")
    func damageAndSilence() throws {
        var run = Run(try Wire.request(count: 5))
        run.take(run.fetch.receiveUnreadable("no JSON", at: .seconds(1), now: Wire.now))
        #expect(run.fetch.remaining(at: .seconds(1)) == .seconds(2))
        let early = run.fetch.retryAfterDamage(at: .seconds(2), now: Wire.now)
        #expect(early.map { _ in true } == nil)
        if let step = run.fetch.retryAfterDamage(at: .seconds(3), now: Wire.now) { run.take(step) }
        #expect(run.reopened == 1)
    }
}
