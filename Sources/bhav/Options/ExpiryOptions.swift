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
            do { date = try TypedMoment.date(text) } catch { throw ValidationError(error.message) }
            guard let date else { throw ValidationError("use a date such as 2026-11-24, or nearest, next, far") }
            self = .date(date)
        }
    }

    /// The date that is meant; `nil` for the nearest expiry.
    /// - Throws: `MarketDataError` where the source lists fewer expiries.
    func date(of symbol: Symbol, from hub: MarketHub) async throws -> CalendarDate? {
        switch self {
        case .date(let date): return date
        case .place(0): return nil
        case .place(let place):
            let list = try await hub.expiries(of: symbol)
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
    func date(of symbol: Symbol, from hub: MarketHub) async throws -> CalendarDate? {
        try await expiry?.date(of: symbol, from: hub)
    }
}
