/// The normal distribution out of sums, products and quotients alone; libm differs from one machine to another.
enum NormalDistribution {
    private static let rootOfTwoPi = 2.506_628_274_631_000_5
    /// Beyond this the distribution is 0 or 1 to a double's precision in money.
    private static let farthest = 7.0

    static func density(_ x: Double) -> Double {
        abs(x) > 2 * farthest ? 0 : Exponential.of(-x * x / 2) / rootOfTwoPi
    }

    /// 1/2 + n(x) (x + x^3/3 + x^5/(3*5) + ...) (Marsaglia, "Evaluating the Normal Distribution", 2004).
    static func cumulative(_ x: Double) -> Double {
        if x < -farthest { return 0 }
        if x > farthest { return 1 }
        var (sum, term, odd) = (x, x, 1.0)
        while abs(term) > 1e-18 {
            odd += 2
            term *= x * x / odd
            sum += term
        }
        return 0.5 + sum * density(x)
    }
}
