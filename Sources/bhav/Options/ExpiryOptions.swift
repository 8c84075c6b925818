import ArgumentParser
import MarketData

/// Which expiry.
struct ExpiryOptions: ParsableArguments {
    @Option(name: .long, help: "The expiry, as 2026-11-23 (default: the nearest).")
    var expiry: String?

    /// The date that the option means; `nil` for the nearest expiry.
    /// - Throws: `MarketDataError`, naming the text that is no date.
    func date() throws -> CalendarDate? {
        guard let expiry else { return nil }
        guard let date = CalendarDate(expiry) else {
            throw MarketDataError.badRequest("--expiry '\(expiry)' is no date; write it as 2026-11-23")
        }
        return date
    }
}
