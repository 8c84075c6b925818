import SourceHTTP

extension SourceResponse {
    /// Whether the page is one by which a firewall turns a visitor away.
    var isRefusalPage: Bool {
        guard isPage else { return false }
        let text = String(decoding: body.prefix(32_768), as: UTF8.self).lowercased()
        return SourceResponse.refusalWords.contains { text.contains($0) }
    }

    private static let refusalWords = [
        "captcha", "access denied", "forbidden", "request blocked", "not allowed", "too many requests",
        "verify you are human", "attention required", "challenge-platform", "awswaf",
    ]
}
