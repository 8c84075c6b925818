import JSON
import MarketData
import Testing
import TradingViewProtocol

@testable import TradingView

/// Live updates with one place changed: bars as they were sent, or a series that is opened again.
@Suite("Damaged live bars")
struct DamagedLiveBarsTests {
    private static let updates = [
        "{\"i\":3,\"v\":[1600000200.0,3.0,3.5,2.5,3.25,7.0]}",
        "{\"i\":3,\"v\":[1600000200.0,3.0,3.75,2.5,3.5,8.0]},{\"i\":4,\"v\":[1600000260.0,4.0,4.5,3.5,4.25]}",
        "{\"i\":4,\"v\":[1600000260.0,4.0,4.75,3.5,4.5,1.0,6.0]}",
    ]
    .map { bars in
        #"{"m":"du","p":["cs_1",{"sds_1":{"s":[\#(bars)],"ns":{"d":"","indexes":[]},"t":"s1","lbs":"#
            + #"{"bar_close_time":1600000320}}}]}"#
    }
    .compactMap { JSONValue(parsing: Array($0.utf8)) }

    /// A series of one minute that streams, and the rows that it has sent.
    private static func streaming() throws -> LiveSeries {
        var series = LiveSeries(
            try Wire.request(count: 3), deadlines: TradingViewDeadlines(), at: .zero)
        _ = series.open(Wire.session, at: .zero, now: Wire.time(3))
        _ = series.receive(Wire.resolved("NSE:NIFTY"), at: .zero, now: Wire.time(3))
        _ = series.receive(Wire.update(Wire.bars(0..<4)), at: .zero, now: Wire.time(3))
        _ = series.receive(Wire.completed(.end), at: .zero, now: Wire.time(3))
        return series
    }

    /// The rows that packets hold, short ones filled with nothing.
    private static func rows(in packets: [JSONValue]) -> [[Double?]] {
        packets.flatMap { packet in
            (packet["p"]?.array?.last?["sds_1"]?["s"]?.array ?? []).map { bar in
                let row = (bar["v"]?.array ?? []).prefix(7).map(\.double)
                return row + Array(repeating: nil, count: 7 - row.count)
            }
        }
    }

    @Test("each delivered bar was in a packet, and an unreadable packet opens the series again")
    func damaged() throws {
        var (reported, opened) = (0, 0)
        for position in Self.updates.indices {
            for change in JSONChange.all(of: Self.updates[position]) {
                var packets = Self.updates
                packets[position] = change.applied(to: packets[position])
                let known = Self.rows(in: packets)
                var series = try Self.streaming()
                for packet in packets {
                    let step: LiveSeries.Step
                    switch Arrival(payload: packet.encoded()) {
                    case .event(let event): step = series.receive(event, at: .zero, now: Wire.time(4))
                    case .unreadable(let reason, _): step = series.receiveUnreadable(reason)
                    }
                    if case .reopen = step.then { opened += 1 }
                    for case .bar(let bar) in step.events {
                        let row: [Double?] = [
                            Double(bar.time.milliseconds) / 1000, bar.open, bar.high, bar.low, bar.close, bar.volume,
                            bar.openInterest,
                        ]
                        let wasKnown = bar.time == Wire.time(3) && bar.close == 3 && bar.open == 3
                        #expect(known.contains(row) || wasKnown, "packet \(position): \(change): \(row)")
                        reported += 1
                    }
                }
            }
        }
        #expect(reported > 200 && opened > 50, "\(reported) delivered, \(opened) opened again")
    }
}
