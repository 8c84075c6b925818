public import MarketData

/// One bar as TradingView sends it: `{"i":index,"v":[time,open,high,low,close,volume?,openInterest?]}`.
public struct SeriesBar: Hashable, Sendable {
    /// The place on the chart session's time scale. Not a property of the bar: it moves with paging. Key bars by time.
    public var index: Int
    /// The opening instant; UTC seconds with a fraction on the wire.
    public var time: Timestamp
    /// The first price, in the instrument's currency.
    public var open: Double
    /// The highest price.
    public var high: Double
    /// The lowest price.
    public var low: Double
    /// The last price so far.
    public var close: Double
    private var volumeBits: UInt64
    private var openInterestBits: UInt64

    /// `nil` where the bar has none: five items, null, or 1e+100.
    public var volume: Double? {
        get { SeriesBar.number(volumeBits) }
        set { volumeBits = SeriesBar.bits(newValue) }
    }

    /// The seventh item, which some futures have.
    public var openInterest: Double? {
        get { SeriesBar.number(openInterestBits) }
        set { openInterestBits = SeriesBar.bits(newValue) }
    }

    // An optional number in eight bytes, so that a bar has 64: no number of JSON is a NaN.
    private static let noNumber: UInt64 = 0x7FF8_0000_0000_0001

    @inline(__always)
    private static func bits(_ number: Double?) -> UInt64 { number.map(\.bitPattern) ?? noNumber }

    @inline(__always)
    private static func number(_ bits: UInt64) -> Double? { bits == noNumber ? nil : Double(bitPattern: bits) }

    /// A bar from its parts.
    @inline(__always)
    public init(
        index: Int,
        time: Timestamp,
        open: Double,
        high: Double,
        low: Double,
        close: Double,
        volume: Double? = nil,
        openInterest: Double? = nil
    ) {
        self.index = index
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        volumeBits = SeriesBar.bits(volume)
        openInterestBits = SeriesBar.bits(openInterest)
    }

    /// The bar in Bhav's words.
    public func bar(isFinal: Bool) -> Bar {
        Bar(
            time: time,
            open: open,
            high: high,
            low: low,
            close: close,
            volume: volume,
            openInterest: openInterest,
            isFinal: isFinal
        )
    }
}

/// What `series_completed` says: a series' data, as requested, have all been sent.
public struct SeriesCompletion: Hashable, Sendable {
    /// Why there is nothing earlier: the definite stop sign for paging.
    public enum DataCompleted: Hashable, Sendable {
        /// The plan's window is used up.
        case limit
        /// No older history exists.
        case end
        /// A word that is not known here.
        case other(String)
    }

    /// How fresh the series is.
    public var updateMode: UpdateMode
    /// Why there is nothing earlier; `nil` where there may be.
    public var dataCompleted: DataCompleted?
    /// The seconds between two pushes: 5 on free nodes, 0 on paid ones; `nil` where not said.
    public var realTimeUpdatePeriod: Double?
    /// The server's clock; `nil` where it is not said.
    public var serverTime: Timestamp?

    /// A completion from its parts.
    public init(
        updateMode: UpdateMode,
        dataCompleted: DataCompleted? = nil,
        realTimeUpdatePeriod: Double? = nil,
        serverTime: Timestamp? = nil
    ) {
        self.updateMode = updateMode
        self.dataCompleted = dataCompleted
        self.realTimeUpdatePeriod = realTimeUpdatePeriod
        self.serverTime = serverTime
    }
}
