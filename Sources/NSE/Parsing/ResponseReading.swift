import JSON
import NetworkFailure
import SourceHTTP

/// From an HTTP answer to a JSON object with something in it.
enum ResponseReading {
    /// The object of an answer; status, first byte and shape are looked at in that order, since the site labels its
    /// refusals in every way.
    static func object(of answer: SourceResponse) throws(ResponseFault) -> JSONFields {
        try checkStatus(answer)
        guard !answer.opening.isEmpty else { throw ResponseFault(.emptyBody, in: answer) }
        if answer.beginsAsPage { throw ResponseFault(.page, in: answer) }
        switch JSONValue(parsing: answer.body) {
        case .null: throw ResponseFault(.null, in: answer)
        case .object(let fields) where fields.isEmpty: throw ResponseFault(.emptyObject, in: answer)
        case .object(let fields): return JSONFields(fields, path: "answer")
        default: throw ResponseFault(.notJSON, in: answer)
        }
    }

    /// Why an answer is no file; `nil` where it may be one.
    static func fault(ofFile answer: SourceResponse) -> ResponseFault? {
        do throws(ResponseFault) {
            try checkStatus(answer)
            if answer.body.isEmpty { throw ResponseFault(.emptyBody, in: answer) }
            if answer.beginsAsPage { throw ResponseFault(.page, in: answer) }
            return nil
        } catch {
            return error
        }
    }

    private static func checkStatus(_ answer: SourceResponse) throws(ResponseFault) {
        switch answer.status {
        case 200: return
        case 401: throw ResponseFault(.unauthorized, in: answer)
        case 403: throw ResponseFault(.forbidden, in: answer)
        case 404: throw ResponseFault(.addressGone, in: answer)
        case 429:
            throw ResponseFault(.tooManyRequests(retryAfterSeconds: answer.retryAfterSeconds), in: answer)
        case 500...: throw ResponseFault(.serverError, in: answer)
        default: throw ResponseFault(.unexpectedStatus, in: answer)
        }
    }
}
