public import JSON

/// A call as a server receives it: its name and its parameters, whatever their shape.
public struct ReceivedCall: Hashable, Sendable {
    /// The method, such as `create_series`.
    public let name: String
    /// The parameters, the session first.
    public let parameters: [JSONValue]

    /// A call from its parts.
    public init(name: String, parameters: [JSONValue]) {
        self.name = name
        self.parameters = parameters
    }

    /// The session that the call is for; `nil` where the first parameter is not text.
    public var session: SessionID? { text(at: 0).map(SessionID.init(rawValue:)) }

    /// The parameter at a position, where it is text.
    public func text(at position: Int) -> String? {
        parameters.indices.contains(position) ? parameters[position].string : nil
    }

    /// The texts after the session, as in `quote_set_fields` and `quote_add_symbols`; lists among them are opened
    /// (one client nests them) and options objects left out.
    public var names: [String] {
        parameters.dropFirst().flatMap { value in
            value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        }
    }

    /// Whether an options object such as `{"flags":["force_permission"]}` stands among the parameters, which the
    /// server has refused since 2024 with `critical_error` `invalid_parameters`.
    public var hasOptions: Bool { parameters.dropFirst().contains { $0.object != nil } }
}
