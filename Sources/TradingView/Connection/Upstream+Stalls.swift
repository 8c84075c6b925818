import MarketData

extension Upstream {
    /// Data of a live feed came.
    func noteLiveData() {
        noteData()
        stall.received(at: clock.uptime)
    }

    /// Asks for one bar once live feeds have been quiet for long, and notices that no answer comes.
    /// - Throws: `MarketDataError` where the connection is frozen.
    func watchForStall() throws {
        let uptime = clock.uptime
        if let probe = stall.probe {
            guard let fetch = fetches[probe] else { return stall.answered(at: uptime) }
            if fetch.machine.remaining(at: uptime) <= .zero { throw ConnectionFault.frozen }
            return
        }
        guard hasLiveDemand else { return stall.received(at: uptime) }
        guard stall.isDue(at: uptime), let question = probingQuestion else { return }
        stall.ask(ask(question).id)
    }

    /// A question that the server has answered before, as it must while it lives.
    private var probingQuestion: SeriesQuestion? {
        let live = series.values.first(where: \.isReady)?.machine.question.request.symbol
        return (live ?? board.quotedSymbol).flatMap { symbol in
            let request = BarRequest(symbol: symbol, interval: .oneDay, span: .count(1))
            return try? SeriesQuestion(request, pageSize: configuration.pageSize)
        }
    }
}
