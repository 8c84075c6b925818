import ArgumentParser
import MarketData
import MarketFormats
import MarketHub

/// An expiry as it is typed: a date, or its place in the list.
enum ExpiryArgument: Hashable, Sendable {
    case date(CalendarDate)
    /// The nearest is 0.
    case place(Int)

    /// Reads `nearest`, `next`, or a date.
    /// - Throws: `ValidationError` for anything else.
    init(_ text: String) throws {
        switch text.lowercased() {
        case "nearest", "current", "near": self = .place(0)
        case "next": self = .place(1)
        case "far": self = .place(2)
        default:
            let date: CalendarDate?
            do { date = try DateInput.date(text) } catch { throw ValidationError(error.message) }
            guard let date else { throw ValidationError("must be a date such as 2026-11-24, or nearest, next, far") }
            self = .date(date)
        }
    }

    /// The chosen date; `nil` for the nearest expiry.
    /// - Parameter moment: When it is to be listed; `nil` for now.
    /// - Throws: `MarketDataError` where fewer expiries are listed.
    func date(
        of symbol: Symbol, at moment: Timestamp? = nil, from hub: MarketHub
    ) async throws -> CalendarDate? {
        switch self {
        case .date(let date): return date
        case .place(0): return nil
        case .place(let place):
            let list = try await hub.expiries(of: symbol, at: moment)
            guard list.expiries.indices.contains(place) else {
                throw MarketDataError(
                    .expiryNotListed, "\(symbol) has only \(list.expiries.count) listed expiries",
                    suggestions: list.expiries.map(\.description))
            }
            return list.expiries[place]
        }
    }
}

/// Which expiry.
struct ExpiryOptions: ParsableArguments {
    @Option(
        name: .long, help: "Expiry: a date, nearest, next or far (default: nearest).",
        transform: { try ExpiryArgument($0) })
    var expiry: ExpiryArgument?

    /// The date that the option means; `nil` for the nearest expiry.
    /// - Throws: `MarketDataError`.
    func date(of symbol: Symbol, at moment: Timestamp? = nil, from hub: MarketHub) async throws -> CalendarDate? {
        try await expiry?.date(of: symbol, at: moment, from: hub)
    }
}

/// Which moment a command reports.
struct PastMomentOptions: ParsableArguments {
    @Option(name: .long, help: "Past moment, of the exchange unless it has a zone (default: now).")
    var at: String?

    /// The moment that the option means; `nil` for now.
    /// - Throws: `MarketDataError`, naming the text.
    func moment(of symbol: Symbol) throws(MarketDataError) -> Timestamp? {
        guard let at else { return nil }
        return try MomentOption.moment(at, of: symbol, now: SystemClock.now())
    }
}

/// Which strikes a command lists.
struct StrikeOptions: ParsableArguments {
    /// How many strikes a table shows on either side of the money.
    private static let around = 10

    @Option(
        name: .long, help: "Strikes: all, or lowest-highest such as 24000-26000 (default: those of the source).",
        transform: { try StrikeOptions.read($0) })
    var strikes: StrikeSelection?

    private static func read(_ text: String) throws -> StrikeSelection {
        do throws(MarketDataError) {
            return try StrikeSelection(text)
        } catch { throw ValidationError(error.message) }
    }

    /// The strikes to request from the source.
    var selection: StrikeSelection { strikes ?? .usual }

    /// The rows of a table: all requested strikes, or those around the money.
    func shown(of snapshot: OpenInterestSnapshot) -> Range<Int> {
        strikes == nil ? StrikeOptions.aroundTheMoney(of: snapshot) : snapshot.strikes.indices
    }

    /// The strikes on either side of the money.
    static func aroundTheMoney(of snapshot: OpenInterestSnapshot) -> Range<Int> {
        let all = snapshot.strikes.indices
        guard all.count > 2 * StrikeOptions.around + 1 else { return all }
        let middle = snapshot.atTheMoney.flatMap { strike in
            snapshot.strikes.firstIndex { $0.strike == strike }
        }
        let center = middle ?? all.count / 2
        let first = min(max(0, center - StrikeOptions.around), all.count - 2 * StrikeOptions.around - 1)
        return first..<first + 2 * StrikeOptions.around + 1
    }
}
