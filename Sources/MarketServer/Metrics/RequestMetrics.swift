import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// How long requests took, by route and status.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let route: String
        let status: Int
    }

    private struct Histogram {
        var counts = [Int](repeating: 0, count: RequestMetrics.bounds.count + 1)
        var sum = 0.0
    }

    /// The upper bounds of the buckets, in seconds.
    static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    private let histograms = Mutex<[Key: Histogram]>([:])

    /// Counts a response. Routes are those of the table, so their number is bounded.
    func record(route: String, status: Int, seconds: Double) {
        let bucket = RequestMetrics.bounds.firstIndex { seconds <= $0 } ?? RequestMetrics.bounds.count
        histograms.withLock { histograms in
            histograms[Key(route: route, status: status), default: Histogram()].counts[bucket] += 1
            histograms[Key(route: route, status: status)]?.sum += seconds
        }
    }

    func write(to text: inout PrometheusText) {
        let name = "bhav_http_request_duration_seconds"
        text.begin(name, .histogram, "How long responses took, by route and status.")
        let all = histograms.withLock { $0 }.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
        for (key, histogram) in all {
            let labels = [("route", key.route), ("status", String(key.status))]
            var total = 0
            for (bound, count) in zip(RequestMetrics.bounds + [.infinity], histogram.counts) {
                total += count
                let edge = bound == .infinity ? "+Inf" : String(bound)
                text.sample(name + "_bucket", labels + [("le", edge)], Double(total))
            }
            text.sample(name + "_sum", labels, histogram.sum)
            text.sample(name + "_count", labels, Double(total))
        }
    }
}

/// Measures every response, gives it the id of its request, and logs it.
struct RequestMetricsMiddleware: RouterMiddleware {
    let metrics: RequestMetrics

    func handle(
        _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        let began = ContinuousClock.now
        let name = HTTPField.Name("X-Request-ID")
        // Hummingbird's own `context.id` lives in the logger and is missing where the logger drops metadata.
        let given = name.flatMap { request.headers[$0] }.flatMap { RequestMetricsMiddleware.accepted($0) }
        let id = given ?? RequestID().description
        var context = context
        context.logger[metadataKey: "request"] = "\(id)"
        var response = try await next(request, context)
        if let name { response.headers[name] = id }
        let took = ContinuousClock.now - began
        let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
        metrics.record(
            route: context.endpointPath ?? "none", status: Int(response.status.code), seconds: seconds)
        context.logger.debug(
            "response",
            metadata: [
                "method": "\(request.method.rawValue)", "path": "\(request.uri.path.prefix(200))",
                "status": "\(response.status.code)", "milliseconds": "\(Int(seconds * 1000))",
                "client": "\(context.clientAddress ?? "unknown")",
            ])
        return response
    }

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
