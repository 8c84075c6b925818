/// A computed value, or the reason why there is none. An unknown value is never zero.
public enum ComputedValue<Value: Sendable>: Sendable {
    /// The value.
    case known(Value)
    /// Why there is none, in plain text.
    case unknown(reason: String)

    /// A value that may be missing, and the reason that holds where it is.
    public init(_ value: Value?, otherwise reason: @autoclosure () -> String) {
        self = value.map { .known($0) } ?? .unknown(reason: reason())
    }

    /// The value; `nil` if `reason` says why.
    public var value: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }

    /// Why there is no value; `nil` when there is one.
    public var reason: String? {
        guard case .unknown(let reason) = self else { return nil }
        return reason
    }

    /// A value computed from this one, or the same reason.
    public func map<Other>(_ compute: (Value) -> Other) -> ComputedValue<Other> { flatMap { .known(compute($0)) } }

    /// A value computed from this one that may be unknown itself, or the same reason.
    public func flatMap<Other>(_ compute: (Value) -> ComputedValue<Other>) -> ComputedValue<Other> {
        switch self {
        case .known(let value): compute(value)
        case .unknown(let reason): .unknown(reason: reason)
        }
    }
}

extension ComputedValue: Equatable where Value: Equatable {}
extension ComputedValue: Hashable where Value: Hashable {}

extension OpenInterestSnapshot {
    /// `maxPain`, or why there is none.
    public var computedMaxPain: ComputedValue<Strike> {
        ComputedValue(maxPain, otherwise: "no option of these strikes has open interest")
    }

    /// `atTheMoney`, or why there is none.
    public var computedAtTheMoney: ComputedValue<Strike> {
        ComputedValue(atTheMoney, otherwise: spot == nil ? "the spot is not known" : "there are no strikes")
    }
}

extension PutCallRatio {
    /// `value`, or why there is none.
    public var computed: ComputedValue<Double> { ComputedValue(value, otherwise: reason ?? "the ratio is not known") }
}

extension OptionData {
    /// What the option's price and open interest did since the previous session's close.
    ///
    /// Unknown where either change is.
    public var buildUp: ComputedValue<BuildUp> { BuildUp.of(priceChange: priceChange, openInterestChange: change) }
}
