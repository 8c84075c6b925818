public import MarketData

/// A key that clients must send. Only its SHA-256 is kept, so it can reach neither a log nor a memory dump; keys are
/// long and random, so an unsalted fast hash does.
public struct APIKey: Sendable {
    /// What a key allows.
    public enum Scope: String, CaseIterable, Sendable {
        /// Market data and status.
        case read
        /// That, and the server's metrics.
        case admin
    }

    /// What logs and metrics call the key.
    public let name: String
    /// What it allows.
    public let scope: Scope
    /// When it stops working; `nil` for never.
    public let expires: Timestamp?
    private let digest: [UInt8]

    /// The longest key that is looked at, in bytes.
    static let longest = 1024

    /// A key given as text, as `BHAV_API_KEYS` has it: it allows everything and never expires; `nil` for empty text.
    public init?(_ text: String) {
        guard !text.isEmpty, text.utf8.count <= APIKey.longest else { return nil }
        let digest = KeyDigest.of(text)
        self.init(name: String(KeyDigest.hexadecimal(digest).prefix(8)), scope: .admin, expires: nil, digest: digest)
    }

    private init(name: String, scope: Scope, expires: Timestamp?, digest: [UInt8]) {
        (self.name, self.scope, self.expires, self.digest) = (name, scope, expires, digest)
    }

    /// Whether the text is this key.
    func matches(_ text: some StringProtocol) -> Bool { matches(digest: KeyDigest.of(text)) }

    /// Whether this is the digest of the key; takes as long for a wrong one as for the right one.
    func matches(digest shown: [UInt8]) -> Bool {
        zip(digest, shown).reduce(UInt8(shown.count == digest.count ? 0 : 1)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether the key allows what needs a scope.
    func allows(_ needed: Scope) -> Bool { scope == .admin || scope == needed }
}

extension APIKey {
    /// One line of a key file: `NAME SCOPE EXPIRES sha256:HEX`, where `EXPIRES` is a date (UTC) or `never`.
    /// - Throws: `MarketDataError` with code `badRequest`, naming what is wrong with the line.
    public init(line: String) throws(MarketDataError) {
        let parts = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard parts.count == 4 else {
            throw .badRequest("a key's line has four fields (NAME SCOPE EXPIRES sha256:HEX), not \(parts.count)")
        }
        guard let scope = Scope(rawValue: parts[1]) else {
            throw .badRequest("the scope '\(parts[1])' is unknown; it may be read or admin")
        }
        var expires: Timestamp?
        if parts[2] != "never" {
            expires = try Timestamp(parts[2], zone: nil, dateMeans: .start)
        }
        guard let digest = APIKey.digest(parts[3]) else {
            throw .badRequest("the fourth field of '\(parts[0])' is not sha256: and 64 hexadecimal digits")
        }
        self.init(name: parts[0], scope: scope, expires: expires, digest: digest)
    }

    /// The key's line in a key file; without the key itself.
    public var line: String {
        "\(name) \(scope.rawValue) \(expires?.description ?? "never") sha256:\(KeyDigest.hexadecimal(digest))"
    }

    /// Reads a key file: a key a line, blank lines and those that begin with `#` aside.
    /// - Throws: `MarketDataError` with code `badRequest`, naming the line.
    public static func read(file text: String) throws(MarketDataError) -> [APIKey] {
        var keys: [APIKey] = []
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = String(raw).trimmed
            if line.isEmpty || line.hasPrefix("#") { continue }
            do throws(MarketDataError) {
                let key = try APIKey(line: line)
                guard !keys.contains(where: { $0.name == key.name }) else {
                    throw MarketDataError.badRequest("the name '\(key.name)' is used twice")
                }
                keys.append(key)
            } catch {
                throw .badRequest("line \(index + 1): \(error.message)")
            }
        }
        return keys
    }

    /// A new key of 256 random bits: the key itself, to be shown once, and what is kept of it.
    public static func generate(name: String, scope: Scope, expires: Timestamp?) -> (text: String, key: APIKey) {
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        let text = "bhav_" + KeyDigest.hexadecimal(bytes)
        return (text, APIKey(name: name, scope: scope, expires: expires, digest: KeyDigest.of(text)))
    }

    private static func digest(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("sha256:") else { return nil }
        let digits = Array(text.dropFirst(7))
        guard digits.count == 64, digits.allSatisfy(\.isASCII) else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        return bytes.contains(nil) ? nil : bytes.compactMap { $0 }
    }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The name, without anything of the key.
    public var description: String { "APIKey(\(name))" }
    /// The name, without anything of the key.
    public var debugDescription: String { description }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
