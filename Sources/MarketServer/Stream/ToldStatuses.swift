import MarketData
import Synchronization

/// What a client has been told of the sources, so that it hears each change once.
final class ToldStatuses: Sendable {
    private let told = Mutex<[Provenance.Source: SourceStatus]>([:])

    /// Whether the client does not know this yet; from now on it does.
    func isNews(_ status: SourceStatus) -> Bool {
        told.withLock { told in
            let former = told.updateValue(status, forKey: status.source)
            return former.map { ($0.state, $0.reason) != (status.state, status.reason) } ?? true
        }
    }
}
