import JSON
import NetworkFailure
import SourceHTTP

/// What every answer is wrapped in: `{"head": {"status": "0", ...}, "body": {...}}`.
enum Envelope {
    /// The body of an answer whose head says that all is well. `head.status` is the text "0" on some endpoints and the
    /// number 0 on others.
    static func body(of answer: SourceResponse) throws(ResponseFault) -> JSONFields {
        try checkTransport(answer)
        guard !answer.opening.isEmpty else { throw ResponseFault(.emptyBody, in: answer) }
        guard case .object(let fields) = JSONValue(parsing: answer.body) else {
            throw ResponseFault(.notJSON, in: answer)
        }
        guard !fields.isEmpty else { throw ResponseFault(.emptyObject, in: answer) }
        try checkHead(JSONFields(fields, path: "answer"), of: answer)
        switch fields["body"] {
        case .object(let body): return JSONFields(body, path: "body")
        // Django gives an empty body as a list or a text on some paths.
        case .array([]), .string(""): return JSONFields([:], path: "body")
        default: throw ResponseFault(.noBody, in: answer)
        }
    }

    private static func checkTransport(_ answer: SourceResponse) throws(ResponseFault) {
        switch answer.status {
        case 200: break
        case 403, 405: throw ResponseFault(.refused, in: answer)
        case 429:
            let seconds = answer.retryAfterSeconds
            throw ResponseFault(.tooManyRequests(retryAfterSeconds: seconds), in: answer)
        case _ where answer.isRefusalPage: throw ResponseFault(.refusalPage, in: answer)
        case 500...:
            let seconds = answer.retryAfterSeconds
            throw ResponseFault(.serverError(retryAfterSeconds: seconds), in: answer)
        default: throw ResponseFault(.unexpectedStatus, in: answer)
        }
        if answer.isRefusalPage { throw ResponseFault(.refusalPage, in: answer) }
        if answer.isPage, !answer.opening.isEmpty { throw ResponseFault(.page, in: answer) }
    }

    private static func checkHead(_ answer: JSONFields, of whole: SourceResponse) throws(ResponseFault) {
        switch answer.value("head") {
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
