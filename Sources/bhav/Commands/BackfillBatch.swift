import ArgumentParser
import MarketData
import MarketHub
import MarketStore

/// Series to be completed one after another, with a line about each and a progress bar on a terminal.
struct BackfillBatch: Sendable {
    struct Order: Sendable {
        let key: SeriesKey
        let range: TimeRange
    }

    let orders: [Order]
    let pace: Backfill.Pace

    func run(_ backfill: Backfill) async throws {
        var failures: [MarketDataError] = []
        var isPartial = false
        for (index, order) in orders.enumerated() {
            try Task.checkCancellation()
            let outcome = try await complete(order, number: index + 1, backfill)
            if let error = outcome.error { failures.append(error) }
            isPartial = isPartial || !outcome.isComplete
            say(BackfillBatch.line(outcome))
        }
        if orders.count > 1 { say("\(orders.count - failures.count) of \(orders.count) symbols") }
        if failures.count == orders.count, let first = failures.first {
            throw ExitCode(CommandExit(first.code).rawValue)
        }
        if isPartial { throw ExitCode(CommandExit.partial.rawValue) }
    }

    private func complete(_ order: Order, number: Int, _ backfill: Backfill) async throws -> BackfillOutcome {
        let clock = ContinuousClock()
        let start = clock.now
        let label = (orders.count > 1 ? "\(number) of \(orders.count): " : "") + "\(order.key.symbol)"
        do {
            return try await backfill.complete(order.key, over: order.range) { progress in
                guard Console.isTerminal, progress.lacking > 0 else { return }
                let bar = ProgressBar(total: progress.lacking)
                let seconds = (clock.now - start) / .seconds(1)
                Console.write("\r\u{1B}[K" + bar.line(done: progress.done, seconds: seconds, label: label))
            }
        } catch let error as CancellationError {
            say("interrupted at \(order.key.symbol); what came is kept, run the same again to go on")
            throw error
        }
    }

    static func line(_ outcome: BackfillOutcome) -> String {
        let name = "\(outcome.key.symbol) \(outcome.key.interval)"
        let written = outcome.written
        var words = "\(written.inserted) new bars"
        if written.updated > 0 { words += ", \(written.updated) went on" }
        if written.revised > 0 { words += ", \(written.revised) revised" }
        if let provenance = outcome.provenance { words += "; \(provenance.words)" }
        if let error = outcome.error {
            let kept = written.inserted > 0 ? "\nkept before that: \(written.inserted) bars" : ""
            return "FAILED  \(name)  \(CommandFailure(error).message)\(kept)".replacing("\n", with: "\n      ")
        }
        guard outcome.isComplete else {
            let reason = outcome.shortfall.map { " (\($0.rawValue))" } ?? ""
            return "partial \(name)  \(words); up to \(outcome.remaining) bars are still missing\(reason)"
        }
        return "ok      \(name)  " + (outcome.questions == 0 ? "nothing is missing, nothing was asked" : words)
    }

    private func say(_ line: String) {
        if Console.isTerminal { Console.write("\r\u{1B}[K") }
        Console.say("bhav: \(line)")
    }
}
