import JSON
import NetworkFailure
import SourceHTTP

/// From an HTTP answer to a JSON object with something in it.
enum AnswerReading {
    /// The object of an answer; status, first byte and shape are looked at in that order, since the site labels its
    /// refusals in every way.
    static func object(of answer: HTTPAnswer) throws(AnswerFault) -> JSONFields {
        try checkStatus(answer)
        guard !answer.opening.isEmpty else { throw AnswerFault(.emptyBody, in: answer) }
        if answer.beginsAsPage { throw AnswerFault(.page, in: answer) }
        switch JSONValue(parsing: answer.body) {
        case .null: throw AnswerFault(.null, in: answer)
        case .object(let fields) where fields.isEmpty: throw AnswerFault(.emptyObject, in: answer)
        case .object(let fields): return JSONFields(fields, path: "answer")
        default: throw AnswerFault(.notJSON, in: answer)
        }
    }

    /// Why an answer is no file; `nil` where it may be one.
    static func fault(ofFile answer: HTTPAnswer) -> AnswerFault? {
        do throws(AnswerFault) {
            try checkStatus(answer)
            if answer.body.isEmpty { throw AnswerFault(.emptyBody, in: answer) }
            if answer.beginsAsPage { throw AnswerFault(.page, in: answer) }
            return nil
        } catch {
            return error
        }
    }

    private static func checkStatus(_ answer: HTTPAnswer) throws(AnswerFault) {
        switch answer.status {
        case 200: return
        case 401: throw AnswerFault(.unauthorized, in: answer)
        case 403: throw AnswerFault(.forbidden, in: answer)
        case 404: throw AnswerFault(.addressGone, in: answer)
        case 429:
            throw AnswerFault(.tooManyRequests(retryAfterSeconds: answer.retryAfterSeconds), in: answer)
        case 500...: throw AnswerFault(.serverError, in: answer)
        default: throw AnswerFault(.unexpectedStatus, in: answer)
        }
    }
}
