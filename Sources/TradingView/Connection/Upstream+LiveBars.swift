import MarketData
import TradingViewProtocol

extension Upstream {
    /// Takes a reader of live bars.
    func follow(_ question: SeriesQuestion, source: FeedSource<BarEvent>, opened: Promise<Void>) -> Int {
        let id = nextID()
        let series = LiveSeries(question, deadlines: configuration.deadlines, at: uptime)
        barReaders[id] = LiveBarsReader(series: series, source: source, opened: opened)
        if link != nil { openBars(id) }
        wake()
        return id
    }

    /// The reader has gone.
    func leaveBars(_ id: Int) {
        guard let reader = barReaders.removeValue(forKey: id) else { return }
        close(reader.session)
    }

    func advanceBars(_ id: Int, with event: ServerEvent) {
        guard let step = barReaders[id]?.series.receive(event, at: uptime, now: now()) else { return }
        take(step, for: id)
    }

    func distrustBars(_ id: Int, _ reason: String) {
        guard let step = barReaders[id]?.series.receiveUnreadable(reason) else { return }
        take(step, for: id)
    }

    func checkBars(_ id: Int) {
        guard let step = barReaders[id]?.series.check(at: uptime, now: now()) else { return }
        take(step, for: id)
    }

    func openBars(_ id: Int) {
        barReaders[id]?.opened.complete(.success(()))
        // A connection without sessions left is about to be replaced; the series opens on the next one.
        guard budget.left > 0 else { return }
        let session = newChartSession(for: id)
        barReaders[id]?.session = session
        guard let step = barReaders[id]?.series.open(session, at: uptime, now: now()) else { return }
        take(step, for: id)
    }

    private func take(_ step: LiveSeries.Step, for id: Int) {
        send(step.calls)
        for event in step.events { barReaders[id]?.source.send(event) }
        switch step.then {
        case .goOn: break
        case .openAfresh(let former):
            close(former)
            barReaders[id]?.session = nil
            openBars(id)
        case .fail(let error):
            guard let reader = barReaders.removeValue(forKey: id) else { return }
            close(reader.session)
            reader.source.finish(throwing: error)
        }
    }
}
