/// A random walk of whole ticks that ends where it must: steps of noise, less their sum in equal parts.
struct Bridge {
    private static let fractionBits: Int64 = 24
    private let from: Int64
    private let to: Int64
    private let steps: Int
    private var walked: [Int64]

    /// A bridge of `steps` steps, each with a standard deviation in ticks.
    init(from: Int64, to: Int64, steps: Int, deviation: Double, noise: SeededNoise, firstIndex: Int = 0) {
        self.from = from
        self.to = to
        self.steps = steps
        let scale = Int64((deviation / SeededNoise.bellDeviation * Double(1 << Bridge.fractionBits)).rounded())
        walked = []
        walked.reserveCapacity(steps)
        var sum: Int64 = 0
        for step in 0..<steps {
            sum += noise.bell(firstIndex + step) * scale
            walked.append(sum)
        }
    }

    /// The ticks after a number of steps, 0 to `steps`.
    subscript(step: Int) -> Int64 {
        if step == 0 { return from }
        if step == steps { return to }
        let (part, whole) = (Int64(step), Int64(steps))
        let bent = walked[step - 1] - walked[steps - 1] / whole * part
        let half: Int64 = 1 << (Bridge.fractionBits - 1)
        return from + (to - from) * part / whole + ((bent + half) >> Bridge.fractionBits)
    }
}
