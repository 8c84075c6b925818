import MarketData

/// One quote session of a connection: whose figures it wants, which of them, and what it was told.
struct QuoteSession: Sendable {
    /// One name under which an instrument was added; the plain one and `={...}` are separate streams.
    struct Stream: Sendable {
        let instrument: SimulatedInstrument
        /// What the client has, by field.
        var told: [String: JSONText]
        var updated: Timestamp
        /// Its place among all that were opened.
        let number: Int
        /// A fault: it stands still after its first figures.
        let isFrozen: Bool
    }

    /// How far apart updates of names outside the fast set are, in seconds.
    private static let slowUpdates: Int64 = 5

    /// The fields wanted; `nil` for all.
    var fields: Set<String>?
    /// By the name as it was added.
    var streams: [String: Stream] = [:]
    /// The names that are told of at full rate; `nil` for all.
    var fast: Set<String>?

    /// The fields of a snapshot that the session wants.
    func wanted(_ figures: [QuoteFields.Field]) -> [QuoteFields.Field] {
        guard let fields else { return figures }
        return figures.filter { fields.contains($0.name) }
    }

    /// The fields that changed since the client was last told, where the name's time has come.
    mutating func changes(
        of name: String, to figures: [QuoteFields.Field], at now: Timestamp
    ) -> [QuoteFields.Field] {
        guard var stream = streams[name] else { return [] }
        let isFast = fast?.contains(name) ?? true
        guard isFast || now >= stream.updated.advanced(bySeconds: QuoteSession.slowUpdates) else { return [] }
        let changed = wanted(figures).filter { stream.told[$0.name] != $0.value }
        guard !changed.isEmpty else { return [] }
        for field in changed { stream.told[field.name] = field.value }
        stream.updated = now
        streams[name] = stream
        return changed
    }
}
