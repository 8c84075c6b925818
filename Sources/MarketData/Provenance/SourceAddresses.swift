import Synchronization

/// Where the sources are, for those that are not at their built-in address: a simulator or a proxy must not pass for the
/// real source.
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
