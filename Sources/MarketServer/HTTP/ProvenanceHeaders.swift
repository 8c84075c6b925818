import HTTPTypes
import MarketData
import MarketFormats

/// The headers that say where an answer's numbers come from, whatever its format: csv and ndjson have no other place.
struct ProvenanceHeaders {
    private(set) var fields = HTTPFields()

    /// The names, for pages of other origins to read.
    static let names = [
        "Bhav-Source", "Bhav-Via", "Bhav-Feed", "Bhav-Mode", "Bhav-Delay-Seconds", "Bhav-As-Of", "Bhav-Complete",
        "Bhav-Reason",
        "Bhav-Errors",
    ]

    /// The headers of an answer; none where it has no numbers of a source.
    init(_ answer: any Answer) {
        switch answer {
        case let series as BarSeries:
            add([series.provenance])
            add("Bhav-Complete", series.completeness.map { String($0) } ?? "unknown")
            add("Bhav-Reason", series.shortfall?.rawValue ?? series.gaps.first?.reason)
        case let expiries as ExpiryList: add([expiries.provenance])
        case let snapshot as OpenInterestSnapshot: add([snapshot.provenance])
        case let chain as OptionChainAnswer: add([chain.chain.snapshot.provenance])
        case let history as ContractHistory: add([history.provenance])
        case let history as OpenInterestHistory: add(history.snapshots.map(\.provenance))
        case let ratios as PutCallRatioSeries: add(ratios.snapshots.map(\.provenance))
        case let quotes as QuoteList:
            add(quotes.quotes.map(\.provenance))
            add(quotes.errors)
        default: break
        }
    }

    /// What all rows have in common; what differs from row to row is no header.
    private mutating func add(_ all: [Provenance]) {
        add("Bhav-Source", common(all) { $0.source.rawValue })
        add("Bhav-Via", common(all) { $0.source.via })
        add("Bhav-Feed", common(all) { $0.feed })
        add("Bhav-Mode", common(all) { $0.mode.rawValue })
        add("Bhav-Delay-Seconds", common(all) { $0.delaySeconds.map(String.init) })
        add("Bhav-As-Of", common(all) { $0.asOf.description })
    }

    private mutating func add(_ errors: [QuoteList.Refusal]) {
        guard !errors.isEmpty else { return }
        let named = errors.prefix(Self.mostErrors).map { "\($0.name)=\($0.error.code.rawValue)" }
        let rest = errors.count > named.count ? ["and \(errors.count - named.count) more"] : []
        add("Bhav-Errors", (named + rest).joined(separator: ", "))
    }

    private func common(_ all: [Provenance], _ field: (Provenance) -> String?) -> String? {
        guard let first = all.first.flatMap(field), all.allSatisfy({ field($0) == first }) else { return nil }
        return first
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, let name = HTTPField.Name(name) else { return }
        fields[name] = value
    }

    private static let mostErrors = 20
}
