import JSON
import MarketData
import SourceHTTP

/// Why an answer holds no data, with what is needed to find out more: status, content type and first bytes.
struct ResponseFault: Error, Hashable {
    /// The ways in which an answer can fail.
    enum Kind: Hashable {
        /// 403 or 405, which the site's firewall gives to data centres and to those who asked too much.
        case refused
        /// A captcha or another page that turns visitors away.
        case refusalPage
        /// 429, with the seconds to wait where the answer said so.
        case tooManyRequests(retryAfterSeconds: Int?)
        /// 5xx, with the seconds to wait where the answer said so.
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
        /// JSON whose `head` is a text: the site's way to refuse a session.
        case headIsText(String)
        /// JSON without a readable `head`.
        case noHead
        /// A `head.status` other than 0, and its description.
        case headStatus(String, description: String?)
        /// A head that says all is well, and no `body`.
        case noBody
    }

    let kind: Kind
    let status: Int
    /// The status, content type and first bytes.
    let evidence: String

    init(_ kind: Kind, in answer: SourceResponse) {
        self.kind = kind
        self.status = answer.status
        self.evidence = answer.evidence
    }

    /// What the fault means for the next request.
    var outcome: RateLimitState.Outcome {
        switch kind {
        case .refused, .refusalPage, .page: .refused(words)
        case .tooManyRequests(let seconds): .tooMany(words, retryAfterSeconds: seconds)
        case .serverError(let seconds): .failed(words, retryAfterSeconds: seconds)
        case .headIsText: .failed(words, retryAfterSeconds: nil)
        case .emptyBody, .emptyObject, .notJSON, .noHead, .noBody: .odd(words)
        case .unexpectedStatus, .headStatus: .answered
        }
    }

    var code: MarketDataError.Code {
        switch kind {
        case .refused, .refusalPage, .tooManyRequests, .headIsText: .throttled
        case .serverError, .headStatus, .unexpectedStatus: .upstreamUnavailable
        default: .upstreamUnreadable
        }
    }

    /// What was wrong, without the technical rest.
    var words: String {
        switch kind {
        case .refused: "the site refused the request with status \(status)"
        case .refusalPage: "the site turned us away with a captcha or refusal page"
        case .tooManyRequests: "the site says there were too many requests (status 429)"
        case .serverError: "the site failed with status \(status)"
        case .unexpectedStatus: "the site answered with status \(status)"
        case .page: "a web page came where data should be"
        case .emptyBody: "the answer is empty"
        case .emptyObject: "the answer is an empty JSON object"
        case .notJSON: "the answer is not JSON"
        case .headIsText(let text): "the site refused the session: '\(text.prefix(120))'"
        case .noHead: "the answer has no head"
        case .headStatus(let status, let description):
            "the answer's head says status \(status.prefix(40))" + (description.map { " (\($0.prefix(120)))" } ?? "")
        case .noBody: "the answer has a head and no body"
        }
    }
}
