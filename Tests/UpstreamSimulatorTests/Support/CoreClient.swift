import JSON
import MarketData
import TradingViewProtocol

@testable import UpstreamSimulator

/// A client of the bare connection, without a socket, on a clock that moves only when set.
struct CoreClient {
    /// A Friday, 10:30 in India.
    static let start = Timestamp(seconds: 1_795_150_800)

    static let chart = SessionID(rawValue: "cs_abcdefghijkl")
    static let quotes = SessionID(rawValue: "qs_abcdefghijkl")

    var connection: SimulatedConnection
    var now = CoreClient.start
    /// Whether heartbeats are sent back.
    var echoesHeartbeats = true
    /// What the server did, of which nothing was taken yet.
    var actions: [ConnectionAction] = []

    init(_ configuration: SimulatorConfiguration = SimulatorConfiguration(clock: { CoreClient.start })) throws {
        let simulation = try Simulation(configuration: configuration)
        connection = SimulatedConnection(simulation: simulation, now: now)
    }

    /// Says something; what the server does next is kept.
    mutating func send(_ call: ClientCall) { send(Packets.of(call.encoded())) }

    /// Says something in its own words.
    mutating func send(_ name: String, _ parameters: [JSONValue]) {
        let payload = JSONValue.object(["m": .string(name), "p": .array(parameters)]).encoded()
        send([.message(payload)])
    }

    mutating func send(_ packets: [Packet]) {
        for packet in packets { actions += connection.receive(packet, at: now) }
    }

    /// Lets time pass.
    mutating func pass(seconds: Double, step: Double = 0.25) {
        let end = Timestamp(milliseconds: now.milliseconds + Int64(seconds * 1000))
        while now < end {
            now = Timestamp(milliseconds: now.milliseconds + Int64(step * 1000))
            let done = connection.tick(at: now)
            actions += done
            if echoesHeartbeats { echoHeartbeats(in: done) }
        }
    }

    private mutating func echoHeartbeats(in actions: [ConnectionAction]) {
        for case .text(let bytes) in actions {
            for case .heartbeat(let payload) in Packets.of(bytes) { send([.heartbeat(payload)]) }
        }
    }

    /// What the server said since the last call, as events.
    mutating func events() -> [ServerEvent] {
        defer { actions = [] }
        return actions.flatMap { action -> [ServerEvent] in
            switch action {
            case .text(let bytes), .binary(let bytes), .fragments(let bytes, _): return Packets.events(of: bytes)
            default: return []
            }
        }
    }

    /// Requests bars as a client would, and returns the response.
    mutating func history(
        _ symbol: String, _ resolution: String = "5", count: Int, range: String = ""
    ) -> [ServerEvent] {
        send(.chartCreateSession(CoreClient.chart))
        send(.resolveSymbol(CoreClient.chart, name: "symbol_1", SymbolSpecification(symbol)))
        send(
            .createSeries(
                CoreClient.chart, series: "s1", turnaround: "t1", symbolName: "symbol_1",
                Resolution(code: resolution), .newest(count), range: range
            )
        )
        return events()
    }
}
