import HTTPTypes
import Hummingbird
public import Logging
import Metrics
import Synchronization

/// How long requests took, by route and status.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    private static let name = "bhav_http_request_duration_seconds"

    private let factory: PrometheusRegistry
    private let timers = Mutex<[Key: Metrics.Timer]>([:])

    init(factory: PrometheusRegistry) {
        self.factory = factory
        factory.describe(RequestMetrics.name, "How long responses took, by route and status.")
    }

    /// Counts a response. Routes are those of the table, so their number is bounded.
    func record(route: String, status: Int, _ duration: Duration) {
        let timer = timers.withLock { timers in
            let key = Key(route: route, status: status)
            if let timer = timers[key] { return timer }
            let timer = Metrics.Timer(
                label: RequestMetrics.name, dimensions: [("route", route), ("status", String(status))],
                factory: factory)
            timers[key] = timer
            return timer
        }
        timer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }
}

/// What happened on streams since the start.
final class StreamCounters: Sendable {
    let gaps: Counter
    let repairedBars: Counter
    let merged: Counter
    let slowClients: Counter
    let messages: Counter

    init(factory: PrometheusRegistry = PrometheusRegistry()) {
        func counter(_ name: String, _ help: String) -> Counter {
            factory.describe(name, help)
            return Counter(label: name, factory: factory)
        }
        gaps = counter("bhav_stream_gaps_total", "Gaps announced to viewers.")
        repairedBars = counter("bhav_stream_repaired_bars_total", "Repaired bars sent to viewers.")
        merged = counter("bhav_stream_quotes_merged_total", "Quotes merged because a viewer was slow.")
        slowClients = counter("bhav_stream_slow_clients_total", "Viewers closed because they were too slow.")
        messages = counter("bhav_stream_messages_total", "Messages sent to viewers.")
    }
}

/// The request that a task works for, so that what any room logs for it carries its id.
public enum RequestLog {
    @TaskLocal static var id: String?

    /// Adds `request`, the id of the request, to what is logged for one.
    public static let metadataProvider = Logger.MetadataProvider { id.map { ["request": "\($0)"] } ?? [:] }
}

/// Measures every response, gives it the id of its request, and logs it.
struct RequestMetricsMiddleware: RouterMiddleware {
    let metrics: RequestMetrics

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let name = RequestMetricsMiddleware.name
        // Hummingbird's own `context.id` lives in the logger and is missing where the logger drops metadata.
        let given = name.flatMap { request.headers[$0] }.flatMap { RequestMetricsMiddleware.accepted($0) }
        let id = given ?? RequestID().description
        var context = context
        context.logger[metadataKey: "request"] = "\(id)"
        context.logger[metadataKey: "hb.request.id"] = nil
        var response = try await RequestLog.$id.withValue(id) { [context] in try await next(request, context) }
        if let name { response.headers[name] = id }
        let took = ContinuousClock.now - began
        metrics.record(route: context.endpointPath ?? "none", status: Int(response.status.code), took)
        context.logger.debug(
            "response",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(200))",
                "status": "\(response.status.code)", "milliseconds": "\(Int(took / .milliseconds(1)))",
                "client": "\(context.clientAddress ?? "unknown")",
            ])
        return response
    }

    private static let name = HTTPField.Name("X-Request-ID")

    /// A caller's own id, where it is short and plain.
    private static func accepted(_ id: String) -> String? {
        let isPlain = id.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-": true
            default: false
            }
        }
        return !id.isEmpty && id.utf8.count <= 64 && isPlain ? id : nil
    }
}
