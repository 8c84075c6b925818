public import HTTPTypes
public import Hummingbird
import JSON
public import MarketData
import MarketFormats
import NIOCore

extension MarketDataError.Code {
    /// The HTTP status of a failure.
    var status: HTTPResponse.Status {
        switch self {
        case .badRequest, .unknownInterval: .badRequest
        case .unauthorized: .unauthorized
        case .notEntitled, .signInRefused: .forbidden
        case .symbolNotFound, .neverTraded, .expiryNotListed, .noDataForTime: .notFound
        case .tooLarge: .contentTooLarge
        case .notSupported: .unprocessableContent
        case .throttled: .tooManyRequests
        case .upstreamUnreadable: .badGateway
        case .upstreamUnavailable, .overloaded: .serviceUnavailable
        case .upstreamTimeout: .gatewayTimeout
        }
    }
}

extension MarketDataError: HTTPResponseError {
    /// The HTTP status of the failure.
    public var status: HTTPResponse.Status { code.status }

    /// The response that reports the failure.
    public func response(from request: Request, context: some RequestContext) throws -> Response { response() }

    /// The response that reports the failure.
    /// - Parameter status: Another status than the code's own, where HTTP has a better one.
    func response(status: HTTPResponse.Status? = nil) -> Response {
        var json = JSONWriter()
        write(to: &json)
        json.endLine()
        var response = Response(json: json, status: status ?? code.status)
        if case .retry(let seconds) = recovery { response.headers[.retryAfter] = String(max(1, seconds)) }
        if code == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }
}

extension Response {
    /// A JSON response.
    init(json: JSONWriter, status: HTTPResponse.Status = .ok) {
        self.init(bytes: json.buffer, type: ResponseFormat.json.contentType, status: status)
    }

    /// A response of any type that must not be cached.
    init(bytes: ByteBuffer, type: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: bytes)
        )
    }
}
