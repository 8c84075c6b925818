import MarketData

extension LiveOpenInterest {
    /// The snapshot that answers a question, in shares, as of the source's own stamp.
    /// - Parameter now: The present, from which the delay of an answer about now is counted.
    /// - Throws: `MarketDataError`: `expiryNotListed` and `noDataForTime` where something else was served.
    func snapshot(
        answering question: SnapshotRequest, now: Timestamp, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try EchoCheck(question: question, served: served, now: now, calendar: calendar).run()
        guard !rows.isEmpty else {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne has no open interest of \(question.symbol) for the expiry \(question.expiry) at "
                    + "\(question.words): not a single strike was answered",
                source: .trendlyne
            )
        }
        return OpenInterestSnapshot(
            symbol: question.symbol,
            expiry: question.expiry,
            unit: .shares,
            lotSize: LotSizes.size(of: question.symbol, expiring: question.expiry),
            spot: spot,
            strikes: rows.map { row in
                OptionStrike(strike: row.strike, call: row.call?.figures, put: row.put?.figures)
            },
            listedStrikes: listedStrikes,
            provenance: provenance(question, now: now, calendar: calendar),
            notes: dropped.map { "left out an option whose figures cannot be: \($0)" }
        )
    }

    private func provenance(_ question: SnapshotRequest, now: Timestamp, calendar: TradingCalendar) -> Provenance {
        let close = calendar.hours(on: served.tradingDate, segment: .derivatives).closes
        let isOver = (question.at ?? now) >= IndianTime.timestamp(served.tradingDate, close)
        let delay = max(0, now.seconds - served.lastUpdated.seconds)
        return Provenance(
            source: .trendlyne,
            feed: "live-oi-data",
            mode: isOver ? .endOfDay : .delayed,
            delaySeconds: isOver || question.at != nil ? nil : Int(delay),
            asOf: served.lastUpdated
        )
    }
}

extension LiveOpenInterest.Side {
    fileprivate var figures: OptionFigures {
        OptionFigures(openInterest: openInterest, change: change, previous: previous)
    }
}
