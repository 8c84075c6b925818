import MarketData
import MarketStore
import Synchronization

/// What sources said of instruments, in memory and, so that it is known after a restart, in the store.
final class KnownInstruments: Sendable {
    private static let most = 20_000

    private let memory: BarMemory
    private let known = Mutex<[Symbol: Instrument]>([:])

    init(_ memory: BarMemory) { self.memory = memory }

    /// What is known of an instrument.
    /// - Throws: `StoreError`.
    func instrument(of symbol: Symbol) async throws(StoreError) -> Instrument? {
        if let instrument = known.withLock({ $0[symbol] }) { return instrument }
        guard let stored = try await memory.store.instrument(of: symbol) else { return nil }
        remember(stored)
        return stored
    }

    /// A source said what it knows.
    /// - Throws: `StoreError`.
    func learn(_ instrument: Instrument?) async throws(StoreError) {
        guard let instrument, try await self.instrument(of: instrument.symbol) != instrument else { return }
        remember(instrument)
        if !memory.isReadOnly { try await memory.store.keep(instrument) }
    }

    private func remember(_ instrument: Instrument) {
        known.withLock { known in
            if known.count >= KnownInstruments.most { known.removeAll() }
            known[instrument.symbol] = instrument
        }
    }
}
