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
        case .heartbeat: state.withLock { $0.activity.heartbeatsAnswered += 1 }
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
