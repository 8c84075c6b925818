import Foundation
import JSON
import MarketData
import MarketFormats
import MarketHistory
import MarketHub
import NIOCore

/// Tells of a recorder's work: a line an event on standard error, and with `--format ndjson` each snapshot as data.
final class RecordPrinter: Sendable {
    private let printsSnapshots: Bool
    private let destination: DataOutput

    /// - Throws: `MarketDataError` for a format that is none of this command's; `CommandFailure` where the file cannot be
    ///   written.
    init(_ output: OutputOptions) throws {
        switch output.format {
        case nil: printsSnapshots = output.output != nil
        case .ndjson: printsSnapshots = true
        case .table, .csv, .json, .arrow:
            throw MarketDataError.badRequest("record prints ndjson; --format takes nothing else here")
        }
        destination = try output.destination()
    }

    /// - Throws: `CommandFailure` where a snapshot cannot be written.
    func tell(_ event: RecordingEvent) throws {
        Console.say("bhav: \(RecordPrinter.line(event))")
        guard printsSnapshots, case .kept(let snapshot, _) = event else { return }
        var json = JSONWriter(capacity: 32_768)
        snapshot.write(to: &json)
        json.endLine()
        try destination.write(json.bytes)
    }

    static func line(_ event: RecordingEvent) -> String {
        switch event {
        case .follows(let chain, let known):
            return "recording \(chain)" + (known > 0 ? ", \(known) of today's snapshots are there" : "")
        case .kept(let snapshot, let fillsHole):
            let ratio = snapshot.putCallRatio(by: .openInterest).value.map { ", put-call ratio \(rounded($0))" } ?? ""
            return "\(fillsHole ? "filled" : "kept  ") \(snapshot.symbol) \(snapshot.expiry) of "
                + "\(snapshot.provenance.asOf): \(snapshot.strikes.count) strikes\(ratio), "
                + snapshot.provenance.briefWords
        case .hole(let chain, let hole):
            let source = hole.source.map { " of \($0.rawValue)" } ?? ""
            let others = hole.others.map { "; meanwhile \($0.words)" }.joined()
            return
                "hole   \(chain)\(source) from \(hole.span.from) to \(hole.span.to): \(hole.reason.rawValue)\(others)"
        case .paused(let error, let until): return "waits until \(until): \(error.code.rawValue): \(error.message)"
        case .dropped(let symbol, let error): return "\(symbol) is not recorded: \(CommandFailure(error).message)"
        case .rests(let session, let isBudgetSpent):
            let why = isBudgetSpent ? "the day's budget of requests is spent" : "there is no session now"
            return "\(why); the next one opens at \(session.opens)"
        }
    }

    private static func rounded(_ value: Double) -> String { ((value * 10_000).rounded() / 10_000).shortest }
}
