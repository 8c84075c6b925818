import Foundation
import MarketData
import MarketHistory
import MarketStore
import Synchronization
import TestSupport
import Testing

/// A year in which the exchange does what no calendar said: what a source shows of it is the truth.
struct SurprisingYear: Sendable {
    let key: SeriesKey
    /// Ascending, all over.
    let bars: [Bar]
    let range: TimeRange
    /// Whether the source says that the instrument keeps the exchange's hours, so that its calendar is evidence.
    let hasCalendar: Bool

    init(_ year: Int, interval: Interval, hasCalendar: Bool, seed: UInt64) throws {
        self.hasCalendar = hasCalendar
        var random = SeededGenerator(seed: seed)
        key = SeriesKey(symbol: .nifty, interval: interval)
        let first = try #require(CalendarDate(year: year, month: 1, day: 1))
        let days = 365
        let calendar = TradingCalendar.nse
        let midnight = ClockTime(secondsAfterMidnight: 0)
        range = TimeRange(
            from: calendar.timestamp(first, midnight), to: calendar.timestamp(first.advanced(byDays: days), midnight))
        // From a day on, sessions end later: a change that no table has.
        let later = Int.random(in: 150..<250, using: &random)
        var bars: [Bar] = []
        var price = 20_000.0
        for day in 0..<days {
            let date = first.advanced(byDays: day)
            let spans = SurprisingYear.sessions(on: date, isLate: day >= later, &random)
            let opens = spans.map { calendar.timestamp(date, midnight).advanced(bySeconds: Int64($0.lowerBound * 60)) }
            guard interval.isIntraday, let length = interval.seconds else {
                if let opening = opens.first { bars.append(SurprisingYear.bar(opening, &price, &random)) }
                continue
            }
            for (span, opening) in zip(spans, opens) {
                for offset in stride(from: 0, to: Int64(span.count * 60), by: Int(length)) {
                    bars.append(SurprisingYear.bar(opening.advanced(bySeconds: offset), &price, &random))
                }
            }
        }
        self.bars = bars
    }

    /// In minutes after midnight.
    private static func sessions(
        on date: CalendarDate, isLate: Bool, _ random: inout SeededGenerator
    ) -> [Range<Int>] {
        let usual = 555..<(isLate ? 940 : 930)
        guard TradingCalendar.nse.isTradingDay(date) else {
            switch Int.random(in: 0..<25, using: &random) {
            case 0: return [1_080..<1_140]
            case 1: return [555..<600, 690..<750]
            case 2: return [usual]
            default: return []
            }
        }
        switch Int.random(in: 0..<25, using: &random) {
        case 0: return [555..<700, 945..<1_020]
        case 1: return [555..<780]
        case 2: return []
        default: return [usual]
        }
    }

    private static func bar(_ time: Timestamp, _ price: inout Double, _ random: inout SeededGenerator) -> Bar {
        let open = price
        price += Double(Int.random(in: -400...400, using: &random)) / 20
        return Bar(
            time: time, open: open, high: max(open, price) + 1, low: min(open, price) - 1, close: price, volume: nil,
            isFinal: true)
    }

    /// What a source returns at a moment.
    func response(_ request: BarRequest, at now: Timestamp) -> BarSeries {
        let length = key.interval.seconds ?? 0
        let over = bars.filter { $0.time.advanced(bySeconds: max(length, 1)) <= now }
        let instrument = Instrument(
            symbol: key.symbol, type: "index", country: "IN", timeZone: "Asia/Kolkata", session: "0915-1530")
        var series = BarSeries(
            request: request, instrument: hasCalendar ? instrument : nil, bars: [],
            provenance: Provenance(
                source: .tradingview, feed: nil, mode: .streaming, delaySeconds: 0, asOf: now))
        switch request.span {
        case .count(let count): series.bars = over.suffix(count)
        case .range(let span):
            series.bars = over.filter { span.contains($0.time) }
            if let first = bars.first, span.from < first.time { series.shortfall = .startOfHistory }
        }
        return series
    }
}

