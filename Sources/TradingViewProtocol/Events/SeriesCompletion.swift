public import MarketData

/// What `series_completed` says: a series' data, as asked, have all been sent.
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
