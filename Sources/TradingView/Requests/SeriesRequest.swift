import JSON
import MarketData
import TradingViewProtocol

/// The request of one chart session: which series, and how far back.
struct SeriesRequest: Sendable {
    /// How far back the bars must reach.
    enum Reach: Hashable, Sendable {
        /// The number of newest bars.
        case count(Int)
        /// All bars since an instant.
        case since(Timestamp)
    }

    let barRequest: BarRequest
    /// The name at TradingView, such as `NSE:CNXFINANCE`.
    let wireName: String
    let resolution: Resolution
    let pageSize: Int
    var reach: Reach
    /// Whether the dates of a continuous future's rolls are requested with the bars.
    var wantsRolls: Bool

    /// The most bars that one request may gather.
    static let mostBars = 250_000

    /// - Throws: `MarketDataError`: a request that TradingView cannot serve.
    init(_ request: BarRequest, pageSize: Int) throws(MarketDataError) {
        try request.validate()
        barRequest = request
        self.pageSize = pageSize
        wireName = WireName.of(request.symbol)
        resolution = Resolution(request.interval)
        wantsRolls = RollStudy.isContinuous(wireName)
        guard resolution.isNative else {
            throw MarketDataError(
                .notSupported,
                "no bars of \(request.interval) at TradingView; use one of \(SeriesFailure.nativeIntervals)",
                source: .tradingview)
        }
        switch request.span {
        case .count(let count): reach = .count(count)
        case .range(let range): reach = .since(range.from)
        }
    }

    var specification: SymbolSpecification {
        var specification = SymbolSpecification(barRequest)
        specification.symbol = wireName
        return specification
    }

    /// Whether the bars up to the end of a range are requested, instead of the newest ones, where many lie between.
    var isAnchored = true

    /// What the first call requests: of a range that ended long ago, the bars up to its end.
    func firstBars(at now: Timestamp) -> BarCount {
        guard let end = anchor(at: now), case .since(let start) = reach else { return .newest(firstCount(at: now)) }
        let span = max(0, end.seconds - start.seconds) / barRequest.interval.shortestSeconds
        return .upTo(end.advanced(bySeconds: -1), count: min(Int(clamping: span) + 1, pageSize))
    }

    /// The end of the range; `nil` without a range, or where the newest bars include it.
    func anchor(at now: Timestamp) -> Timestamp? {
        guard isAnchored, case .range(let range) = barRequest.span else { return nil }
        let bars = (now.seconds - range.to.seconds) / barRequest.interval.shortestSeconds
        return bars > SeriesRequest.bridgedBars ? range.to : nil
    }

    /// Up to this number of bars between a range and now are fetched along with it.
    private static let bridgedBars: Int64 = 50

    /// How many of the newest bars the first call requests.
    func firstCount(at now: Timestamp) -> Int {
        switch reach {
        case .count(let count): return min(count, pageSize)
        case .since(let start): return mostBars(from: start, to: now)
        }
    }

    /// The most bars that fit between two times, with some to compare, in a page.
    private func mostBars(from start: Timestamp, to end: Timestamp) -> Int {
        let span = max(0, end.seconds - start.seconds) / barRequest.interval.shortestSeconds
        return min(max(10, Int(clamping: span) + 2), pageSize)
    }

    /// Whether a number of bars from `oldest` on is enough.
    func hasResponse(by count: Int, since oldest: Timestamp) -> Bool {
        switch reach {
        case .count(let wanted): count >= wanted
        case .since(let start): oldest <= start
        }
    }

    /// How many older bars to request next, after a number of bars from `oldest` on.
    func nextCount(having count: Int, since oldest: Timestamp) -> Int {
        switch reach {
        case .count(let wanted): min(pageSize, max(1, wanted - count))
        case .since(let start): mostBars(from: start, to: oldest)
        }
    }
}

/// What TradingView calls an instrument.
///
/// Three Indian indices have other names there than at their exchange; the exchange's names are ours.
enum WireName {
    private static let aliases: [(ours: Symbol, theirs: String)] = [
        (Symbol(exchange: "NSE", ticker: "FINNIFTY"), "NSE:CNXFINANCE"),
        (Symbol(exchange: "NSE", ticker: "MIDCPNIFTY"), "NSE:NIFTY_MID_SELECT"),
        (Symbol(exchange: "NSE", ticker: "NIFTYNXT50"), "NSE:NIFTYJR"),
    ]

