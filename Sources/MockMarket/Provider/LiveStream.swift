import MarketData

/// What a live feed has told so far, and so what is new.
protocol LiveStream: Sendable {
    associatedtype Event: Sendable

    /// What has changed since it was last asked; remembers that it has told it.
    mutating func changes(at moment: Timestamp) -> [Event]
}
