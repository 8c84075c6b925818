/// The strike price of an option, in exact ten-thousandths of the currency.
///
/// Stock strikes have odd fractions (steps of 0.9 after a corporate action) and are keys of tables, so neither `Int`
/// nor `Double` is exact.
public struct Strike: Hashable, Sendable {
    /// The strike times 10,000.
    public let tenThousandths: Int64

    /// Takes a strike already scaled.
    public init(tenThousandths: Int64) { self.tenThousandths = tenThousandths }

    /// Rounds a price to the nearest ten-thousandth; `nil` if it is not finite, not positive or too large.
    public init?(_ price: Double) {
        guard price.isFinite, price > 0, price < 1e12 else { return nil }
        self.init(tenThousandths: Int64((price * Strike.scale).rounded()))
    }

    /// Reads decimal text such as `24750` or `112.9` exactly; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = String(text).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, (1...12).contains(whole.utf8.count) else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, (whole + fraction).utf8.allSatisfy({ (48...57).contains($0) })
        else { return nil }
        let kept = fraction.prefix(4)
        guard fraction.dropFirst(4).allSatisfy({ $0 == "0" }) else { return nil }
        let padded = kept + String(repeating: "0", count: 4 - kept.count)
        guard let units = Int64(whole + padded), units > 0 else { return nil }
        self.init(tenThousandths: units)
    }

    /// The strike as a price, in the currency of the underlying.
    public var price: Double { Double(tenThousandths) / Strike.scale }

    private static let scale = 10_000.0
}

extension Strike: Comparable {
    /// By price.
    public static func < (left: Strike, right: Strike) -> Bool { left.tenThousandths < right.tenThousandths }
}

extension Strike: CustomStringConvertible {
    /// The shortest decimal text, such as `24750` or `112.9`.
    public var description: String { price.shortest }
}
