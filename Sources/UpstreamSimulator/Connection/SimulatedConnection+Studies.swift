import MarketData
import TradingViewProtocol

extension SimulatedConnection {
    /// The study that tells when a continuous future changed contracts.
    ///
    /// No answer of the real one was ever recorded; this one has the shape of all studies: rows of `st`, each at the index
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
