import MarketData

/// Provenance without its moment: what many answers have in common, kept once in the store.
struct OriginName: Hashable {
    let source: Provenance.Source
    let feed: String?
    let mode: Provenance.Mode
    let delaySeconds: Int?

    init(_ provenance: Provenance) {
        source = provenance.source
        feed = provenance.feed
        mode = provenance.mode
        delaySeconds = provenance.delaySeconds
    }

    init(source: Provenance.Source, feed: String?, mode: Provenance.Mode, delaySeconds: Int?) {
        self.source = source
        self.feed = feed
        self.mode = mode
        self.delaySeconds = delaySeconds
    }

    func provenance(asOf: Timestamp) -> Provenance {
        Provenance(source: source, feed: feed, mode: mode, delaySeconds: delaySeconds, asOf: asOf)
    }

    /// An order without meaning, so that two answers of the same moment are settled alike everywhere.
    static func < (left: OriginName, right: OriginName) -> Bool {
        left.words.lexicographicallyPrecedes(right.words)
    }

    private var words: [String] {
        [source.rawValue, feed ?? "", mode.rawValue, delaySeconds.map(String.init) ?? ""]
    }
}
