import JSON
import MarketData
import NetworkFailure
import SourceHTTP

/// Why a response holds no data, with status, content type and first bytes for diagnosis.
struct ResponseFault: Error, Hashable {
    /// The ways in which a response can fail.
    enum Kind: Hashable {
        /// 401: the cookies are missing or stale.
        case unauthorized
        /// 403: the bot guard refused us.
        case forbidden
        /// 404: the address is gone, which the site says with a page "Resource not found".
        case addressGone
        /// 429, with the seconds to wait where the response said so.
        case tooManyRequests(retryAfterSeconds: Int?)
        /// 5xx.
        case serverError
        /// Another status than 200.
        case unexpectedStatus
        /// 200 and a web page.
        case page
        /// 200 and nothing.
        case emptyBody
        /// 200 and `{}`, by which the site declines.
        case emptyObject
        /// 200 and `null`.
        case null
        /// 200 and something that is not a JSON object.
        case notJSON
        /// JSON without the part that holds the data, by its path.
        case missingRecords(String)
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
        case .unauthorized, .forbidden: .refused(words)
        case .tooManyRequests(let seconds): .tooMany(words, retryAfterSeconds: seconds)
        // A generation of addresses that is gone says nothing against the site.
        case .addressGone: .responded
        default: .failed(words, retryAfterSeconds: nil)
        }
    }

    var code: MarketDataError.Code {
        switch kind {
        case .unauthorized, .forbidden, .tooManyRequests: .throttled
        case .addressGone, .serverError, .unexpectedStatus: .upstreamUnavailable
        default: .upstreamUnreadable
        }
    }

    /// The reason, without technical details.
    var words: String {
        switch kind {
        case .unauthorized: "the site refused us, with fresh cookies too (status 401)"
        case .forbidden: "the site's bot guard refused us, with fresh cookies too (status 403)"
        case .addressGone: "the address is gone (status 404)"
        case .tooManyRequests: "the site says there were too many requests (status 429)"
        case .serverError: "the site failed with status \(status)"
        case .unexpectedStatus: "the site returned status \(status)"
        case .page: "expected data, found a web page"
        case .emptyBody: "the response is empty"
        case .emptyObject: "the site declined with an empty JSON object"
        case .null: "the response is null"
        case .notJSON: "the response is not a JSON object"
        case .missingRecords(let path): "the response has no '\(path)'"
        }
    }
}

/// From an HTTP response to a JSON object with something in it.
enum ResponseReading {
    /// The object of a response; status, first byte and shape are looked at in that order, since the site labels its
    /// refusals in every way.
    static func object(of response: SourceResponse) throws(ResponseFault) -> JSONFields {
        try checkStatus(response)
        guard !response.opening.isEmpty else { throw ResponseFault(.emptyBody, in: response) }
        if response.beginsAsPage { throw ResponseFault(.page, in: response) }
        switch JSONValue(parsing: response.body) {
        case .null: throw ResponseFault(.null, in: response)
        case .object(let fields) where fields.isEmpty: throw ResponseFault(.emptyObject, in: response)
        case .object(let fields): return JSONFields(fields, path: "response")
        default: throw ResponseFault(.notJSON, in: response)
        }
    }

    /// Why a response is not a file; `nil` if it may be one.
    static func fault(ofFile response: SourceResponse) -> ResponseFault? {
        do throws(ResponseFault) {
            try checkStatus(response)
            if response.body.isEmpty { throw ResponseFault(.emptyBody, in: response) }
            if response.beginsAsPage { throw ResponseFault(.page, in: response) }
            return nil
        } catch {
            return error
        }
    }

    private static func checkStatus(_ response: SourceResponse) throws(ResponseFault) {
        switch response.status {
        case 200: return
        case 401: throw ResponseFault(.unauthorized, in: response)
        case 403: throw ResponseFault(.forbidden, in: response)
        case 404: throw ResponseFault(.addressGone, in: response)
        case 429:
            throw ResponseFault(.tooManyRequests(retryAfterSeconds: response.retryAfterSeconds), in: response)
        case 500...: throw ResponseFault(.serverError, in: response)
        default: throw ResponseFault(.unexpectedStatus, in: response)
        }
    }
}
