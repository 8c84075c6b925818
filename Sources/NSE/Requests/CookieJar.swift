/// The cookies of one site, from its Set-Cookie headers (RFC 6265, section 5.2). Bounded.
///
/// They are sent back to the one host that gave them, so domain, path and lifetime are left aside; the whole jar is
/// thrown away when a visit is over.
struct CookieJar: Hashable, Sendable {
    private var values: [String: String] = [:]

    var isEmpty: Bool { values.isEmpty }

    /// Takes one Set-Cookie header; an empty value or a Max-Age of 0 takes the cookie away.
    mutating func take(_ header: String) {
        let parts = header.split(separator: ";", omittingEmptySubsequences: false).map(CookieJar.trimmed)
        guard let pair = parts.first, let equals = pair.firstIndex(of: "="), pair.utf8.count <= CookieJar.longest
        else { return }
        let name = String(CookieJar.trimmed(pair[..<equals]))
        let value = String(CookieJar.trimmed(pair[pair.index(after: equals)...]))
        guard !name.isEmpty, (name + value).unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) }) else {
            return
        }
        let isOver = parts.dropFirst().contains { part in
            let attribute = part.lowercased()
            return attribute == "max-age=0" || attribute.hasPrefix("max-age=-")
        }
        if value.isEmpty || isOver {
            values[name] = nil
        } else if values[name] != nil || values.count < CookieJar.most {
            values[name] = value
        }
    }

    /// The Cookie header; `nil` for none.
    var header: String? {
        guard !values.isEmpty else { return nil }
        return values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }

    private static let most = 64
    private static let longest = 8192

    private static func trimmed(_ text: Substring) -> Substring {
        let start = text.drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
