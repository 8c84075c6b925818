public import MarketData

extension MockMarket: ContractHistoryProvider {
    /// Price and open interest of one contract at the end of each interval of the newest session that is over; every
    /// value is simulated, and the build-up is `BuildUp` as text.
    /// - Throws: `MarketDataError`: `symbolNotFound`, `notSupported`, `expiryNotListed`, `unknownInterval` for another
    ///   interval than 5 and 15 minutes, `noDataForTime` before the first interval is over.
    public func contractHistory(_ request: ContractHistoryRequest) async throws -> ContractHistory {
        guard request.interval.unit == .minute, [5, 15].contains(request.interval.count) else {
            throw MarketDataError(
                .unknownInterval,
                "the session of a contract of \(request.underlying) is available in 5m and 15m, not in \(request.interval)",
                source: .mock)
        }
        guard case .option(let strike, let type) = request.kind else {
            throw MarketDataError(
                .notSupported,
                "the mock market has the session of options only; request a call or a put, or for the "
                    + "bars of the future", source: .mock)
        }
        let now = clock()
        let symbol = request.underlying
        let session = calendar.latestSession(at: now, segment: .derivatives)
        let listed = try options(of: symbol).expiries(at: now)
        guard let expiry = request.expiry ?? listed.first, listed.contains(expiry) else {
            throw notListed(request.expiry, listed, symbol, now)
        }
        let contract = DerivativeContract(underlying: symbol, expiry: expiry, kind: request.kind)
        let ends = ends(of: session, each: Int64(request.interval.count) * 60, before: now)
        let points = try points(of: contract, strike, type, at: ends, in: session)
        guard let last = points.last else {
            throw MarketDataError(
                .noDataForTime, "\(contract) has no interval in the session of \(session.date) that is over",
                source: .mock)
        }
        return ContractHistory(
            contract: contract, interval: request.interval, tradingDay: session.date, unit: .shares,
            lotSize: try options(of: symbol).lotSize(expiring: expiry), points: points,
            provenance: provenance(asOf: last.time))
    }

    private func ends(of session: TradingSession, each length: Int64, before now: Timestamp) -> [Timestamp] {
        stride(from: session.opens.seconds + length, through: session.closes.seconds, by: Int(length))
            .map { Timestamp(seconds: $0) }.filter { $0 <= now }
    }

    /// At the close itself an expiry of today is over, so the last point is of the second before.
    private func points(
        of contract: DerivativeContract, _ strike: Strike, _ type: OptionType, at ends: [Timestamp],
        in session: TradingSession
    ) throws(MarketDataError) -> [ContractPoint] {
        var points: [ContractPoint] = []
        var traded = 0.0
        for end in ends {
            let moment = min(end, session.closes.advanced(bySeconds: -1))
            guard
                let side = try option(strike, of: contract.underlying, expiry: contract.expiry, at: moment)?[type]
            else { continue }
            let volume = side.volume.map { $0 - traded }
            traded = side.volume ?? traded
            var point = ContractPoint(
                time: end, isFinal: true, price: side.last, openInterest: side.openInterest, volume: volume)
            if let before = points.last { point.compare(with: before) }
            points.append(point)
        }
        return points
    }
}

extension ContractPoint {
    fileprivate mutating func compare(with before: ContractPoint) {
        if let now = openInterest, let then = before.openInterest { change = now - then }
        let step = price.flatMap { now in before.price.map { now - $0 } }
        buildUp = BuildUp.of(priceChange: step, openInterestChange: change).value?.rawValue
    }
}
