/// e to the x out of products alone, so that every machine gives the same bits; libm differs from one to another.
enum Exponential {
    static func of(_ x: Double) -> Double {
        // The series at x / 1024, squared ten times.
        let small = x / 1024
        var result = 1 + small * (1 + small / 2 * (1 + small / 3 * (1 + small / 4 * (1 + small / 5))))
        for _ in 0..<10 { result *= result }
        return result
    }
}
