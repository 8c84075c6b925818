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

    /// The quote session.
    public var session: SessionID
    /// The name exactly as it was added, plain or `={…}`.
    public var name: String
    /// Whether the name has quotes.
    public var status: Status
    /// The reason, where the status is not ok.
    public var errorMessage: String?
    /// The changed fields.
    public var fields: QuoteFields

    /// An update from its parts.
    @inline(__always)
    public init(
        session: SessionID,
        name: String,
        status: Status,
        errorMessage: String? = nil,
        fields: QuoteFields = QuoteFields()
    ) {
        self.session = session
        self.name = name
        self.status = status
        self.errorMessage = errorMessage
        self.fields = fields
    }
}

extension QuoteUpdate {
    /// An update with fields by their names.
    public init(
        session: SessionID,
        name: String,
        status: Status,
        errorMessage: String? = nil,
        fields: [String: JSONValue]
    ) {
        self.init(
            session: session, name: name, status: status, errorMessage: errorMessage, fields: QuoteFields(fields))
    }

    /// A field, where it is text; printable.
    public func text(_ field: String) -> String? { fields.text(field) }

    /// How fresh the quote is; `nil` where the update does not mention it.
    public var updateMode: UpdateMode? { text("update_mode").map(UpdateMode.init) }

    /// The instrument that really responds, such as `BATS:AAPL`; `nil` where the update does not mention it.
    public var originalName: String? { text("original_name") }

    /// Merges the changed values into a quote; provenance is the caller's.
    public func apply(to quote: inout Quote) {
        merge(.last, into: &quote.last)
        merge(.bid, into: &quote.bid)
        merge(.ask, into: &quote.ask)
        merge(.open, into: &quote.open)
        merge(.high, into: &quote.high)
        merge(.low, into: &quote.low)
        merge(.previousClose, into: &quote.previousClose)
        merge(.change, into: &quote.change)
        merge(.changePercent, into: &quote.changePercent)
        merge(.volume, into: &quote.volume)
        merge(.openInterest, into: &quote.openInterest)
        switch fields.change(of: .lastTime) {
        case .value(let seconds): quote.lastTime = Timestamp(wireSeconds: seconds) ?? quote.lastTime
        case .cleared: quote.lastTime = nil
        case nil: break
        }
        if let session = fields["current_session"] { quote.session = session.string?.printable }
    }

    private func merge(_ number: QuoteNumber, into value: inout Double?) {
        switch fields.change(of: number) {
        case .value(let newer): value = newer
        case .cleared: value = nil
        case nil: break
        }
    }
}
