import JSON
import MarketData

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

    /// Reads a call; `nil` where it is not a `create_series` or lacks one of the first five parameters.
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
