import MarketData
import Synchronization

/// A mark on a chart: an event at an instant.
struct UDFMark: Sendable {
    let id: String
    let time: Timestamp
    /// One letter.
    let label: String
    let color: String
    let text: String

    /// A continuous future went over to the next contract.
    init(_ roll: ContractRoll) {
        id = "roll-\(roll.time.seconds)"
        time = roll.time
        (label, color) = ("R", "blue")
        text = "Roll" + (roll.from.map { " from \($0)" } ?? "") + (roll.to.map { " to \($0)" } ?? "")
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
        let calendar = TradingCalendar.nse
        let last = to.seconds / 86_400
        let first = max(from.seconds / 86_400, last - 3_660)
        guard first <= last else { return [] }
        return (first...last).compactMap { number in
            let date = CalendarDate.split(seconds: number * 86_400).date
            let isWeekend = date.weekday == .saturday || date.weekday == .sunday
            return isWeekend || calendar.isTradingDay(date) ? nil : date
        }
    }
}

/// What instruments are called, as searches said; of so many as charts show.
final class InstrumentDescriptions: Sendable {
    private static let most = 2_000
    private let known = Mutex<[Symbol: String]>([:])

    func note(_ instrument: Instrument) {
        guard let description = instrument.description else { return }
        known.withLock { known in
            if known.count >= InstrumentDescriptions.most { known.removeAll(keepingCapacity: true) }
            known[instrument.symbol] = description
        }
    }

    subscript(symbol: Symbol) -> String {
        known.withLock { $0[symbol] }
            ?? SymbolBook.entries.first { $0.symbol == symbol }?.description ?? symbol.ticker
    }
}
