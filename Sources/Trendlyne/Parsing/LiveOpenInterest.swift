import JSON
import MarketData
import SourceHTTP

/// A response of `live-oi-data`: open interest in shares by strike, and the request it is for.
///
/// The response's own totals are left out on purpose: `totalCallOiChange` and `totalPutOiChange` are swapped at the
/// source (shown by the sums over its strikes), and `totalPCR` covers only the strikes returned. Price, volume and
/// implied volatility do not exist in this response.
struct LiveOpenInterest: Hashable, Sendable {
    /// One side of a strike, in shares.
    struct Side: Hashable, Sendable {
        var openInterest: Double?
        /// At the close of the previous session.
        var previous: Double?
        /// Since the close of the previous session.
        var change: Double?
    }

    /// A strike by the text that names it.
    struct Row: Hashable, Sendable {
        var strike: Strike
        /// `nil` if the response has no value of that side.
        var call: Side?
        var put: Side?
    }

    /// `inputData`: the request that the source served, which may differ from the one sent.
    struct Served: Hashable, Sendable {
        var tradingDate: CalendarDate
        /// The moment of the snapshot.
        var maxTime: ClockTime
        /// The source's own stamp of the values.
        var lastUpdated: Timestamp
        var expiries: [CalendarDate]
        /// The window of strikes; `nil` if the source does not say.
        var strikes: StrikeRange?
    }

    /// Ascending by strike.
    var rows: [Row]
    var served: Served
    /// The price of the underlying; `nil` if the source sent none.
    var spot: Double?
    /// How many strikes the exchange lists, of which `rows` is a window; `nil` if the source does not say.
    var listedStrikes: Int?
    /// From the lowest listed strike to the highest.
    var listedRange: StrikeRange?
    /// The sides that were left out because their numbers cannot be, and why.
    var dropped: [String]
}

extension LiveOpenInterest {
    /// Reads the body of `live-oi-data`. Every value of a strike may be absent; a present one must be a number. A side
    /// with impossible numbers is left out with a note, unless most are.
    ///
    /// `nil` for a body without values and without echo, with which the source responds to an expiry that it does not
    /// serve.
    init?(_ body: JSONFields) throws(UnreadableField) {
        let strikes = try body.object("oiData")
        guard let input = try body.object("inputData") else {
            if strikes?.isEmpty ?? true { return nil }
            throw UnreadableField(body.path(of: "inputData"), "missing: nothing says which moment was served")
        }
        let overall = try body.object("overallData")
        served = try Served(input)
        var faults: [UnreadableField] = []
        rows = try strikes.map { strikes throws(UnreadableField) in try LiveOpenInterest.rows(strikes, &faults) } ?? []
        let kept = rows.reduce(0) { $0 + ($1.call == nil ? 0 : 1) + ($1.put == nil ? 0 : 1) }
        if let first = faults.first, faults.count > kept { throw first }
        dropped = faults.map(\.words).sorted()
        // A zero here means that the source does not know: no underlying trades at 0.
        spot = try overall?.number("spotPrice").flatMap { $0 > 0 ? $0 : nil }
        let listed = try overall.map { overall throws(UnreadableField) in
            try LiveOpenInterest.strikes(overall, "strikePriceList")
        }
        listedStrikes = listed.flatMap { $0.isEmpty ? nil : $0.count }
        listedRange = listed.flatMap { StrikeRange(of: $0) }
    }

    private static func strikes(_ fields: JSONFields, _ name: String) throws(UnreadableField) -> [Strike] {
        var strikes: [Strike] = []
        for item in try fields.list(name) ?? [] {
            guard let strike = item.strike else {
                throw UnreadableField(fields.path(of: name), "expected strike prices, found \(item.brief)")
            }
            strikes.append(strike)
        }
        return strikes
    }

    private static func rows(
        _ strikes: JSONFields, _ faults: inout [UnreadableField]
    ) throws(UnreadableField) -> [Row] {
        var rows: [Row] = []
        var seen: Set<Strike> = []
        for name in strikes.names {
            guard let strike = Strike(name) else {
                faults.append(UnreadableField(strikes.path, "'\(name.prefix(40))' is not a strike price"))
                continue
            }
            guard seen.insert(strike).inserted else {
                throw UnreadableField(strikes.path, "the strike \(strike) is listed twice")
            }
            let object: JSONFields?
            do { object = try strikes.object(name) } catch {
                faults.append(error)
                continue
            }
            guard let values = object else { continue }
            var row = Row(strike: strike)
            do { row.call = try Side(values, "call") } catch { faults.append(error) }
            do { row.put = try Side(values, "put") } catch { faults.append(error) }
            if row.call != nil || row.put != nil { rows.append(row) }
        }
        return rows.sorted { $0.strike < $1.strike }
    }
}

