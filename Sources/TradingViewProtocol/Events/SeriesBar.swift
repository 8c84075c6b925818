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
    /// `nil` where the bar has none: five items, null, or 1e+100.
    public var volume: Double?
    /// The seventh item, which some futures have.
    public var openInterest: Double?

    /// A bar from its parts.
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
        self.volume = volume
        self.openInterest = openInterest
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
    /// Pushes are held back to one in this many seconds: 5 on free nodes, 0 on paid ones; `nil` where not said.
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
