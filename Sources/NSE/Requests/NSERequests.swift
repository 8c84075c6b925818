import JSON
import Logging
import MarketData
import SourceHTTP
import Synchronization

/// Serves one request after another, from the cache while that is current, otherwise from the site.
final class NSERequests: Sendable {
    let connection: NSEConnection
    private let configuration: NSEConfiguration
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let lots: MarketLotsList
    private let cache = Mutex(ResponseCache())

    init(
        _ configuration: NSEConfiguration, connection: NSEConnection, lots: MarketLotsList, logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.configuration = configuration
        self.connection = connection
        self.lots = lots
        self.logger = logger
        self.now = now
    }

    /// The expiries and the number of strikes of an underlying.
    func listing(of underlying: Underlying, before deadline: ContinuousClock.Instant) async throws -> ListedContracts {
        let symbol = underlying.symbol
        if let known = cache.withLock({ $0.listing(of: symbol, at: now()) }) { return known }
        var refusals: [Refusal] = []
        for code in underlying.codes {
            for endpoint in [Endpoint.dropdown(code: code), .contractInfo(code: code)] {
                do {
                    let listing = try await listing(endpoint, code: code, before: deadline)
                    guard !listing.expiries.isEmpty else { continue }
                    cache.withLock { $0.keep(listing, of: symbol, at: now()) }
                    return listing
                } catch let refusal as Refusal {
                    refusals.append(refusal)
                    guard refusal.isOfOneAddress, connection.cooldown == nil else { throw refusal.error }
                    logger.info(
                        "nse expiries are fetched from another address", metadata: ["error": "\(refusal.error)"])
                }
            }
        }
        if let error = refusals.together { throw error }
        throw MarketDataError(.notSupported, "NSE lists no option expiries of \(symbol)", source: .nse)
    }

    /// The snapshot of one expiry, the nearest unless one is named.
    func snapshot(
        _ request: OpenInterestRequest, of underlying: Underlying, before deadline: ContinuousClock.Instant
    ) async throws -> OpenInterestSnapshot {
        let listed = try await listing(of: underlying, before: deadline)
        let expiry = try chosenExpiry(request, among: listed)
        let query = ChainRequest(symbol: request.symbol, code: listed.code, expiry: expiry)
        if let known = cache.withLock({ $0.snapshot(for: query, at: now()) }),
            request.at.map({ known.provenance.asOf <= $0 }) ?? true
        {
            return known
        }
        let (chain, feed) = try await chain(query, before: deadline)
        let snapshot = try chain.snapshot(
            of: request.symbol, lot: try await lot(of: chain, query, before: deadline), feed: feed,
            strikesOfAllExpiries: listed.strikes, at: request.at, now: now()
        )
        let isOpen = TradingCalendar.nse.session(containing: now(), segment: .derivatives) != nil
        let lifetime = isOpen ? configuration.cacheLifetime : configuration.cacheLifetimeWhenClosed
        cache.withLock { $0.keep(snapshot, for: query, for: lifetime, at: now()) }
        if snapshot.unit == .contracts {
            logger.notice(
                "lot size unknown; reporting nse open interest in contracts", metadata: ["symbol": "\(request.symbol)"])
        }
        return snapshot
    }

    /// The lot by the tables, or by the exchange's list where they do not know it or the chain contradicts them.
    private func lot(
        of chain: SiteChain, _ query: ChainRequest, before deadline: ContinuousClock.Instant
    ) async throws -> Lot? {
        if let lot = Lot(query.symbol, of: chain) { return lot }
        let size = try await lots.size(of: query.code, expiring: chain.expiry, before: deadline)
        return Lot(size, of: chain)
    }

    private func chosenExpiry(
        _ request: OpenInterestRequest, among listed: ListedContracts
    ) throws(MarketDataError) -> CalendarDate {
        // An expiry that ended today stays in the list overnight, and a day later it is over.
        let open = listed.expiries.filter { $0 >= IndianTime.date(now()) }
        guard let expiry = request.expiry ?? open.first ?? listed.expiries.last, listed.expiries.contains(expiry) else {
            let requested = request.expiry.map(\.description) ?? "nearest"
            throw .expiryNotListed(
                request.expiry, among: listed.expiries,
                "NSE does not list the expiry \(requested) of \(request.symbol)",
                source: .nse)
        }
        return expiry
    }

