import JSON
import MarketData
import NetworkFailure
import SourceHTTP

/// Why a response holds no data, with status, content type and first bytes for diagnosis.
struct ResponseFault: Error, Hashable {
    /// The ways in which a response can fail.
    enum Kind: Hashable {
        /// 403 or 405, which the site's firewall returns to data centres and after too many requests.
        case refused
        /// A captcha or another page that blocks visitors.
        case refusalPage
        /// 429, with the seconds to wait where the response said so.
        case tooManyRequests(retryAfterSeconds: Int?)
        /// 5xx, with the seconds to wait where the response said so.
        case serverError(retryAfterSeconds: Int?)
        /// Another status than 200.
        case unexpectedStatus
        /// 200 and a web page.
        case page
        /// 200 and nothing.
        case emptyBody
        /// 200 and `{}`.
        case emptyObject
        /// 200 and something that is not a JSON object.
        case notJSON
        /// JSON with a text as `head`: the site refuses the session.
        case headIsText(String)
        /// JSON without a readable `head`.
        case noHead
        /// A `head.status` other than 0, and its description.
        case headStatus(String, description: String?)
        /// A head that reports success, and no `body`.
        case noBody
    }

    let kind: Kind
    let status: Int
    /// The status, content type and first bytes.
    let evidence: String

    init(_ kind: Kind, in response: SourceResponse) {
        self.kind = kind
        self.status = response.status
        self.evidence = response.evidence
    }

    /// The effect of the fault on the next request.
    var outcome: RateLimitState.Outcome {
        switch kind {
        case .refused, .refusalPage, .page: .refused(words)
        case .tooManyRequests(let seconds): .tooMany(words, retryAfterSeconds: seconds)
        case .serverError(let seconds): .failed(words, retryAfterSeconds: seconds)
        case .headIsText: .failed(words, retryAfterSeconds: nil)
        case .emptyBody, .emptyObject, .notJSON, .noHead, .noBody: .odd(words)
        case .unexpectedStatus, .headStatus: .responded
        }
    }

    var code: MarketDataError.Code {
        switch kind {
        case .refused, .refusalPage, .tooManyRequests, .headIsText: .throttled
        case .serverError, .headStatus, .unexpectedStatus: .upstreamUnavailable
        default: .upstreamUnreadable
        }
    }

    /// The reason, without technical details.
    var words: String {
        switch kind {
        case .refused: "the site refused the request with status \(status)"
        case .refusalPage: "the site rejected us with a captcha or refusal page"
        case .tooManyRequests: "the site says there were too many requests (status 429)"
        case .serverError: "the site failed with status \(status)"
        case .unexpectedStatus: "the site returned status \(status)"
        case .page: "expected data, found a web page"
        case .emptyBody: "the response is empty"
        case .emptyObject: "the response is an empty JSON object"
        case .notJSON: "the response is not JSON"
        case .headIsText(let text): "the site rejected the session: '\(text.prefix(120))'"
        case .noHead: "the response has no head"
        case .headStatus(let status, let description):
            "the response's head has status \(status.prefix(40))" + (description.map { " (\($0.prefix(120)))" } ?? "")
        case .noBody: "the response has a head and no body"
        }
    }
}

extension SourceResponse {
    /// Whether the page is a firewall's refusal.
    var isRefusalPage: Bool {
        guard isPage else { return false }
        let text = String(decoding: body.prefix(32_768), as: UTF8.self).lowercased()
        return SourceResponse.refusalWords.contains { text.contains($0) }
    }

    private static let refusalWords = [
        "captcha", "access denied", "forbidden", "request blocked", "not allowed", "too many requests",
        "verify you are human", "attention required", "challenge-platform", "awswaf",
    ]
}

/// The envelope of every response: `{"head": {"status": "0", ...}, "body": {...}}`.
enum Envelope {
    /// The body of a response whose head reports success. `head.status` is the text "0" on some endpoints and the
    /// number 0 on others.
    static func body(of response: SourceResponse) throws(ResponseFault) -> JSONFields {
        try checkTransport(response)
        guard !response.opening.isEmpty else { throw ResponseFault(.emptyBody, in: response) }
        guard case .object(let fields) = JSONValue(parsing: response.body) else {
            throw ResponseFault(.notJSON, in: response)
        }
        guard !fields.isEmpty else { throw ResponseFault(.emptyObject, in: response) }
        try checkHead(JSONFields(fields, path: "response"), of: response)
        switch fields["body"] {
        case .object(let body): return JSONFields(body, path: "body")
        // Django gives an empty body as a list or a text on some paths.
        case .array([]), .string(""): return JSONFields([:], path: "body")
        default: throw ResponseFault(.noBody, in: response)
        }
    }

    private static func checkTransport(_ response: SourceResponse) throws(ResponseFault) {
        switch response.status {
        case 200: break
        case 403, 405: throw ResponseFault(.refused, in: response)
        case 429:
            let seconds = response.retryAfterSeconds
            throw ResponseFault(.tooManyRequests(retryAfterSeconds: seconds), in: response)
        case _ where response.isRefusalPage: throw ResponseFault(.refusalPage, in: response)
        case 500...:
            let seconds = response.retryAfterSeconds
            throw ResponseFault(.serverError(retryAfterSeconds: seconds), in: response)
        default: throw ResponseFault(.unexpectedStatus, in: response)
        }
        if response.isRefusalPage { throw ResponseFault(.refusalPage, in: response) }
        if response.isPage, !response.opening.isEmpty { throw ResponseFault(.page, in: response) }
    }

    private static func checkHead(_ response: JSONFields, of whole: SourceResponse) throws(ResponseFault) {
        switch response.value("head") {
        case .string(let text): throw ResponseFault(.headIsText(text.printable), in: whole)
        case .object(let fields):
            let head = JSONFields(fields, path: "head")
            guard let status = head.text("status") else { throw ResponseFault(.noHead, in: whole) }
            guard status == "0" else {
                throw ResponseFault(.headStatus(status, description: head.text("statusDescription")), in: whole)
            }
        default: throw ResponseFault(.noHead, in: whole)
        }
    }
}
