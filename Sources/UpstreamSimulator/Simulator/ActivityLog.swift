public import MarketData
import Synchronization
import TradingViewProtocol
import WebSocketTransport

/// What clients did, for tests that look from the other side.
final class ActivityLog: Sendable {
    private struct State {
        var activity = SimulatorActivity()
        var open: [Int: WebSocketContext] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    var activity: SimulatorActivity { state.withLock { $0.activity } }

    /// Cuts every WebSocket connection without a close frame.
    func cutConnections() async {
        for connection in state.withLock({ Array($0.open.values) }) { try? await connection.cut() }
    }

    func opened(_ context: WebSocketContext) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.open[state.nextID] = context
            state.activity.connectionsMade += 1
            state.activity.connectionsOpen += 1
            return state.nextID
        }
    }

    func closed(_ id: Int) {
        state.withLock { state in
            state.open[id] = nil
            state.activity.connectionsOpen -= 1
        }
    }

    func received(_ packet: Packet) {
        switch packet {
        case .heartbeat: state.withLock { $0.activity.heartbeatsEchoed += 1 }
        case .unreadable: state.withLock { $0.activity.unreadablePackets += 1 }
        case .message(let payload):
            // Read once more beside the connection: clients' calls are few and short.
            let name = ClientCallDecoder.decode(payload)?.name
            state.withLock { state in
                if let name, state.activity.calls[name] != nil || state.activity.calls.count < 100 {
                    state.activity.calls[name, default: 0] += 1
                }
            }
        }
    }

    func requested(_ path: String) {
        state.withLock { state in
            guard state.activity.requests[path] != nil || state.activity.requests.count < 100 else { return }
            state.activity.requests[path, default: 0] += 1
        }
    }
}

/// What clients have done so far.
public struct SimulatorActivity: Hashable, Sendable {
    /// WebSocket connections ever made.
    public internal(set) var connectionsMade = 0
    /// WebSocket connections open now.
    public internal(set) var connectionsOpen = 0
    /// Calls received, by method.
    public internal(set) var calls: [String: Int] = [:]
    /// HTTP requests received, by path.
    public internal(set) var requests: [String: Int] = [:]
    /// Heartbeats that clients sent back.
    public internal(set) var heartbeatsEchoed = 0
    /// Stretches of bytes that were not a packet.
    public internal(set) var unreadablePackets = 0
}

/// Numbers requests: 1, 2, 3, ...
final class RequestNumber: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// What clients requested of one symbol and interval, and got.
public struct SeriesCount: Hashable, Sendable {
    /// The requested symbol.
    public let symbol: String
    /// The interval.
    public let interval: Interval
    /// How often bars were requested: `create_series`, `modify_series` and `request_more_data`.
    public internal(set) var requests = 0
    /// How many bars those requests named.
    public internal(set) var barsRequested = 0
    /// The number of bars sent for them.
    public internal(set) var barsSent = 0
    /// The number of bars sent afterwards as live updates.
    public internal(set) var barsPushed = 0
}

/// Counts the bars requested and sent, by symbol and interval. Bounded.
final class SeriesCounts: Sendable {
    private struct Key: Hashable {
        let symbol: String
        let interval: Interval
    }

    private static let most = 10_000
    private let counts = Mutex<[Key: SeriesCount]>([:])

    /// By symbol, then from the shortest interval up.
    var all: [SeriesCount] {
        counts.withLock { Array($0.values) }
            .sorted { ($0.symbol, "\($0.interval)") < ($1.symbol, "\($1.interval)") }
    }

    func responded(_ series: ChartSeries, requested: Int, sent: Int) {
        change(series) {
            $0.requests += 1
            $0.barsRequested += requested
            $0.barsSent += sent
        }
    }

    func pushed(_ series: ChartSeries, bars: Int) { change(series) { $0.barsPushed += bars } }

    func reset() { counts.withLock { $0 = [:] } }

    private func change(_ series: ChartSeries, _ change: (inout SeriesCount) -> Void) {
        let key = Key(symbol: "\(series.instrument.symbol)", interval: series.interval)
        counts.withLock { counts in
            guard counts[key] != nil || counts.count < SeriesCounts.most else { return }
            change(&counts[key, default: SeriesCount(symbol: key.symbol, interval: key.interval)])
        }
    }
}
