import HTTPTypes
import Hummingbird
import MarketData
import MarketFormats
import NIOCore
import Synchronization
import WebSocketTransport

/// Encoded responses, for as long as a new request would get the same bytes (docs/decisions/0015-response-cache.md).
///
/// Bounded in bytes; the oldest responses are dropped first.
final class ResponseCache: Sendable {
    /// All that the bytes of a response depend on, besides the state of the market.
    struct Key: Hashable, Sendable {
        /// The request for data, as it was understood.
        enum Subject: Hashable, Sendable {
            case bars(BarRequest)
            case openInterest(OpenInterestRequest)
        }

        let subject: Subject
        let format: ResponseFormat
        let times: TimeStyle
    }

    private struct State {
        var responses: [Key: EncodedResponse] = [:]
        /// All that are in memory, in order of arrival, also those that were replaced since.
        var order = CircularBuffer<EncodedResponse>()
        /// Of all responses in `order`.
        var bytes = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    /// A cache of at most `limit` bytes of bodies.
    init(limit: Int = 16 << 20) { self.limit = limit }

    /// How many bytes the cached bodies have.
    var bytes: Int { state.withLock { $0.bytes } }

    /// The response to a request; `nil` where a new one must be made.
    func response(for key: Key) -> EncodedResponse? {
        guard let response = state.withLock({ $0.responses[key] }) else { return nil }
        return response.validity.holds ? response : nil
    }

    /// Keeps a response, except one whose length would displace most others.
    func keep(_ response: EncodedResponse) {
        guard response.cost <= limit / 4, response.validity.holds else { return }
        state.withLock { state in
            state.responses[response.key] = response
            state.order.append(response)
            state.bytes += response.cost
            while let oldest = state.order.first,
                state.bytes > limit || state.responses[oldest.key] !== oldest || !oldest.validity.holds
            {
                state.order.removeFirst()
                state.bytes -= oldest.cost
                if state.responses[oldest.key] === oldest { state.responses[oldest.key] = nil }
            }
        }
    }
}

/// A response in the bytes that are sent, plain and compressed.
final class EncodedResponse: Sendable {
    let key: ResponseCache.Key
    let validity: Validity
    /// What it takes of the cache: the body twice, for the compressed one is shorter.
    let cost: Int
    private let body: ByteBuffer
    private let tag: EntityTag?
    private let headers: HTTPFields
    private let provenance: HTTPFields
    private let compressed = Mutex<ByteBuffer?>(nil)

    init(_ result: any MarketResponse, for key: ResponseCache.Key, validity: Validity) {
        self.key = key
        self.validity = validity
        body = result.encoded(as: key.format, times: key.times)
        cost = 2 * body.readableBytes + 1024
        tag = (result as? BarSeries).map { EntityTag($0, variant: "\(key.format) \(key.times)") }
        provenance = ProvenanceHeaders(result).fields
        var response = Response(bytes: body, type: key.format.contentType)
        response.mark(tag, provenance)
        headers = response.headers
    }

    /// What is sent to one client: that its copy is still valid, or the body, compressed where it accepts that.
    func response(to request: Request) -> Response {
        if let unchanged = Response.unchanged(tag, provenance, for: request) { return unchanged }
        let response = Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
        guard request.method == .get, response.isWorthCompressing, request.headers.acceptsOnlyGzip,
            let short = compressedBody
        else { return response }
        var headers = headers
        headers[.contentEncoding] = "gzip"
        headers[.contentLength] = nil
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: short))
    }

    /// Made when the first client accepts it. `nil` where it cannot be; the connection then compresses the response.
    private var compressedBody: ByteBuffer? {
        compressed.withLock { known in
            if known == nil { known = try? Gzip.compressed(body) }
            return known
        }
    }
}

extension Response {
    /// Adds the entity tag and where the data are from.
    mutating func mark(_ tag: EntityTag?, _ provenance: HTTPFields) {
        if let tag {
            headers[.eTag] = tag.text
            headers[.cacheControl] = "no-cache"
        }
        headers.append(contentsOf: provenance)
    }

    /// The response to a client whose copy is still good; `nil` for others.
    static func unchanged(_ tag: EntityTag?, _ provenance: HTTPFields, for request: Request) -> Response? {
        guard let tag, tag.matches(request.headers[.ifNoneMatch]) else { return nil }
        var response = Response(status: .notModified, headers: [.eTag: tag.text, .cacheControl: "no-cache"])
        response.headers.append(contentsOf: provenance)
        return response
    }
}

extension HTTPFields {
    /// Whether the connection has found that the client accepts gzip and says so in one word.
    fileprivate var acceptsOnlyGzip: Bool { self[.acceptEncoding] == "gzip" }
}
