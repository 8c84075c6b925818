import ArgumentParser
import BhavApp
import Foundation
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub
import MarketStore

/// `bhav gaps`: coverage and gaps of a stored series.
struct GapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gaps",
        abstract: "List the coverage and the gaps of a stored series.",
        discussion: """
            Each range has data (had), is known to be empty (with the reason) or is missing. Without --from the list begins with the first stored bar. \
            Exit code 2 means that bars are missing.

            bhav gaps NSE:NIFTY --interval 5m --from 2026-01-01
            bhav gaps NIFTY -i 1d --missing --format csv
            """,
        aliases: ["coverage"]
    )

    @Argument(help: ArgumentHelp(stringLiteral: SymbolName.argumentHelp))
    var symbol: String

    @Flag(name: .long, help: "List only what is missing.")
    var missing = false

    @Flag(name: .long, help: "List the nights and holidays between spans of the same kind, too.")
    var closed = false

    @Flag(name: .long, help: "List the missing snapshots of recorded open interest instead of bars.")
    var openInterest = false

    @OptionGroup var series: StoredSeriesOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var market: MarketOptions

    private struct Input {
        let key: SeriesKey
        let range: TimeRange?
        let now: Timestamp
    }

    func run() async throws {
        if openInterest { return try await reportRecordingGaps() }
        let (output, onlyMissing, withClosed) = (output, missing, closed)
        if let server = try? market.runningServer() {
            return try await Bhav.reporting {
                let input = try input()
                if withClosed {
                    throw MarketDataError.badRequest("--closed needs the local store; unset BHAV_URL")
                }
                let key = input.key
                let series = BarRequest(
                    symbol: key.symbol, interval: key.interval, span: .count(1), hours: key.hours,
                    adjustment: key.adjustment, backAdjusted: key.backAdjusted)
                let response = try await server.coverage(of: series, over: input.range, onlyMissing: onlyMissing)
                try GapsCommand.print(response, of: key, output)
            }
        }
        try await market.withStore(.reading, reading: { try input() }) { store, configuration, input in
            let range = try await StoredRange.range(input.range, of: input.key, in: store, now: input.now)
            let response = try await SeriesCoverage.survey(
                of: input.key, over: range, in: store, calendars: configuration.calendars, now: input.now,
                isFolding: !withClosed, onlyMissing: onlyMissing)
            try GapsCommand.print(response, of: input.key, output)
        }
    }

    private static func print(_ response: SeriesCoverage, of key: SeriesKey, _ output: OutputOptions) throws {
        try output.print(response)
        Console.say("bhav: \(key): \(response.words)")
        if response.missingSpans > 0 { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func reportRecordingGaps() async throws {
        let output = output
        let options = series
        if (try? market.runningServer()) != nil {
            Console.say("bhav: note: gaps of recorded open interest come from the local store, not from BHAV_URL")
        }
        try await market.withStore(.reading, reading: { try SymbolName.symbol(symbol) }) { store, settings, symbol in
            let report = RecordingGapReport(
                symbols: [symbol], expiry: nil, from: options.from, to: options.to,
                largestStep: RecordingPlan(symbols: [symbol]).largestStep)
            try await report.print(output, store, settings)
        }
    }

    private func input() throws -> Input {
        let (symbol, now) = (try SymbolName.symbol(symbol), SystemClock.now())
        return Input(key: try series.key(symbol), range: try series.range(of: symbol, now: now), now: now)
    }
}

/// The gaps in recorded open interest, for `record --gaps` and `gaps --open-interest`.
struct RecordingGapReport: Sendable {
    let symbols: [Symbol]
    let expiry: CalendarDate?
    let from: String?
    let to: String?
    let largestStep: Int64

    /// Prints the gaps; exit code 2 where there are any.
    func print(_ output: OutputOptions, _ store: SQLiteMarketStore, _ configuration: AppConfiguration) async throws {
        let list = RecordingGapList(surveys: try await surveys(in: store, configuration.derivativesCalendar))
        try output.print(list)
        for line in list.lines { Console.say("bhav: \(line)") }
        if list.count > 0 { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func surveys(
        in store: SQLiteMarketStore, _ calendar: TradingCalendar
    ) async throws -> [RecordingSurvey] {
        let now = SystemClock.now()
        var surveys: [RecordingSurvey] = []
        for symbol in symbols {
            let range = try range(for: symbol, calendar, now)
            let survey = try await RecordingSurvey(
                of: symbol, expiry: expiry, over: range, in: store, calendar: calendar, largestStep: largestStep,
                now: now)
            surveys.append(survey)
        }
        return surveys
    }

    /// The range of the options; without one, the latest session.
    private func range(for symbol: Symbol, _ calendar: TradingCalendar, _ now: Timestamp) throws -> TimeRange {
        if let range = try TimeRangeOption.range(from: from, to: to, symbol: symbol, now: now) { return range }
        let newest = calendar.latestSession(at: now, segment: .derivatives)
        return TimeRange(from: newest.opens, to: newest.closes)
    }
}

/// The gaps in the recorded open interest of some underlyings.
struct RecordingGapList: MarketResponse {
    let surveys: [RecordingSurvey]

    /// The number of gaps.
    var count: Int { surveys.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.gaps.count } } }

    var timeZone: TimeZone? { (surveys.first?.symbol).flatMap { ExchangeZone.zone(of: $0.exchange) } }

    var columns: [String] { ["symbol", "expiry", "from", "to", "reason", "source", "others"] }

    func rows(_ emit: ([Cell]) -> Void) {
        forEachGap { symbol, expiry, gap in
            emit([
                .text(symbol.description), .text(expiry?.description), .time(gap.span.from), .time(gap.span.to),
                .text(gap.reason.rawValue), .text(gap.source?.rawValue),
                .text(gap.others.isEmpty ? nil : gap.others.map(\.words).joined(separator: "; ")),
            ])
        }
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.beginArray("holes")
        forEachGap { symbol, expiry, gap in
            json.beginObject()
            json.field("symbol", symbol.description)
            json.field("expiry", expiry?.description)
            json.field("from", gap.span.from.seconds)
            json.field("to", gap.span.to.seconds)
            json.field("reason", gap.reason.rawValue)
            json.field("source", gap.source?.rawValue)
            json.beginArray("others")
            for other in gap.others { RecordingGapList.write(other, to: &json) }
            json.endArray()
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    private static func write(_ other: RecordedStretch, to json: inout JSONWriter) {
        json.beginObject()
        json.field("source", other.source.rawValue)
        json.field("snapshots", other.snapshots)
        json.field("from", other.first.seconds)
        json.field("to", other.last.seconds)
        json.endObject()
    }

    private func forEachGap(_ body: (Symbol, CalendarDate?, RecordingGap) -> Void) {
        for survey in surveys {
            for part in survey.parts {
                for gap in part.gaps { body(survey.symbol, part.expiry, gap) }
            }
        }
    }

    /// How much is there, a line a chain and session for people.
    var lines: [String] {
        surveys.flatMap { survey in
            survey.parts.map { part in
                let expiry = part.expiry.map { " \($0)" } ?? ""
                let source = part.source.map { " of \($0.rawValue)" } ?? ""
                let others = part.others.map { "; beside them \($0.words)" }.joined()
                return "\(survey.symbol)\(expiry): \(part.snapshots) snapshots\(source), "
                    + (part.gaps.isEmpty ? "no gaps" : "\(part.gaps.count) gap\(part.gaps.count == 1 ? "" : "s")")
                    + others
            }
        }
    }
}

extension RecordedStretch {
    /// Such as `7 of nse from 2026-11-23T05:00:00Z to 2026-11-23T05:18:00Z`.
    var words: String { "\(snapshots) of \(source.rawValue) from \(first) to \(last)" }
}
