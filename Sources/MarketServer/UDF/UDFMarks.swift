import Foundation
import MarketData
import MarketHub
import Synchronization

/// The events that a chart shows on the bars of one instrument: rolls of a continuous future, splits of a share.
struct UDFBarEvents: Sendable {
    let symbol: Symbol
    /// The length of the chart's bars.
    let interval: Interval
    let span: TimeRange
    let rolls: RollCache

    /// How far before a span bars are read: an event shows against the bar before it.
    static let before: Int64 = 15 * 86_400

    /// The types of instruments that are split.
    private static let shares: Set<String> = ["stock", "dr", "fund", "etf"]

    /// The marks within the span, ascending, and the series they were found in; `nil` where there are no bars.
    /// - Throws: `MarketDataError`.
    func marks(from hub: MarketHub, now: Timestamp) async throws -> ([UDFMark], BarSeries?) {
        guard let series = try await days(hub, .splits) else { return ([], nil) }
        let known: [ContractRoll]
        if let found = series.rolls {
            known = found
        } else {
            known = try await rolls.rolls(of: symbol, since: span.from, hub, now: now)
        }
        var marks = known.map { UDFMark($0, at: stamp(of: $0.time, series)) }
        if series.instrument?.type.map(UDFBarEvents.shares.contains) == true,
            let unadjusted = try await days(hub, .none)
        {
            let scale = series.instrument?.priceScale.flatMap { $0 > 0 ? Double($0) : nil } ?? 100
            marks += ShareSplit.found(adjusted: series.bars, unadjusted: unadjusted.bars, tick: 1 / scale).map {
                split in
                UDFMark(ShareSplit(time: stamp(of: split.time, series), factor: split.factor))
            }
        }
        return (marks.filter { span.from <= $0.time && $0.time < span.to }.sorted { $0.time < $1.time }, series)
    }

    /// The daily bars of the span and of some days before it.
    private func days(_ hub: MarketHub, _ adjustment: Adjustment) async throws -> BarSeries? {
        let range = TimeRange(
            from: span.from.advanced(bySeconds: -UDFBarEvents.before), to: span.to.advanced(bySeconds: 86_400))
        do {
            return try await hub.bars(
                BarRequest(symbol: symbol, interval: .oneDay, span: .range(range), adjustment: adjustment)
            ).unbroken
        } catch let error as MarketDataError where error.code == .noDataForTime || error.code == .notSupported {
            return nil
        }
    }

    /// The time of the event's bar on the chart: bars of a day or longer stand at 00:00 UTC of their trading day.
    private func stamp(of time: Timestamp, _ series: BarSeries) -> Timestamp {
        interval.isIntraday ? time : UDFHistory.stamp(of: time, series)
    }
}

/// The rolls of continuous futures, which the store does not keep.
final class RollCache: Sendable {
    private struct Entry {
        let since: Timestamp
        let rolls: [ContractRoll]
        let until: Timestamp
    }

    private static let most = 200
    /// How long a response stays valid, in seconds: contracts roll once a month.
    private static let lasts: Int64 = 3_600
    private let known = Mutex<[Symbol: Entry]>([:])

    /// The rolls of a continuous future from an instant on; none for other instruments.
    /// - Throws: `MarketDataError`.
    func rolls(
        of symbol: Symbol, since start: Timestamp, _ hub: MarketHub, now: Timestamp
    ) async throws -> [ContractRoll] {
        guard symbol.ticker.hasSuffix("!"), start < now else { return [] }
        if let entry = known.withLock({ $0[symbol] }), entry.since <= start, now < entry.until { return entry.rolls }
        let range = TimeRange(
            from: start.advanced(bySeconds: -UDFBarEvents.before), to: now.advanced(bySeconds: 1))
        var rolls: [ContractRoll] = []
        do {
            rolls =
                try await hub.barsFromSources(
                    BarRequest(symbol: symbol, interval: .oneDay, span: .range(range))
                ).rolls ?? []
        } catch let error as MarketDataError where error.code == .noDataForTime {
            // Nothing was traded, and nothing rolled.
        }
        let found = rolls
        known.withLock { known in
            if known.count >= RollCache.most { known.removeAll(keepingCapacity: true) }
            known[symbol] = Entry(since: start, rolls: found, until: now.advanced(bySeconds: RollCache.lasts))
        }
        return found
    }
}

/// A split of a share (or a bonus issue, or a consolidation).
struct ShareSplit: Hashable, Sendable {
    /// The opening of the first day that trades without the old shares.
    let time: Timestamp
    /// New shares for an old one.
    let factor: Double

    /// `2:1`, `1:10`, `3:2`; a factor that is not a ratio of small numbers as a decimal number.
    var words: String {
        for old in 1...20 {
            let new = (factor * Double(old)).rounded()
            if new >= 1, abs(new / Double(old) / factor - 1) < 0.004 { return "\(Int(new)):\(old)" }
        }
        return "by \((factor * 1000).rounded() / 1000)"
    }