@Suite("A year of special sessions, outages, early closes and cancelled holidays")
struct SurprisingYearTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// How many years are tried; `BHAV_YEARS=200` for the large run.
    private static let years = environment["BHAV_YEARS"].flatMap(Int.init) ?? 6

    private final class CountedSource: BarHistoryProvider {
        let year: SurprisingYear
        let now: Timestamp
        let requested = Mutex<[BarRequest.Span]>([])

        init(_ year: SurprisingYear, now: Timestamp) {
            self.year = year
            self.now = now
        }

        func bars(_ request: BarRequest) async throws -> BarSeries {
            requested.withLock { $0.append(request.span) }
            return year.response(request, at: now)
        }
    }

    private static func request(_ year: SurprisingYear, _ span: BarRequest.Span) -> BarRequest {
        BarRequest(symbol: year.key.symbol, interval: year.key.interval, span: span)
    }

    private static func requests(
        _ year: SurprisingYear, _ random: inout SeededGenerator
    ) -> [BarRequest] {
        (0..<25).map { _ in
            if Int.random(in: 0..<4, using: &random) == 0 {
                return request(year, .count(Int.random(in: 1...800, using: &random)))
            }
            let day = Int64(Int.random(in: 0..<365, using: &random))
            let from = year.range.from.advanced(
                bySeconds: day * 86_400 + Int64(Int.random(in: 0..<86_400, using: &random)))
            let length = Int64(Int.random(in: 1...(40 * 24), using: &random)) * 3600
            return request(
                year, .range(TimeRange(from: from, to: min(from.advanced(bySeconds: length), year.range.to))))
        }.filter { request in
            if case .range(let range) = request.span { range.from < range.to } else { true }
        }
    }

    @Test("any order of requests and restarts gives all bars of the source", arguments: 0..<years)
    func anyOrder(number: Int) async throws {
        let seed = UInt64(number + 1)
        var random = SeededGenerator(seed: seed)
        let interval = try Interval(["1d", "15m", "1h", "5m"][number % 4])
        // Of 2019 no holidays are listed.
        let year = try SurprisingYear(
            number % 3 == 2 ? 2019 : 2025, interval: interval, hasCalendar: number % 5 != 4, seed: seed)
        let now = year.range.to.advanced(bySeconds: Int64(Int.random(in: 0..<28_800, using: &random)))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bhav-year-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var store: SQLiteMarketStore? = try SQLiteMarketStore.open(folder: folder.path)
        var history = StoredHistory(CountedSource(year, now: now), cache: .over(try #require(store)), clock: { now })
        let requests = Self.requests(year, &random)
        for request in requests + requests.shuffled(using: &random) {
            let response = try await history.bars(request)
            #expect(response.bars == year.response(request, at: now).bars, "\(request.span)")
            #expect(response.gaps.isEmpty && response.shortfall != .more, "\(request.span)")
            if Int.random(in: 0..<5, using: &random) == 0 {
                // The folder is removed with the last reference to its store.
                let inMemory = try SQLiteMarketStore.inMemory()
                history = StoredHistory(CountedSource(year, now: now), cache: .over(inMemory), clock: { now })
                store = nil
                let again = try SQLiteMarketStore.open(folder: folder.path)
                history = StoredHistory(CountedSource(year, now: now), cache: .over(again), clock: { now })
                store = again
            }
        }
        let whole = try await history.bars(Self.request(year, .range(year.range)))
        #expect(whole.bars == year.bars)
        #expect(whole.gaps.isEmpty)
        // Whatever was requested is known now, and is not fetched again. Without a calendar, a bar may always be forming.
        guard year.hasCalendar else { return }
        let idle = CountedSource(year, now: now)
        let stored = try #require(store)
        let last = StoredHistory(idle, cache: .over(stored), clock: { now })
        for request in requests {
            #expect(try await last.bars(request).bars == year.response(request, at: now).bars, "\(request.span)")
            #expect(idle.requested.withLock { $0 }.map { "\(request.span) at \(now): \($0)" } == [])
            idle.requested.withLock { $0 = [] }
        }
        #expect(try await stored.check().isEmpty)
    }
}
