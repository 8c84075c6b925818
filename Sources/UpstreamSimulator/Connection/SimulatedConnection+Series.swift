import JSON
import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    private static let barFaults: Set<Fault> = [
        .seriesError, .criticalError, .emptySeries, .freeze, .deadFeed, .withoutResponse, .noVolume, .nullVolume,
        .exponentFloats,
    ]

    mutating func createSeries(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let chart = charts[session] else { return [] }
        guard let parameters = CreateSeriesParameters(call), let symbol = chart.symbols[parameters.symbolName],
            let count = parameters.count
        else { return criticalChartError(call, "invalid parameters") }
        if case .recorded(let requested) = symbol { return playRecording(parameters, of: requested, at: now) }
        let request = SeriesRequest(
            session: session, series: parameters.series, turnaround: parameters.turnaround, symbol: symbol,
            resolution: parameters.resolution, count: count, range: parameters.range
        )
        guard chart.series[request.series] != nil || chart.series.count < configuration.seriesPerSession else {
            return criticalChartError(call, "exceed limit of series in the session")
        }
        return loadSeries(request, call, at: now)
    }

    mutating func modifySeries(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let chart = charts[session] else { return [] }
        if simulation.recording != nil { return continueRecording(call, turnaround: call.text(at: 2), at: now) }
        guard let id = call.text(at: 1), let turnaround = call.text(at: 2), let name = call.text(at: 3),
            let symbol = chart.symbols[name], let code = call.text(at: 4), let former = chart.series[id]
        else { return criticalChartError(call, "invalid parameters") }
        // One client sends the count in sixth place and the range in seventh; upstream has no count here.
        let range = call.text(at: 5) ?? call.text(at: 6) ?? ""
        let request = SeriesRequest(
            session: session, series: id, turnaround: turnaround, symbol: symbol, resolution: Resolution(code: code),
            count: .newest(max(former.count, 300)), range: range
        )
        return loadSeries(request, call, at: now)
    }

    private mutating func loadSeries(
        _ request: SeriesRequest, _ call: ReceivedCall, at now: Timestamp
    ) -> [ConnectionAction] {
        guard case .known(let instrument) = request.symbol else {
            let loading = [request.packet("series_loading", at: now)]
            return [.text((loading + [request.error("resolve error", node: "sim1@sim1", at: now)]).glued)]
        }
        guard let interval = request.resolution.interval else {
            return isPaidResolution(request.resolution)
                ? refuse(request, "ticks_not_entitled", at: now) : criticalChartError(call, "invalid parameters")
        }
        if interval.unit == .second, configuration.plan == .free {
            return refuse(request, "seconds_not_entitled", at: now)
        }
        if !request.resolution.isNative, configuration.plan == .free {
            return refuse(request, "custom_resolution", at: now)
        }
        let faults = faults(
            for: instrument, among: SimulatedConnection.barFaults.union(ResponseDelivery.faults)
        )
        if faults.contains(.withoutResponse) { return [] }
        if faults.contains(.deadFeed) { return [.text(request.packet("series_loading", at: now).framed)] }
        if faults.contains(.seriesError) { return refuse(request, "simulated series error", at: now) }
        if faults.contains(.criticalError) { return criticalChartError(call, "simulated critical error") }
        return sendBars(request, of: instrument, interval: interval, faults: faults, at: now)
    }

    private mutating func sendBars(
        _ request: SeriesRequest, of instrument: SimulatedInstrument, interval: Interval, faults: Set<Fault>,
        at now: Timestamp
    ) -> [ConnectionAction] {
        var series = ChartSeries(
            id: request.series, turnaround: request.turnaround, instrument: instrument, interval: interval,
            text: BarText(faults), updated: now
        )
        series.number = simulation.frozen.open()
        series.isFrozen = faults.contains(.freeze)
        let page =
            faults.contains(.emptySeries) ? BarPage(bars: [], reachesStart: true) : firstPage(request, series, at: now)
        var block = series.load(page.bars, at: now)
        block.barClose = simulation.market.close(of: page.bars.last, series)
        simulation.counts.responded(series, requested: request.barsRequested, sent: page.bars.count)
        charts[request.session]?.series[request.series] = series
        var messages = [[request.packet("series_loading", at: now)]]
        if !page.bars.isEmpty {
            messages.append([ChartUpdateText.timescale(session: request.session, block: block, at: now)])
        }
        if let span = request.visibleSpan(of: page.bars) {
            messages.append([WirePacket("series_timeframe", span)])
        }
        let end: JSONText? = page.reachesStart ? "end" : isAtLimit(series) ? "limit" : nil
        messages.append([completion(of: series, session: request.session, end: end, at: now)])
        return deliver(messages, target: (1, 0), faults: faults, at: now)
    }

    private func firstPage(_ request: SeriesRequest, _ series: ChartSeries, at now: Timestamp) -> BarPage {
        let marketTime = simulation.marketTime(at: now, of: series.instrument)
        let largest = min(configuration.pageBars, configuration.windowBars)
        switch request.count {
        case .newest(let count):
            return simulation.market.page(of: series, count: min(max(count, 1), largest), before: nil, at: marketTime)
        case .upTo(let time, let count) where count >= 0:
            let before = min(time, marketTime).advanced(bySeconds: 1)
            return simulation.market.page(
                of: series, count: min(max(count, 1), largest), before: before, at: marketTime)
        case .upTo(let time, let count):
            let bars = simulation.market.bars(
                of: series.instrument, interval: series.interval, from: time, at: marketTime,
                limit: min(-max(count, -largest), largest)
            )
            return BarPage(bars: bars, reachesStart: false)
        }
    }

    mutating func moreData(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let chart = charts[session] else { return [] }
        if simulation.recording != nil { return continueRecording(call, turnaround: nil, at: now) }
        guard let id = call.text(at: 1), call.parameters.count > 2, let count = call.parameters[2].integer,
            var series = chart.series[id]
        else { return criticalChartError(call, "invalid parameters") }
        let faults = faults(for: series.instrument, among: [.repeatBars])
        let room = max(0, configuration.windowBars - series.count)
        var page = BarPage(bars: [], reachesStart: series.count == 0)
        if room > 0, let oldest = series.oldest.first {
            page = simulation.market.page(
                of: series, count: min(max(count, 1), configuration.pageBars, room), before: oldest.time,
                at: simulation.marketTime(at: now, of: series.instrument)
            )
        }
        let added = page.bars.count
        simulation.counts.responded(series, requested: max(count, 1), sent: added)
        let block = series.prepend(
            page.bars, indexes: configuration.pagingIndexes, repeatsSentBars: faults.contains(.repeatBars)
        )
        charts[session]?.series[id] = series
        let scale = ChartUpdateText.Scale(
            zoneOffset: configuration.pagingIndexes == .negative ? added : 0,
            shift: configuration.pagingIndexes == .renumbered ? added : 0
        )
        let end: JSONText? = page.reachesStart ? "end" : isAtLimit(series) ? "limit" : nil
        var packets = [SeriesRequest.loading(session, id, series.turnaround, at: now)]
        if !block.bars.isEmpty {
            packets.append(ChartUpdateText.timescale(session: session, block: block, scale: scale, at: now))
        }
        packets.append(completion(of: series, session: session, end: end, at: now))
        return packets.map { .text($0.framed) }
    }

    private func isAtLimit(_ series: ChartSeries) -> Bool { series.count >= configuration.windowBars }

    private func isPaidResolution(_ resolution: Resolution) -> Bool {
        guard let unit = resolution.code.last, unit == "T" || unit == "R" else { return false }
        return Int(resolution.code.dropLast()) != nil
    }

    private func refuse(_ request: SeriesRequest, _ reason: String, at now: Timestamp) -> [ConnectionAction] {
        [.text([request.packet("series_loading", at: now), request.error(reason, node: "undefined", at: now)].glued)]
    }

    func completion(of series: ChartSeries, session: String, end: JSONText?, at now: Timestamp) -> WirePacket {
        var details: [(String, JSONText)] = [("rt_update_period", .int(Int64(configuration.barUpdateSeconds)))]
        if let end { details.append(("data_completed", end)) }
        return WirePacket(
            "series_completed",
            [
                .string(session), .string(series.id), .string(simulation.updateMode(of: series.instrument)),
                .string(series.turnaround),
                .object(details),
            ],
            stampMilliseconds: now.milliseconds
        )
    }
}

