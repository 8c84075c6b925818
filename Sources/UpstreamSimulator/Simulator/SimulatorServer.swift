import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import WebSocketTransport

/// The server that carries all roles on one port.
struct SimulatorServer {
    /// The largest body of a request that is read, in bytes.
    private static let largestBody = 1 << 20

    let simulation: Simulation
    let tls: TLSConfiguration?
    let activity: ActivityLog
    let logger: Logger
    let onListening: @Sendable (Int) -> Void

    func run() async throws {
        let configuration = simulation.configuration
        let application = Application(
            responder: responder,
            server: try server,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: nil
            ),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? configuration.port) },
            logger: logger
        )
        try await application.run()
    }

    private var server: HTTPServerBuilder {
        get throws {
            let shell = ConnectionShell(simulation: simulation, activity: activity, logger: logger)
            let ledger = simulation.ledger
            let base = HTTPServerBuilder.webSocketUpgrade { request in
                guard request.path?.hasPrefix("/socket.io/websocket") == true else { return .refuse }
                if ledger.strikes(.upgrade429) || ledger.strikes(.htmlInstead) { return .refuse }
                return .upgrade { inbound, outbound, context in
                    try await shell.run(inbound, outbound, context)
                }
            }
            guard let tls else { return base }
            return try .tls(base, tlsConfiguration: tls)
        }
    }

    private var responder: CallbackResponder<BasicRequestContext> {
        let roles = WebRoles(simulation: simulation)
        let own = SimulatorPages(simulation: simulation, activity: activity)
        let activity = activity
        return CallbackResponder { request, _ in
            // Only a POST has a body that is worth waiting for.
            let hasBody = request.method == .post
            let body = hasBody ? try await request.body.collect(upTo: SimulatorServer.largestBody) : ByteBuffer()
            let requested = WebRequest(request, body: Array(body.readableBytesView))
            if let response = await own.response(to: requested) { return Response(response) }
            activity.requested(requested.path)
            return Response(await roles.response(to: requested))
        }
    }
}

extension WebRequest {
    fileprivate init(_ request: Request, body: [UInt8]) {
        let query = request.uri.queryParameters.map { (String($0.key), String($0.value)) }
        let headers = request.headers.map { ($0.name.canonicalName, $0.value) }
        self.init(
            method: request.method.rawValue,
            path: request.uri.path.removingPercentEncoding ?? request.uri.path,
            query: Dictionary(query, uniquingKeysWith: { first, _ in first }),
            headers: Dictionary(headers, uniquingKeysWith: { "\($0); \($1)" }),
            body: body
        )
    }
}

extension Response {
    fileprivate init(_ response: WebResponse) {
        var headers: HTTPFields = [.contentType: response.contentType]
        for (name, value) in response.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        for cookie in response.cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        self.init(
            status: .init(code: response.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
        )
    }
}
