import MarketData
import Synchronization

/// What a soak saw, by symbol and in order.
final class SoakLog: Sendable {
    private let state = Mutex((quotes: [Symbol: [Quote]](), bars: [Symbol: [Bar]]()))

    var quotes: [Symbol: [Quote]] { state.withLock { $0.quotes } }

    /// The bars of the first snapshot's end and all that came after.
    var bars: [Symbol: [Bar]] { state.withLock { $0.bars } }

    func add(_ event: QuoteEvent) {
        guard case .quote(let quote) = event else { return }
        state.withLock { $0.quotes[quote.symbol, default: []].append(quote) }
    }

    func add(_ event: BarEvent, of symbol: Symbol) {
        state.withLock { state in
            switch event {
            case .snapshot(let series): state.bars[symbol, default: []] += series.bars
            case .bar(let bar): state.bars[symbol, default: []].append(bar)
            case .repaired(_, let bars): state.bars[symbol, default: []] += bars
            case .gap, .status: break
            }
        }
    }
}
