import MarketData

/// The weak entity tag of a series: the same for the same bars, completeness and origin, whenever they were fetched.
struct EntityTag: Hashable, Sendable {
    /// The tag as the header has it.
    let text: String

    /// - Parameter variant: What else tells one response from another: its format and style of times.
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
