/// e to the x out of products alone, so that every machine gives the same bits; libm differs from one to another.
enum Exponential {
    static func of(_ x: Double) -> Double {
        // The series at x / 1024, squared ten times.
        let small = x / 1024
        var result = 1.0
        for term in stride(from: 8.0, through: 1, by: -1) { result = 1 + small / term * result }
        for _ in 0..<10 { result *= result }
        return result
    }
}
