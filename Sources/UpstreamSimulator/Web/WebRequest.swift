/// An HTTP request, as much of it as the simulated sites look at.
struct WebRequest: Sendable {
    var method = "GET"
    /// Without the query, percent-decoded.
    var path: String
    /// Percent-decoded; of two equal names the first counts.
    var query: [String: String] = [:]
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// The cookies sent along.
    var cookies: [String: String] {
        let pairs = (headers["cookie"] ?? "").split(separator: ";").map { pair in
            pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1).map(String.init)
        }
        return Dictionary(
            pairs.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil }, uniquingKeysWith: { first, _ in first }
        )
    }
}
