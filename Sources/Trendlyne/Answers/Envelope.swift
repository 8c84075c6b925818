import JSON
import NetworkFailure
import SourceHTTP

/// What every answer is wrapped in: `{"head": {"status": "0", ...}, "body": {...}}`.
enum Envelope {
    /// The body of an answer whose head says that all is well. `head.status` is the text "0" on some endpoints and the
    /// number 0 on others.
    static func body(of answer: HTTPAnswer) throws(AnswerFault) -> JSONFields {
        try checkTransport(answer)
        guard !answer.opening.isEmpty else { throw AnswerFault(.emptyBody, in: answer) }
        guard case .object(let fields) = JSONValue(parsing: answer.body) else { throw AnswerFault(.notJSON, in: answer) }
        guard !fields.isEmpty else { throw AnswerFault(.emptyObject, in: answer) }
        try checkHead(JSONFields(fields, path: "answer"), of: answer)
        switch fields["body"] {
        case .object(let body): return JSONFields(body, path: "body")
        // Django gives an empty body as a list or a text on some paths.
        case .array([]), .string(""): return JSONFields([:], path: "body")
        default: throw AnswerFault(.noBody, in: answer)
        }
    }

    private static func checkTransport(_ answer: HTTPAnswer) throws(AnswerFault) {
        switch answer.status {
        case 200: break
        case 403, 405: throw AnswerFault(.refused, in: answer)
        case 429:
            let seconds = answer.retryAfterSeconds
            throw AnswerFault(.tooManyRequests(retryAfterSeconds: seconds), in: answer)
        case _ where answer.isRefusalPage: throw AnswerFault(.refusalPage, in: answer)
        case 500...:
            let seconds = answer.retryAfterSeconds
            throw AnswerFault(.serverError(retryAfterSeconds: seconds), in: answer)
        default: throw AnswerFault(.unexpectedStatus, in: answer)
        }
        if answer.isRefusalPage { throw AnswerFault(.refusalPage, in: answer) }
        if answer.isPage, !answer.opening.isEmpty { throw AnswerFault(.page, in: answer) }
    }

    private static func checkHead(_ answer: JSONFields, of whole: HTTPAnswer) throws(AnswerFault) {
        switch answer.value("head") {
        case .string(let text): throw AnswerFault(.headIsText(text.printable), in: whole)
        case .object(let fields):
            let head = JSONFields(fields, path: "head")
            guard let status = head.text("status") else { throw AnswerFault(.noHead, in: whole) }
            guard status == "0" else {
                throw AnswerFault(.headStatus(status, description: head.text("statusDescription")), in: whole)
            }
        default: throw AnswerFault(.noHead, in: whole)
        }
    }
}
