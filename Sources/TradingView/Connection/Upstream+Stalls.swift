import Logging
import MarketData
import TradingViewProtocol

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
        stall.ask(ask(question, isProbe: true).id)
    }

    /// A question that the server has answered before, as it must while it lives.
    private var probingQuestion: SeriesQuestion? {
        let live = series.values.first(where: \.isReady)?.machine.question.request.symbol
        return (live ?? board.quotedSymbol).flatMap { symbol in
            probe(of: BarRequest(symbol: symbol, interval: .oneDay, span: .count(1)))
        }
    }

    private func probe(of request: BarRequest) -> SeriesQuestion? {
        var question = try? SeriesQuestion(request, pageSize: configuration.pageSize)
        question?.asksRolls = false
        return question
    }

    /// Asks for the newest bars of a live series that gives nothing while its market is open; one question at a time.
    func watchSeries() {
        let uptime = clock.uptime
        var isAsking = stall.probe != nil
        for (id, running) in series {
            guard let probe = running.watch.probe else { continue }
            isAsking = true
            guard let fetch = fetches[probe.question], fetch.machine.remaining(at: uptime) <= .zero else { continue }
            judge(id, .failure(ConnectionFault.frozen))
            abandon(probe.question)
        }
        guard !isAsking, let link, link.budget.leftForProbes > 0 else { return }
        let due = series.filter { $0.value.machine.isStreaming && $0.value.watch.isDue(at: uptime) }
        guard let (id, running) = due.min(by: { $0.value.watch.since < $1.value.watch.since }) else { return }
        guard running.machine.mayTrade(at: clock.now) else {
            // A market that rests is left alone, and looked at again a patience later.
            series[id]?.watch.received(at: uptime)
            return
        }
        var request = running.machine.question.request
        request.span = .count(2)
        guard let question = probe(of: request) else { return }
        let (asked, _) = ask(question, isProbe: true)
        series[id]?.watch.ask(asked, at: uptime)
    }

    /// The answer to the question about a live series, if it was one: a series that lacks what the answer holds, or whose
    /// instrument gives no answer on a connection that lives, is opened anew, alone.
    func judgeProbe(_ question: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let id = series.first(where: { $0.value.watch.probe?.question == question })?.key else { return }
        judge(id, result)
    }

    private func judge(_ id: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let running = series[id], let asked = running.watch.probe?.asked else { return }
        let isFrozen: Bool
        switch result {
        case .success(let answer): isFrozen = running.machine.lags(behind: answer)
        case .failure(let error):
            isFrozen = error == ConnectionFault.frozen && stall.lastData > asked
        }
        guard isFrozen, !running.watch.hasSpoken, let session = running.session else {
            series[id]?.watch.wasQuiet(at: clock.uptime)
            return
        }
        logger.notice(
            "a live series froze while its connection lived; it is opened anew",
            metadata: ["symbol": "\(running.machine.question.request.symbol)"])
        series[id]?.watch.reset(at: clock.uptime)
        series[id]?.machine.disconnected()
        perform(LiveSeries.Step(then: .openAfresh(closing: session)), id)
    }
}
