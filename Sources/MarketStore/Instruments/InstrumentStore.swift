public import MarketData

/// A memory of what sources said of instruments, above all when they trade.
public protocol InstrumentStore: Sendable {
    /// What was kept of an instrument; `nil` where nothing was.
    /// - Throws: `StoreError`.
    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument?

    /// Keeps what a source says of an instrument, in place of what was kept before.
    /// - Throws: `StoreError`.
    func keep(_ instrument: Instrument) async throws(StoreError)
}
