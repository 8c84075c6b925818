/// Numbers that look random and depend on nothing but a seed, a name and an index.
///
/// SplitMix64 (Steele, Lea and Flood, 2014) over integers: the same on every machine, in any order of requests.
struct SeededNoise: Sendable {
    let key: UInt64

    init(seed: UInt64, name: String) {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        key = SeededNoise.mixed(hash &+ SeededNoise.mixed(seed &+ 0x9e37_79b9_7f4a_7c15))
    }

    private init(key: UInt64) { self.key = key }

    /// Independent noise for a part, such as one day.
    func child(_ index: Int) -> SeededNoise { SeededNoise(key: bits(index) ^ 0x5851_f42d_4c95_7f2d) }

    func bits(_ index: Int) -> UInt64 {
        SeededNoise.mixed(key &+ UInt64(bitPattern: Int64(index)) &* 0x9e37_79b9_7f4a_7c15)
    }

    /// An integer of 0 to `bound - 1`.
    func integer(_ index: Int, below bound: Int) -> Int { Int(bits(index) % UInt64(bound)) }

    /// A fraction of 0 to 1, without 1.
    func fraction(_ index: Int) -> Double { Double(bits(index) >> 11) / 9_007_199_254_740_992 }

    /// An integer around 0 of nearly normal distribution, with the standard deviation `bellDeviation`: the sum of four
    /// even ones, since a logarithm would differ from machine to machine.
    func bell(_ index: Int) -> Int64 {
        let bits = bits(index)
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48)
        return Int64(sum) - 131_070
    }

    /// 65,536 times the square root of a third.
    static let bellDeviation = 37_837.0

    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

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