    /// The chain from the newest generation of addresses that has it.
    private func chain(
        _ query: ChainRequest, before deadline: ContinuousClock.Instant
    ) async throws -> (chain: SiteChain, feed: String) {
        var refusals: [Refusal] = []
        for generation in cache.withLock({ $0.generations(at: now()) }) {
            do {
                return (try await chain(query, from: generation, before: deadline), generation.name)
            } catch let refusal as Refusal {
                refusals.append(refusal)
                if refusal.isGone { cache.withLock { $0.noteGone(generation, at: now()) } }
                guard refusal.isOfOneAddress, connection.cooldown == nil else { break }
                logger.info("nse chain is fetched from another address", metadata: ["error": "\(refusal.error)"])
            }
        }
        throw refusals.together ?? MarketDataError(.upstreamUnavailable, "NSE is unavailable", source: .nse)
    }

    private func chain(
        _ query: ChainRequest, from generation: ChainGeneration, before deadline: ContinuousClock.Instant
    ) async throws -> SiteChain {
        let endpoint = Endpoint.chain(generation, code: query.code, expiry: query.expiry)
        let object = try await connection.object(for: endpoint, before: deadline)
        do throws(ChainFault) {
            let chain = try generation.chain(in: object, code: query.code, expiry: query.expiry)
            connection.noteResponse()
            return chain
        } catch {
            throw connection.refusal(error, in: endpoint)
        }
    }

    private func listing(
        _ endpoint: Endpoint, code: String, before deadline: ContinuousClock.Instant
    ) async throws -> ListedContracts {
        let object = try await connection.object(for: endpoint, before: deadline)
        do throws(ChainFault) {
            let listing = try ListedContracts(object, code: code)
            connection.noteResponse()
            return listing
        } catch {
            throw connection.refusal(error, in: endpoint)
        }
    }
}

/// A bounded cache of earlier responses.
struct ResponseCache: Sendable {
    private var listings = ExpiringCache<Symbol, ListedContracts>(capacity: 512)
    private var snapshots = ExpiringCache<ChainRequest, OpenInterestSnapshot>(capacity: 32)
    private var gone: [ChainGeneration: Timestamp] = [:]

    func listing(of symbol: Symbol, at now: Timestamp) -> ListedContracts? { listings.value(symbol, at: now) }

    /// Keeps a list for an hour, and not past midnight in India.
    mutating func keep(_ listing: ListedContracts, of symbol: Symbol, at now: Timestamp) {
        let tomorrow = IndianTime.date(now).advanced(byDays: 1)
        let midnight = IndianTime.timestamp(tomorrow, ClockTime(secondsAfterMidnight: 0))
        listings.keep(listing, for: symbol, until: min(now.advanced(bySeconds: 3600), midnight), at: now)
    }

    func snapshot(for query: ChainRequest, at now: Timestamp) -> OpenInterestSnapshot? {
        snapshots.value(query, at: now)
    }

    mutating func keep(
        _ snapshot: OpenInterestSnapshot, for query: ChainRequest, for lifetime: Duration, at now: Timestamp
    ) {
        snapshots.keep(snapshot, for: query, lasting: lifetime, at: now)
    }

    /// Records that a generation's address returned 404.
    mutating func noteGone(_ generation: ChainGeneration, at now: Timestamp) {
        gone[generation] = now.advanced(bySeconds: 3600)
    }

    /// The generations in the order in which to try them, without those whose address was gone within the hour; all of
    /// them where that leaves none.
    func generations(at now: Timestamp) -> [ChainGeneration] {
        let alive = ChainGeneration.allCases.filter { generation in gone[generation].map { now >= $0 } ?? true }
        return alive.isEmpty ? ChainGeneration.allCases : alive
    }
}
