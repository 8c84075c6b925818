import BhavApp
import MarketData
import MarketHistory
import MarketHub
import MarketStore
import Synchronization

/// The messages of a backfill while it runs, and at its end.
final class BackfillReport: Sendable {
    private struct Tally {
        var estimate: BackfillEstimate
        var skipped = 0
        var complete = 0
        var partial = 0
        var failures: [MarketDataError] = []
    }

    private let items: Int
    private let job: Int64
    private let isQuiet: Bool
    private let tally: Mutex<Tally>
    private let start = ContinuousClock.now

    init(job: BackfillJob, isQuiet: Bool = false) {
        self.isQuiet = isQuiet
        items = job.items.count
        self.job = job.id
        tally = Mutex(Tally(estimate: BackfillEstimate(job: job, now: SystemClock.now())))
    }

    func take(_ event: Backfill.Event) {
        switch event {
        case .skipped: tally.withLock { $0.skipped += 1 }
        case .progress(let item, let progress): show(item, progress)
        case .settled(let item, let outcome):
            tally.withLock { tally in
                tally.estimate.settle(item.number)
                if let error = outcome.error {
                    tally.failures.append(error)
                } else if outcome.isComplete {
                    tally.complete += 1
                } else {
                    tally.partial += 1
                }
            }
            if !isQuiet || !outcome.isComplete { say(BackfillReport.line(outcome)) }
        }
    }

    /// How the command ends; `nil` where all is complete.
    var exit: CommandExit? {
        tally.withLock { tally in
            if let first = tally.failures.first, tally.failures.count == items { return CommandExit(first.code) }
            return tally.failures.isEmpty && tally.partial == 0 ? nil : .partial
        }
    }

    /// Says how many series ended how; nothing of a single one, its line has said it.
    func sayTotals() {
        let (complete, skipped, partial, failed) = tally.withLock {
            ($0.complete, $0.skipped, $0.partial, $0.failures.count)
        }
        guard items > 1, !isQuiet || partial + failed > 0 else { return }
        var words = "\(complete + skipped) of \(items) series complete"
        if skipped > 0 { words += " (\(skipped) before)" }
        if partial > 0 { words += ", \(partial) partial" }
        if failed > 0 { words += ", \(failed) FAILED; retry: bhav backfill --resume --job \(job)" }
        say(words)
    }

    private func show(_ item: BackfillJob.Item, _ progress: BackfillProgress) {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let line = tally.withLock { tally in
            tally.estimate.advance(item.number, progress)
            return tally.estimate.line(item, progress, seconds: seconds)
        }
        if Console.isTerminal, progress.missing > 0, !isQuiet { Console.write("\r\u{1B}[K" + line) }
    }

    func say(_ line: String) {
        if Console.isTerminal { Console.write("\r\u{1B}[K") }
        Console.say("bhav: \(line)")
    }

    static func line(_ outcome: BackfillOutcome) -> String {
        let name = "\(outcome.key.symbol) \(outcome.key.interval)"
        let written = outcome.written
        var words = "\(written.inserted) new bars"
        if written.updated > 0 { words += ", \(written.updated) updated" }
        if written.revised > 0 { words += ", \(written.revised) revised" }
        if outcome.rebased > 0 {
            words +=
                "; all prices had changed (a split?): the requested range was fetched again, bhav gaps lists the rest"
        }
        if let provenance = outcome.provenance { words += "; \(provenance.words)" }
        if let since = outcome.keptSince { words += "; bars before \(since) are not kept (bhav store retain)" }
        if let error = outcome.error {
            let kept = written.inserted > 0 ? "\nstored before the failure: \(written.inserted) bars" : ""
            return "FAILED  \(name)  \(CommandFailure(error).message)\(kept)".replacing("\n", with: "\n      ")
        }
        guard outcome.isComplete else {
            let reason = outcome.shortfall.map { " (\($0.rawValue))" } ?? ""
            return "partial \(name)  \(words); up to \(outcome.remaining) bars are still missing\(reason)"
        }
        if outcome.requests > 0 { return "ok      \(name)  \(words)" }
        let policy = outcome.keptSince.map { "; bars before \($0) are not kept (bhav store retain)" } ?? ""
        return "ok      \(name)  nothing is missing\(policy)"
    }
}

/// The progress of a backfill of many series, and the time that is left at the rate so far. Each series weighs as
/// much as the bars that its span may hold.
struct BackfillEstimate {
    private let weights: [Int: Double]
    private let total: Double
    private let items: Int
    private var settled = 0
    private var reached = 0.0
    private var current = 0.0
    private var bars = 0
    private var barsOfItem = 0

    init(job: BackfillJob, now: Timestamp) {
        let open = job.items.filter(\.isOpen)
        items = open.count
        weights = Dictionary(uniqueKeysWithValues: open.map { ($0.number, BackfillEstimate.weight($0.order, now)) })
        total = weights.values.reduce(0, +)
    }

    mutating func advance(_ item: Int, _ progress: BackfillProgress) {
        guard progress.missing > 0 else { return }
        current = (weights[item] ?? 0) * Double(progress.done) / Double(progress.missing)
        barsOfItem = progress.done
    }

    mutating func settle(_ item: Int) {
        settled += 1
        reached += weights[item] ?? 0
        bars += barsOfItem
        current = 0
        barsOfItem = 0
    }

    /// `[####....] 3/12  NSE:TCS 1m  3400/90000 bars  1200/s, 12 min left`.
    func line(_ item: BackfillJob.Item, _ progress: BackfillProgress, seconds: Double) -> String {
        let share = total > 0 ? min(1, (reached + current) / total) : 1
        let filled = Int(share * 24)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 24 - filled)
        let key = item.order.key
        var line =
            "[\(bar)] \(settled)/\(items)  \(key.symbol) \(key.interval)  \(progress.done)/\(progress.missing) bars"
        guard share > 0, seconds > 0.5 else { return line }
        let left = Int((seconds * (1 - share) / share).rounded(.up))
        line += "  \(Int(Double(bars + barsOfItem) / seconds))/s, \(BackfillEstimate.words(left)) left"
        return line
    }

    static func words(_ seconds: Int) -> String {
        if seconds < 120 { return "\(seconds) s" }
        return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
    }

    private static func weight(_ order: BackfillOrder, _ now: Timestamp) -> Double {
        guard let range = order.range(now: now) else { return 0 }
        let length = order.key.interval.shortestSeconds
        return max(1, Double(range.to.seconds - range.from.seconds) / Double(max(1, length)))
    }
}
