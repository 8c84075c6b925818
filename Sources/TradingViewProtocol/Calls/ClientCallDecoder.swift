import JSON

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
