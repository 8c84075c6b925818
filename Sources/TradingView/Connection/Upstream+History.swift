import MarketData
import TradingViewProtocol

extension Upstream {
    /// Takes a question; the promise is kept when it is answered.
    func ask(_ question: SeriesQuestion, answer: Promise<BarSeries>) -> Int {
        let id = nextID()
        let fetch = HistoryFetch(question, deadlines: configuration.deadlines, at: uptime)
        questions[id] = PendingHistory(fetch: fetch, answer: answer)
        openQuestions()
        wake()
        return id
    }

    /// Whoever asked does not want to know any more.
    func withdraw(_ id: Int) {
        guard let question = questions.removeValue(forKey: id) else { return }
        close(question.session)
    }

    /// Opens a session for each question that waits for one, as far as the connection's sessions reach.
    func openQuestions() {
        guard link != nil else { return }
        for id in questions.keys.sorted() where questions[id]?.session == nil && budget.left > 0 { openQuestion(id) }
    }

    func advanceQuestion(_ id: Int, with event: ServerEvent) {
        guard let step = questions[id]?.fetch.receive(event, at: uptime, now: now()) else { return }
        take(step, for: id)
        if case .criticalError(_, let reason, _) = event, SeriesRefusal.isSessionRate(reason) { budget.exhaust() }
    }

    func distrustQuestion(_ id: Int, _ reason: String) {
        guard questions[id]?.session != nil,
            let step = questions[id]?.fetch.receiveUnreadable(reason, now: now())
        else { return }
        take(step, for: id)
    }

    func checkQuestion(_ id: Int) {
        guard let error = questions[id]?.fetch.timeout(at: uptime) else { return }
        finish(id, .failure(error))
    }

    func failQuestions(_ error: MarketDataError) {
        let failed = questions
        questions = [:]
        for question in failed.values { question.answer.complete(.failure(error)) }
    }

    private func openQuestion(_ id: Int) {
        let session = newChartSession(for: id)
        questions[id]?.session = session
        guard let step = questions[id]?.fetch.open(session, at: uptime, now: now()) else { return }
        take(step, for: id)
    }

    private func take(_ step: HistoryFetch.Step, for id: Int) {
        switch step {
        case .send(let calls): send(calls)
        case .openAfresh(let former):
            close(former)
            questions[id]?.session = nil
            openQuestions()
        case .finished(let result): finish(id, result.mapError { $0 })
        }
    }

    private func finish(_ id: Int, _ result: Result<BarSeries, any Error>) {
        guard let question = questions.removeValue(forKey: id) else { return }
        close(question.session)
        question.answer.complete(result)
    }

    /// Deletes a chart session upstream.
    func close(_ session: SessionID?) {
        guard let session, owners.removeValue(forKey: session) != nil else { return }
        send([.chartDeleteSession(session)])
    }
}
