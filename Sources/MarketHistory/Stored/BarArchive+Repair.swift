import Logging
import MarketData
import MarketStore
import Synchronization

extension BarArchive {
    /// Looks through all that is stored, and then through what comes up, until the task is cancelled.
    func keepRepairing() async {
        await repairStored()
        for await _ in alarms {
            while let key = state.withLock({ $0.repairs.next() }), !Task.isCancelled { await look(through: key) }
            guard !Task.isCancelled else { return }
        }
    }

    /// Has the series looked through again, now and then, that came to no good end and whose live bars wait for it.
    func keepLookingAgain() async {
        while (try? await Task.sleep(for: pace.longestPatience)) != nil { repair(state.withLock { $0.held }) }
    }

    /// Puts every stored series into the queue, the one with the newest bars first.
    private func repairStored() async {
        do {
            let stored = try await history.memory.store.series()
            let newest = stored.sorted { ($0.last ?? .beforeExchanges) > ($1.last ?? .beforeExchanges) }
            repair(newest.map(\.key))
        } catch {
            history.note(error, doing: "the series to be repaired could not be listed")
        }
    }

    /// Completes a series over its newest window.
    private func look(through key: SeriesKey) async {
        let journal = history.journal
        journal.update { $0.repair.current = "\(key)" }
        defer { journal.update { $0.repair.current = nil } }
        let doubt = state.withLock { $0.doubt(of: key) }
        await flush()
        let before = journal.report
        do {
            let completion = try await history.completeNewest(pace.window, of: key)
            if let failure = completion.failure {
                // What we are not entitled to now we shall not be in half a minute.
                let isForNow = failure.leavesTheStore && failure.code != .notEntitled
                return try await note(failure, of: key, isForNow: isForNow)
            }
            state.withLock { $0.settle(doubt, of: key, storedThrough: completion.newest) }
            journal.update { $0.repair.done += 1 }
            let inserted = journal.report.inserted - before.inserted
            if inserted > 0 {
                history.memory.logger.info(
                    "a series was repaired", metadata: ["series": "\(key)", "bars": "\(inserted)"])
            }
            if journal.report.questions > before.questions { try await Task.sleep(for: pace.pause) }
        } catch let error as MarketDataError {
            try? await note(error, of: key, isForNow: false)
        } catch let error as StoreError {
            if !Task.isCancelled { history.note(error, doing: "a series could not be repaired") }
        } catch {}
    }

    /// A source that is away is given time, and the series its turn again.
    private func note(_ error: MarketDataError, of key: SeriesKey, isForNow: Bool) async throws {
        history.journal.update { report in
            report.repair.failed += 1
            report.repair.lastFailure = "\(key): \(error)"
        }
        history.memory.logger.info("a series could not be repaired", metadata: ["series": "\(key)", "why": "\(error)"])
        guard isForNow else { return }
        try await Task.sleep(for: pace.wait(after: error))
        repair([key])
    }
}
