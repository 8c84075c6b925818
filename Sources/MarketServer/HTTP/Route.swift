import Hummingbird
import MarketData
import MarketFormats

/// One path that can be asked, with the parameters it takes.
struct Route: Sendable {
    /// The names of the parameters, as a wrong one is answered with.
    let parameters: [String]
    /// Whether the answer goes on for as long as the client listens, and so has no time limit.
    let isStream: Bool
    /// Whether the path answers without a key.
    let isOpen: Bool
    /// Gives the answer; the request itself serves only to learn that the client has gone.
    let respond: @Sendable (QueryParameters, Request) async throws -> Response

    init(
        _ parameters: [String] = [], isOpen: Bool = false,
        respond: @escaping @Sendable (QueryParameters) async throws -> Response
    ) {
        self.parameters = parameters
        self.isStream = false
        self.isOpen = isOpen
        self.respond = { parameters, _ in try await respond(parameters) }
    }

    private init(
        stream parameters: [String], respond: @escaping @Sendable (QueryParameters, Request) async throws -> Response
    ) {
        self.parameters = parameters
        self.isStream = true
        self.isOpen = false
        self.respond = respond
    }

    /// A path whose answer goes on for as long as the client listens.
    static func streaming(
        _ parameters: [String], respond: @escaping @Sendable (QueryParameters, Request) async throws -> Response
    ) -> Route {
        Route(stream: parameters, respond: respond)
    }

    /// A path whose answer is to be had in every format.
    static func answering(
        _ parameters: [String], with answer: @escaping @Sendable (QueryParameters) async throws -> any Answer
    ) -> Route {
        Route(parameters + ["format"]) { parameters in
            let format = try parameters.format()
            let answer = try await answer(parameters)
            var response = Response(bytes: answer.encoded(as: format), type: format.contentType)
            response.headers.append(contentsOf: ProvenanceHeaders(answer).fields)
            return response
        }
    }
}
