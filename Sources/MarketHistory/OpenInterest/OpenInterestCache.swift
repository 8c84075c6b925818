public import Logging
import MarketData
public import MarketStore

/// Reads and writes stored snapshots. A failing store never fails a source's response.
public struct OpenInterestCache: Sendable {
    let store: any OpenInterestStore & SnapshotIndexStore
    let isReadOnly: Bool
    let logger: Logger

    /// A cache over a store.
    /// - Parameters:
    ///   - store: Where snapshots are kept.
    ///   - isReadOnly: Whether nothing may be added, as beside another writer.
    ///   - logger: Where failures of the store are noted.
    public init(store: any OpenInterestStore & SnapshotIndexStore, isReadOnly: Bool, logger: Logger) {
        self.store = store
        self.isReadOnly = isReadOnly
        self.logger = logger
    }

    /// Keeps a snapshot of a source.
    func keep(_ snapshot: OpenInterestSnapshot) async {
        guard !isReadOnly, snapshot.provenance.source != .store else { return }
        do {
            let outcome = try await store.append(snapshot.forKeeping)
            guard outcome == .differs else { return }
            logger.info(
                "a source reported other values under a stamp that is kept; the first ones stay",
                metadata: ["chain": "\(snapshot.symbol) \(snapshot.expiry)", "stamp": "\(snapshot.provenance.asOf)"])
        } catch {
            logger.warning("a snapshot could not be kept", metadata: ["why": "\(error.message)"])
        }
    }

    /// The newest snapshot whose stamp is not after a moment; without an expiry, of the nearest one that had not expired and
    /// of which something young enough is there.
    /// - Throws: `MarketDataError`.
    func newest(
        _ request: OpenInterestRequest, at moment: Timestamp, _ rule: AsOfRule
    ) async throws(MarketDataError) -> OpenInterestSnapshot? {
        do {
            if let expiry = request.expiry {
                return try await store.latestSnapshot(of: request.symbol, expiry: expiry, at: moment)
            }
            var nearest: OpenInterestSnapshot?
            let session = rule.session(of: moment)
            for expiry in try await store.expiries(of: request.symbol) where expiry >= session.date {
                guard let found = try await store.latestSnapshot(of: request.symbol, expiry: expiry, at: moment)
                else { continue }
                if rule.verdict(on: found.provenance.asOf, at: moment) != .old { return found }
                if (nearest?.provenance.asOf).map({ found.provenance.asOf > $0 }) ?? true { nearest = found }
            }
            return nearest
        } catch { throw MarketDataError(error, reading: request.symbol) }
    }

    /// The nearest expiry with a snapshot that had not expired at an instant.
    /// - Throws: `MarketDataError`.
    func nearestExpiry(of symbol: Symbol, on date: CalendarDate) async throws(MarketDataError) -> CalendarDate? {
        do {
            return try await store.expiries(of: symbol).first { $0 >= date }
        } catch { throw MarketDataError(error, reading: symbol) }
    }

    /// The expiries with a snapshot that is young enough for a moment; `nil` where there is none.
    /// - Throws: `MarketDataError`.
    func expiries(
        of symbol: Symbol, at moment: Timestamp, _ rule: AsOfRule
    ) async throws(MarketDataError) -> ExpiryList? {
        let session = rule.session(of: moment)
        let known = TimeRange(from: session.opens, to: Timestamp(milliseconds: moment.milliseconds + 1))
        guard known.from < known.to else { return nil }
        do {
            var newest: SnapshotStamp?
            var expiries: [CalendarDate] = []
            for expiry in try await store.expiries(of: symbol) where expiry >= rule.calendar.date(at: moment) {
                let stamps = try await store.sourceStamps(of: symbol, expiry: expiry, in: known)
                guard let stamp = stamps.last, rule.verdict(on: stamp.asOf, at: moment) != .old else { continue }
                expiries.append(expiry)
                if (newest?.asOf).map({ $0 < stamp.asOf }) ?? true { newest = stamp }
            }
            return newest.map { stamp in
                let origin = Provenance(
                    source: stamp.source, feed: nil, mode: stamp.mode, delaySeconds: nil, asOf: stamp.asOf)
                return ExpiryList(symbol: symbol, expiries: expiries, standard: nil, provenance: origin.fromStore)
            }
        } catch { throw MarketDataError(error, reading: symbol) }
    }

    /// Which snapshots are there with a stamp in a range, ascending.
    /// - Throws: `MarketDataError`.
    func stamps(
        of symbol: Symbol, expiry: CalendarDate, within range: TimeRange
    ) async throws(MarketDataError) -> [SnapshotStamp] {
        do {
            return try await store.sourceStamps(of: symbol, expiry: expiry, in: range)
        } catch { throw MarketDataError(error, reading: symbol) }
    }

    /// The next snapshots of one source with a stamp in a range, ascending, a page of them.
    /// - Throws: `MarketDataError`.
    func page(
        of symbol: Symbol, expiry: CalendarDate, from source: Provenance.Source, within range: TimeRange
    ) async throws(MarketDataError) -> [OpenInterestSnapshot] {
        do {
            return try await store.snapshots(
                of: symbol, expiry: expiry, in: range, from: source, limit: OpenInterestCache.pageSize)
        } catch { throw MarketDataError(error, reading: symbol) }
    }

    /// How many snapshots, each with all its strikes, are in memory at once.
    static let pageSize = 64
    /// How many snapshots a history may have: some forty sessions of three-minute steps.
    static let largestHistory = 5_000
}

extension MarketDataError {
    init(_ error: StoreError, reading symbol: Symbol) {
        self.init(
            .upstreamUnavailable, "reading the stored open interest of \(symbol) failed: \(error.message)",
            source: .store)
    }
}

extension OpenInterestSnapshot {
    /// As it is stored: without the delay, which depends on the time of the request.
    var forKeeping: OpenInterestSnapshot {
        var snapshot = self
        snapshot.provenance.delaySeconds = nil
        return snapshot
    }

    /// As it is given out of the store: the source is the store, and the feed says the origin.
    var fromStore: OpenInterestSnapshot {
        var snapshot = self
        snapshot.provenance = provenance.fromStore
        return snapshot
    }
}

extension Provenance {
    /// The same out of the store: the source is the store, and the feed says the origin.
    fileprivate var fromStore: Provenance {
        let mode: Mode =
            switch mode {
            case .simulated, .endOfDay: mode
            case .streaming, .delayed, .recorded: .recorded
            }
        let origin = [source.rawValue, feed].compactMap { $0 }.joined(separator: " ")
        return Provenance(source: .store, feed: origin, mode: mode, delaySeconds: nil, asOf: asOf)
    }
}