    /// Changes below this are roundings of prices.
    private static let least = 0.02

    /// The days on which prices adjusted for splits and those that are not changed their ratio.
    /// - Parameter tick: The step of the prices, by whose rounding a ratio may err.
    static func found(adjusted: [Bar], unadjusted: [Bar], tick: Double) -> [ShareSplit] {
        let plain = Dictionary(unadjusted.map { ($0.time, $0) }) { first, _ in first }
        var splits: [ShareSplit] = []
        var before: (ratio: Double, error: Double)?
        for bar in adjusted {
            guard let other = plain[bar.time], let new = ratio(of: bar, to: other, tick) else { continue }
            if let before {
                let factor = before.ratio / new.ratio
                if abs(log(factor)) > max(least, 2 * (before.error + new.error)) {
                    splits.append(ShareSplit(time: bar.time, factor: factor))
                }
            }
            before = new
        }
        return splits
    }

    /// How many times the adjusted prices the others are, and by how much that may err; `nil` for prices not above 0.
    private static func ratio(of adjusted: Bar, to plain: Bar, _ tick: Double) -> (ratio: Double, error: Double)? {
        let low = adjusted.open + adjusted.high + adjusted.low + adjusted.close
        let sum = plain.open + plain.high + plain.low + plain.close
        guard low > 0, sum > 0, adjusted.low > 0, plain.low > 0 else { return nil }
        return (sum / low, tick / (low / 4) / 2 + tick / (sum / 4) / 2)
    }
}

/// A mark on a chart: an event at an instant.
struct UDFMark: Sendable {
    let id: String
    let time: Timestamp
    /// One letter.
    let label: String
    let color: String
    let text: String

    /// A continuous future went over to the next contract.
    /// - Parameter time: The time of its bar on the chart.
    init(_ roll: ContractRoll, at time: Timestamp) {
        id = "roll-\(roll.time.seconds)"
        self.time = time
        (label, color) = ("R", "blue")
        text = "Roll" + (roll.from.map { " from \($0)" } ?? "") + (roll.to.map { " to \($0)" } ?? "")
    }

    /// A share was split.
    init(_ split: ShareSplit) {
        id = "split-\(split.time.seconds)"
        time = split.time
        (label, color) = ("S", "green")
        text = "Split \(split.words)"
    }

    /// Options expire.
    init(expiry: CalendarDate) {
        id = "expiry-\(expiry)"
        time = UDFHistory.midnight(expiry)
        (label, color) = ("E", "red")
        text = "Expiry \(expiry)"
    }

    private init(holiday: CalendarDate) {
        id = "holiday-\(holiday)"
        time = UDFHistory.midnight(holiday)
        (label, color) = ("H", "yellow")
        text = "Holiday \(holiday)"
    }

    /// The weekdays within a span on which NSE is closed.
    static func holidays(within span: TimeRange) -> [UDFMark] {
        IndianClosures.days(from: span.from, to: span.to).map(UDFMark.init(holiday:))
    }
}

/// The weekdays on which NSE does not trade, by the calendar in force.
enum IndianClosures {
    /// Those from one instant to another; of a long span its last ten years.
    static func days(from: Timestamp, to: Timestamp) -> [CalendarDate] {
        dates(from, to).filter { !isWeekend($0) && !TradingCalendar.nse.isTradingDay($0) }
    }

    /// The hours of the days that trade at other times than usual, as TradingView writes corrections:
    /// `1345-1445:20251021`.
    static func specialSessions(
        from: Timestamp, to: Timestamp, _ segment: TradingCalendar.Segment
    ) -> [String] {
        let calendar = TradingCalendar.nse
        let usualOpening = segment == .currency ? 9 * 3600 : 9 * 3600 + 15 * 60
        return dates(from, to).compactMap { date in
            let sessions = calendar.sessions(on: date, segment: segment)
            guard let first = sessions.first, let last = sessions.last else { return nil }
            let isLong = last.closes.seconds - first.opens.seconds >= 6 * 3600
            let opens = Int(first.opens.seconds - calendar.timestamp(date, ClockTime(secondsAfterMidnight: 0)).seconds)
            guard isWeekend(date) || sessions.count > 1 || opens != usualOpening || !isLong else { return nil }
            let hours = sessions.map { "\(clock($0.opens))-\(clock($0.closes))" }.joined(separator: ",")
            return "\(hours):\(date.description.filter { $0 != "-" })"
        }
    }

    /// `0915`.
    private static func clock(_ time: Timestamp) -> String {
        IndianTime.split(time).time.description.filter { $0 != ":" }
    }

    private static func isWeekend(_ date: CalendarDate) -> Bool {
        date.weekday == .saturday || date.weekday == .sunday
    }

    private static func dates(_ from: Timestamp, _ to: Timestamp) -> [CalendarDate] {
        let last = to.seconds / 86_400
        let first = max(from.seconds / 86_400, last - 3_660)
        guard first <= last else { return [] }
        return (first...last).map { CalendarDate.split(seconds: $0 * 86_400).date }
    }
}
