import JSON
import SourceHTTP

@testable import Trendlyne

func response(_ text: String, status: Int = 200, contentType: String = "application/json") -> SourceResponse {
    SourceResponse(status: status, contentType: contentType, body: Array(text.utf8))
}

/// The body of a successful response.
func body(_ text: String) throws -> JSONFields { try Envelope.body(of: response(ChainText.response(text))) }

func chain(_ text: ChainText = ChainText()) throws -> LiveOpenInterest? { try LiveOpenInterest(body(text.body)) }