/// A series that a client wants, new or changed.
struct SeriesRequest: Sendable {
    let session: String
    let series: String
    let turnaround: String
    let symbol: ChartSession.ResolvedSymbol
    let resolution: Resolution
    let count: BarCount
    let range: String

    /// How many bars it names.
    var barsRequested: Int {
        switch count {
        case .newest(let count): max(count, 1)
        case .upTo(_, let count): abs(count)
        }
    }

    func packet(_ name: String, at now: Timestamp) -> WirePacket {
        WirePacket(
            name, [.string(session), .string(series), .string(turnaround)], stampMilliseconds: now.milliseconds
        )
    }

    func error(_ reason: String, node: String, at now: Timestamp) -> WirePacket {
        WirePacket(
            "series_error",
            [.string(session), .string(series), .string(turnaround), .string(reason), .string(node)],
            stampMilliseconds: now.milliseconds
        )
    }

    static func loading(_ session: String, _ series: String, _ turnaround: String, at now: Timestamp) -> WirePacket {
        WirePacket(
            "series_loading", [.string(session), .string(series), .string(turnaround)],
            stampMilliseconds: now.milliseconds
        )
    }

    /// What `series_timeframe` says where a range was requested: the indexes of the bars that it shows. A range is
    /// `r,FROM:TO` in seconds, or a name such as `LASTSESSION`, for which all bars are shown.
    func visibleSpan(of bars: [Bar]) -> [JSONText]? {
        guard !range.isEmpty, !bars.isEmpty else { return nil }
        var first = 0
        var last = bars.count - 1
        if range.hasPrefix("r,") {
            let ends = range.dropFirst(2).split(separator: ":").compactMap { Int64($0) }
            guard ends.count == 2 else { return nil }
            first = bars.firstIndex { $0.time.seconds >= ends[0] } ?? last
            last = max(first, bars.lastIndex { $0.time.seconds <= ends[1] } ?? first)
        }
        return [
            .string(session), .string(series), .string(turnaround), .int(Int64(first)), .int(Int64(last)),
            .string(range), .bool(last == bars.count - 1),
        ]
    }
}
