import MarketData
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

@Suite("A live series")
struct LiveSeriesTests {
    /// While the bar of this minute forms.
    private func during(_ minute: Int) -> Timestamp { Wire.time(minute).advanced(bySeconds: 30) }

    private func streaming(through minute: Int) throws -> LiveSeries {
        var series = LiveSeries(try Wire.request(count: 5), deadlines: TradingViewDeadlines(), at: .zero)
        _ = series.open(Wire.session, at: .zero, now: during(minute))
        let now = during(minute)
        _ = series.receive(Wire.update(Wire.bars(0..<(minute + 1)), at: now), at: .zero, now: now)
        _ = series.receive(Wire.completed(at: now), at: .zero, now: now)
        return series
    }

    private func reported(_ step: LiveSeries.Step) -> [String] {
        step.events.map { event in
            switch event {
            case .bar(let bar): "\(Int(bar.close))\(bar.isFinal ? "!" : "")"
            case .snapshot(let series): "snapshot \(series.bars.count)"
            case .gap(let range): "gap \((range.to.seconds - range.from.seconds) / 60)"
            case .repaired(_, let bars): "repaired " + bars.map { "\(Int($0.close))" }.joined(separator: ",")
            case .status: "status"
            }
        }
    }

    @Test("begins with a snapshot")
    func snapshot() throws {
        var series = LiveSeries(try Wire.request(count: 5), deadlines: TradingViewDeadlines(), at: .zero)
        _ = series.open(Wire.session, at: .zero, now: during(9))
        _ = series.receive(Wire.update(Wire.bars(0..<10)), at: .zero, now: during(9))
        #expect(reported(series.receive(Wire.completed(), at: .zero, now: during(9))) == ["snapshot 5"])
    }

    @Test("a load overtaken by newer updates does not replace their bars")
    func overtaken() throws {
        var series = LiveSeries(try Wire.request(count: 5), deadlines: TradingViewDeadlines(), at: .zero)
        _ = series.open(Wire.session, at: .zero, now: during(9))
        guard case .timescaleUpdate(let newer) = Wire.update(Wire.bars(9..<11, close: 50)) else { return }
        _ = series.receive(.dataUpdate(newer), at: .zero, now: during(10))
        _ = series.receive(Wire.update(Wire.bars(0..<10), at: during(9)), at: .zero, now: during(10))
        let step = series.receive(Wire.completed(at: during(10)), at: .zero, now: during(10))
        guard case .snapshot(let loaded)? = step.events.first else { throw DeadlinePassed(description: "no snapshot") }
        #expect(loaded.bars.map(\.close) == [6, 7, 8, 50, 50])
    }

    @Test("a changed bar is delivered, and the next one makes it final first")
    func forming() throws {
        var series = try streaming(through: 9)
        let changed = series.receive(Wire.update(Wire.bars(9..<10, close: 50)), at: .zero, now: during(9))
        #expect(reported(changed) == ["50"])
        let repeated = series.receive(Wire.update(Wire.bars(9..<10, close: 50)), at: .zero, now: during(9))
        #expect(reported(repeated) == [])
        let next = series.receive(Wire.update(Wire.bars(10..<11)), at: .zero, now: during(10))
        #expect(reported(next) == ["50!", "10"])
    }

    /// The newest bars as a session beside the series loaded them, stamped by upstream.
    private func response(_ minutes: Range<Int>, close: Double? = nil, at stamp: Timestamp?) throws -> BarSeries {
        var load = SeriesLoad(try Wire.request(count: 2), session: Wire.session)
        _ = load.opening(at: Wire.time(minutes.upperBound))
        _ = load.receive(Wire.update(Wire.bars(minutes, close: close), at: stamp))
        _ = load.receive(Wire.completed(at: stamp))
        return load.series(at: Wire.time(minutes.upperBound))
    }

    @Test("elapsed time makes no bar final, whatever the local clock shows", arguments: [-3600, 20, 40, 3600, 86_400])
    func silence(seconds: Int64) throws {
        var series = try streaming(through: 9)
        let later = during(9).advanced(bySeconds: seconds)
        #expect(reported(series.check(at: .seconds(30), now: later)) == [])
        let update = series.receive(Wire.update(Wire.bars(9..<10, close: 50)), at: .zero, now: later)
        #expect(reported(update) == ["50"])
    }

    @Test("a quiet bar is checked once upstream's clock has passed its close, and final once a response shows it")
    func quietClose() throws {
        var series = try streaming(through: 9)
        #expect(!series.isConfirmationDue(at: Wire.time(10).advanced(bySeconds: 4)))
        #expect(series.isConfirmationDue(at: Wire.time(10).advanced(bySeconds: 5)))
        let before = try response(8..<10, at: Wire.time(10).advanced(bySeconds: -1))
        let unstamped = try response(8..<10, at: nil)
        #expect(series.confirm(with: before).isEmpty && series.confirm(with: unstamped).isEmpty)
        let after = try response(8..<10, at: Wire.time(10).advanced(bySeconds: 5))
        #expect(reported(LiveSeries.Step(events: series.confirm(with: after))) == ["9!"])
        #expect(series.confirm(with: after).isEmpty)
        #expect(!series.isConfirmationDue(at: Wire.time(11)))
    }

