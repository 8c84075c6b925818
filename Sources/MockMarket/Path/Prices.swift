/// Prices inside the mock market are whole ticks of 0.05.
enum Prices {
    static let ticksInOne = 20.0

    static func price(_ ticks: Int64) -> Double { Double(ticks) / ticksInOne }

    /// The nearest tick, at least one.
    static func ticks(_ price: Double) -> Int64 { max(1, Int64((price * ticksInOne).rounded())) }
}
