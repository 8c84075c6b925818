public import MarketData
import Synchronization

/// A split or a dividend of a share.
public struct CorporateAction: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// The number of shares that replace one: 2 halves the price.
        case split(ratio: Double)
        /// So much of the price was paid out, as a fraction: 0.015 for 1.5 %.
        case dividend(fraction: Double)
    }

    /// The share.
    public let symbol: Symbol
    /// The first trading day on which the price is without it.
    public let date: CalendarDate
    /// What happened.
    public let kind: Kind

    /// An action of one day.
    public init(symbol: Symbol, date: CalendarDate, kind: Kind) {
        self.symbol = symbol
        self.date = date
        self.kind = kind
    }
}

/// The splits and dividends of a market: those that always were, and those announced since.
final class CorporateActions: Sendable {
    /// The share that had splits and dividends in the past.
    static let seededSymbol = Symbol(exchange: "NSE", ticker: "SPLITCO")

    private static let seeded: [CorporateAction] = [
        ("2024-03-11", .split(ratio: 5)), ("2025-08-04", .dividend(fraction: 0.015)),
        ("2026-06-15", .split(ratio: 2)), ("2026-08-03", .dividend(fraction: 0.02)),
    ].compactMap { (text: String, kind: CorporateAction.Kind) in
        CalendarDate(text).map { CorporateAction(symbol: seededSymbol, date: $0, kind: kind) }
    }

    private let announced = Mutex<[CorporateAction]>([])

    func announce(_ action: CorporateAction) { announced.withLock { $0.append(action) } }

    /// The scale of a share's path on each day as it is reported on another day; `nil` without corporate actions.
    func scale(of symbol: Symbol, adjustment: Adjustment, on today: CalendarDate) -> ActionScale? {
        let seeded = symbol == CorporateActions.seededSymbol ? CorporateActions.seeded : []
        let announced = announced.withLock { $0.filter { $0.symbol == symbol } }
        guard !seeded.isEmpty || !announced.isEmpty else { return nil }
        // The path is in the terms after all seeded actions and before all announced ones.
        let ahead = seeded.filter { $0.date > today }.reduce(1) { $0 * $1.splitRatio }
        let past = announced.filter { $0.date <= today }.reduce(1) { $0 * $1.splitRatio }
        return ActionScale(
            actions: (seeded + announced).filter { $0.date <= today }, adjustment: adjustment, present: ahead / past
        )
    }
}

extension CorporateAction {
    var splitRatio: Double { if case .split(let ratio) = kind { ratio } else { 1 } }
    var kept: Double { if case .dividend(let fraction) = kind { 1 - fraction } else { 1 } }
}
