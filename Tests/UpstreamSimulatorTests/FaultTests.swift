import MarketData
import Testing
import TradingViewProtocol

@testable import UpstreamSimulator

@Suite("Faults on the bare connection")
struct FaultTests {
    /// What the server does when bars are requested of the fault's ticker.
    private func actions(of fault: Fault) throws -> (CoreClient, [ConnectionAction]) {
        var client = try CoreClient()
        client.send(.chartCreateSession(CoreClient.chart))
        let symbol = SymbolSpecification("FAULT:\(fault.rawValue.uppercased())")
        client.send(.resolveSymbol(CoreClient.chart, name: "symbol_1", symbol))
        _ = client.events()
        client.send(
            .createSeries(
                CoreClient.chart, series: "s1", turnaround: "t1", symbolName: "symbol_1", Resolution(code: "5"),
                .newest(100))
        )
        let actions = client.actions
        client.actions = []
        return (client, actions)
    }

    private func events(of actions: [ConnectionAction]) -> [ServerEvent] {
        actions.flatMap { if case .text(let bytes) = $0 { Packets.events(of: bytes) } else { [ServerEvent]() } }
    }

    @Test("gives a symbol error, by ticker and for all")
    func symbolError() throws {
        var client = try CoreClient()
        #expect(client.history("FAULT:SYMBOL-ERROR", count: 5).seriesErrors == ["resolve error"])
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.faults = [.symbolError]
        var other = try CoreClient(configuration)
        #expect(other.history("NSE:NIFTY", count: 5).seriesErrors == ["resolve error"])
    }

    @Test("gives series, critical and protocol errors in place of bars")
    func errors() throws {
        let series = try actions(of: .seriesError)
        #expect(events(of: series.1).seriesErrors == ["simulated series error"])
        let critical = try actions(of: .criticalError)
        #expect(events(of: critical.1).criticalErrors == ["simulated critical error"])
        #expect(critical.0.connection.condition == .open)
        let connection = try actions(of: .protocolError)
        #expect(events(of: connection.1) == [.protocolError("wrong data")])
        #expect(connection.1.last == .close)
    }

    @Test("ends connections in place of the response", arguments: [Fault.close, .reset, .closeMidFrame])
    func ends(fault: Fault) throws {
        let (client, actions) = try actions(of: fault)
        #expect(client.connection.condition == .closed)
        switch fault {
        case .close: #expect(actions == [.close])
        case .reset: #expect(actions == [.reset])
        default:
            guard case .closeMidFrame(let bytes) = actions.first else {
                Issue.record("no frame was begun")
                return
            }
            #expect(Packets.events(of: bytes).bars().count == 100)
        }
    }

    @Test("sends garbage and broken JSON before the right response", arguments: [Fault.garbage, .brokenJSON])
    func noise(fault: Fault) throws {
        let events = events(of: try actions(of: fault).1)
        #expect(events.contains { if case .unreadable = $0 { true } else { false } })
        #expect(events.bars().count == 100)
    }

