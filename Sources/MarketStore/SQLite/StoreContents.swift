import MarketData

/// Whether a store holds the market or an invented one. The two never share a file, whatever they are told.
public enum StoreContents: String, CaseIterable, Sendable {
    /// What real sources said.
    case market
    /// What the mock market made up.
    case simulated

    /// - Throws: `StoreError`: `refused` for what belongs in the other file.
    func admit(_ provenance: Provenance) throws(StoreError) {
        let isSimulated = provenance.mode == .simulated || provenance.source == .mock
        guard isSimulated != (self == .simulated) else { return }
        let kind = isSimulated ? "simulated" : "real"
        throw StoreError(
            .refused, "\(kind) data from \(provenance.source.rawValue) has no place in a \(rawValue) store")
    }
}
