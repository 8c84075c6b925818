import Foundation
import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    mutating func createChart(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0) else { return protocolError("wrong data") }
        if let refusal = refusalOfNewSession(call) { return refusal }
        charts[session] = ChartSession()
        return []
    }

    mutating func endChart(_ call: ReceivedCall) -> [ConnectionAction] {
        if let session = call.text(at: 0) { charts[session] = nil }
        return []
    }

    mutating func switchTimeZone(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), charts[session] != nil else { return [] }
        let zone = call.text(at: 1) ?? ""
        if zone == "exchange" || TimeZone(identifier: zone) != nil { return [] }
        return criticalChartError(call, "invalid timezone")
    }

    mutating func resolve(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), var chart = charts[session] else { return [] }
        guard let name = call.text(at: 1), let specification = call.text(at: 2) else {
            return criticalChartError(call, "invalid parameters")
        }
        guard chart.symbols[name] == nil else { return criticalChartError(call, "duplicate id") }
        if simulation.recording != nil {
            let symbol = SymbolSpecification(text: specification)?.symbol ?? specification
            chart.symbols[name] = .recorded(symbol)
            chart.awaitedRecordedSymbol = AwaitedRecordedSymbol(name: name, symbol: symbol, since: now)
            charts[session] = chart
            return []
        }
        let instrument = instrument(specification)
        let isRefused = !faults(for: instrument, among: [.symbolError]).isEmpty
        guard let instrument, !isRefused else {
            chart.symbols[name] = .unknown
            charts[session] = chart
            let refusal: [JSONText] = [.string(session), .string(name), "invalid symbol"]
            return [.text(WirePacket("symbol_error", refusal, stampMilliseconds: now.milliseconds).framed)]
        }
        if let group = simulation.deniedGroup(of: instrument) {
            chart.symbols[name] = .unknown
            charts[session] = chart
            let refusal: [JSONText] = [
                .string(session), .string(name), "permission denied", "group", .string(group),
            ]
            return [.text(WirePacket("symbol_error", refusal, stampMilliseconds: now.milliseconds).framed)]
        }
        chart.symbols[name] = .known(instrument)
        charts[session] = chart
        let response: [JSONText] = [.string(session), .string(name), instrument.resolvedInfo]
        return [.text(WirePacket("symbol_resolved", response, stampMilliseconds: now.milliseconds).framed)]
    }

    mutating func removeSeries(_ call: ReceivedCall) -> [ConnectionAction] {
        guard let session = call.text(at: 0), charts[session] != nil else { return [] }
        guard let id = call.text(at: 1),
            charts[session]?.series.removeValue(forKey: id) != nil
                || charts[session]?.played.removeValue(forKey: id) != nil
        else { return criticalChartError(call, "no such series") }
        return []
    }

    func firstBarTime(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let name = call.text(at: 1),
            case .known(let instrument) = charts[session]?.symbols[name],
            let interval = Resolution(code: call.text(at: 2) ?? "1D").interval,
            let first = simulation.market.firstBarTime(of: instrument, interval: interval)
        else { return [] }
        let response: [JSONText] = [.string(session), .string(name), .int(first.seconds)]
        return [.text(WirePacket("first_bar_time", response, stampMilliseconds: now.milliseconds).framed)]
    }

    /// The changes of the open series.
    mutating func chartUpdates(at now: Timestamp) -> [WirePacket] {
        let pause = configuration.barUpdateSeconds
        var packets: [WirePacket] = []
        for session in charts.keys.sorted() {
            guard let ids = charts[session]?.series.keys.sorted() else { continue }
            for id in ids {
                guard let series = charts[session]?.series[id], let newest = series.newest, !series.isFrozen,
                    !simulation.frozen.isFrozen("\(series.instrument.symbol)", opened: series.number)
                else { continue }
                let bars = simulation.market.bars(
                    of: series.instrument, interval: series.interval, from: newest.time,
                    at: simulation.marketTime(at: now, of: series.instrument)
                )
                guard var block = charts[session]?.series[id]?.advance(to: bars, at: now, pauseSeconds: pause)
                else { continue }
                block.barClose = simulation.market.close(of: block.bars.last, series)
                simulation.counts.pushed(series, bars: block.bars.count)
                packets.append(ChartUpdateText.update(session: session, block: block))
            }
        }
        return packets
    }

    /// The instrument that a specification names; `nil` where there is none.
    func instrument(_ specification: String) -> SimulatedInstrument? {
        SymbolSpecification(text: specification).flatMap { simulation.market.instrument($0) }
    }

    mutating func criticalChartError(_ call: ReceivedCall, _ reason: String) -> [ConnectionAction] {
        if let session = call.text(at: 0) { charts[session] = nil }
        return criticalError(call, reason)
    }
}

extension SimulatedConnection {
    /// The study that shows when a continuous future changed contracts.
    ///
    /// No response of the real one was ever recorded; this one has the shape of all studies: rows of `st`, each at the index
    /// of the first bar of a contract, with the time of that bar as its only value.
    private static let rollDates = "BarSetContinuousRollDates@"

    func createStudy(_ call: ReceivedCall, at now: Timestamp) -> [ConnectionAction] {
        guard let session = call.text(at: 0), let chart = charts[session], let id = call.text(at: 1) else { return [] }
        let turnaround = "\(call.text(at: 3) ?? "")_\(call.text(at: 2) ?? "")"
        let parent = call.text(at: 3).flatMap { chart.series[$0] }
        guard call.text(at: 4)?.hasPrefix(SimulatedConnection.rollDates) == true, let parent else {
            let refusal: [JSONText] = [
                .string(session), .string(id), .string(turnaround), "the simulator has no studies but roll dates",
                "undefined",
            ]
            return [.text(WirePacket("study_error", refusal).framed)]
        }
        let names: [JSONText] = [.string(session), .string(id), .string(turnaround)]
        let block: JSONText = .object([
            ("node", "sim1-studies-1"), ("st", .list(rolls(of: parent, at: now))),
            ("ns", ["d": "", "indexes": []]), ("t", .string(turnaround)), ("turnaround", .string(parent.turnaround)),
        ])
        return [
            .text(
                [
                    WirePacket("study_loading", names, stampMilliseconds: now.milliseconds),
                    WirePacket("du", [.string(session), .object([(id, block)])]),
                    WirePacket("study_completed", names, stampMilliseconds: now.milliseconds),
                ].glued)
        ]
    }

    private func rolls(of series: ChartSeries, at now: Timestamp) -> [JSONText] {
        guard let oldest = series.oldest.first else { return [] }
        let marketTime = simulation.marketTime(at: now, of: series.instrument)
        let bars = simulation.market.bars(
            of: series.instrument, interval: series.interval, from: oldest.time, at: marketTime, limit: series.count
        )
        return simulation.market.rolls(of: series.instrument, from: oldest.time, to: marketTime).compactMap { roll in
            guard let place = bars.firstIndex(where: { $0.time >= roll.time }) else { return nil }
            return .object([
                ("i", .int(Int64(series.firstIndex + place))), ("v", .list([.float(Double(roll.time.seconds))])),
            ])
        }
    }
}
