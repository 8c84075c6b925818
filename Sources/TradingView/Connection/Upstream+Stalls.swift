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
            if let step = fetches[probe]?.machine.settleDoubt(at: uptime, now: now) {
                perform(step, probe)
            } else if fetch.machine.remaining(at: uptime) <= .zero {
                throw ConnectionFault.frozen
            }
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

    /// The series that may be looked after at once.
    private static let probesAtOnce = 8

    /// Loads the newest bars of live series that give nothing while their market is open, or whose newest bar is over.
    func watchSeries() {
        let uptime = clock.uptime
        var asking = 0
        for (id, running) in series {
            guard let probe = running.watch.probe else { continue }
            asking += 1
            guard let fetch = fetches[probe.question] else {
                series[id]?.watch.wasQuiet(at: uptime)
                continue
            }
            if let step = fetches[probe.question]?.machine.settleDoubt(at: uptime, now: now) {
                perform(step, probe.question)
            } else if fetch.machine.remaining(at: uptime) <= .zero {
                judge(id, .failure(ConnectionFault.frozen))
                abandon(probe.question)
            }
        }
        guard stall.probe == nil else { return }
        let upstream = serverTime.now(at: uptime)
        let due = series.filter { _, running in
            guard running.machine.isStreaming else { return false }
            if running.watch.isDue(at: uptime) { return true }
            return running.watch.mayConfirm(at: uptime)
                && (upstream.map(running.machine.isConfirmationDue) ?? false)
        }
        for (id, running) in due.sorted(by: { $0.value.watch.since < $1.value.watch.since }) {
            guard asking < Upstream.probesAtOnce, let link, link.budget.leftForProbes > 0 else { return }
            let isClosing = upstream.map(running.machine.isConfirmationDue) ?? false
            guard isClosing || running.machine.mayTrade(at: now) else {
                // A market that rests is left alone, and looked at again a patience later.
                series[id]?.watch.received(at: uptime)
                continue
            }
            var request = running.machine.question.request
            request.span = .count(2)
            guard let question = probe(of: request) else { continue }
            var isAllowed = false
            modifyLink { isAllowed = $0.probes.take(at: uptime) }
            guard isAllowed else { return }
            series[id]?.watch.ask(ask(question, isProbe: true).id, at: uptime)
            asking += 1
        }
    }

    /// The answer to the question about a live series, if it was one: a series that lacks what the answer holds, or whose
    /// instrument gives no answer on a connection that lives, is opened again, alone.
    func judgeProbe(_ question: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let id = series.first(where: { $0.value.watch.probe?.question == question })?.key else { return }
        judge(id, result)
    }

    private func judge(_ id: Int, _ result: Result<BarSeries, MarketDataError>) {
        guard let running = series[id], let asked = running.watch.probe?.asked else { return }
        let uptime = clock.uptime
        let isFrozen: Bool
        switch result {
        case .success(let answer):
            isFrozen = !running.watch.hasSpoken && running.machine.lags(behind: answer)
            if let events = series[id]?.machine.confirm(with: answer), !events.isEmpty {
                for event in events { running.source.send(event) }
            }
        case .failure(let error):
            isFrozen = !running.watch.hasSpoken && error == ConnectionFault.frozen && stall.lastData > asked
        }
        guard isFrozen, let session = running.session else {
            series[id]?.watch.wasQuiet(at: uptime)
            return
        }
        logger.notice(
            "a live series froze while its connection lived; it is opened again",
            metadata: ["symbol": "\(running.machine.question.request.symbol)"])
        series[id]?.watch.wasFrozen(at: uptime)
        if running.watch.timesFrozen > 0 {
            // It was opened again already, and gives nothing all the same.
            series[id]?.supervision.stale(
                "no data while the market is open, also after the series was opened again", at: uptime)
            tellCondition(of: id)
        }
        close(session)
        series[id]?.session = nil
        series[id]?.machine.disconnected()
        openSeries(id)
    }
}
