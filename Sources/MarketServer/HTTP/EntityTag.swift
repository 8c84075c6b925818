import HTTPTypes
import MarketData
import MarketFormats

/// The weak entity tag of a series: the same for the same bars, completeness and origin, whenever they were fetched.
struct EntityTag: Hashable, Sendable {
    /// The tag as the header has it.
    let text: String

    /// - Parameter variant: What else distinguishes two responses: format and style of times.
    init(_ series: BarSeries, variant: String) {
        var hash = StableHash()
        hash.combine(variant)
        hash.combine("\(series.request)")
        hash.combine(series.provenance.source.rawValue)
        hash.combine(series.provenance.source.via ?? "")
        hash.combine(series.provenance.feed ?? "")
        hash.combine(series.provenance.mode.rawValue)
        hash.combine(series.shortfall?.rawValue ?? "")
        for gap in series.gaps {
            hash.combine(gap.range.from.milliseconds)
            hash.combine(gap.range.to.milliseconds)
            hash.combine(gap.reason)
        }
        for roll in series.rolls ?? [] { hash.combine(roll.time.milliseconds) }
        for bar in series.bars {
            hash.combine(bar.time.milliseconds)
            for price in [bar.open, bar.high, bar.low, bar.close] { hash.combine(price.bitPattern) }
            hash.combine(bar.volume?.bitPattern ?? 1)
            hash.combine(bar.openInterest?.bitPattern ?? 1)
            hash.combine(UInt64(bar.isFinal ? 1 : 0))
        }
        text = "W/\"\(String(hash.value, radix: 16))\""
    }

    /// Whether a client's `If-None-Match` names this tag (RFC 9110, section 13.1.2).
    func matches(_ header: String?) -> Bool {
        guard let header else { return false }
        let strong = text.dropFirst(2)
        return header.split(separator: ",").map { String($0).trimmed }.contains { name in
            name == "*" || name == text || name == strong
        }
    }
}

/// A 64-bit hash that is the same in every process (the mixing step of MurmurHash3).
private struct StableHash {
    private(set) var value: UInt64 = 0x9e37_79b9_7f4a_7c15

    mutating func combine(_ word: some FixedWidthInteger) {
        var mixed = value ^ UInt64(truncatingIfNeeded: word)
        mixed ^= mixed >> 33
        mixed &*= 0xff51_afd7_ed55_8ccd
        mixed ^= mixed >> 33
        value = mixed &* 0xc4ce_b9fe_1a85_ec53 &+ 1
    }

    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(byte) }
        combine(UInt8(255))
    }
}

/// The headers with the provenance of a response, in every format: CSV and NDJSON have no other place for it.
struct ProvenanceHeaders {
    private(set) var fields = HTTPFields()

    /// The names, for pages of other origins to read.
    static let names = [
        "Bhav-Source", "Bhav-Via", "Bhav-Feed", "Bhav-Mode", "Bhav-Delay-Seconds", "Bhav-As-Of", "Bhav-Expiry",
        "Bhav-Complete", "Bhav-Reason", "Bhav-Errors",
    ]

    /// The headers of a response; none if it has no numbers of a source.
    init(_ result: any MarketResponse) {
        switch result {
        case let series as BarSeries:
            add([series.provenance])
            add("Bhav-Complete", series.completeness.map { String($0) } ?? "unknown")
            add("Bhav-Reason", series.shortfall?.rawValue ?? series.gaps.first?.reason)
        case let expiries as ExpiryList: add([expiries.provenance])
        case let snapshot as OpenInterestSnapshot:
            add([snapshot.provenance])
            add([snapshot.expiry])
        case let chain as OptionChainResponse:
            add([chain.chain.snapshot.provenance])
            add([chain.chain.snapshot.expiry])
        case let history as ContractHistory: add([history.provenance])
        case let history as OpenInterestHistory:
            add(history.snapshots.map(\.provenance))
            add(history.snapshots.map(\.expiry))
        case let ratios as PutCallRatioSeries:
            add(ratios.snapshots.map(\.provenance))
            add(ratios.snapshots.map(\.expiry))
        case let quotes as QuoteList:
            add(quotes.quotes.map(\.provenance))
            add(quotes.errors)
        default: break
        }
    }

    /// Adds what all rows have in common; what differs from row to row does not become a header.
    private mutating func add(_ all: [Provenance]) {
        add("Bhav-Source", common(all) { $0.source.rawValue })
        add("Bhav-Via", common(all) { $0.source.via })
        add("Bhav-Feed", common(all) { $0.feed })
        add("Bhav-Mode", common(all) { $0.mode.rawValue })
        add("Bhav-Delay-Seconds", common(all) { $0.delaySeconds.map(String.init) })
        add("Bhav-As-Of", common(all) { $0.asOf.description })
    }

    private mutating func add(_ expiries: [CalendarDate]) {
        add("Bhav-Expiry", common(expiries) { $0.description })
    }

    private mutating func add(_ errors: [QuoteList.Refusal]) {
        guard !errors.isEmpty else { return }
        let named = errors.prefix(Self.mostErrors).map { "\($0.name)=\($0.error.code.rawValue)" }
        let rest = errors.count > named.count ? ["and \(errors.count - named.count) more"] : []
        add("Bhav-Errors", (named + rest).joined(separator: ", "))
    }

    private func common<Part>(_ all: [Part], _ field: (Part) -> String?) -> String? {
        guard let first = all.first.flatMap(field), all.allSatisfy({ field($0) == first }) else { return nil }
        return first
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value, let name = HTTPField.Name(name) else { return }
        fields[name] = value
    }

    private static let mostErrors = 20
}
