import MarketData

extension Double? {
    /// The number, or that it is not known.
    var words: String { self?.shortest ?? "unknown" }
}

extension Double {
    /// The number to so many digits after the point, the zeros at its end left out.
    func rounded(to digits: Int) -> String {
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (self * scale).rounded()
        // Added to zero, a negative zero loses its sign.
        return scaled.isFinite ? (scaled / scale + 0).shortest : shortest
    }
}

extension Figure where Value == Double {
    /// The figure to so many digits after the point, or why there is none.
    func words(_ digits: Int, _ unit: String = "") -> String {
        switch self {
        case .known(let value): value.rounded(to: digits) + unit
        case .unknown(let reason): "none (\(reason))"
        }
    }
}

extension Figure where Value == [OpenInterestWall] {
    /// The strikes with what is open there, or why there are none.
    var words: String {
        switch self {
        case .known(let walls): walls.map { "\($0.strike) (\($0.size.shortest))" }.joined(separator: ", ")
        case .unknown(let reason): "none (\(reason))"
        }
    }
}

extension PutCallRatio {
    /// The ratio and both of its sums, and what is to be known of them.
    var words: String {
        "\(figure.words(4)); puts \(puts.words), calls \(calls.words)" + (note.map { " (\($0))" } ?? "")
    }
}
