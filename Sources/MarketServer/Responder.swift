import Hummingbird

struct Responder: HTTPResponder {
    let server: MarketServer

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        Response(status: .notFound)
    }
}
