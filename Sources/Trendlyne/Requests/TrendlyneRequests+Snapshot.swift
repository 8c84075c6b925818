import JSON
import MarketData
import SourceHTTP
import Synchronization

extension TrendlyneRequests {
    /// The snapshot of one expiry, the nearest unless one is named.
    func snapshot(
        _ request: OpenInterestRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let listed = try await expiries(of: underlying, before: deadline)
        let expiry = try chosen(request.expiry, of: request.symbol, among: listed)
        let usual = try SnapshotRequest(symbol: request.symbol, expiry: expiry, at: request.at, now: now())
        switch request.strikes {
        case .usual: return try await snapshot(usual, of: underlying, before: deadline)
        case .range(let from, let to):
            return try await snapshot(usual.about(StrikeRange(from: from, to: to)), of: underlying, before: deadline)
        case .all: return try await wholeSnapshot(usual, of: underlying, before: deadline)
        }
    }

    /// All listed strikes. Which those are is told by any answer; the first of the day is asked for that alone.
    private func wholeSnapshot(
        _ question: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let key = Memory.ExpiryKey(symbol: question.symbol, expiry: question.expiry)
        if memory.withLock({ $0.listedStrikes(key, at: now()) }) == nil {
            let window = try await snapshot(question, of: underlying, before: deadline)
            if let listed = window.listedStrikes, window.strikes.count >= listed { return window }
        }
        guard let range = memory.withLock({ $0.listedStrikes(key, at: now()) }) else {
            throw MarketDataError(
                .notSupported,
                "Trendlyne does not say which strikes of \(question.symbol) are listed for \(question.expiry), so not "
                    + "all of them can be asked for",
                source: .trendlyne
            )
        }
        return try await snapshot(question.about(range), of: underlying, before: deadline)
    }

    private func snapshot(
        _ question: SnapshotRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        if let known = memory.withLock({ $0.snapshots.value(question, at: now()) }) { return known }
        let stock = try await stock(of: underlying, before: deadline)
        let snapshot = try await ask(question, stock: stock, before: deadline)
        let lifetime = answerLifetime
        memory.withLock { $0.snapshots.keep(snapshot, for: question, lasting: lifetime, at: now()) }
        return snapshot
    }

    private func ask(
        _ question: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let live = try await liveOpenInterest(question, stock: stock, before: deadline)
        let isLate = EchoCheck(question: question, served: live.served, now: now()).isStampedTooLate
        guard isLate, let earlier = question.oneStepEarlier else {
            return try live.snapshot(answering: question, now: now())
        }
        let again = try await liveOpenInterest(earlier, stock: stock, before: deadline)
        return try again.snapshot(answering: earlier, now: now())
    }

    private func liveOpenInterest(
        _ question: SnapshotRequest, stock: TrendlyneStock, before deadline: ContinuousClock.Instant
    ) async throws -> LiveOpenInterest {
        let endpoint = Endpoint.liveOpenInterest(stock: stock.id, question)
        let live = try await read(endpoint, before: deadline) { body throws(UnreadableField) in
            try LiveOpenInterest(body)
        }
        guard let live else { throw emptyBody(of: question.expiry, question.symbol) }
        if let listed = live.listedRange {
            let key = Memory.ExpiryKey(symbol: question.symbol, expiry: question.expiry)
            memory.withLock { $0.keep(listed, for: key, at: now()) }
        }
        return live
    }
}
