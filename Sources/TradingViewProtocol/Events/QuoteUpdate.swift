public import JSON
public import MarketData

/// A `qsd`: the fields of one quote that changed. Merge it into what is known; a cleared field is forgotten.
public struct QuoteUpdate: Hashable, Sendable {
    /// Whether the name has quotes.
    public enum Status: Hashable, Sendable {
        case ok
        /// There is none, such as `no_such_symbol`.
        case error
        case permissionDenied
        /// A word that is not known here.
        case other(String)
    }

    /// A field that an update mentions.
    public enum Figure: Hashable, Sendable {
        case value(Double)
        /// Null, or 1e+100, which stands for "unknown": what was known no longer counts.
        case cleared
    }

    /// The quote session.
    public var session: SessionID
    /// The name exactly as it was added, plain or `={…}`.
    public var name: String
    /// Whether the name has quotes.
    public var status: Status
    /// What is wrong, where the status is not ok.
    public var errorMessage: String?
    /// The changed fields, by their names on the wire.
    public var fields: [String: JSONValue]

    /// An update from its parts.
    public init(
        session: SessionID,
        name: String,
        status: Status,
        errorMessage: String? = nil,
        fields: [String: JSONValue] = [:]
    ) {
        self.session = session
        self.name = name
        self.status = status
        self.errorMessage = errorMessage
        self.fields = fields
    }
}

extension QuoteUpdate {
    /// What the update says of a number: `nil` where it does not mention it, `.cleared` where it is null or 1e+100.
    /// A number written as text is taken too; any other text says nothing.
    public func figure(_ field: String) -> Figure? {
        guard let value = fields[field] else { return nil }
        if value.isNull { return .cleared }
        guard let number = value.double ?? value.string.flatMap(QuoteUpdate.number) else { return nil }
        return abs(number) < SeriesBar.unknown ? .value(number) : .cleared
    }

    /// A field, where it is text; printable.
    public func text(_ field: String) -> String? { fields[field]?.string?.printable }

    /// How fresh the quote is; `nil` where the update does not mention it.
    public var updateMode: UpdateMode? { text("update_mode").map(UpdateMode.init) }

    /// The instrument that really responds, such as `BATS:AAPL`; `nil` where the update does not mention it.
    public var originalName: String? { text("original_name") }

    /// Merges the changed values into a quote; provenance is the caller's.
    public func apply(to quote: inout Quote) {
        merge("lp", into: &quote.last)
        merge("bid", into: &quote.bid)
        merge("ask", into: &quote.ask)
        merge("open_price", into: &quote.open)
        merge("high_price", into: &quote.high)
        merge("low_price", into: &quote.low)
        merge("prev_close_price", into: &quote.previousClose)
        merge("ch", into: &quote.change)
        merge("chp", into: &quote.changePercent)
        merge("volume", into: &quote.volume)
        merge("open_interest", into: &quote.openInterest)
        switch figure("lp_time") {
        case .value(let seconds): quote.lastTime = Timestamp(wireSeconds: seconds) ?? quote.lastTime
        case .cleared: quote.lastTime = nil
        case nil: break
        }
        if let session = fields["current_session"] { quote.session = session.string?.printable }
    }

    private func merge(_ field: String, into number: inout Double?) {
        switch figure(field) {
        case .value(let value): number = value
        case .cleared: number = nil
        case nil: break
        }
    }

    /// A number written as text, in JSON's spelling and nothing else.
    private static func number(_ text: String) -> Double? { JSONValue(parsing: Array(text.utf8))?.double }
}
