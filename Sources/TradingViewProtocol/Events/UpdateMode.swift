public import MarketData

/// How fresh the data of a series or quote are, as the server says.
public enum UpdateMode: Hashable, Sendable {
    /// As it happens.
    case streaming
    /// Late by a number of seconds (`delayed_streaming_900`); `nil` where the server does not say.
    case delayedStreaming(seconds: Int?)
    /// After the close.
    case endOfDay
    /// Once, when requested.
    case snapshot
    /// Every now and then.
    case pulsed
    /// A mode that is not known here, by its text.
    case other(String)

    /// Reads the server's text.
    public init(_ text: String) {
        switch text {
        case "streaming": self = .streaming
        case "endofday": self = .endOfDay
        case "snapshot": self = .snapshot
        case "pulsed": self = .pulsed
        case "delayed_streaming": self = .delayedStreaming(seconds: nil)
        default:
            let prefix = "delayed_streaming_"
            if text.hasPrefix(prefix), let seconds = Int(text.dropFirst(prefix.count)), seconds >= 0 {
                self = .delayedStreaming(seconds: seconds)
            } else {
                self = .other(text)
            }
        }
    }

    /// How late the data are, in seconds: 0 when streaming, `nil` where the mode does not say.
    public var delaySeconds: Int? {
        switch self {
        case .streaming: 0
        case .delayedStreaming(let seconds): seconds
        case .endOfDay, .snapshot, .pulsed, .other: nil
        }
    }

    /// The mode as Bhav's type; any other than streaming and end of day counts as delayed, never as live.
    public var provenanceMode: Provenance.Mode {
        switch self {
        case .streaming: .streaming
        case .endOfDay: .endOfDay
        case .delayedStreaming, .snapshot, .pulsed, .other: .delayed
        }
    }
}
