/// Open, high, low, close and volume of one interval.
public struct Bar: Hashable, Sendable {
    /// The opening instant, as the source stamps it.
    public var time: Timestamp
    /// The first price, in the instrument's currency.
    public var open: Double
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price so far.
    public var close: Double
    /// Shares, contracts or units traded; `nil` if the instrument has no volume.
    public var volume: Double?
    /// Open contracts at the end of the bar; `nil` if the source sends none.
    public var openInterest: Double?
    /// Whether the bar is over: `false` while it is still forming.
    public var isFinal: Bool

    /// A bar from its parts.
    public init(
        time: Timestamp,
        open: Double,
        high: Double,
        low: Double,
        close: Double,
        volume: Double?,
        openInterest: Double? = nil,
        isFinal: Bool
    ) {
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.volume = volume
        self.openInterest = openInterest
        self.isFinal = isFinal
    }
}

/// An impossibility in the numbers of a bar. Sources send such bars; they are delivered unchanged, and named.
public enum BarFault: String, CaseIterable, Sendable {
    /// A price that is not a number.
    case notFinite = "a price is not a number"
    /// The high is below the low.
    case highBelowLow = "high below low"
    /// The open is above the high or below the low.
    case openOutside = "open outside high and low"
    /// The close is above the high or below the low.
    case closeOutside = "close outside high and low"
    /// A volume below zero, or not a number.
    case negativeVolume = "negative volume"
}

extension Bar {
    /// The impossible values of the bar; empty if it is valid. A price below zero is possible.
    public var faults: [BarFault] {
        var faults: [BarFault] = []
        if ![open, high, low, close].allSatisfy(\.isFinite) { faults.append(.notFinite) }
        if high < low {
            faults.append(.highBelowLow)
        } else {
            if open > high || open < low { faults.append(.openOutside) }
            if close > high || close < low { faults.append(.closeOutside) }
        }
        if let volume, !(volume >= 0 && volume.isFinite) { faults.append(.negativeVolume) }
        return faults
    }
}

extension Sequence<Bar> {
    /// A sentence that counts and names the impossible bars; `nil` if there is none.
    public var faultNote: String? {
        var (count, named) = (0, [String]())
        for bar in self {
            let faults = bar.faults
            guard !faults.isEmpty else { continue }
            count += 1
            if count <= 5 { named.append("\(bar.time) (\(faults.map(\.rawValue).joined(separator: ", ")))") }
        }
        guard count > 0 else { return nil }
        let more = count > named.count ? " and \(count - named.count) more" : ""
        return "\(count) impossible \(count == 1 ? "bar" : "bars") as the source sent them: "
            + named.joined(separator: ", ") + more
    }
}
