import MarketData
import TradingViewProtocol

/// A series that a client wants, new or changed.
struct SeriesWish: Sendable {
    let session: String
    let series: String
    let turnaround: String
    let symbol: ChartSession.ResolvedSymbol
    let resolution: Resolution
    let count: BarCount
    let range: String

    /// How many bars it names.
    var barsAsked: Int {
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

    /// What `series_timeframe` says where a range was asked for: the indexes of the bars that it shows. A range is
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
