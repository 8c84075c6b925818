import HTTPTypes
import Hummingbird
import MarketData
import NIOCore
import ServiceLifecycle

/// `GET /v1/events`: one subscription of the stream as server-sent events.
struct EventRoute: Sendable {
    let streams: LiveStreams
    let eventLoops: any EventLoopGroup
    let clock: @Sendable () -> Timestamp

    var endpoints: [Endpoint] {
        let parameters = [
            "channel", "symbol", "symbols", "interval", "count", "session", "adjustment", "currency", "expiry",
        ]
        return [Endpoint("/v1/events", parameters, isStream: true, respond: respond)]
    }

    /// The name of the one subscription of a stream of events.
    private static let subscriptionID = "events"

    private func respond(_ parameters: QueryParameters, _ request: Request) async throws -> Response {
        var wanted = try parameters.streamRequest(symbolLimit: streams.limits.symbols)
        if let name = HTTPField.Name("Last-Event-ID"), let last = request.headers[name] {
            wanted = wanted.resumed(after: last, now: clock())
        }
        let connected = try await connect(wanted)
        // A permanent failure is a status, after which an EventSource does not connect again.
        do {
            if let failure = try await connected.output.earlyFailure(within: .seconds(5)) { throw failure }
        } catch {
            connected.viewer.disconnect()
            throw error
        }
        // If the client has already left, the body never runs, and the subscription ends with it.
        let lifetime = EventLifetime(connected.viewer)
        let output = connected.output
        let body = ResponseBody { writer in
            defer { lifetime.end() }
            try await request.body.consumeWithCancellationOnInboundClose { _ in
                try await withGracefulShutdownHandler {
                    // A client learns that it is connected before anything happens.
                    try await writer.write(ByteBuffer(staticString: ":\n\n"))
                    while let bytes = await output.next() { try await writer.write(bytes) }
                } onGracefulShutdown: {
                    output.finish()
                }
            }
            try await writer.finish(nil)
        }
        let headers: HTTPFields = [
            .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
            // Watching for the client to leave costs the connection its next request.
            .connection: "close",
        ]
        return Response(status: .ok, headers: headers, body: body)
    }

    /// Adds a viewer with its one subscription, on any event loop.
    private func connect(_ request: StreamRequest) async throws -> (viewer: ConnectedViewer, output: EventOutput) {
        let broadcaster = streams.broadcasters.on(eventLoops.any())
        let output = EventOutput()
        let viewer = try await broadcaster.run { [streams] fanout in
            let viewer = Viewer(.events, output: output)
            broadcaster.connect(viewer)
            streams.subscribe(viewer, id: Self.subscriptionID, to: request, broadcaster, fanout)
            return NIOLoopBound(viewer, eventLoop: broadcaster.eventLoop)
        }
        output.onReady { [weak broadcaster] in
            broadcaster?.execute { fanout in fanout.isReady(viewer.value, at: .now) }
        }
        return (ConnectedViewer(broadcaster: broadcaster, viewer: viewer), output)
    }
}

/// Removes the viewer when its response is done or dropped.
private final class EventLifetime: Sendable {
    private let viewer: ConnectedViewer

    init(_ viewer: ConnectedViewer) { self.viewer = viewer }

    func end() { viewer.disconnect() }

    deinit { viewer.disconnect() }
}

extension StreamRequest {
    /// The same, back to the bar that the client saw last, so that a reconnection loses nothing.
    func resumed(after lastEventID: String, now: Timestamp) -> StreamRequest {
        guard case .bars(var request) = self, case .count(let count) = request.span, let seen = Int64(lastEventID),
            let length = request.interval.seconds, seen <= now.seconds, seen > 0
        else { return self }
        let missed = (now.seconds - seen) / length + 2
        request.span = .count(min(max(count, Int(clamping: missed)), BarRequest.largestCount))
        return .bars(request)
    }
}

extension QueryParameters {
    /// The subscription that the parameters describe.
    fileprivate func streamRequest(symbolLimit: Int) throws(MarketDataError) -> StreamRequest {
        switch try required("channel", "it may be quotes, bars or open-interest") {
        case "quotes":
            let list = try symbols(atMost: symbolLimit)
            if let failure = list.failure { throw failure }
            return .quotes(list)
        case "bars":
            let request = BarRequest(
                symbol: try symbol(), interval: try interval(),
                span: .count(try integer("count", default: 300, in: 1...BarRequest.largestCount)),
                hours: try word("session", default: .regular), adjustment: try word("adjustment", default: .splits),
                currency: try text("currency"))
            return .bars(request)
        case "open-interest":
            return .openInterest(OpenInterestRequest(symbol: try symbol(), expiry: try date("expiry")))
        case let channel:
            throw .badRequest("the parameter 'channel' is '\(channel)'; it may be quotes, bars or open-interest")
        }
    }
}
