import JSON
import MarketData

extension SeriesBar {
    /// What the server writes for a number that it does not know.
    static let unknown = 1e100

    /// A bar from the numbers on the wire; `nil` where time or a price is none. An unknown volume is no volume.
    @inline(__always)
    init?(
        index: Int,
        seconds: Double,
        _ open: Double,
        _ high: Double,
        _ low: Double,
        _ close: Double,
        volume: Double?,
        openInterest: Double?
    ) {
        guard let time = Timestamp(wireSeconds: seconds), abs(open) < SeriesBar.unknown,
            abs(high) < SeriesBar.unknown, abs(low) < SeriesBar.unknown, abs(close) < SeriesBar.unknown
        else { return nil }
        self.init(
            index: index,
            time: time,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: SeriesBar.known(volume),
            openInterest: SeriesBar.known(openInterest)
        )
    }

    @inline(__always)
    private static func known(_ number: Double?) -> Double? {
        guard let number, abs(number) < unknown else { return nil }
        return number
    }

    /// Reads `{"i":…,"v":[…]}` of any spelling.
    init(_ value: JSONValue) throws(MessageFault) {
        guard let index = value["i"]?.integer, let values = value["v"]?.array else {
            throw MessageFault("a bar lacks its index or values")
        }
        let numbers = values.compactMap(\.double)
        // Volume and open interest may be null; time and prices may not.
        guard values.count >= 5, values.prefix(5).allSatisfy({ $0.double != nil }),
            values.dropFirst(5).allSatisfy({ $0.double != nil || $0.isNull })
        else { throw MessageFault("a bar lacks a value, or holds one that is not a number") }
        let bar = SeriesBar(
            index: index,
            seconds: numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            volume: values.dropFirst(5).first?.double,
            openInterest: values.dropFirst(6).first?.double
        )
        guard let bar else { throw MessageFault("a bar has no time or price") }
        self = bar
    }
}
