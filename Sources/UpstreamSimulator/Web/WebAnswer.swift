/// An HTTP answer.
struct WebAnswer: Equatable, Sendable {
    var status = 200
    var contentType: String
    var headers: [String: String] = [:]
    /// Each is a Set-Cookie header of its own.
    var cookies: [String] = []
    var body: [UInt8]

    static func json(_ value: JSONText, status: Int = 200) -> WebAnswer {
        WebAnswer(status: status, contentType: "application/json; charset=utf-8", body: value.bytes)
    }

    static func html(_ text: String, status: Int = 200) -> WebAnswer {
        WebAnswer(status: status, contentType: "text/html; charset=utf-8", body: Array(text.utf8))
    }

    static func notFound(_ path: String) -> WebAnswer {
        json(["error": .string("the simulator has nothing at \(path)")], status: 404)
    }

    /// What stands in JSON's place when a site is in trouble.
    static let maintenancePage = html(
        "<!DOCTYPE html><html><head><title>Just a moment</title></head><body><h1>Just a moment</h1></body></html>"
    )
}
