import MarketData
import TradingViewProtocol

extension Upstream {
    /// Takes a reader of live quotes.
    func follow(_ symbols: [Symbol], source: FeedSource<QuoteEvent>, opened: Promise<Void>) -> Int {
        let id = nextID()
        quoteReaders[id] = LiveQuotesReader(source: source, opened: opened)
        let isOpen = link != nil
        if isOpen { opened.complete(.success(())) }
        let newSession = isOpen ? Upstream.newQuoteSession : nil
        hand(board.subscribe(id, to: symbols, at: now(), newSession: newSession))
        wake()
        return id
    }

    /// The reader has gone.
    func leaveQuotes(_ id: Int) {
        guard quoteReaders.removeValue(forKey: id) != nil else { return }
        hand(board.unsubscribe(id))
    }

    /// Makes the calls and hands on the events.
    func hand(_ outcome: QuoteBoard.Outcome) {
        send(outcome.calls)
        for delivery in outcome.deliveries { quoteReaders[delivery.subscriber]?.source.send(delivery.event) }
    }

    /// Serves every reader on a new connection.
    func openReaders() {
        for reader in quoteReaders.values { reader.opened.complete(.success(())) }
        hand(board.connected(at: now(), newSession: Upstream.newQuoteSession))
        for id in barReaders.keys.sorted() { openBars(id) }
    }

    /// The connection is gone. Readers that never had one, and all when asking again is in vain, are told why.
    func releaseReaders(after error: MarketDataError, wasReplaced: Bool) {
        board.disconnected()
        for id in barReaders.keys {
            barReaders[id]?.session = nil
            barReaders[id]?.series.disconnected()
        }
        guard !wasReplaced else { return }
        for (id, reader) in barReaders where error.recovery == .giveUp || !reader.opened.isCompleted {
            barReaders[id] = nil
            reader.opened.complete(.failure(error))
            reader.source.finish(throwing: error)
        }
        for (id, reader) in quoteReaders where error.recovery == .giveUp || !reader.opened.isCompleted {
            quoteReaders[id] = nil
            _ = board.unsubscribe(id)
            reader.opened.complete(.failure(error))
            reader.source.finish(throwing: error)
        }
    }
}
