public import JSON
import MarketData

/// A call as a server receives it: its name and its parameters, of any shape.
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

    /// Whether an options object such as `{"flags":["force_permission"]}` is among the parameters, which the
    /// server has refused since 2024 with `critical_error` `invalid_parameters`.
    public var hasOptions: Bool { parameters.dropFirst().contains { $0.object != nil } }
}

/// Reads clients' calls, for a server.
public enum ClientCallDecoder {
    /// The call in a payload; `nil` where it is not JSON of the form `{"m":name,"p":[…]}`. A call without `p` has no
    /// parameters.
    public static func decode(_ payload: [UInt8]) -> ReceivedCall? {
        guard let object = JSONValue(parsing: payload)?.object, let name = object["m"]?.string else { return nil }
        guard let parameters = object["p"] else { return ReceivedCall(name: name, parameters: []) }
        return parameters.array.map { ReceivedCall(name: name, parameters: $0) }
    }
}

/// The parameters of `create_series`, of which clients send five, six or seven.
public struct CreateSeriesParameters: Hashable, Sendable {
    /// The chart session.
    public let session: SessionID
    /// The client's name for the series.
    public let series: String
    /// The client's mark for the request.
    public let turnaround: String
    /// The name under which the symbol was resolved.
    public let symbolName: String
    /// The length of a bar, whether it means something or not.
    public let resolution: Resolution
    /// `nil` where the client gave none.
    public let count: BarCount?
    /// "" where the client gave none.
    public let range: String

    /// Reads a call; `nil` where it is not a `create_series` or is missing one of the first five parameters.
    public init?(_ call: ReceivedCall) {
        guard call.name == "create_series", let session = call.session, let series = call.text(at: 1),
            let turnaround = call.text(at: 2), let symbolName = call.text(at: 3), let code = call.text(at: 4)
        else { return nil }
        self.session = session
        self.series = series
        self.turnaround = turnaround
        self.symbolName = symbolName
        resolution = Resolution(code: code)
        count = call.parameters.dropFirst(5).first.flatMap(CreateSeriesParameters.count)
        range = call.text(at: 6) ?? ""
    }

    private static func count(_ value: JSONValue) -> BarCount? {
        if let count = value.integer { return .newest(count) }
        guard let parts = value.array, parts.count == 3, parts[0].string == "bar_count",
            let seconds = parts[1].integer, let count = parts[2].integer, abs(seconds) < 1 << 40
        else { return nil }
        return .upTo(Timestamp(seconds: Int64(seconds)), count: count)
    }
}
