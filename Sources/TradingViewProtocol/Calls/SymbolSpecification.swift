import JSON
public import MarketData

/// What `resolve_symbol` and `quote_add_symbols` name: plain `EXCHANGE:TICKER`, or `=` and a JSON object that says more.
public struct SymbolSpecification: Hashable, Sendable {
    /// `EXCHANGE:TICKER` as it goes over the wire.
    public var symbol: String
    /// What past prices are adjusted for; `nil` leaves the server's choice (splits).
    public var adjustment: Adjustment?
    /// Which part of the day; `nil` leaves the server's choice (regular).
    public var hours: TradingHours?
    /// The currency that prices shall be converted to, ISO 4217.
    public var currency: String?
    /// Whether the prices of a continuous future are adjusted for rolls (back-adjusted).
    public var backAdjusted: Bool
    /// Whether a future's daily close is the settlement; `nil` leaves the server's choice.
    public var settlementAsClose: Bool?
    /// The unit that prices shall be converted to.
    public var unit: String?

    /// A specification; plain where nothing but the symbol is given.
    public init(
        _ symbol: String,
        adjustment: Adjustment? = nil,
        hours: TradingHours? = nil,
        currency: String? = nil,
        backAdjusted: Bool = false,
        settlementAsClose: Bool? = nil,
        unit: String? = nil
    ) {
        self.symbol = symbol
        self.adjustment = adjustment
        self.hours = hours
        self.currency = currency
        self.backAdjusted = backAdjusted
        self.settlementAsClose = settlementAsClose
        self.unit = unit
    }

    /// The specification of a request for bars: adjustment and hours are always said, a currency
    /// where one is requested.
    public init(_ request: BarRequest) {
        self.init(
            request.symbol.description,
            adjustment: request.adjustment,
            hours: request.hours,
            currency: request.currency,
            backAdjusted: request.backAdjusted
        )
    }

    /// The text on the wire; keys in alphabetical order, so that equal specifications have equal texts.
    public var text: String {
        var object: [String: JSONValue] = [:]
        object["adjustment"] = adjustment.map { .string($0.rawValue) }
        object["session"] = hours.map { .string($0.rawValue) }
        object["currency-id"] = currency.map { .string($0) }
        object["backadjustment"] = backAdjusted ? .string("default") : nil
        object["settlement-as-close"] = settlementAsClose.map { .bool($0) }
        object["unit-id"] = unit.map { .string($0) }
        if object.isEmpty { return symbol }
        object["symbol"] = .string(symbol)
        return "=" + JSONValue.object(object).text
    }

    /// Reads a wire text, plain or `={…}`, also where the symbol is nested in a chart type or a replay; `nil` where
    /// there is no symbol in it.
    public init?(text: String) {
        guard text.hasPrefix("=") else {
            guard !text.isEmpty else { return nil }
            self.init(text)
            return
        }
        guard var object = JSONValue(parsing: Array(text.utf8.dropFirst()))?.object else { return nil }
        if let inner = object["symbol"]?.object { object = inner }
        guard let symbol = object["symbol"]?.string, !symbol.isEmpty else { return nil }
        self.init(
            symbol,
            adjustment: object["adjustment"]?.string.flatMap(Adjustment.init(rawValue:)),
            hours: object["session"]?.string.flatMap(TradingHours.init(rawValue:)),
            currency: object["currency-id"]?.string,
            backAdjusted: object["backadjustment"] != nil,
            settlementAsClose: object["settlement-as-close"]?.bool,
            unit: object["unit-id"]?.string
        )
    }
}

extension SymbolSpecification: CustomStringConvertible {
    /// The text on the wire.
    public var description: String { text }
}
