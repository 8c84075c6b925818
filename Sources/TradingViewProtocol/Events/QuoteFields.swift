public import JSON

/// The numbers of a quote that change often.
public enum QuoteNumber: Int, CaseIterable, Hashable, Sendable {
    case last, lastTime, bid, ask, volume, change, changePercent, open, high, low, previousClose, openInterest

    /// The name on the wire.
    public var wireName: String { QuoteNumber.wireNames[rawValue] }

    /// The number of a wire name; `nil` for any other field.
    public init?(wireName: String) {
        guard let place = QuoteNumber.wireNames.firstIndex(of: wireName) else { return nil }
        self.init(rawValue: place)
    }

    private static let wireNames = [
        "lp", "lp_time", "bid", "ask", "volume", "ch", "chp", "open_price", "high_price", "low_price",
        "prev_close_price", "open_interest",
    ]
}

/// The fields that an update of a quote mentions, by their names on the wire.
///
/// `QuoteNumber`s have fixed places, so that an update of these alone allocates nothing.
public struct QuoteFields: Hashable, Sendable {
    private var numbers = Numbers()
    /// Which numbers are mentioned, a bit each; of these, which are null.
    private var mentioned: UInt16 = 0
    private var nulls: UInt16 = 0
    /// All other fields, and a `QuoteNumber` that is neither a number nor null.
    private var others: [String: JSONValue] = [:]

    /// No fields.
    public init() {}

    /// Fields by their names.
    public init(_ fields: [String: JSONValue]) {
        for (name, value) in fields { self[name] = value }
    }

    /// Whether no field is mentioned.
    public var isEmpty: Bool { mentioned == 0 && others.isEmpty }

    /// Whether a field is mentioned that is not a plain number or null of a `QuoteNumber`.
    public var hasOthers: Bool { !others.isEmpty }

    /// The names of the fields mentioned, in no order.
    public var keys: [String] { map(\.0) }

    /// What the update says of a field; `nil` where it does not mention it.
    public subscript(_ name: String) -> JSONValue? {
        get { QuoteNumber(wireName: name).flatMap(number) ?? others[name] }
        set {
            guard let number = QuoteNumber(wireName: name) else {
                others[name] = newValue
                return
            }
            switch newValue {
            case .null: clear(number)
            case .integer(let value): set(number, Double(value))
            case .number(let value): set(number, value)
            case nil, .bool, .string, .array, .object:
                forget(number)
                others[name] = newValue
            }
        }
    }

    /// Takes over what a newer update mentions.
    public mutating func merge(_ newer: QuoteFields) {
        var rest = newer.mentioned
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            let bit = UInt16(1) << UInt16(place)
            rest &= rest - 1
            numbers[place] = newer.numbers[place]
            nulls = nulls & ~bit | newer.nulls & bit
            if mentioned & bit == 0, !others.isEmpty { others[QuoteNumber.allCases[place].wireName] = nil }
            mentioned |= bit
        }
        for (name, value) in newer.others { self[name] = value }
    }

    /// Keeps a number.
    @inline(__always)
    mutating func set(_ number: QuoteNumber, _ value: Double) {
        let bit = UInt16(1) << UInt16(number.rawValue)
        numbers[number.rawValue] = value.bitPattern
        mentioned |= bit
        nulls &= ~bit
        if !others.isEmpty { others[number.wireName] = nil }
    }

    private mutating func clear(_ number: QuoteNumber) {
        set(number, 0)
        nulls |= UInt16(1) << UInt16(number.rawValue)
    }

    private mutating func forget(_ number: QuoteNumber) {
        set(number, 0)
        mentioned &= ~(UInt16(1) << UInt16(number.rawValue))
    }

    private func number(_ number: QuoteNumber) -> JSONValue? {
        let bit = UInt16(1) << UInt16(number.rawValue)
        guard mentioned & bit != 0 else { return nil }
        return nulls & bit != 0 ? .null : .number(Double(bitPattern: numbers[number.rawValue]))
    }
}

extension QuoteFields {
    /// What an update says of a number.
    public enum Change: Hashable, Sendable {
        case value(Double)
        /// Null, or 1e+100, which means "unknown": an earlier value no longer counts.
        case cleared
    }

    /// What the update says of a number: `nil` where it does not mention it. A number written as text is taken too; any
    /// other value says nothing.
    public func change(of number: QuoteNumber) -> Change? {
        let bit = UInt16(1) << UInt16(number.rawValue)
        if mentioned & bit != 0 {
            let value = Double(bitPattern: numbers[number.rawValue])
            return nulls & bit == 0 && abs(value) < SeriesBar.unknown ? .value(value) : .cleared
        }
        guard !others.isEmpty, let text = others[number.wireName]?.string,
            let value = JSONValue(parsing: Array(text.utf8))?.double
        else { return nil }
        return abs(value) < SeriesBar.unknown ? .value(value) : .cleared
    }

    /// A field, where it is text; printable.
    public func text(_ name: String) -> String? { others.isEmpty ? nil : others[name]?.string?.printable }
}

extension QuoteFields: Sequence, ExpressibleByDictionaryLiteral {
    /// Fields by their names.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The fields with their values, in no order.
    public func makeIterator() -> IndexingIterator<[(String, JSONValue)]> {
        var fields: [(String, JSONValue)] = []
        for number in QuoteNumber.allCases {
            if let value = self.number(number) { fields.append((number.wireName, value)) }
        }
        for (name, value) in others { fields.append((name, value)) }
        return fields.makeIterator()
    }
}

extension QuoteFields {
    /// Twelve bit patterns, a place for each `QuoteNumber`; 0 where it is not mentioned or null.
    private struct Numbers: Hashable, Sendable {
        private var first: UInt64 = 0, second: UInt64 = 0, third: UInt64 = 0, fourth: UInt64 = 0
        private var fifth: UInt64 = 0, sixth: UInt64 = 0, seventh: UInt64 = 0, eighth: UInt64 = 0
        private var ninth: UInt64 = 0, tenth: UInt64 = 0, eleventh: UInt64 = 0, twelfth: UInt64 = 0

        @inline(__always)
        subscript(place: Int) -> UInt64 {
            get {
                withUnsafeBytes(of: self) { $0.load(fromByteOffset: place * 8, as: UInt64.self) }
            }
            set {
                withUnsafeMutableBytes(of: &self) {
                    $0.storeBytes(of: newValue, toByteOffset: place * 8, as: UInt64.self)
                }
            }
        }
    }
}
