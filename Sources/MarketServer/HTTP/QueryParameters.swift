import Foundation
import MarketData

/// The query of a request, read strictly: a name that the route does not know, or one given twice, is an error.
struct QueryParameters: Sendable {
    private let values: [String: Substring]

    /// The longest value of a parameter that is no list, in bytes.
    private static let longest = 512
    private static let lists: Set = ["symbols"]

    /// - Throws: `MarketDataError` with code `badRequest`, naming the parameter.
    init(_ query: String?, known: [String], ignoresUnknown: Bool = false) throws(MarketDataError) {
        var values: [String: Substring] = [:]
        for pair in (query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0]).removingPercentEncoding ?? String(parts[0])
            guard known.contains(name) else {
                if ignoresUnknown { continue }
                let list = known.filter { $0 != "key" }.joined(separator: ", ")
                throw .badRequest(
                    "unknown parameter '\(name.prefix(64))'"
                        + (list.isEmpty ? "; there are none here" : "; this request takes \(list)"))
            }
            guard values[name] == nil else { throw .badRequest("the parameter '\(name)' is given twice") }
            let value = parts.count == 2 ? parts[1] : ""
            guard value.utf8.count <= QueryParameters.longest || QueryParameters.lists.contains(name) else {
                throw .init(.tooLarge, "the parameter '\(name)' is longer than \(QueryParameters.longest) bytes")
            }
            values[name] = value
        }
        self.values = values
    }

    /// A parameter's text, `nil` where it is not given or empty. A plus sign is one, as in `+05:30`.
    func text(_ name: String) throws(MarketDataError) -> String? {
        guard let raw = values[name], !raw.isEmpty else { return nil }
        guard let text = raw.removingPercentEncoding else {
            throw .badRequest("the parameter '\(name)' is not readable UTF-8")
        }
        return text
    }

    /// A parameter's text that must be there.
    func required(_ name: String, _ hint: String) throws(MarketDataError) -> String {
        guard let text = try text(name) else { throw .badRequest("the parameter '\(name)' is missing; \(hint)") }
        return text
    }

    /// A parameter's words; a plus sign is a space, as forms send it.
    func words(_ name: String) throws(MarketDataError) -> String? {
        guard let raw = values[name], !raw.isEmpty else { return nil }
        guard let text = raw.replacing("+", with: " ").removingPercentEncoding else {
            throw .badRequest("the parameter '\(name)' is not readable UTF-8")
        }
        return text
    }
}
