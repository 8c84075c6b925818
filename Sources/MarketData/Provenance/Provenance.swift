import Synchronization

/// Where a number came from, as of when, how late, and whether it is real.
public struct Provenance: Hashable, Sendable {
    /// Where the number came from.
    public enum Source: String, CaseIterable, Sendable {
        case tradingview, trendlyne, nse, store, mock
    }

    /// How the number reached us.
    public enum Mode: String, CaseIterable, Sendable {
        /// As it happens.
        case streaming
        /// As it happened `delaySeconds` ago.
        case delayed
        /// After the close.
        case endOfDay
        /// From a recording or the store.
        case recorded
        /// Invented by the mock market.
        case simulated
    }

    /// Where the number came from.
    public var source: Source
    /// The instrument or endpoint that sent it, such as `BATS:AAPL`; `nil` if the source does not say.
    public var feed: String?
    /// How it reached us.
    public var mode: Mode
    /// How late it is, in seconds; `nil` if the source does not say.
    public var delaySeconds: Int?
    /// The moment the number describes.
    public var asOf: Timestamp

    /// Provenance from its parts.
    public init(source: Source, feed: String?, mode: Mode, delaySeconds: Int?, asOf: Timestamp) {
        self.source = source
        self.feed = feed
        self.mode = mode
        self.delaySeconds = delaySeconds
        self.asOf = asOf
    }
}

/// Where the sources are, for those that are not at their built-in address: a simulator or a proxy must not pass for
/// the real source.
public enum SourceAddresses {
    private static let moved = Mutex<[Provenance.Source: String]>([:])

    /// Sets `host:port` of the sources that were moved, for the whole process.
    public static func install(_ addresses: [Provenance.Source: String]) {
        moved.withLock { $0 = addresses }
    }

    static func address(of source: Provenance.Source) -> String? { moved.withLock { $0[source] } }
}

extension Provenance.Source {
    /// `host:port` of the source, where that is not its built-in address.
    public var via: String? { SourceAddresses.address(of: self) }
}