    @Test("sends a LEN that is seven off", arguments: [Fault.lenTooSmall, .lenTooLarge])
    func lyingLength(fault: Fault) throws {
        let (_, actions) = try actions(of: fault)
        guard actions.count > 1, case .text(let bytes) = actions[1] else {
            Issue.record("no bars came")
            return
        }
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "~m~", maxSplits: 1)
        let wanted = fault == .lenTooSmall ? -7 : 7
        #expect(Int(parts[0]) == parts[1].utf16.count + wanted)
    }

    @Test("sends a packet split over two messages, both incomplete")
    func splitMessages() throws {
        let (_, actions) = try actions(of: .splitOverMessages)
        let texts = actions.compactMap { if case .text(let bytes) = $0 { bytes } else { nil } }
        #expect(texts.count == 6)
        #expect(Packets.events(of: texts[2] + texts[3]).bars().count == 100)
        #expect(Packets.events(of: texts[2]).bars().isEmpty)
    }

    @Test("stalling keeps the heartbeats, and silence sends nothing")
    func stalls() throws {
        var (stalled, none) = try actions(of: .stallWithHeartbeats)
        #expect(none.isEmpty)
        stalled.pass(seconds: 25)
        #expect(stalled.actions.count == 2)
        stalled.actions = []
        #expect(stalled.history("NSE:NIFTY", count: 1).isEmpty)
        var (silent, nothing) = try actions(of: .silence)
        #expect(nothing.isEmpty)
        silent.pass(seconds: 60)
        #expect(silent.actions.isEmpty)
    }

    @Test("a slow response comes after eight seconds, complete")
    func slow() throws {
        var (client, actions) = try actions(of: .slow)
        #expect(actions.isEmpty)
        client.pass(seconds: 7.75)
        #expect(client.events().completion == nil)
        client.pass(seconds: 0.25)
        #expect(client.events().completion != nil)
    }

    @Test("unusual but valid frames have the right response")
    func oddFrames() throws {
        let fragments = try actions(of: .continuation).1
        #expect(fragments.allSatisfy { if case .fragments(_, pieces: 3) = $0 { true } else { false } })
        let binary = try actions(of: .binaryFrame).1
        #expect(binary.allSatisfy { if case .binary = $0 { true } else { false } })
        #expect(try actions(of: .ping).1.first == .ping)
        let one = try actions(of: .oneFrame).1
        #expect(one.count == 1)
        #expect(events(of: one).bars().count == 100)
        let glued = try actions(of: .gluedHeartbeat).1
        guard glued.count > 1, case .text(let bytes) = glued[1] else {
            Issue.record("no bars came")
            return
        }
        #expect(Packets.of(bytes).first == .heartbeat(Array("~h~1".utf8)))
        #expect(Packets.events(of: bytes).bars().count == 100)
    }

    @Test("sends unusual but valid bars")
    func oddBars() throws {
        let empty = events(of: try actions(of: .emptySeries).1)
        #expect(empty.bars().isEmpty)
        #expect(empty.completion?.dataCompleted == .end)
        for fault in [Fault.noVolume, .nullVolume] {
            let bars = events(of: try actions(of: fault).1).bars()
            #expect(bars.count == 100)
            #expect(bars.allSatisfy { $0.volume == nil })
        }
        var plain = try CoreClient()
        let expected = plain.history("NSE:NIFTY", count: 100).bars()
        let exponents = try actions(of: .exponentFloats).1
        #expect(events(of: exponents).bars() == expected)
        guard exponents.count > 1, case .text(let bytes) = exponents[1] else { return }
        #expect(String(decoding: bytes, as: UTF8.self).contains("e+04"))
    }

    @Test("repeats bars beside the older ones, unchanged")
    func repeats() throws {
        var client = try CoreClient()
        let first = client.history("FAULT:REPEAT-BARS", count: 100).bars()
        client.send(.requestMoreData(CoreClient.chart, series: "s1", count: 50))
        let more = client.events().bars()
        #expect(more.count == 60)
        #expect(Array(more.suffix(10)) == Array(first.prefix(10)))
    }

    @Test("a limited fault occurs the given number of times")
    func limited() throws {
        var configuration = SimulatorConfiguration { CoreClient.start }
        configuration.faults = [.seriesError]
        configuration.faultLimit = 1
        var client = try CoreClient(configuration)
        #expect(client.history("NSE:NIFTY", count: 5).seriesErrors.count == 1)
        #expect(client.history("NSE:NIFTY", count: 5).bars().count == 5)
    }

    @Test("quotes get the faults too")
    func quotes() throws {
        var client = try CoreClient()
        client.send(.quoteCreateSession(CoreClient.quotes))
        client.send(.quoteAddSymbols(CoreClient.quotes, ["NSE:NIFTY", "FAULT:CLOSE", "NSE:TCS"]))
        #expect(client.actions.last == .close)
        #expect(client.connection.condition == .closed)
    }

    @Test("numbers with exponents read back the same", arguments: [1_795_150_800.0, 0.05, 26_430.35, -12.5, 1e-9, 7])
    func exponents(value: Double) {
        let text = BarText.withExponent(value)
        #expect(Double(text) == value)
        #expect(text.contains("e"))
    }
}
