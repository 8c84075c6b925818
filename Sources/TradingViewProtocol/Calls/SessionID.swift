/// The name of a chart or quote session, chosen by the client: a prefix and twelve characters `[A-Za-z0-9]`.
public struct SessionID: RawRepresentable, Hashable, Sendable {
    /// The name as it goes over the wire.
    public let rawValue: String

    /// A session that already has a name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A new chart session, `cs_…`.
    public static func chart(using generator: inout some RandomNumberGenerator) -> SessionID {
        random(prefix: "cs_", using: &generator)
    }

    /// A new quote session, `qs_…`.
    public static func quote(using generator: inout some RandomNumberGenerator) -> SessionID {
        random(prefix: "qs_", using: &generator)
    }

    /// Whether this names a chart session.
    public var isChart: Bool { rawValue.hasPrefix("cs_") }
    /// Whether this names a quote session.
    public var isQuote: Bool { rawValue.hasPrefix("qs_") }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    private static func random(prefix: String, using generator: inout some RandomNumberGenerator) -> SessionID {
        let characters = (0..<12).map { _ in alphabet[Int.random(in: alphabet.indices, using: &generator)] }
        return SessionID(rawValue: prefix + String(decoding: characters, as: UTF8.self))
    }
}

extension SessionID: CustomStringConvertible {
    /// The name itself.
    public var description: String { rawValue }
}
