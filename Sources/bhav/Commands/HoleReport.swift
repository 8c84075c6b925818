import ArgumentParser
import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore

/// What is missing in the recorded open interest, for `record --holes` and `gaps --open-interest`.
struct HoleReport: Sendable {
    let symbols: [Symbol]
    let expiry: CalendarDate?
    let from: String?
    let to: String?
    let largestStep: Int64

    /// Prints the holes; exit code 2 where there are any.
    func print(_ output: OutputOptions, _ store: SQLiteMarketStore, _ configuration: AppConfiguration) async throws {
        let now = SystemClock.now()
        let calendar = configuration.derivativesCalendar
        var surveys: [RecordingSurvey] = []
        for symbol in symbols {
            let newest = calendar.latestSession(at: now, segment: .derivatives)
            let range =
                try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now)
                ?? TimeRange(from: newest.opens, to: newest.closes)
            surveys.append(
                try await RecordingSurvey(
                    of: symbol, expiry: expiry, over: range, in: store, calendar: calendar, largestStep: largestStep,
                    now: now))
        }
        let list = HoleList(surveys: surveys)
        try output.print(list)
        for line in list.lines { Console.say("bhav: \(line)") }
        if list.count > 0 { throw ExitCode(CommandExit.partial.rawValue) }
    }
}
