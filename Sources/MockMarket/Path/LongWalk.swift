/// A random walk over a century that can be read at any place without walking there.
///
/// Midpoint displacement (Lévy's construction of Brownian motion): the value half way between two known ones is their
/// mean and a seeded push as large as the distance deserves. Over distances beyond `settling` the pushes stop growing,
/// so that the walk wanders about zero for ever.
struct LongWalk: Sendable {
    private static let span = 65_536
    private static let settling = 256
    private let noise: SeededNoise
    /// Deviation of the push at distance 1, 2, 4, ...
    private let pushes: [Double]

    /// A walk whose steps have a standard deviation.
    init(noise: SeededNoise, step: Double) {
        self.noise = noise
        var pushes: [Double] = []
        var distance = 1
        while distance <= LongWalk.span {
            let deviation = distance <= LongWalk.settling ? Double(distance).squareRoot() / 2 : 3
            pushes.append(step * deviation / SeededNoise.bellDeviation)
            distance *= 2
        }
        self.pushes = pushes
    }

    func value(at place: Int) -> Double {
        let block = Int64(place) >= 0 ? place / LongWalk.span : (place + 1) / LongWalk.span - 1
        var low = block * LongWalk.span
        var high = low + LongWalk.span
        var level = pushes.count - 1
        var (left, right) = (push(low, level), push(high, level))
        if place == low { return left }
        while true {
            let middle = low + (high - low) / 2
            let value = (left + right) / 2 + push(middle, level)
            if place == middle { return value }
            if place < middle { (high, right) = (middle, value) } else { (low, left) = (middle, value) }
            level -= 1
        }
    }

    private func push(_ place: Int, _ level: Int) -> Double {
        Double(noise.bell(place)) * pushes[level]
    }
}
