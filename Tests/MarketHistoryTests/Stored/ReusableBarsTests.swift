import MarketData
import MarketStore
import MockMarket
import Synchronization
import TestSupport
import Testing

@testable import MarketHistory

@Suite("Validity of a response from the store")
struct ReusableBarsTests {
    /// 2026-07-01, a Wednesday, before the session of NSE.
    private static let start = Timestamp(seconds: 1_782_844_200)
    private static let day = TimeRange(from: start, to: start.advanced(bySeconds: 86_400))
    /// The night after the second session.
    private static let night = start.advanced(bySeconds: 2 * 86_400 - 3600)
    private static let key = SeriesKey(symbol: .nifty, interval: .fiveMinutes)
    private static let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .range(day))

    private let store: SQLiteMarketStore
    private let clock = ManualClock(night)

    init() throws { store = try SQLiteMarketStore.inMemory(contents: .simulated) }

    private func history(isReadOnly: Bool = false) -> (StoredHistory, ChangingSource) {
        let source = ChangingSource(clock: clock)
        return (StoredHistory(source, cache: .over(store, isReadOnly: isReadOnly), clock: { clock.now }), source)
    }

    /// A history that has the first day, and the response to a request for it.
    private func stored() async throws -> (StoredHistory, Validity) {
        let (history, _) = history()
        #expect(try await history.reusableBars(Self.request).validity == nil)
        let second = try await history.reusableBars(Self.request)
        return (history, try #require(second.validity))
    }

    @Test("only a response that needs no source has a validity")
    func fromStore() async throws {
        let (_, validity) = try await stored()
        #expect(validity.holds)
    }

    @Test("any write or removal ends the validity")
    func writes() async throws {
        let (history, first) = try await stored()
        let bars = Array(try await store.bars(of: Self.key, in: Self.day).bars.prefix(3))
        try await store.write(BarRun(key: Self.key, bars: bars, provenance: .simulated(Self.night)))
        #expect(!first.holds)
        let second = try #require(try await history.reusableBars(Self.request).validity)
        try await store.setRetentionPolicy(RetentionPolicy(seconds: [.oneMinute: 60]), now: clock.now)
        #expect(!second.holds)
        let third = try #require(try await history.reusableBars(Self.request).validity)
        try await store.removeBars(of: Self.key, before: Self.day.from.advanced(bySeconds: 40_000))
        #expect(!third.holds)
        let fourth = try await history.reusableBars(Self.request)
        #expect(fourth.value.bars.count < 75 || fourth.validity == nil)
    }

    @Test("the next second ends the validity, and so does a clock set back")
    func seconds() async throws {
        let (history, first) = try await stored()
        clock.now = Timestamp(milliseconds: Self.night.milliseconds + 999)
        #expect(first.holds)
        clock.now = Self.night.advanced(bySeconds: 1)
        #expect(!first.holds)
        let second = try #require(try await history.reusableBars(Self.request).validity)
        clock.now = Timestamp(milliseconds: Self.night.milliseconds + 500)
        #expect(!second.holds)
    }

    @Test("a response with a forming bar has no validity")
    func forming() async throws {
        let (history, source) = history()
        clock.now = Self.start.advanced(bySeconds: 12 * 3600)
        let request = BarRequest(symbol: .nifty, interval: .fiveMinutes, span: .count(10))
        for requests in 1...3 {
            #expect(try await history.reusableBars(request).validity == nil)
            #expect(source.requests >= requests)
        }
    }

    @Test("a read-only store and a failed source give no validity")
    func others() async throws {
        let (writer, _) = history()
        _ = try await writer.bars(Self.request)
        let (reader, _) = history(isReadOnly: true)
        #expect(try await reader.reusableBars(Self.request).validity == nil)
        let (down, source) = history()
        source.isDown = true
        let later = BarRequest(
            symbol: .nifty, interval: .fiveMinutes,
            span: .range(TimeRange(from: Self.start, to: Self.start.advanced(bySeconds: 2 * 86_400))))
        let partial = try await down.reusableBars(later)
        #expect(!partial.value.bars.isEmpty)
        #expect(partial.validity == nil)
    }

    @Test(
        "a valid response equals a new one in any sequence of changes",
        arguments: 1...4)
    func sequences(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let (stored, source) = history()
        let history = ResampledHistory(
            stored, keeping: ["1m", "5m", "15m", "1h", "1d"].compactMap { try? Interval($0) }, clock: { clock.now })
        var held: [BarRequest: Reusable<BarSeries>] = [:]
        var reused = 0
        for _ in 0..<120 {
            try await change(source, with: &generator)
            for _ in 0..<4 {
                let request = try request(with: &generator)
                let requests = source.requests
                let fresh = try? await history.reusableBars(request)
                if let former = held[request], former.validity?.holds == true {
                    #expect(fresh?.value == former.value)
                    #expect(source.requests == requests)
                    reused += 1
                }
                held[request] = fresh
            }
        }
        // Otherwise the comparison above was never made.
        #expect(reused > 20, "\(reused) of 480")
    }

    /// One step of what happens to a store: time passes, bars come and go, a source fails.
    private func change(_ source: ChangingSource, with generator: inout SeededGenerator) async throws {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0...3: clock.now.milliseconds += Int64.random(in: 0...700, using: &generator)
        case 4: clock.advance(bySeconds: Int64.random(in: 1...900, using: &generator))
        case 5: clock.advance(bySeconds: Int64.random(in: 3600...40_000, using: &generator))
        case 6: source.isDown.toggle()
        case 7:
            let bars = try await store.bars(of: Self.key, in: .always).bars
            let factor = Bool.random(using: &generator) ? 0.5 : 1
            guard bars.count > 20 else { return }
            let run = BarRun(
                key: Self.key, bars: bars.suffix(20).map { $0.scaled(by: factor) }, provenance: .simulated(clock.now))
            _ = try? await store.admit(run, if: Admission.Condition())
        case 8:
            let cut = Self.start.advanced(bySeconds: Int64.random(in: 0...60_000, using: &generator))
            try await store.removeBars(of: Self.key, before: cut)
        default:
            let seconds = Int64.random(in: 100_000...400_000, using: &generator)
            let policy = Bool.random(using: &generator) ? [Self.key.interval: seconds] : [:]
            try await store.setRetentionPolicy(RetentionPolicy(seconds: policy), now: clock.now)
        }
    }

    private func request(with generator: inout SeededGenerator) throws -> BarRequest {
        let interval = Int.random(in: 0..<4, using: &generator) == 0 ? try Interval("10m") : .fiveMinutes
        let span: BarRequest.Span
        if Bool.random(using: &generator) {
            span = .count([5, 40].randomElement(using: &generator) ?? 5)
        } else {
            let from = Self.start.advanced(bySeconds: [14_000, 30_000, 100_000].randomElement(using: &generator) ?? 0)
            span = .range(TimeRange(from: from, to: from.advanced(bySeconds: 30_000)))
        }
        return BarRequest(symbol: .nifty, interval: interval, span: span)
    }
}

/// The mock market by a clock that moves, which may be unavailable.
private final class ChangingSource: BarHistoryProvider {
    private let market: MockMarket
    private let state = Mutex((requests: 0, isDown: false))

    init(clock: ManualClock) { market = MockMarket(hours: .exchange, clock: { clock.now }) }

    var requests: Int { state.withLock { $0.requests } }
    var isDown: Bool {
        get { state.withLock { $0.isDown } }
        set { state.withLock { $0.isDown = newValue } }
    }

    func bars(_ request: BarRequest) async throws -> BarSeries {
        let isDown = state.withLock { state in
            state.requests += 1
            return state.isDown
        }
        if isDown { throw MarketDataError(.upstreamUnavailable, "down", source: .mock) }
        return try await market.bars(request)
    }
}

extension Provenance {
    fileprivate static func simulated(_ time: Timestamp) -> Provenance {
        Provenance(source: .mock, feed: nil, mode: .simulated, delaySeconds: 0, asOf: time)
    }
}

extension Bar {
    fileprivate func scaled(by factor: Double) -> Bar {
        var bar = self
        (bar.open, bar.high, bar.low, bar.close) = (open * factor, high * factor, low * factor, close * factor)
        return bar
    }
}
