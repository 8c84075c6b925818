public import MarketData

/// The server's first packet.
public struct ServerHello: Hashable, Sendable {
    /// The server's name for the connection; region and plan can be seen in it (`…-charts-free-…`).
    public var sessionID: String?
    /// The server's clock.
    public var time: Timestamp?
    /// The server's release.
    public var release: String?
    /// `json`; anything else cannot be read here.
    public var wireProtocol: String?
    /// The versions of the studies; one text in 2022, a list since 2024.
    public var studies: [String]

    /// A hello from its parts.
    public init(
        sessionID: String? = nil,
        time: Timestamp? = nil,
        release: String? = nil,
        wireProtocol: String? = nil,
        studies: [String] = []
    ) {
        self.sessionID = sessionID
        self.time = time
        self.release = release
        self.wireProtocol = wireProtocol
        self.studies = studies
    }
}
