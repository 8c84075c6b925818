import JSON
import MarketData
import Synchronization
import TestSupport
import Testing
import TradingViewProtocol

@testable import TradingView

/// A whole response with one place changed, seeded: its bars as they were sent, or an error with a code.
@Suite("Damaged histories")
struct DamagedHistoryTests {
    /// The values of a bar; the time first.
    private typealias Row = [Double?]

    private static let response = [
        #"{"m":"series_loading","p":["cs_1","sds_1","s1"],"t":1787292487,"t_ms":1787292487429}"#,
        #"""
        {"m":"symbol_resolved","p":["cs_1","sym_1",{"name":"NIFTY","full_name":"NSE:NIFTY","type":"index",\#
        "session":"0915-1530","timezone":"Asia/Kolkata","currency_code":"INR","visible_plots_set":"ohlcv",\#
        "session_holidays":"20260126,20261225","subsessions":[{"id":"regular","session":"0915-1530"}]}],"t":1}
        """#,
        #"""
        {"m":"timescale_update","p":["cs_1",{"sds_1":{"node":"n","s":[\#
        {"i":0,"v":[1786714200.0,306.0,307.49,304.3,305.93,28229375.0]},\#
        {"i":1,"v":[1786800600.0,306.21,307.66,302.939,305.59,38169263.0,12.5]},\#
        {"i":2,"v":[1786887000.0,307.58,311.49,305.74,310.03]},\#
        {"i":3,"v":[1786973400.0,310.14,319.2799,309.6,316.83,50505646.0]}],"ns":{"d":"","indexes":[]},"t":"s1",\#
        "lbs":{"bar_close_time":1787255999}}},{"index":0,"zoffset":0,"changes":[1786714200.0],"marks":[[40,1,0]]}]}
        """#,
        #"{"m":"series_completed","p":["cs_1","sds_1","streaming","s1",{"data_completed":"end"}],"t":1787292487}"#,
    ]

    private static let request = BarRequest(symbol: .nifty, interval: .oneDay, span: .count(4))

    private static var values: [JSONValue] { response.compactMap { JSONValue(parsing: Array($0.utf8)) } }

    /// The rows that the packets of a response hold, those of one moment once.
    private static func rows(in packets: [JSONValue]) -> [Row] {
        var rows: [Double: Row] = [:]
        for packet in packets where packet["m"] == "timescale_update" {
            for bar in packet["p"]?.array?.dropFirst().first?["sds_1"]?["s"]?.array ?? [] {
                let row = (bar["v"]?.array ?? []).map(\.double)
                guard let time = row.first ?? nil else { continue }
                rows[time] = row + Array(repeating: nil, count: max(0, 7 - row.count))
            }
        }
        return rows.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Holds bars against the packets that they came in.
    private static func check(_ series: BarSeries, _ packets: [JSONValue], _ place: String) {
        let bars = series.bars.map { bar -> Row in
            [
                Double(bar.time.milliseconds) / 1000, bar.open, bar.high, bar.low, bar.close, bar.volume,
                bar.openInterest,
            ]
        }
        #expect(bars == rows(in: packets).suffix(4), "\(place)")
        #expect(!bars.isEmpty && (bars.count == 4 || series.shortfall != nil), "\(place)")
    }

    @Test("one changed place after the other gives the bars as sent, an error, or an end at the deadline")
    func machine() {
        var (responded, failed, waited) = (0, 0, 0)
        for position in Self.values.indices {
            for change in JSONChange.all(of: Self.values[position]) {
                var packets = Self.values
                packets[position] = change.applied(to: packets[position])
                switch Self.outcome(of: packets) {
                case .success(let series)?:
                    responded += 1
                    Self.check(series, packets, "packet \(position): \(change)")
                case .failure(let error)?:
                    failed += 1
                    #expect(!error.message.isEmpty)
                case nil: waited += 1
                }
            }
        }
        #expect(responded > 100 && failed > 100 && waited > 0, "\(responded), \(failed), \(waited)")
    }

    @Test("removed, doubled or reordered packets give the bars as sent, an error, or an end at the deadline")
    func order() {
        var generator = SeededGenerator(seed: 4)
        for round in 0..<400 {
            var packets = Self.values
            for _ in 0..<Int.random(in: 1...3, using: &generator) where !packets.isEmpty {
                let position = Int.random(in: packets.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: packets.remove(at: position)
                case 1: packets.insert(packets[position], at: Int.random(in: packets.indices, using: &generator))
                default: packets.swapAt(position, Int.random(in: packets.indices, using: &generator))
                }
            }
            // What comes after the completion is not waited for.
            let end = packets.firstIndex { $0["m"] == "series_completed" } ?? packets.endIndex
            if case .success(let series)? = Self.outcome(of: packets) {
                Self.check(series, Array(packets[..<end]), "round \(round)")
            }
        }
    }

    /// The result of a request for the packets, repeated with the same where it is retried; `nil` where it waits for
    /// more.
    private static func outcome(of packets: [JSONValue]) -> Result<BarSeries, MarketDataError>? {
        guard let request = try? SeriesRequest(request, pageSize: 100) else { return nil }
        var fetch = HistoryFetch(request, deadlines: TradingViewDeadlines(), at: .zero)
        for _ in 0..<2 {
            _ = fetch.open(Wire.session, at: .zero, now: Wire.now)
            attempt: for packet in packets {
                let step: HistoryFetch.Step
                switch Arrival(payload: packet.encoded()) {
                case .event(let event): step = fetch.receive(event, at: .zero, now: Wire.now)
                case .unreadable(let reason, _): step = fetch.receiveUnreadable(reason, at: .zero, now: Wire.now)
                }
                switch step {
                case .send: continue
                case .openAfresh: break attempt
                case .finished(let result): return result
                }
            }
            if fetch.load != nil { break }
        }
        #expect(fetch.timeout(at: .seconds(1000))?.code == .upstreamTimeout)
        return nil
    }

    @Test("over a socket a history is as sent or an error in time, and the next request gets a response")
    func socket() async throws {
        var generator = SeededGenerator(seed: 2026)
        let changes = Self.values.indices.flatMap { position in
            JSONChange.all(of: Self.values[position]).map { (position, $0) }
        }
        let current = Mutex(Self.values)
        let script: @Sendable (ReceivedCall) -> [String] = { call in
            guard call.name == "create_series", let session = call.text(at: 0) else { return [] }
            return current.withLock { packets in
                packets.map { $0.text.replacing("\"cs_1\"", with: "\"\(session)\"") }
            }
        }
        try await ScriptedUpstream.withClient(
            responding: script,
            {
                $0.deadlines.progress = .milliseconds(500)
                $0.deadlines.doubt = .milliseconds(50)
                $0.sessionsPerConnection = 1000
            }
        ) { client, _ in
            for (position, change) in changes.shuffled(using: &generator).prefix(150) {
                var packets = Self.values
                packets[position] = change.applied(to: packets[position])
                current.withLock { [packets] in $0 = packets }
                do {
                    let series = try await within(.seconds(5)) { try await client.bars(Self.request) }
                    Self.check(series, packets, "packet \(position): \(change)")
                } catch let error as MarketDataError {
                    #expect(!error.message.isEmpty)
                }
            }
            current.withLock { $0 = Self.values }
            let series = try await client.bars(Self.request)
            Self.check(series, Self.values, "unchanged")
            #expect(await client.status().reconnects == 0)
        }
    }
}