extension LiveOpenInterest.Side {
    fileprivate init?(_ values: JSONFields, _ side: String) throws(UnreadableField) {
        openInterest = try values.number("\(side)Oi")
        previous = try values.number("\(side)PrevOi")
        change = try values.number("\(side)OiChange")
        if openInterest == nil, previous == nil, change == nil { return nil }
        for (name, value) in [("\(side)Oi", openInterest), ("\(side)PrevOi", previous)] {
            guard let value, value < 0 else { continue }
            throw UnreadableField(values.path(of: name), "open interest cannot be \(value.shortest)")
        }
        guard let openInterest, let previous, let change else { return }
        // Whole shares: anything from one share on is a contradiction, not rounding.
        guard abs(previous + change - openInterest) < 0.5 else {
            throw UnreadableField(
                values.path(of: "\(side)Oi"),
                "\(openInterest.shortest) is not the previous \(previous.shortest) and the change \(change.shortest)"
            )
        }
    }
}

extension LiveOpenInterest.Served {
    fileprivate init(_ input: JSONFields) throws(UnreadableField) {
        tradingDate = try input.required("tradingDate", try input.date("tradingDate"))
        let time = try input.required("maxTime", input.text("maxTime"))
        guard let maxTime = ClockTime(time) else {
            throw UnreadableField(
                input.path(of: "maxTime"), "expected a time such as 10:30, found '\(time.prefix(40))'")
        }
        self.maxTime = maxTime
        let stamp = try input.required("lastUpdatedDateTime", input.text("lastUpdatedDateTime"))
        guard let lastUpdated = SourceStamp.timestamp(stamp) else {
            throw UnreadableField(
                input.path(of: "lastUpdatedDateTime"),
                "expected a time such as 2026-01-23T15:40:00+05:30, found '\(stamp.prefix(40))'"
            )
        }
        self.lastUpdated = lastUpdated
        expiries = try input.required("expDateList", try input.dates("expDateList"))
        // Numbers where the source chose the window, text where it was requested.
        let ends = [input.value("minStrikePrice"), input.value("maxStrikePrice")].compactMap { $0?.strike }
        strikes = ends.count == 2 && ends[0] <= ends[1] ? StrikeRange(from: ends[0], to: ends[1]) : nil
    }
}

extension JSONValue {
    /// A strike price, written as a number or as text.
    fileprivate var strike: Strike? {
        switch self {
        case .integer(let price): Strike(Double(price))
        case .number(let price): Strike(price)
        case .string(let text): Strike(text)
        default: nil
        }
    }
}

extension JSONFields {
    fileprivate func required<Value>(_ name: String, _ value: Value?) throws(UnreadableField) -> Value {
        guard let value else {
            throw UnreadableField(path(of: name), "missing; the response does not name its request")
        }
        return value
    }
}

extension LiveOpenInterest {
    /// The snapshot for a request, in shares, as of the source's own stamp.
    /// - Parameter now: The present, from which the delay of a response about now is counted.
    /// - Throws: `MarketDataError`: `expiryNotListed` and `noDataForTime` where something else was served.
    func snapshot(
        for query: SnapshotRequest, now: Timestamp, calendar: TradingCalendar = .nse
    ) throws(MarketDataError) -> OpenInterestSnapshot {
        try EchoCheck(query: query, served: served, now: now, calendar: calendar).run()
        guard !rows.isEmpty else {
            throw MarketDataError(
                .noDataForTime,
                "Trendlyne has no open interest of \(query.symbol) for the expiry \(query.expiry) at "
                    + "\(query.words): it has no strikes",
                source: .trendlyne
            )
        }
        return OpenInterestSnapshot(
            symbol: query.symbol,
            expiry: query.expiry,
            unit: .shares,
            lotSize: LotSizes.size(of: query.symbol, expiring: query.expiry),
            spot: spot,
            strikes: rows.map { row in
                OptionStrike(strike: row.strike, call: row.call?.values, put: row.put?.values)
            },
            listedStrikes: listedStrikes,
            provenance: provenance(query, now: now, calendar: calendar),
            notes: dropped.map { "dropped an option with contradicting values: \($0)" }
        )
    }

    private func provenance(_ query: SnapshotRequest, now: Timestamp, calendar: TradingCalendar) -> Provenance {
        let close = calendar.hours(on: served.tradingDate, segment: .derivatives).closes
        let isOver = (query.at ?? now) >= IndianTime.timestamp(served.tradingDate, close)
        let delay = max(0, now.seconds - served.lastUpdated.seconds)
        return Provenance(
            source: .trendlyne,
            feed: "live-oi-data",
            mode: isOver ? .endOfDay : .delayed,
            delaySeconds: isOver || query.at != nil ? nil : Int(delay),
            asOf: served.lastUpdated
        )
    }
}

extension LiveOpenInterest.Side {
    fileprivate var values: OptionData {
        OptionData(openInterest: openInterest, change: change, previous: previous)
    }
}