    /// TradingView's name for our symbol.
    static func of(_ symbol: Symbol) -> String {
        aliases.first { $0.ours == symbol }?.theirs ?? symbol.description
    }

    /// Our symbol for TradingView's name; `nil` for text that is not a symbol.
    static func symbol(_ name: String) -> Symbol? {
        aliases.first { $0.theirs == name }?.ours ?? (try? Symbol(name))
    }
}

/// The study that reports when a continuous future rolled to the next contract.
///
/// The call is as the site sends it (`BarSetContinuousRollDates`). No response of the real server is recorded, so all
/// ways in which studies are known to report times are read: rows, lines drawn at positions of the time scale, and lists of
/// times.
enum RollStudy {
    static let name = "st_rolls"
    private static let turnaround = "st1"
    private static let type = "BarSetContinuousRollDates@tv-corestudies-35"

    /// The call that makes the study of a series.
    static func call(_ session: SessionID, series: String) -> ClientCall {
        .createStudy(
            session, study: name, turnaround: turnaround, series: series, type: type,
            inputs: ["currenttime": .string("now")])
    }

    /// Whether a name is that of a continuous future: `NIFTY1!`, `ES2!`.
    static func isContinuous(_ name: String) -> Bool {
        guard name.hasSuffix("!"), let digit = name.dropLast().last else { return false }
        return digit.isASCII && digit.isNumber
    }

    /// The rolls within the span of the bars, ascending.
    /// - Parameters:
    ///   - bars: The bars of the series, ascending.
    ///   - base: The position of the first of them on the time scale.
    static func rolls(in study: StudyData, bars: [Bar], base: Int) -> [ContractRoll] {
        guard let first = bars.first?.time else { return [] }
        var rolls: [ContractRoll] = study.rows.compactMap { row in
            row.values.first.flatMap { $0 }.flatMap(time).map { ContractRoll(time: $0) }
        }
        if let drawing = study.drawing {
            rolls += listed(drawing)
            rolls += lines(drawing).compactMap { line in
                guard study.indexes.indices.contains(line) else { return nil }
                let place = study.indexes[line] - base
                return bars.indices.contains(place) ? ContractRoll(time: bars[place].time) : nil
            }
        }
        var known: [Timestamp: ContractRoll] = [:]
        for roll in rolls where roll.time >= first {
            // A roll that names its contracts says more than a line.
            if known[roll.time]?.to == nil { known[roll.time] = roll }
        }
        return known.values.sorted { $0.time < $1.time }
    }

    /// The members of any list: numbers that are times, and objects that hold one.
    private static func listed(_ value: JSONValue) -> [ContractRoll] {
        if let list = value.array {
            return list.flatMap { item in
                if let time = item.double.flatMap(time) { return [ContractRoll(time: time)] }
                return listed(item)
            }
        }
        guard let object = value.object else { return [] }
        if let time = (object["time"] ?? object["date"] ?? object["t"])?.double.flatMap(time) {
            let names = (object["from"]?.string, object["to"]?.string)
            return [
                ContractRoll(
                    time: time, from: names.0.flatMap(WireName.symbol), to: names.1.flatMap(WireName.symbol))
            ]
        }
        return object.keys.sorted().flatMap { object[$0].map(listed) ?? [] }
    }

    /// The positions, among the drawing's own, of the vertical lines.
    private static func lines(_ drawing: JSONValue) -> [Int] {
        let sets = drawing["graphicsCmds"]?["create"]?["vertlines"]?.array ?? []
        return sets.flatMap { $0["data"]?.array ?? [] }.compactMap { $0["index"]?.integer }
    }

    /// Seconds since 1970, or milliseconds; nothing else is so large.
    private static func time(_ number: Double) -> Timestamp? {
        switch abs(number) {
        case 1e8..<1e11: Timestamp(milliseconds: Int64((number * 1000).rounded()))
        case 1e11..<1e14: Timestamp(milliseconds: Int64(number.rounded()))
        default: nil
        }
    }
}
