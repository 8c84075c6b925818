import ArgumentParser
import MarketData

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

    /// What the source is asked for.
    var selection: StrikeSelection { strikes ?? .usual }

    /// The rows of a table: all that were asked for, or those around the money.
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
