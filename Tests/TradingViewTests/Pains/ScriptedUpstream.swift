import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import MarketData
import NIOCore
import Synchronization
import TestSupport
import TradingView
import TradingViewProtocol
import WebSocketTransport

/// A server that responds as a test says, for what the simulator never does, and keeps its requests.
final class ScriptedUpstream: Sendable {
    private let heard = Mutex<[ReceivedCall]>([])

    /// Every call so far.
    var calls: [ReceivedCall] { heard.withLock { $0 } }

    /// The texts of every call of a name, at a position among its parameters.
    func texts(of name: String, at position: Int) -> [String] {
        calls.filter { $0.name == name }.compactMap { $0.text(at: position) }
    }

    /// Runs a server, and a client of it, while the body runs.
    /// - Parameter response: The JSON texts sent for a call.
    static func withClient<Result: Sendable>(
        responding response: @escaping @Sendable (ReceivedCall) -> [String],
        _ adjust: (inout TradingViewConfiguration) -> Void = { _ in },
        _ body: (TradingViewClient, ScriptedUpstream) async throws -> Result
    ) async throws -> Result {
        let upstream = ScriptedUpstream()
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { _, _ in Response(status: .notFound) },
            server: .webSocketUpgrade { _ in
                .upgrade { inbound, outbound, _ in try await upstream.serve(inbound, outbound, response) }
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0), serverName: nil),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) },
            logger: .quiet
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            defer { group.cancelAll() }
            guard let port = await ports.first(where: { $0 > 0 }) else {
                throw DeadlinePassed(description: "the server did not listen")
            }
            var configuration = Simulated.client(ofPort: port)
            adjust(&configuration)
            let client = TradingViewClient(configuration: configuration, logger: .quiet)
            return try await Simulated.withRunning(client) { try await body($0, upstream) }
        }
    }

    private func serve(
        _ inbound: WebSocketInbound, _ outbound: WebSocketOutbound,
        _ response: @Sendable (ReceivedCall) -> [String]
    ) async throws {
        var splitter = PacketSplitter()
        for try await message in inbound {
            splitter.append(message.bytes.readableBytesView)
            splitter.endMessage()
            while let packet = splitter.next() {
                guard case .message(let payload) = packet, let call = ClientCallDecoder.decode(payload) else {
                    continue
                }
                heard.withLock { $0.append(call) }
                for text in response(call) {
                    try await outbound.write(.text(ByteBuffer(bytes: PacketEncoder.encode(text))))
                }
            }
        }
    }
}

/// Short responses in TradingView's form.
enum Script {
    /// The response to a call for one whole series.
    /// - Parameters:
    ///   - names: The members of the resolved symbol.
    ///   - times: When the bars open, in seconds.
    static func series(_ call: ReceivedCall, names: String, times: [Int]) -> [String] {
        guard let session = call.text(at: 0) else { return [] }
        switch call.name {
        case "resolve_symbol":
            return [#"{"m":"symbol_resolved","p":["\#(session)","\#(call.text(at: 1) ?? "")",{\#(names)}]}"#]
        case "create_series":
            let (series, turn) = (call.text(at: 1) ?? "", call.text(at: 2) ?? "")
            let bars = times.enumerated().map { #"{"i":\#($0),"v":[\#($1),10.0,12.0,9.0,11.0,5.0]}"# }
            let block = #"{"node":"n","s":[\#(bars.joined(separator: ","))],"ns":{"d":"","indexes":[]},"t":"\#(turn)"}"#
            return [
                #"{"m":"timescale_update","p":["\#(session)",{"\#(series)":\#(block)}]}"#,
                #"{"m":"series_completed","p":["\#(session)","\#(series)","streaming","\#(turn)",{"data_completed":"end"}]}"#,
            ]
        default: return []
        }
    }
}
