/// A computed figure, or the reason why there is none. What cannot be computed is never a zero.
public enum Figure<Value: Sendable>: Sendable {
    /// The figure.
    case known(Value)
    /// Why there is none, in plain words.
    case unknown(reason: String)

    /// A figure that may be missing, and the reason that holds where it is.
    public init(_ value: Value?, otherwise reason: @autoclosure () -> String) {
        self = value.map { .known($0) } ?? .unknown(reason: reason())
    }

    /// The figure; `nil` where `reason` says why.
    public var value: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }

    /// Why there is no figure; `nil` when there is one.
    public var reason: String? {
        guard case .unknown(let reason) = self else { return nil }
        return reason
    }

    /// A figure computed from this one, or the same reason.
    public func map<Other>(_ compute: (Value) -> Other) -> Figure<Other> { flatMap { .known(compute($0)) } }

    /// A figure computed from this one that may be unknown itself, or the same reason.
    public func flatMap<Other>(_ compute: (Value) -> Figure<Other>) -> Figure<Other> {
        switch self {
        case .known(let value): compute(value)
        case .unknown(let reason): .unknown(reason: reason)
        }
    }
}

extension Figure: Equatable where Value: Equatable {}
extension Figure: Hashable where Value: Hashable {}

extension OpenInterestSnapshot {
    /// `maxPain`, or why there is none.
    public var maxPainFigure: Figure<Strike> {
        Figure(maxPain, otherwise: "no option of these strikes has open interest")
    }

    /// `atTheMoney`, or why there is none.
    public var atTheMoneyFigure: Figure<Strike> {
        Figure(atTheMoney, otherwise: spot == nil ? "the spot is not known" : "there are no strikes")
    }
}

extension PutCallRatio {
    /// `value`, or why there is none.
    public var figure: Figure<Double> { Figure(value, otherwise: reason ?? "the ratio is not known") }
}

extension OptionFigures {
    /// What the option's price and open interest did since the previous session's close.
    ///
    /// Unknown where either change is.
    public var buildUp: Figure<BuildUp> { BuildUp.of(priceChange: priceChange, openInterestChange: change) }
}