    @Test("a response that differs from delivered bars confirms nothing, and the series lags")
    func lagging() throws {
        var series = try streaming(through: 9)
        let other = try response(8..<10, close: 77, at: Wire.time(11))
        #expect(series.lags(behind: other) && series.confirm(with: other).isEmpty)
        #expect(series.lags(behind: try response(9..<11, at: Wire.time(12))))
    }

    @Test("after a break wrong bars are corrected and missed bars delivered")
    func revision() throws {
        var series = try streaming(through: 9)
        series.disconnected()
        let now = during(11)
        _ = series.open(Wire.session, at: .zero, now: now)
        let bars = Wire.bars(5..<7) + Wire.bars(7..<8, close: 70) + Wire.bars(8..<12)
        _ = series.receive(Wire.update(bars, at: now), at: .zero, now: now)
        let step = series.receive(Wire.completed(at: now), at: .zero, now: now)
        #expect(reported(step) == ["gap 4", "repaired 70,9,10", "11"])
        #expect(spans(step.events).first?.from == Wire.time(7))
    }

    @Test("after a break it requests from the last final bar, in a new session, and reports the gap and its repair")
    func repair() throws {
        var series = try streaming(through: 9)
        series.disconnected()
        let other = SessionID(rawValue: "cs_other")
        _ = series.open(other, at: .zero, now: during(13))
        _ = series.receive(Wire.update(Wire.bars(0..<14), session: other), at: .zero, now: during(13))
        let step = series.receive(Wire.completed(session: other), at: .zero, now: during(13))
        #expect(reported(step) == ["gap 4", "repaired 9,10,11,12", "13"])
    }

    /// The events after a break at minute 9 when the reload has these bars and this end.
    private func reloaded(
        _ minutes: Range<Int>, _ ended: SeriesCompletion.DataCompleted? = nil
    ) throws -> [BarEvent] {
        var series = try streaming(through: 9)
        series.disconnected()
        let now = during(minutes.upperBound - 1)
        _ = series.open(Wire.session, at: .zero, now: now)
        _ = series.receive(Wire.update(Wire.bars(minutes)), at: .zero, now: now)
        return series.receive(Wire.completed(ended), at: .zero, now: now).events
    }

    private func span(_ minutes: Range<Int>) -> TimeRange {
        TimeRange(from: Wire.time(minutes.lowerBound), to: Wire.time(minutes.upperBound))
    }

    private func spans(_ events: [BarEvent]) -> [TimeRange] {
        events.compactMap { event in
            switch event {
            case .gap(let range), .repaired(let range, _): range
            default: nil
            }
        }
    }

    @Test("the gap begins where the last final bar ended, and a complete reload repairs all of it")
    func wholeRepair() throws {
        #expect(spans(try reloaded(2..<14)) == [span(9..<13), span(9..<13)])
        #expect(spans(try reloaded(8..<14)) == [span(9..<13), span(9..<13)])
        // The plan's window ends just where the gap begins: nothing is missing.
        #expect(spans(try reloaded(9..<14, .limit)) == [span(9..<13), span(9..<13)])
    }

    @Test("a truncated reload repairs what it has, and the rest of the gap stays open")
    func cutShort() throws {
        let events = try reloaded(11..<14, .limit)
        #expect(spans(events) == [span(9..<11), span(11..<13), span(11..<13)])
        guard case .repaired(_, let bars)? = events.dropFirst(2).first else {
            Issue.record("\(events)")
            return
        }
        #expect(bars.map(\.close) == [11, 12])
    }

    @Test("a reload with only the forming bar reports the gap before it, and no repair")
    func nothingRepaired() throws {
        let events = try reloaded(13..<14, .limit)
        #expect(spans(events) == [span(9..<13)])
        #expect(events.count == 2)
    }

    @Test("a break within one bar leaves no gap")
    func shortBreak() throws {
        var series = try streaming(through: 9)
        series.disconnected()
        _ = series.open(Wire.session, at: .zero, now: during(9))
        _ = series.receive(Wire.update(Wire.bars(5..<9) + Wire.bars(9..<10, close: 60)), at: .zero, now: during(9))
        #expect(reported(series.receive(Wire.completed(), at: .zero, now: during(9))) == ["60"])
    }

    @Test("a session that ends is opened again, however often")
    func dies() throws {
        var series = try streaming(through: 9)
        for _ in 1...20 {
            let event = ServerEvent.criticalError(Wire.session, reason: "gone", info: nil)
            let step = series.receive(event, at: .zero, now: during(9))
            guard case .reopen(Wire.session?, let error) = step.then else {
                Issue.record("\(step.then)")
                return
            }
            #expect(error.isRetryable)
            _ = series.open(Wire.session, at: .zero, now: during(9))
        }
    }

    @Test(
        "after data an unknown symbol is retried, and a missing entitlement ends the feed",
        arguments: [("invalid symbol", true), ("permission denied", false)])
    func refusedLater(reason: String, isRetried: Bool) throws {
        var series = try streaming(through: 9)
        series.disconnected()
        _ = series.open(Wire.session, at: .zero, now: during(9))
        let step = series.receive(
            .symbolError(Wire.session, name: "sym_1", reason: reason, details: []), at: .zero, now: during(9))
        switch step.then {
        case .reopen: #expect(isRetried)
        case .fail: #expect(!isRetried)
        case .goOn: Issue.record("went on")
        }
    }
}
